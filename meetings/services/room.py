"""The room: opening, who is there, what was considered, who recuses, adjourning."""

from collections.abc import Iterator
from datetime import datetime
from operator import itemgetter

from django.db.models import Max

from audit.acts import record, service
from audit.workflow import next_state
from decisions.models import Determination
from decisions.services.rules import RuleBroken, said
from governance.authority import Ruling, moment
from governance.models import Person
from meetings.choices import STANDING, Mode, Purpose, Role, Standing
from meetings.drafting import draft_text
from meetings.models import AgendaItem, Attendance, Ballot, Meeting, Minutes, Presence, Recusal, Vote, WorkingDraft
from meetings.rules.adjourn import Item, require_settled
from meetings.rules.quorum import Quorum, quorum
from meetings.rules.workflow import ITEM, MEETING, ItemEvent, ItemState, MeetingEvent, MeetingState
from meetings.selectors.quorum import present_members, rule_of
from meetings.services.agenda import agenda_content
from meetings.services.attended import claimable
from meetings.services.base import enter_meeting, item_at_hand, require_state
from meetings.services.drafts import forget_drafts
from meetings.services.seating import holds_seat, write_seats


@service
def open_meeting(*, actor: Person, meeting: Meeting) -> Meeting:
    """Open the meeting on its released agenda. Whoever of the two chairs opens it is its chair.

    Without a quorum it may be opened, and is recorded so; no motion is put until one is there.
    Raises AuthorityRefused, IllegalTransition, RuleBroken.
    """
    meeting, ruling = enter_meeting(actor, meeting, "meeting.opened", chair=True)
    state = next_state(MEETING, meeting.state, MeetingEvent.OPEN)
    released = meeting.releases.first()
    if released is None or released.content != agenda_content(meeting):
        raise RuleBroken("agenda", "Agenda: it was changed after its release; release it again, then open the meeting.")
    at = moment()
    write_seats(meeting, at)
    own = meeting.attendances.get(person=actor)
    if not own.presences.filter(left_at__isnull=True).exists():
        _arrive(own, Mode.IN_PERSON if meeting.mode != Mode.REMOTE else Mode.REMOTE, at)
    meeting.state, meeting.opened_at, meeting.chair = state, at, ruling.appointment
    meeting.quorate_start = _quorum(meeting).met
    meeting.current_item = meeting.items.order_by("position").first()
    meeting.save()
    return meeting


@service
def mark(
    *,
    actor: Person,
    attendance: Attendance,
    standing: str,
    mode: str = Mode.IN_PERSON,
    claimed: datetime | None = None,
) -> Attendance:
    """Record that somebody is present (arrives now, or at the time `claimed`), excused or absent.

    A claimed time lies in the meeting and after its last vote, which counted who was there; it is kept beside the time
    of recording. Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(
        actor, attendance.meeting, "attendance.marked", attempted=f"{attendance.name}: {standing}"
    )
    require_state(meeting, MeetingState.AGENDA_RELEASED, MeetingState.IN_SESSION)
    attendance = meeting.attendances.get(pk=attendance.pk)
    if standing not in Standing or standing == Standing.EXPECTED:
        raise RuleBroken("standing", f"Attendance: “{standing}” is none of present, excused and absent.")
    if mode not in (Mode.IN_PERSON, Mode.REMOTE):
        raise RuleBroken("mode", f"Mode: somebody attends in person or remote, not “{mode}”.")
    at = moment()
    if standing != Standing.PRESENT:
        if attendance.presences.exists():
            raise RuleBroken("standing", f"{attendance.name} has been in the meeting; record that they leave.")
        attendance.standing = standing
        attendance.save()
        return attendance
    if attendance.presences.filter(left_at__isnull=True).exists():
        raise RuleBroken("standing", f"{attendance.name} is in the meeting already.")
    if attendance.role == Role.MEMBER and not holds_seat(attendance, meeting.body, at):
        raise RuleBroken("standing", f"{attendance.name} no longer holds a seat of {meeting.body}.")
    if claimed:
        gone = attendance.presences.aggregate(last=Max("left_at"))["last"]
        at = claimable(meeting, claimed, at, (gone, f"{attendance.name} left"))
    _arrive(attendance, mode, at)
    _keep_quorum(meeting, at)
    return attendance


@service
def leave(*, actor: Person, attendance: Attendance, claimed: datetime | None = None) -> Attendance:
    """Record that somebody leaves now, or left at the time `claimed`; the quorum is judged again.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, attendance.meeting, "attendance.left", attempted=attendance.name)
    require_state(meeting, MeetingState.AGENDA_RELEASED, MeetingState.IN_SESSION)
    attendance = meeting.attendances.get(pk=attendance.pk)
    presence = attendance.presences.filter(left_at__isnull=True).first()
    if presence is None:
        raise RuleBroken("standing", f"{attendance.name} is not in the meeting.")
    at = moment()
    if claimed:
        at = claimable(meeting, claimed, at, max(_seen(attendance, presence), key=itemgetter(0)))
    presence.left_at = at
    presence.save()
    _keep_quorum(meeting, at)
    return attendance


