"""How an agenda builds itself: what a month's meeting takes up, in which order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from decisions.models import CorrectiveAction, Proposal
from governance.authority import moment, right_in_force
from governance.models import DecisionRight, Person, Practice
from meetings.choices import STANDING, Compartment, Purpose, Topic
from meetings.models import AgendaItem, Meeting, Minutes
from meetings.rules.points import parse_points
from meetings.rules.workflow import BEFORE_SESSION, ItemState, MeetingState
from meetings.selectors.minutes import to_approve
from meetings.series import terms_of_body
from meetings.services.base import OVERSIGHT
from meetings.services.papers import write_carried_papers

_ORDER = list(Topic)
MISSED = timedelta(days=1)
"""How long after its time a meeting that nobody opened counts as missed for the next agenda."""


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An item that an agenda is to hold."""

    topic: Topic
    title: str
    purpose: Purpose = Purpose.DISCUSSION
    presenter: str = ""
    presenter_person: Person | None = None
    budget: int | None = None
    consent: bool = False
    right: DecisionRight | None = None
    proposal: Proposal | None = None
    revision_number: int | None = None
    corrective_action: CorrectiveAction | None = None
    minutes: Minutes | None = None
    carried_from: AgendaItem | None = None

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two items the same business."""
        return _identity(self)


def _identity(item: "Draft | AgendaItem") -> tuple[object, ...]:
    if item.proposal:
        return ("proposal", item.proposal.pk)
    if item.corrective_action:
        return ("corrective action", item.corrective_action.pk)
    if item.minutes:
        return ("minutes", item.minutes.pk)
    return (item.topic, item.title)


def wanted(meeting: Meeting) -> list[Draft]:
    """What belongs on the agenda: last minutes, standing topics and points, what is due, what was deferred.

    What was withdrawn from this agenda is left out. A special meeting has the points for which it was called, and
    nothing comes onto its agenda by itself; of what is on it the newest revision is taken.
    """
    if meeting.special:
        there = {_identity(item) for item in meeting.items.select_related("proposal", "corrective_action", "minutes")}
        return [
            draft for entry in reported(meeting.practice, meeting.month) if (draft := _due(entry)).identity in there
        ]
    monthly = Meeting.objects.filter(body=meeting.body, special=0, month__lt=meeting.month)
    last = monthly.filter(state=MeetingState.ADJOURNED).order_by("-month").first()
    between = list(_special_since(meeting, last))
    drafts: dict[tuple[object, ...], Draft] = {}

    def add(draft: Draft) -> None:
        drafts.setdefault(draft.identity, draft)

    for minutes in to_approve(meeting):
        held = meeting.practice.local(minutes.meeting.starts_at)
        add(
            Draft(
                topic=Topic.MINUTES,
                title=f"Approve the minutes of {_what(minutes.meeting)}{held:%-d %B %Y}",
                purpose=Purpose.DECISION,
                presenter="The recording secretary",
                right=right_in_force(meeting.practice, OVERSIGHT),
                minutes=minutes,
            )
        )
    approved = {draft.minutes.meeting_id for draft in drafts.values() if draft.minutes}
    for one in [last, *between] if last else between:
        if one.pk in approved:
            continue
        held = meeting.practice.local(one.starts_at)
        title = f"Minutes of {_what(one)}{held:%-d %B %Y}"
        add(Draft(topic=Topic.MINUTES, title=title, presenter="The recording secretary"))
    for topic in (*STANDING, Topic.ACTIONS):
        add(Draft(topic=topic, title=str(topic.label)))
    rule = terms_of_body(meeting.body).at(meeting.month)
    for topic, title in parse_points(rule.points if rule else ""):
        add(Draft(topic=topic, title=title))
    for entry in reported(meeting.practice, meeting.month):
        add(_due(entry))
    for one in [last, *between] if last else between:
        for item in one.items.filter(state=ItemState.DEFERRED, compartment=Compartment.OPEN).select_related(
            "right", "proposal", "corrective_action", "minutes"
        ):
            _carry(drafts, item)
    for item in _never_taken_up(meeting, last):
        if _identity(item) not in drafts:
            _carry(drafts, item)
    for item in AgendaItem.every.filter(meeting=meeting, state=ItemState.WITHDRAWN):
        drafts.pop(_identity(item), None)
    return sorted(drafts.values(), key=lambda draft: _ORDER.index(draft.topic))


def _what(held: Meeting) -> str:
    return "the special meeting of " if held.special else ""


def _due(entry: Any) -> Draft:
    """The item for what a source reports as due."""
    return Draft(
        topic=Topic(entry.topic),
        title=_title(entry),
        purpose=Purpose(entry.purpose),
        right=entry.right,
        proposal=entry.proposal,
        revision_number=entry.revision_number,
        corrective_action=entry.corrective_action,
    )


def _special_since(meeting: Meeting, last: Meeting | None) -> Iterable[Meeting]:
    """The special meetings held since the last monthly one: their minutes and what they deferred come to this one."""
    held = Meeting.objects.filter(body=meeting.body, special__gt=0, state=MeetingState.ADJOURNED)
    if last:
        held = held.filter(opened_at__gt=last.opened_at)
    return held.filter(opened_at__lt=meeting.opened_at or max(meeting.starts_at, moment())).order_by("opened_at")


def _never_taken_up(meeting: Meeting, last: Meeting | None) -> Iterable[AgendaItem]:
    """What somebody put on the agenda of a meeting that was canceled or missed since the last one held.

    Proposals and corrective actions are not among it: the sources report what of them is still due.
    """
    monthly = Q(meeting__special=0, meeting__month__lt=meeting.month)
    special = Q(meeting__special__gt=0, meeting__starts_at__lt=meeting.starts_at)
    if last:
        monthly &= Q(meeting__month__gt=last.month)
        special &= Q(meeting__starts_at__gt=last.starts_at)
    return AgendaItem.objects.filter(
        monthly | special,
        Q(meeting__state=MeetingState.CANCELED)
        | Q(meeting__state__in=BEFORE_SESSION, meeting__starts_at__lt=moment() - MISSED),
        meeting__body=meeting.body,
        proposal=None,
        corrective_action=None,
        compartment=Compartment.OPEN,
    ).exclude(topic=Topic.MINUTES)


def _title(entry: Any) -> str:
    """The subject's own title; its code stands beside it wherever the item is shown."""
    subject = entry.proposal or entry.corrective_action
    return str(subject.title if subject else entry.title)[:200]


