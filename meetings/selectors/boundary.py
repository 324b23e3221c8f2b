"""What the boundary report reads from the record, for one period and one reader. Nothing of it is stored.

A reader sees the whole report or, from the management side, the events of their own hand alone.
"""

import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, overload

from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.urls import reverse

from audit.models import Act
from audit.selectors import payloads
from decisions.models import Determination, GoLive, OperationalItem, Proposal, Revision
from governance.choices import Office, Side
from governance.models import Appointment, Person, Practice
from governance.pack import bounds
from governance.templatetags.governance_words import object_name, words
from meetings.models import Recusal
from meetings.rules.boundary import Course, course_of

WHOLE = frozenset({Office.MEDICAL_DIRECTOR, Office.PC_COUNSEL})
"""Offices that see the whole report."""
OWN = frozenset({Office.MSO_OPERATIONS, Office.MSO_EXECUTIVE, Office.RECORDING_SECRETARY})
"""Offices that see what they themselves did, and nothing in the counts of others."""
READERS = WHOLE | OWN


@dataclass(frozen=True, kw_only=True)
class Window:
    """A period of a practice, both days included; with `own`, only what this person did or proposed."""

    practice: Practice
    start: date
    end: date
    reader: Person | None = None
    own: Person | None = None

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return bounds(self.practice, self.start, self.end)

    def within(self, name: str) -> Q:
        """The condition that a moment lies in the period."""
        first, after = self.moments
        return Q(**{f"{name}__gte": first, f"{name}__lt": after})

    def by(self, **columns: Any) -> Q:
        """The condition that a row is the reader's own, where only those are shown."""
        return Q(**dict.fromkeys(columns, self.own.pk)) if self.own else Q()


def window_for(
    offices: Collection[Appointment], person: Person, practice: Practice, start: date, end: date
) -> Window | None:
    """What a person in these offices sees of a period; None: the report does not exist for them."""
    held = {one.office for one in offices}
    if held & WHOLE:
        return Window(practice=practice, start=start, end=end, reader=person)
    if held & OWN:
        return Window(practice=practice, start=start, end=end, reader=person, own=person)
    return None


@dataclass(frozen=True, kw_only=True)
class Event:
    """One thing behind a number: who, in which office, when, what, under which right."""

    at: datetime | date
    who: str = ""
    office: str = ""
    side: str = ""
    what: str
    detail: str = ""
    right: str = ""
    word: str = ""
    url: str = ""
    facets: dict[str, str] = field(default_factory=dict)


class Told(Sequence[Event]):
    """Acts as events, read only as far as a page shows them."""

    def __init__(self, acts: QuerySet[Act], tell: Callable[[Act], Event]) -> None:
        self.acts, self.tell = acts, tell
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._count = self.acts.count()
        return self._count

    @overload
    def __getitem__(self, at: int) -> Event: ...
    @overload
    def __getitem__(self, at: slice) -> list[Event]: ...
    def __getitem__(self, at: int | slice) -> Event | list[Event]:
        if isinstance(at, slice):
            return [self.tell(act) for act in self.acts[at]]
        return self.tell(self.acts[at])

    def __iter__(self) -> Iterator[Event]:
        return (self.tell(act) for act in self.acts)


# Acts


def acts(window: Window, outcome: str) -> QuerySet[Act]:
    """Acts of the period under a decision right, or attempts refused, the newest first."""
    chosen = Q(capacity=Act.Capacity.DECIDES) if outcome == Act.Outcome.DONE else Q()
    return Act.objects.filter(
        chosen, window.within("occurred_at"), window.by(actor=True), practice=window.practice.pk, outcome=outcome
    ).order_by("-occurred_at", "-entry_id")


def by_right(window: Window, outcome: str) -> dict[tuple[str, str], int]:
    """How many acts by right and side. One query."""
    found = acts(window, outcome).order_by().values_list("right", "side").annotate(number=Count("pk"))
    return {(right, side): number for right, side, number in found}


