"""A workflow is a table of transitions; this module reads such tables.

The tables themselves live with the app that owns the state.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass

from audit.labels import LabelledEnum


class IllegalTransition(ValueError):
    """The event is not allowed in the state; the message says what is."""

    def __init__(self, workflow: str, state: str, event: str, allowed: Iterable[str]) -> None:
        self.workflow, self.state, self.event, self.allowed = workflow, state, event, tuple(allowed)
        instead = f"allowed: {', '.join(self.allowed)}" if self.allowed else "this state is final"
        super().__init__(f"{workflow}: cannot {event} while {state}; {instead}.")


@dataclass(frozen=True, slots=True)
class Transition[S: LabelledEnum, E: LabelledEnum]:
    """In state ``source``, ``event`` leads to ``target``."""

    source: S
    event: E
    target: S


@dataclass(frozen=True, slots=True)
class Workflow[S: LabelledEnum, E: LabelledEnum]:
    """A named table of transitions over one enumeration of states and one of events.

    Raises ValueError on definition when an event leads to two states, or a state or event of the
    enumerations can never occur: such a table is a mistake of the programmer.
    """

    name: str
    states: type[S]
    events: type[E]
    initial: S
    transitions: tuple[Transition[S, E], ...]

    def __post_init__(self) -> None:
        counts = Counter((step.source, step.event) for step in self.transitions)
        if ambiguous := [f"{event} while {state}" for (state, event), count in counts.items() if count > 1]:
            raise ValueError(f"{self.name}: more than one transition for {', '.join(ambiguous)}")
        if stranded := set(self.states) - reachable(self, self.initial):
            raise ValueError(f"{self.name}: never reached: {', '.join(sorted(stranded))}")
        if unused := set(self.events) - {step.event for step in self.transitions}:
            raise ValueError(f"{self.name}: never allowed: {', '.join(sorted(unused))}")


def allowed_events[S: LabelledEnum, E: LabelledEnum](table: Workflow[S, E], state: S | str) -> tuple[E, ...]:
    """Events that ``state`` allows, in the order of the table; none for a final state.

    Raises ValueError when the workflow has no such state.
    """
    state = table.states(state)
    return tuple(step.event for step in table.transitions if step.source == state)


def is_final[S: LabelledEnum, E: LabelledEnum](table: Workflow[S, E], state: S | str) -> bool:
    """Whether nothing can follow ``state``."""
    return not allowed_events(table, state)


def next_state[S: LabelledEnum, E: LabelledEnum](table: Workflow[S, E], state: S | str, event: E | str) -> S:
    """The state that ``event`` leads to.

    Raises IllegalTransition when the table has no such step, ValueError when the workflow does
    not know the state or the event at all.
    """
    state, event = table.states(state), table.events(event)
    for step in table.transitions:
        if (step.source, step.event) == (state, event):
            return step.target
    allowed = (possible.label for possible in allowed_events(table, state))
    raise IllegalTransition(table.name, state.label, event.label, allowed)


def reachable[S: LabelledEnum, E: LabelledEnum](table: Workflow[S, E], start: S) -> frozenset[S]:
    """``start`` and every state that some sequence of events leads to from it."""
    seen, waiting = {start}, deque([start])
    while waiting:
        state = waiting.popleft()
        following = {step.target for step in table.transitions if step.source == state} - seen
        seen |= following
        waiting.extend(following)
    return frozenset(seen)
