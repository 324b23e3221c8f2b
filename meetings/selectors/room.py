"""The room as its page shows it, in a number of queries that does not grow with the meeting."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, QuerySet

from decisions.models import Determination, Revision
from decisions.selectors.papers import Shown
from governance.choices import ApprovedBy
from meetings.choices import Compartment, Mode, MotionKind, Role
from meetings.models import AgendaItem, Attendance, Ballot, ItemDraft, Meeting, MinutesVersion, Motion, Recusal, Vote
from meetings.rules.consent_agenda import consent_text
from meetings.rules.quorum import Quorum, VotesNeeded, quorum
from meetings.rules.tally import Choice, Result
from meetings.rules.workflow import ItemState, MeetingState, MinutesState
from meetings.selectors.ballots import Ballots, ballots_on
from meetings.selectors.clock import Entered, Spent, entered, spent
from meetings.selectors.papers import papers_by_item
from meetings.selectors.quorum import rule_of, votes_under
from meetings.words import clock, told_ballot


@dataclass(frozen=True)
class Seat:
    """Somebody's part in the meeting, with the times of coming and going."""

    attendance: Attendance
    here: bool
    times: str

    @property
    def member(self) -> bool:
        return self.attendance.role == Role.MEMBER


@dataclass
class Room:
    """A meeting in its room, and the item that is looked at."""

    meeting: Meeting
    now: datetime
    items: list[AgendaItem]
    seats: list[Seat]
    item: AgendaItem | None
    quorum: Quorum
    votes: VotesNeeded | None = None
    revision: Revision | None = None
    determination: Determination | None = None
    motions: list[dict[str, Any]] = field(default_factory=list)
    procedure: list[dict[str, Any]] = field(default_factory=list)
    """The motions on the meeting itself: its agenda, its adjournment."""
    procedure_votes: VotesNeeded | None = None
    ballots: Ballots = field(default_factory=dict)
    """The votes that members have cast by own acts on the motions that are voted on next."""
    drafts: dict[str, ItemDraft] = field(default_factory=dict)
    """What is being typed for the item at hand, by form and field."""
    spent: dict[int, Spent] = field(default_factory=dict)
    """How long each item was called."""
    recusals: list[Recusal] = field(default_factory=list)
    papers: list[Shown] = field(default_factory=list)
    version: MinutesVersion | None = None
    """What the item asks the body to approve: the version of earlier minutes that lies before the chair."""
    approved_as_read: bool = False

    @property
    def members(self) -> list[Attendance]:
        return [seat.attendance for seat in self.seats if seat.member]

    @property
    def present(self) -> list[Attendance]:
        return [seat.attendance for seat in self.seats if seat.member and seat.here]

    @property
    def outside(self) -> set[int]:
        """The attendances of whom it is recorded that they left the room for the item at hand."""
        return {recusal.attendance_id for recusal in self.recusals if recusal.left_room and self.under_way}

    @property
    def pending(self) -> Motion | None:
        """The motion of this item that is voted on next: an amendment before what it amends."""
        return _next(self.motions)

    @property
    def pending_procedure(self) -> Motion | None:
        """The motion on the meeting itself that is voted on next."""
        return _next(self.procedure)

    @property
    def agenda_motions(self) -> list[Motion]:
        """The carried motions by which the agenda may be changed."""
        motions = [entry["motion"] for entry in self.procedure]
        return [one for one in motions if one.kind == MotionKind.AGENDA and one.result == Result.CARRIED]

    @property
    def at_hand(self) -> AgendaItem:
        """The item that an act is about. Raises ValueError on an empty agenda."""
        if self.item is None:
            raise ValueError("The agenda is empty.")
        return self.item

    @property
    def time(self) -> Spent:
        """How long the item at hand has taken so far."""
        return self.spent.get(self.item.pk, Spent()) if self.item else Spent()

    @property
    def minutes(self) -> int:
        """The same in whole minutes."""
        return self.time.minutes(self.now)

    @property
    def under_way(self) -> bool:
        """Whether the item at hand is still to be settled here; a closed one is settled in closed session."""
        item = self.item
        return item is not None and item.state == ItemState.OPEN and item.compartment == Compartment.OPEN

    @property
    def number(self) -> int:
        return self.items.index(self.item) + 1 if self.item else 0

    @property
    def approving(self) -> list[Motion]:
        """The carried motions of the item at hand that may be recorded as approving minutes; by the body's rule."""
        if self.meeting.body.minutes_approved_by != ApprovedBy.BODY or self.item is None:
            return []
        if self.approved_as_read if self.item.minutes_id is None else self.version is None:
            return []
        motions = [entry["motion"] for entry in self.motions]
        carried = [one for one in motions if one.result == Result.CARRIED and one.kind == MotionKind.MAIN]
        return [one for one in carried if not hasattr(one, "approves")]

    @property
    def approval_note(self) -> str:
        """Which version is approved, in words."""
        if self.version is None:
            return ""
        return (
            f"Version {self.version.number}, exactly as it lies before the members. Record it before the item is "
            "handled; otherwise the minutes come before the next meeting again, unsigned."
        )

    @property
    def unfinished(self) -> bool:
        """Whether the item at hand is not settled yet: a motion waits for its vote, or a carried one is to approve."""
        return self.pending is not None or bool(self.version and self.approving)

    @property
    def still_open(self) -> list[AgendaItem]:
        return [item for item in self.items if item.state == "open"]

    @property
    def consent(self) -> list[AgendaItem]:
        """The items that one motion may take, while the one at hand is among them."""
        found = [item for item in self.still_open if item.consent]
        return found if self.item in found else []

    @property
    def consent_motion(self) -> Motion | None:
        """The carried motion under the item at hand that takes the consent agenda as it stands."""
        text = consent_text(self.consent)
        motions = [entry["motion"] for entry in self.motions] if self.consent else []
        return next((one for one in motions if one.result == Result.CARRIED and one.wording == text), None)