def days(window: Window, outcome: str) -> list[tuple[str, datetime, str]]:
    """Right, moment and side of each act. One query."""
    return list(acts(window, outcome).values_list("right", "occurred_at", "side"))


def decided(window: Window, **only: Any) -> Told:
    """Acts done under decision rights."""
    return Told(acts(window, Act.Outcome.DONE).filter(**only), lambda act: _told(window, act))


def refused(window: Window, **only: Any) -> Told:
    """Attempts that authority refused, with what was attempted and what the person was told."""
    told = Prefetch("parts", payloads("refusal"), to_attr="told")
    rows = acts(window, Act.Outcome.REFUSED).filter(**only).prefetch_related(told)
    return Told(rows, lambda act: _told(window, act, refusal=True))


def entered_late(window: Window) -> list[Event]:
    """Acts under a decision right that were entered after they happened, under the flag that permits it. One query."""
    rows = acts(window, Act.Outcome.DONE).filter(flag="back-entry")
    return [
        _told(window, act, word="entered later", detail=f"Recorded {window.practice.local(act.recorded_at):%-d %b %Y}.")
        for act in rows
    ]


_PAGES = {
    "decisions.decision": "decisions:decision",
    "decisions.proposal": "decisions:proposal",
    "decisions.operationalitem": "decisions:operation",
    "decisions.correctiveaction": "decisions:action",
    "decisions.authorization": "decisions:authorization",
    "meetings.meeting": "meetings:meeting",
    "governance.person": "governance:person",
}
"""The page of an act's object, by its kind."""


def _told(window: Window, act: Act, *, refusal: bool = False, word: str = "", detail: str = "") -> Event:
    parts = getattr(act, "told", [])
    said = json.loads(parts[0].stands) if parts and parts[0].stands else {}
    page = _PAGES.get(act.object_type)
    what = f"{words(act.verb)} {object_name(act)}".strip()
    if refusal:
        what = f"Attempt: {said.get('attempted') or what}"
        detail, word = said.get("sentence", "The text was scrubbed."), said.get("rule", "refused")
    return Event(
        at=act.occurred_at,
        who=act.actor_name or "The system",
        office=act.office_name,
        side=act.side,
        what=what,
        detail=detail or act.reason,
        right=act.right,
        word=word,
        url=reverse(page, args=[window.practice.slug, act.object_id]) if page and act.object_id else "",
        facets={"right": act.right, "side": act.side},
    )


# Proposals


@dataclass(frozen=True, kw_only=True)
class Determined:
    """A determination: its course, the side that put the matter, and how long its text had been open."""

    row: Determination
    course: Course
    put_by: str
    seconds: float | None

    @property
    def approved(self) -> bool:
        return self.row.outcome == Determination.Outcome.APPROVED


def determined(window: Window) -> list[Determined]:
    """The determinations of the period, the oldest first. Three queries."""
    # With `own`: of proposals that the reader put, and theirs alone.
    own = Q()
    if window.own:
        put = Revision.objects.filter(number=1, person=window.own).values("proposal")
        own = Q(proposal__in=put) | Q(proposal__from_item__person=window.own)
    chosen = Determination.objects.filter(own, window.within("decided_at"), proposal__practice=window.practice)
    rows = chosen.select_related("proposal__right", "proposal__from_item", "person", "appointment", "proposer")
    of_them = Q(proposal__in=chosen.values("proposal"))
    texts = dict[int, list[tuple[int, str]]]()
    for key, number, side in Revision.objects.filter(of_them).order_by().values_list("proposal", "number", "side"):
        texts.setdefault(key, []).append((number, side))
    sent_back = Determination.objects.filter(of_them, outcome=Determination.Outcome.RETURNED)
    returned = set(sent_back.values_list("proposal", "revision_number"))
    found = []
    for row in rows.order_by("decided_at", "pk"):
        put_by = Side.MSO if row.proposal.from_item_id else dict(texts[row.proposal_id])[1]
        earlier = any((row.proposal_id, number) in returned for number in range(1, row.revision_number))
        reworded = put_by == Side.MSO and any(
            side == Side.PC and 1 < number <= row.revision_number for number, side in texts[row.proposal_id]
        )
        opened = row.opened_at if row.opened_at and row.opened_at <= row.decided_at else None
        found.append(
            Determined(
                row=row,
                course=course_of(row.outcome, conditions=row.conditions, amended=earlier or reworded),
                put_by=put_by,
                seconds=(row.decided_at - opened).total_seconds() if opened else None,
            )
        )
    return found


