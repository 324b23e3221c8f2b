"""What every service of meetings begins with: the meeting's row locked, its state required."""

from audit.acts import current
from decisions.services.rules import RuleBroken
from governance.choices import Office
from governance.offices import CHAIRS
from meetings.models import AgendaItem, Meeting
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


def require_state(meeting: Meeting, *states: MeetingState) -> None:
    """Raise RuleBroken unless the meeting is in one of these states."""
    if meeting.state not in states:
        wanted = " or ".join(state.label for state in states)
        now = MeetingState(meeting.state).label
        raise RuleBroken("meeting", f"The meeting of {meeting.code} is {now}; this needs it {wanted}.")


def item_at_hand(item: AgendaItem, meeting: Meeting) -> AgendaItem:
    """The item as it stands now. Raises RuleBroken unless the meeting is in session and the item open."""
    require_state(meeting, MeetingState.IN_SESSION)
    item = AgendaItem.objects.select_related("proposal", "right").get(pk=item.pk)
    if item.state != ItemState.OPEN:
        raise RuleBroken("item", f"Item {item.position}, “{item.title}”, is {item.state} already.")
    return item
