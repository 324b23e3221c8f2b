"""What every service of meetings begins with: the meeting's row locked, its state required."""

from collections.abc import Collection

from django.db.models import Model

from audit.acts import current
from decisions.services.rules import RuleBroken
from governance.authority import Ruling, take_part
from governance.choices import Office
from governance.models import Person
from governance.offices import CHAIRS
from meetings.choices import Compartment
from meetings.models import AgendaItem, ClosedSession, Meeting
from meetings.rules.workflow import ItemState, MeetingState

RECORDERS = CHAIRS | {Office.RECORDING_SECRETARY}
"""Who keeps the agenda and records what happens in the room."""

OVERSIGHT = "DR-30"
"""Oversight agenda, chair, quorum, minutes and alternate chair."""


def lock_meeting(meeting: Meeting) -> Meeting:
    """The meeting as it stands now, locked until the act is sealed: the acts of one room follow one another."""
    return (
        Meeting.objects.select_for_update(no_key=True, of=("self",))
        .select_related("practice", "body", "chair")
        .get(pk=meeting.pk)
    )


def name_meeting(meeting: Meeting) -> None:
    """The object of an act in a room is its meeting, so that the meeting's timeline tells all of it."""
    current().about(meeting, key=meeting.code)


def enter_meeting(
    actor: Person, meeting: Meeting, verb: str, *, chair: bool = False, reason: str = "", attempted: str = ""
) -> tuple[Meeting, Ruling]:
    """Lock the meeting and open an act on it: by whoever records, or by a chair with a license in force alone.

    Raises AuthorityRefused.
    """
    entered = enter(
        actor, meeting, verb, offices=CHAIRS if chair else RECORDERS, licensed=chair, about=meeting,
        reason=reason, attempted=attempted,
    )  # fmt: skip
    name_meeting(entered[0])
    return entered


def enter(
    actor: Person,
    meeting: Meeting,
    verb: str,
    *,
    offices: Collection[str],
    licensed: bool,
    about: Model,
    reason: str = "",
    attempted: str = "",
) -> tuple[Meeting, Ruling]:
    """Lock the meeting and open an act under the right of oversight; the caller names afterwards what it is about.

    Raises AuthorityRefused, whose record is `about` what was tried.
    """
    meeting = lock_meeting(meeting)
    ruling = take_part(
        actor=actor,
        practice=meeting.practice,
        verb=verb,
        offices=offices,
        right=OVERSIGHT,
        licensed=licensed,
        about=about,
        reason=reason,
        attempted=attempted,
    )
    return meeting, ruling


def require_state(meeting: Meeting, *states: MeetingState) -> None:
    """Raise RuleBroken unless the meeting is in one of these states."""
    if meeting.state not in states:
        wanted = " or ".join(state.label for state in states)
        now = MeetingState(meeting.state).label
        raise RuleBroken("meeting", f"The meeting of {meeting.code} is {now}; this needs it {wanted}.")
    if meeting.state == MeetingState.IN_SESSION and running_session(meeting):
        raise RuleBroken("meeting", "The meeting is in closed session; it returns to open session first.")


def running_session(meeting: Meeting) -> ClosedSession | None:
    """The closed session that the meeting is in, if it is in one."""
    return ClosedSession.objects.filter(item__meeting=meeting, ended_at__isnull=True).select_related("item").first()


def item_at_hand(item: AgendaItem, meeting: Meeting) -> AgendaItem:
    """The item as it stands now. Raises RuleBroken unless the meeting is in open session and the item of the open part
    not settled yet."""
    require_state(meeting, MeetingState.IN_SESSION)
    item = AgendaItem.objects.select_related("proposal", "right").get(pk=item.pk)
    if item.compartment != Compartment.OPEN:
        raise RuleBroken("item", f"Item {item.position} is closed: it is taken up in closed session, by the chair.")
    if item.state != ItemState.OPEN:
        raise RuleBroken("item", f"Item {item.position}, “{item.title}”, is {item.state} already.")
    return item
