from meetings.models.calendar import CalendarFeed, Reply
from meetings.models.closed import (
    ClosedDraft,
    ClosedOpening,
    ClosedSession,
    ClosedSignature,
    ClosedVersion,
    Designated,
    Matter,
    Naming,
    Resolution,
    Stay,
)
from meetings.models.consents import ConsentAnswer, WrittenConsent
from meetings.models.meetings import AgendaItem, AgendaRelease, ItemAction, ItemDecision, Meeting, Series
from meetings.models.minutes import Amendment, ItemDraft, Minutes, MinutesVersion, Signature, WorkingDraft
from meetings.models.past import PastAttendance, PastMeeting, PastResult
from meetings.models.room import AgendaChange, Attendance, Motion, Presence, Recusal, Vote

__all__ = [
    "AgendaChange",
    "AgendaItem",
    "AgendaRelease",
    "Amendment",
    "Attendance",
    "CalendarFeed",
    "ClosedDraft",
    "ClosedOpening",
    "ClosedSession",
    "ClosedSignature",
    "ClosedVersion",
    "ConsentAnswer",
    "Designated",
    "ItemAction",
    "ItemDecision",
    "ItemDraft",
    "Matter",
    "Meeting",
    "Minutes",
    "MinutesVersion",
    "Motion",
    "Naming",
    "PastAttendance",
    "PastMeeting",
    "PastResult",
    "Presence",
    "Recusal",
    "Reply",
    "Resolution",
    "Series",
    "Signature",
    "Stay",
    "Vote",
    "WorkingDraft",
    "WrittenConsent",
]