def room_of(meeting: Meeting, item_key: int | None, now: datetime) -> Room:
    """Gather the room around one item: the one asked for, else the one called, else the first."""
    items = list(
        meeting.items.select_related(
            *("proposal__right", "proposal__site", "right", "corrective_action__owner", "carried_from__meeting"),
            "minutes__meeting",
        ).order_by("position")
    )
    times = entered(meeting)
    seats = [_seat(meeting, one, times) for one in meeting.attendances.prefetch_related("presences")]
    seats.sort(key=lambda seat: (list(Role).index(Role(seat.attendance.role)), seat.attendance.name))
    wanted = item_key or meeting.current_item_id
    item = next((one for one in items if one.pk == wanted), items[0] if items else None)
    room = Room(meeting, now, items, seats, item, quorum=quorum(rule_of(meeting.body), 0))
    room.quorum = quorum(rule_of(meeting.body), len(room.present))
    if item:
        _fill(room, item)
    if meeting.opened_at:
        room.spent = spent(meeting)
        room.procedure = _entries(meeting, meeting.motions.filter(item__isnull=True))
    if meeting.state == MeetingState.IN_SESSION:
        room.procedure_votes = votes_under(meeting, room.present, set())
        room.ballots = ballots_on(filter(None, [room.pending, room.pending_procedure]))
    return room


def _next(entries: list[dict[str, Any]]) -> Motion | None:
    waiting = [entry["motion"] for entry in entries if not entry["motion"].decided_at]
    return max(waiting, key=lambda motion: (motion.amends_id is not None, -motion.number), default=None)


def _time(meeting: Meeting, at: datetime, recorded: datetime | None) -> str:
    return f"{_clock(meeting, at)} (recorded {_clock(meeting, recorded)})" if recorded else _clock(meeting, at)


def _seat(meeting: Meeting, attendance: Attendance, times: dict[int, Entered]) -> Seat:
    stays = list(attendance.presences.all())
    words = []
    for stay in stays:
        told = times.get(stay.pk, Entered())
        until = f" to {_time(meeting, stay.left_at, told.departure)}" if stay.left_at else ""
        remote = ", remote" if stay.mode == Mode.REMOTE else ""
        words.append(f"{_time(meeting, stay.arrived_at, told.arrival)}{until}{remote}")
    return Seat(attendance, any(stay.left_at is None for stay in stays), "; ".join(words))


