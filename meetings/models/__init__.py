from meetings.models.approvals import Approval
from meetings.models.calendar import CalendarFeed, Reply
from meetings.models.closed import (
    ClosedAmendment,
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
from meetings.models.closed_papers import ClosedPaper, ClosedPaperWithdrawal
from meetings.models.comments import Comment, CommentAnswer
from meetings.models.consents import ConsentAnswer, WrittenConsent
from meetings.models.meetings import (
    AgendaItem,
    AgendaRelease,
    ItemAction,
    ItemDecision,
    ItemPaper,
    Meeting,
    ProposedItem,
    Series,
)
from meetings.models.minutes import Amendment, Attestation, ItemDraft, Minutes, MinutesVersion, Signature, WorkingDraft
from meetings.models.notice import NoticeAnswer
from meetings.models.past import PastAttendance, PastMeeting, PastResult
from meetings.models.room import AgendaChange, Attendance, Ballot, Motion, Presence, Recusal, Vote

__all__ = [
    "AgendaChange",
    "AgendaItem",
    "AgendaRelease",
    "Amendment",
    "Approval",
    "Attendance",
    "Attestation",
    "Ballot",
    "CalendarFeed",
    "ClosedAmendment",
    "ClosedDraft",
    "ClosedOpening",
    "ClosedPaper",
    "ClosedPaperWithdrawal",
    "ClosedSession",
    "ClosedSignature",
    "ClosedVersion",
    "Comment",
    "CommentAnswer",
    "ConsentAnswer",
    "Designated",
    "ItemAction",
    "ItemDecision",
    "ItemDraft",
    "ItemPaper",
    "Matter",
    "Meeting",
    "Minutes",
    "MinutesVersion",
    "Motion",
    "Naming",
    "NoticeAnswer",
    "PastAttendance",
    "PastMeeting",
    "PastResult",
    "Presence",
    "ProposedItem",
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
