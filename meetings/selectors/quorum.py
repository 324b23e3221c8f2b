"""The quorum of a body, from its own data and the attendance."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef

from governance.choices import BodyKind
from governance.models import Body
from meetings.choices import Role
from meetings.models import AgendaItem, Attendance, Meeting, Presence
from meetings.rules.quorum import QuorumRule, VotesNeeded, votes_needed

_MEMBER = {
    BodyKind.BOARD: "director",
    BodyKind.COMMITTEE: "committee member",
    BodyKind.ADVISORY: "physician",
}


def rule_of(body: Body) -> QuorumRule:
    """The quorum rule of a body. An advisory committee follows its charter, so it cites no statute."""
    kind = BodyKind(body.kind)
    cited = {"quorum_basis": "", "act_basis": ""} if kind == BodyKind.ADVISORY else {}
    return QuorumRule(
        body.authorized,
        needed=body.quorum,
        interested_count=body.interested_counts,
        member=_MEMBER[kind],
        **cited,
    )


def present_members(meeting: Meeting) -> list[Attendance]:
    """The members who are in the meeting now."""
    return list(
        Attendance.objects.filter(
            Exists(Presence.objects.filter(attendance=OuterRef("pk"), left_at__isnull=True)),
            meeting=meeting,
            role=Role.MEMBER,
        )
    )


def recused_from(item: AgendaItem) -> set[int]:
    """The attendances recused from an item."""
    return set(item.recusals.values_list("attendance_id", flat=True))


def votes_under(meeting: Meeting, present: Collection[Attendance], recused: Collection[int]) -> VotesNeeded:
    """How many votes an action needs now, with some of those present recused."""
    return votes_needed(
        rule_of(meeting.body),
        len(present),
        bool(meeting.quorate_start),
        recused=sum(member.pk in recused for member in present),
    )
