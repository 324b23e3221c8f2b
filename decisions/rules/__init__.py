"""Pure rules of decisions: functions over plain values, without database or HTTP."""