def proposal_url(window: Window, proposal: Proposal) -> str:
    """The page of a proposal."""
    return reverse("decisions:proposal", args=[window.practice.slug, proposal.code])


# What was done before the physicians had decided


def executed_early(window: Window) -> list[Event]:
    """Items done as operational that the physicians then drew over the line, and go-lives before their approval.

    The database lets nothing go live without approval; the question is asked of the record all the same. Three queries.
    """
    items = OperationalItem.objects.filter(
        window.by(person=True),
        practice=window.practice,
        state=OperationalItem.State.PULLED,
        happened_on__range=(window.start, window.end),
    )
    approvals = Determination.objects.filter(
        proposal__from_item__in=items.values("pk"), outcome=Determination.Outcome.APPROVED
    )
    first = dict(approvals.order_by("-decided_at").values_list("proposal__from_item", "decided_at"))
    events = [
        _executed(window, item, first.get(item.pk))
        for item in items.select_related("person", "appointment", "right", "proposal")
    ]
    approval = Q(
        proposal__determinations__outcome=Determination.Outcome.APPROVED,
        proposal__determinations__revision_number=F("revision_number"),
        proposal__determinations__decided_at__lte=F("live_at"),
    )
    ahead = (
        GoLive.objects.filter(window.within("live_at"), window.by(person=True), proposal__practice=window.practice)
        .exclude(pk__in=GoLive.objects.filter(approval).values("pk"))
        .select_related("proposal__right", "person", "appointment")
    )
    events += [
        Event(
            at=one.live_at, who=str(one.person), office=one.appointment.get_office_display(), side=one.side,
            what=f"Went live: {one.proposal}", right=one.proposal.right.code, word="no approval",
            url=proposal_url(window, one.proposal), facets={"right": one.proposal.right.code},
        )
        for one in ahead
    ]  # fmt: skip
    return events


def _executed(window: Window, item: OperationalItem, approved_at: datetime | None) -> Event:
    later = f"now {item.proposal.get_state_display()}"
    if approved_at:
        later = f"approved {window.practice.local(approved_at):%-d %b %Y}"
    return Event(
        at=item.happened_on, who=str(item.person), office=item.appointment.get_office_display(), side=item.side,
        what=str(item), detail=item.pull_reason, right=item.right.code, word=later,
        url=reverse("decisions:operation", args=[window.practice.slug, item.code]),
        facets={"right": item.right.code},
    )  # fmt: skip


# Meetings


def recusals(window: Window) -> list[Event]:
    """Conflicts disclosed at meetings of the period. One query."""
    rows = (
        Recusal.objects.filter(window.within("disclosed_at"), item__meeting__practice=window.practice)
        .select_related("item__meeting", "attendance", "item__right")
        .order_by("-disclosed_at", "-pk")
    )
    return [
        Event(
            at=row.disclosed_at, who=row.attendance.name, office=row.attendance.office, side=row.attendance.side,
            what=str(row.item), detail=row.disclosure, right=row.item.right.code if row.item.right else "",
            word="left the room" if row.left_room else "stayed in the room",
            url=reverse("meetings:meeting", args=[window.practice.slug, row.item.meeting.code]),
        )
        for row in rows
    ]  # fmt: skip
