"""What meetings lays on its tables: only who is there votes; signed minutes and what they stand on stay."""

from pathlib import Path

from audit.guards import Trigger

SQL = [Path(__file__).parent / "sql" / "guards.sql"]
SCHEMA = "meetings"

_UNDER_MINUTES = [
    ("meetings_meeting", "id", "", "before update"),
    ("meetings_agendaitem", "meeting_id", "", "before insert or update"),
    ("meetings_attendance", "meeting_id", "", "before insert or update"),
    ("meetings_motion", "meeting_id", "", "before insert or update"),
    ("meetings_presence", "attendance_id", "meetings_attendance", "before insert or update"),
    ("meetings_recusal", "item_id", "meetings_agendaitem", "before insert"),
    ("meetings_vote", "motion_id", "meetings_motion", "before insert"),
    ("meetings_itemdecision", "item_id", "meetings_agendaitem", "before insert"),
    ("meetings_itemaction", "item_id", "meetings_agendaitem", "before insert"),
]

TRIGGERS = [
    Trigger("meetings_vote", "brightline_votes_in_attendance", "meetings.guard_vote", "before insert", "row"),
    Trigger(
        "meetings_signature", "brightline_chair", "meetings.guard_signature", "before insert", "row", ("signed_at",)
    ),
    Trigger(
        "meetings_amendment", "brightline_chair", "meetings.guard_signature", "before insert", "row", ("amended_at",)
    ),
    Trigger("meetings_minutes", "brightline_signed", "meetings.guard_signed_minutes", "before update", "row"),
    *[
        Trigger(table, "brightline_minuted", "meetings.guard_minuted", timing, "row", (column, over))
        for table, column, over, timing in _UNDER_MINUTES
    ],
]