def _clock(meeting: Meeting, at: datetime) -> str:
    return clock(meeting.practice.local(at).isoformat())


def _fill(room: Room, item: AgendaItem) -> None:
    room.recusals = list(item.recusals.select_related("attendance"))
    room.papers = papers_by_item(room.meeting, [item]).get(item.pk, [])
    recused = {recusal.attendance_id for recusal in room.recusals}
    room.quorum = quorum(
        rule_of(room.meeting.body), len(room.present), recused=sum(one.pk in recused for one in room.present)
    )
    if room.meeting.state == MeetingState.IN_SESSION:
        room.votes = votes_under(room.meeting, room.present, recused)
    if item.proposal_id and item.revision_number:
        room.revision = (
            Revision.objects.filter(proposal=item.proposal_id, number=item.revision_number)
            .select_related("person", "appointment")
            .first()
        )
        room.determination = (
            Determination.objects.filter(proposal=item.proposal_id, revision_number=item.revision_number)
            .select_related("person", "appointment", "decision")
            .first()
        )
    if room.under_way and room.meeting.state == MeetingState.IN_SESSION:
        room.drafts = {draft.field: draft for draft in item.drafts.select_related("saved_by__person")}
    room.motions = _entries(room.meeting, item.motions.all())
    if room.meeting.body.minutes_approved_by == ApprovedBy.BODY:
        _fill_minutes(room, item)


def _fill_minutes(room: Room, item: AgendaItem) -> None:
    """What the body may approve under the item."""
    if item.minutes and item.minutes.state == MinutesState.SUBMITTED:
        newest = item.minutes.versions.filter(number=item.minutes.version, approval=None)
        room.version = newest.first()
    elif item.minutes is None:
        room.approved_as_read = room.meeting.approvals.filter(version=None).exists()


def _entries(meeting: Meeting, motions: QuerySet[Motion]) -> list[dict[str, Any]]:
    found = motions.select_related(
        *("mover", "seconder", "amends", "amends_minutes__minutes__meeting"),
        *("approves__meeting__practice", "approves__version"),
    ).prefetch_related("amendments", Prefetch("votes", Vote.objects.select_related("attendance", "act", "ballot")))
    return [
        {
            "motion": motion,
            "rows": _roll(meeting, motion),
            "kind": _kind(motion),
            "recorded_by": _recorded_by(motion),
            "by_own_acts": _by_own_acts(motion),
        }
        for motion in found
    ]


def _recorded_by(motion: Motion) -> str:
    """Who recorded the votes, on behalf of the members who did not cast them by own acts."""
    votes = motion.votes.all()
    return votes[0].act.actor_name if votes else ""


def _by_own_acts(motion: Motion) -> bool:
    return any(vote.ballot_id for vote in motion.votes.all())


def told_vote(meeting: Meeting, choice: str, ballot: Ballot | None, recorded_by: str = "") -> str:
    """By whom a vote was cast, in words; when, on the practice's clock."""
    cast = {"choice": ballot.choice, "at": meeting.practice.local(ballot.cast_at).isoformat()} if ballot else None
    return told_ballot(choice, cast, recorded_by)


def _roll(meeting: Meeting, motion: Motion) -> list[dict[str, Any]]:
    recorded_by = _recorded_by(motion) if _by_own_acts(motion) else ""
    parts = {motion.mover_id: "moved", motion.seconder_id: "seconded"}
    return [
        {
            "name": vote.attendance.name,
            "part": parts.get(vote.attendance_id, ""),
            "side": vote.attendance.side.lower(),
            "office": vote.attendance.office,
            "word": Choice(vote.choice).label.capitalize(),
            "absent": vote.choice == Choice.ABSENT,
            "note": told_vote(meeting, vote.choice, vote.ballot, recorded_by),
        }
        for vote in motion.votes.all()
    ]


def _kind(motion: Motion) -> str:
    return {"carried": "ok", "": "neutral", "withdrawn": "neutral"}.get(motion.result, "late")