def _carry(drafts: dict[tuple[object, ...], Draft], item: AgendaItem) -> None:
    """Take over a deferred item: on the item of the same business, or as one of its own."""
    known = drafts.get(_identity(item))
    values: dict[str, Any] = {
        name: getattr(known or item, name)
        for name in (
            *("title", "presenter", "presenter_person", "budget", "consent"),
            *("right", "proposal", "revision_number", "corrective_action", "minutes"),
        )
    }
    topic, purpose = Topic((known or item).topic), Purpose((known or item).purpose)
    drafts[_identity(item)] = Draft(topic=topic, purpose=purpose, carried_from=item, **values)


def reported(practice: Practice, month: date) -> Iterable[Any]:
    """What the sources of settings.AGENDA_SOURCES report as due."""
    for path in settings.AGENDA_SOURCES:
        source: Callable[[Practice, date], Iterable[Any]] = import_string(path)
        yield from source(practice, month)


def write_items(meeting: Meeting, drafts: Iterable[Draft]) -> list[AgendaItem]:
    """Enter what the agenda does not hold yet, each after the last item of its topic, inside the current act."""
    items = list(meeting.items.select_related("proposal", "corrective_action", "minutes").order_by("position"))
    known = {_identity(item): item for item in items}
    late = meeting.state in BEFORE_SESSION and meeting.releases.exists()
    added = []
    for draft in drafts:
        there = known.get(draft.identity)
        if there is None:
            item = _new(meeting, draft, late)
            items.insert(_place(items, draft.topic), item)
            added.append(item)
        elif draft.revision_number and there.revision_number != draft.revision_number:
            there.revision_number = draft.revision_number
            there.save()
            added.append(there)
    for position, item in enumerate(items, start=1):
        if item.pk is None or item.position != position:
            carried = item.pk is None
            item.position = position
            item.save()
            if carried:
                write_carried_papers(item)
    return added


def _new(meeting: Meeting, draft: Draft, late: bool) -> AgendaItem:
    return AgendaItem(
        meeting=meeting,
        topic=draft.topic,
        title=draft.title,
        purpose=draft.purpose,
        presenter=draft.presenter,
        presenter_person=draft.presenter_person,
        budget=draft.budget,
        consent=draft.consent,
        late=late,
        right=draft.right,
        proposal=draft.proposal,
        revision_number=draft.revision_number,
        corrective_action=draft.corrective_action,
        minutes=draft.minutes,
        carried_from=draft.carried_from,
    )


def _place(items: list[AgendaItem], topic: Topic) -> int:
    """Behind the last item of this topic or of one before it."""
    at = _ORDER.index(topic)
    behind = [index for index, item in enumerate(items) if _ORDER.index(Topic(item.topic)) <= at]
    return behind[-1] + 1 if behind else 0
