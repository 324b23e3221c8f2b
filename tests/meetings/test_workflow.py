"""What a meeting, its items and its minutes allow."""

import pytest

from audit.workflow import IllegalTransition, allowed_events, is_final, next_state
from meetings.rules.workflow import ITEM, MEETING, MINUTES, ItemState, MeetingState, MinutesState


def test_a_meeting_goes_through_its_states_in_order() -> None:
    state = MeetingState.PLANNED
    for event in ("release_agenda", "open", "adjourn"):
        state = next_state(MEETING, state, event)
    assert state is MeetingState.ADJOURNED
    assert is_final(MEETING, state)


def test_a_meeting_cannot_open_on_an_agenda_nobody_has_seen() -> None:
    message = r"Meeting: cannot open while planned; allowed: release agenda, cancel\."
    with pytest.raises(IllegalTransition, match=message):
        next_state(MEETING, "planned", "open")


@pytest.mark.parametrize("event", ["submit", "return", "sign"])
def test_signed_minutes_are_final(event: str) -> None:
    message = rf"Minutes: cannot {event} while signed; this state is final\."
    with pytest.raises(IllegalTransition, match=message):
        next_state(MINUTES, MinutesState.SIGNED, event)


def test_only_submitted_minutes_are_signed() -> None:
    assert [state for state in MinutesState if "sign" in allowed_events(MINUTES, state)] == ["submitted"]
    assert next_state(MINUTES, "submitted", "return") is MinutesState.DRAFT


@pytest.mark.parametrize(("event", "state"), [("handle", ItemState.HANDLED), ("defer", ItemState.DEFERRED)])
def test_an_item_is_settled_once(event: str, state: ItemState) -> None:
    assert next_state(ITEM, "open", event) is state
    assert is_final(ITEM, state)