def _seen(attendance: Attendance, presence: Presence) -> Iterator[tuple[datetime, str]]:
    """When somebody was surely there: at the arrival, and at each own act of voting."""
    yield presence.arrived_at, f"{attendance.name} arrived"
    last = Ballot.objects.filter(attendance=attendance).aggregate(last=Max("cast_at"))["last"]
    if last:
        yield last, f"{attendance.name} voted by an own act"


def _arrive(attendance: Attendance, mode: str, at: datetime) -> None:
    Presence.objects.create(attendance=attendance, mode=mode, arrived_at=at)
    attendance.standing = Standing.PRESENT
    attendance.save()


def _quorum(meeting: Meeting) -> Quorum:
    try:
        return quorum(rule_of(meeting.body), len(present_members(meeting)))
    except ValueError as impossible:
        raise RuleBroken("standing", f"Attendance: {impossible}") from impossible


def _keep_quorum(meeting: Meeting, at: datetime) -> None:
    """Judge the quorum after somebody came or went.

    Business begins when the quorum is there, so one that is reached late makes the start quorate;
    `quorum_lost_at` is set while it is lost after that, and emptied when it is there again.
    """
    if meeting.state != MeetingState.IN_SESSION:
        _quorum(meeting)
        return
    met, before = _quorum(meeting).met, (meeting.quorate_start, meeting.quorum_lost_at)
    if met:
        meeting.quorate_start, meeting.quorum_lost_at = True, None
    elif meeting.quorate_start and meeting.quorum_lost_at is None:
        meeting.quorum_lost_at = at
    if before != (meeting.quorate_start, meeting.quorum_lost_at):
        meeting.save()


@service
def go_to(*, actor: Person, meeting: Meeting, item: AgendaItem) -> Meeting:
    """Call an item. Raises AuthorityRefused, RuleBroken."""
    meeting, _ = enter_meeting(actor, meeting, "item.called", attempted=item.title)
    require_state(meeting, MeetingState.IN_SESSION)
    if item.meeting_id != meeting.pk:
        raise RuleBroken("item", f"“{item.title}” is on the agenda of another meeting.")
    meeting.current_item = item
    meeting.save()
    return meeting


