from meetings.models.meetings import AgendaItem, AgendaRelease, ItemAction, ItemDecision, Meeting, Series
from meetings.models.minutes import Amendment, Minutes, MinutesVersion, Signature, WorkingDraft
from meetings.models.room import AgendaChange, Attendance, Motion, Presence, Recusal, Vote

__all__ = [
    "AgendaChange",
    "AgendaItem",
    "AgendaRelease",
    "Amendment",
    "Attendance",
    "ItemAction",
    "ItemDecision",
    "Meeting",
    "Minutes",
    "MinutesVersion",
    "Motion",
    "Presence",
    "Recusal",
    "Series",
    "Signature",
    "Vote",
    "WorkingDraft",
]
