"""Pure rules of meetings: functions over plain values, without database or HTTP."""