@service
def handle_item(*, actor: Person, item: AgendaItem, account: str) -> AgendaItem:
    """Close an item with a short account of what was considered; the next open one is called.

    A standing topic needs the account; an item for decision needs its decision. Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, item.meeting, "item.handled", attempted=item.title)
    item = item_at_hand(item, meeting)
    if _is_standing(item) and not account.strip():
        raise RuleBroken("account", "Account: a standing topic is minuted with what was considered, or deferred.")
    if item.purpose == Purpose.DECISION and not _decided(item):
        raise RuleBroken("account", f"Item {item.position} is for decision: record what was decided, or defer it.")
    require_votes(item)
    item.state = next_state(ITEM, item.state, ItemEvent.HANDLE)
    item.account = account.strip()
    item.save()
    forget_drafts(item)
    call_next(meeting, item)
    return item


@service
def defer_item(*, actor: Person, item: AgendaItem, reason: str) -> AgendaItem:
    """Defer an item with the reason; the next meeting takes it up. Raises AuthorityRefused, RuleBroken."""
    meeting, _ = enter_meeting(actor, item.meeting, "item.deferred", reason=reason, attempted=item.title)
    item = item_at_hand(item, meeting)
    said(reason=reason)
    require_votes(item)
    item.state = next_state(ITEM, item.state, ItemEvent.DEFER)
    item.deferral_reason = reason.strip()
    item.save()
    forget_drafts(item)
    call_next(meeting, item)
    return item


def _is_standing(item: AgendaItem) -> bool:
    return item.topic in STANDING and item.proposal_id is None and item.corrective_action_id is None


def _decided(item: AgendaItem) -> bool:
    """Whether something was decided under the item; whether an action worked is decided on the action itself."""
    return (
        item.corrective_action_id is not None
        or item.item_decisions.exists()
        or item.motions.filter(decided_at__isnull=False).exists()
        or (
            item.revision_number is not None
            and Determination.objects.filter(proposal=item.proposal_id, revision_number=item.revision_number).exists()
        )
    )


def require_votes(item: AgendaItem) -> None:
    """Raise RuleBroken while a motion of the item waits for its vote."""
    pending = item.motions.filter(decided_at__isnull=True).first()
    if pending:
        raise RuleBroken("votes", f"Motion {pending.number} is not voted on yet.")


def call_next(meeting: Meeting, item: AgendaItem) -> None:
    """Call the next open item behind this one, else the first; inside the current act."""
    following = meeting.items.filter(state=ItemState.OPEN).order_by("position")
    meeting.current_item = following.filter(position__gt=item.position).first() or following.first()
    meeting.save()


@service
def recuse(*, actor: Person, item: AgendaItem, attendance: Attendance, disclosure: str, left_room: bool) -> Recusal:
    """Record a member's disclosed interest in an item: the member does not vote on it (Corp. Code 310(c)).

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, item.meeting, "member.recused", attempted=f"{attendance.name}: {item.title}")
    item = item_at_hand(item, meeting)
    said(disclosure=disclosure)
    if attendance.meeting_id != meeting.pk or attendance.role != Role.MEMBER:
        raise RuleBroken("attendance", f"{attendance.name} is no member of this meeting, so has no vote to withhold.")
    if item.recusals.filter(attendance=attendance).exists():
        raise RuleBroken("attendance", f"{attendance.name} is recused from this item already.")
    if Vote.objects.filter(motion__item=item, attendance=attendance).exists():
        raise RuleBroken("attendance", f"{attendance.name} has voted on this item; an interest is disclosed before.")
    return record(
        Recusal,
        item=item,
        attendance=attendance,
        disclosure=disclosure.strip(),
        left_room=left_room,
        disclosed_at=moment(),
    )


@service
def adjourn(*, actor: Person, meeting: Meeting, closing_note: str = "") -> Minutes:
    """Adjourn: every item is handled or deferred; who is there leaves now; the draft of the minutes is written.

    By the chair, or by the other chair after the chair has left. Raises AuthorityRefused, AdjournmentRefused,
    IllegalTransition, RuleBroken.
    """
    meeting, ruling = enter_meeting(actor, meeting, "meeting.adjourned", chair=True)
    state = next_state(MEETING, meeting.state, MeetingEvent.ADJOURN)
    _require_chair(meeting, ruling)
    items = meeting.items.order_by("position")
    require_settled(
        Item(f"{item.position}. {item.title}", ItemState(item.state), item.deferral_reason) for item in items
    )
    if pending := meeting.motions.filter(decided_at__isnull=True).first():
        raise RuleBroken("votes", f"Motion {pending.number} is not voted on yet.")
    at = moment()
    for presence in Presence.objects.filter(attendance__meeting=meeting, left_at__isnull=True):
        presence.left_at = at
        presence.save()
    for expected in meeting.attendances.filter(standing=Standing.EXPECTED):
        expected.standing = Standing.ABSENT
        expected.save()
    meeting.state, meeting.adjourned_at, meeting.current_item = state, at, None
    meeting.closing_note = closing_note.strip()
    meeting.save()
    minutes = Minutes.objects.create(meeting=meeting)
    WorkingDraft.objects.create(minutes=minutes, text=draft_text(meeting))
    return minutes


def _require_chair(meeting: Meeting, ruling: Ruling) -> None:
    chair = meeting.chair
    if chair is None or chair.person_id == ruling.person.pk:
        return
    if Presence.objects.filter(
        attendance__meeting=meeting, attendance__person=chair.person_id, left_at__isnull=True
    ).exists():
        raise RuleBroken("chair", f"{chair.person} opened this meeting, chairs it and is there: the chair adjourns it.")
