"""Reading transition tables."""

import pytest

from audit.labels import LabelledEnum
from audit.workflow import (
    IllegalTransition,
    Transition,
    Workflow,
    allowed_events,
    is_final,
    next_state,
    reachable,
)


class Light(LabelledEnum):
    RED = "red"
    DEEP_GREEN = "deep_green"
    BROKEN = "broken", "out of order"


class Press(LabelledEnum):
    SWITCH_OVER = "switch_over"
    BREAK = "break", "smash"


STEPS = (
    Transition(Light.RED, Press.SWITCH_OVER, Light.DEEP_GREEN),
    Transition(Light.DEEP_GREEN, Press.SWITCH_OVER, Light.RED),
    Transition(Light.DEEP_GREEN, Press.BREAK, Light.BROKEN),
)
TABLE = Workflow("Light", Light, Press, Light.RED, STEPS)


def test_steps_that_the_table_has() -> None:
    assert next_state(TABLE, Light.RED, Press.SWITCH_OVER) is Light.DEEP_GREEN
    assert next_state(TABLE, "deep_green", "break") is Light.BROKEN
    assert allowed_events(TABLE, "deep_green") == (Press.SWITCH_OVER, Press.BREAK)
    assert reachable(TABLE, Light.BROKEN) == {Light.BROKEN}
    assert [is_final(TABLE, state) for state in Light] == [False, False, True]


def test_the_refusal_names_state_event_and_what_is_allowed() -> None:
    with pytest.raises(IllegalTransition) as refused:
        next_state(TABLE, "red", "break")
    assert str(refused.value) == "Light: cannot smash while red; allowed: switch over."
    with pytest.raises(IllegalTransition, match=r"cannot smash while out of order; this state is final\.$"):
        next_state(TABLE, "broken", "break")


@pytest.mark.parametrize(("state", "event"), [("purple", "break"), ("red", "paint")])
def test_what_the_workflow_does_not_know_is_no_illegal_step_but_a_mistake(state: str, event: str) -> None:
    with pytest.raises(ValueError, match=r"purple|paint") as refused:
        next_state(TABLE, state, event)
    assert not isinstance(refused.value, IllegalTransition)


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ((*STEPS, Transition(Light.RED, Press.SWITCH_OVER, Light.BROKEN)), "more than one transition"),
        (STEPS[:2], "never reached: broken"),
        ((STEPS[0], Transition(Light.DEEP_GREEN, Press.SWITCH_OVER, Light.BROKEN)), "never allowed: break"),
    ],
)
def test_a_table_with_a_mistake_cannot_be_defined(steps: tuple[Transition[Light, Press], ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Workflow("Light", Light, Press, Light.RED, steps)


def test_labels_and_choices() -> None:
    assert Light.choices() == [("red", "red"), ("deep_green", "deep green"), ("broken", "out of order")]
    assert f"{Light.BROKEN}" == Light.BROKEN.value == "broken"
