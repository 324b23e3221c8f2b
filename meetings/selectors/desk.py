"""What the desk shows beside what waits: the next meeting, and the other side this week."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q
from django.utils.module_loading import import_string

from audit.models import Act
from governance.desk import Waiting
from governance.models import Appointment, Person, Practice
from meetings.choices import Role, Standing
from meetings.models import Meeting
from meetings.rules.workflow import ItemState
from meetings.selectors.quorum import rule_of

SOON = timedelta(days=7)


def waits(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Everything that waits for the person, the most urgent first: overdue, due soon, then by weight."""
    found: list[Waiting] = []
    for path in settings.DESK_SOURCES:
        found += import_string(path)(person, practice, offices, today)
    return sorted(found, key=lambda one: (_urgency(one.due, today), one.weight, one.due or date.max, one.code))


def _urgency(due: date | None, today: date) -> int:
    if due is None or due > today + SOON:
        return 2
    return 0 if due <= today else 1


def due_words(due: date | None, today: date) -> tuple[str, str]:
    """The word and the kind of its mark: "3 days late", "due today", "5 days"; nothing for what is far off."""
    if due is None or due > today + timedelta(days=30):
        return "", ""
    days = (due - today).days
    if days < 0:
        return f"{_days(-days)} late", "late"
    return ("due today", "late") if days == 0 else (_days(days), "due" if days <= SOON.days else "neutral")


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


@dataclass(frozen=True)
class NextMeeting:
    """The next meeting in numbers."""

    meeting: Meeting
    on_agenda: int
    papers: int
    expected: int
    excused: int
    needed: int


def next_in_numbers(meeting: Meeting) -> NextMeeting:
    """Items, papers and members of a meeting. One query."""
    seats = Q(attendances__role=Role.MEMBER)
    there = ~Q(items__state=ItemState.WITHDRAWN)
    away = Q(attendances__standing__in=[Standing.EXCUSED, Standing.ABSENT])
    counts = Meeting.objects.filter(pk=meeting.pk).aggregate(
        on_agenda=Count("items", filter=there, distinct=True),
        papers=Count("items", filter=there & Q(items__proposal__isnull=False), distinct=True),
        expected=Count("attendances", filter=seats & ~away, distinct=True),
        excused=Count("attendances", filter=seats & away, distinct=True),
    )
    return NextMeeting(meeting, needed=rule_of(meeting.body).quorum, **counts)


@dataclass(frozen=True)
class Week:
    """What one side did in the last seven days."""

    side: str
    operational: int
    proposals: int
    decisions: int
    refused: int


def week_of(practice: Practice, side: str, now: datetime) -> Week:
    """Operational items, proposals and revisions, decisions, and attempts that were refused. One query."""
    done = Q(outcome=Act.Outcome.DONE)
    counts = Act.objects.filter(practice=practice.pk, side=side, occurred_at__gt=now - timedelta(days=7)).aggregate(
        operational=Count("pk", filter=done & Q(verb="operation.logged")),
        proposals=Count("pk", filter=done & Q(verb__in=["proposal.submitted", "proposal.revised"])),
        decisions=Count(
            "pk",
            filter=done
            & Q(verb__in=["decision.recorded", "proposal.approved", "proposal.returned", "proposal.refused"]),
        ),
        refused=Count("pk", filter=Q(outcome=Act.Outcome.REFUSED)),
    )
    return Week(side=side, **counts)
