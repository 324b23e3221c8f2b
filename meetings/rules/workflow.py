"""Transition tables of the meeting, its agenda items and its minutes."""

from audit.labels import LabelledEnum
from audit.workflow import Transition, Workflow


class MeetingState(LabelledEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    AGENDA_RELEASED = "agenda_released"
    IN_SESSION = "in_session"
    ADJOURNED = "adjourned"
    CANCELED = "canceled"


class MeetingEvent(LabelledEnum):
    """What moves a meeting."""

    RELEASE_AGENDA = "release_agenda"
    OPEN = "open"
    ADJOURN = "adjourn"
    CANCEL = "cancel"
    CALL_AGAIN = "call_again"


BEFORE_SESSION = (MeetingState.PLANNED, MeetingState.AGENDA_RELEASED)
TAKES_PAPERS = (*BEFORE_SESSION, MeetingState.IN_SESSION)
"""While papers are put under items, open and closed."""

MEETING = Workflow(
    name="Meeting",
    states=MeetingState,
    events=MeetingEvent,
    initial=MeetingState.PLANNED,
    transitions=(
        Transition(MeetingState.PLANNED, MeetingEvent.RELEASE_AGENDA, MeetingState.AGENDA_RELEASED),
        Transition(MeetingState.AGENDA_RELEASED, MeetingEvent.OPEN, MeetingState.IN_SESSION),
        Transition(MeetingState.IN_SESSION, MeetingEvent.ADJOURN, MeetingState.ADJOURNED),
        Transition(MeetingState.PLANNED, MeetingEvent.CANCEL, MeetingState.CANCELED),
        Transition(MeetingState.AGENDA_RELEASED, MeetingEvent.CANCEL, MeetingState.CANCELED),
        Transition(MeetingState.CANCELED, MeetingEvent.CALL_AGAIN, MeetingState.PLANNED),
    ),
)


class ItemState(LabelledEnum):
    """Where an agenda item stands."""

    OPEN = "open"
    HANDLED = "handled"
    DEFERRED = "deferred"
    DROPPED = "dropped"
    """Taken off the agenda in session, by a motion that carried."""
    WITHDRAWN = "withdrawn"
    """Taken off the agenda before the meeting, with a reason."""


class ItemEvent(LabelledEnum):
    """What moves an agenda item."""

    HANDLE = "handle"
    DEFER = "defer"
    DROP = "drop"
    WITHDRAW = "withdraw"


ITEM = Workflow(
    name="Agenda item",
    states=ItemState,
    events=ItemEvent,
    initial=ItemState.OPEN,
    transitions=(
        Transition(ItemState.OPEN, ItemEvent.HANDLE, ItemState.HANDLED),
        Transition(ItemState.OPEN, ItemEvent.DEFER, ItemState.DEFERRED),
        Transition(ItemState.OPEN, ItemEvent.DROP, ItemState.DROPPED),
        Transition(ItemState.OPEN, ItemEvent.WITHDRAW, ItemState.WITHDRAWN),
    ),
)


class ProposedState(LabelledEnum):
    """Where an item stands that somebody proposes for an agenda."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ProposedEvent(LabelledEnum):
    """What moves a proposed item."""

    ACCEPT = "accept"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


PROPOSED = Workflow(
    name="Proposed item",
    states=ProposedState,
    events=ProposedEvent,
    initial=ProposedState.PROPOSED,
    transitions=(
        Transition(ProposedState.PROPOSED, ProposedEvent.ACCEPT, ProposedState.ACCEPTED),
        Transition(ProposedState.PROPOSED, ProposedEvent.DECLINE, ProposedState.DECLINED),
        Transition(ProposedState.PROPOSED, ProposedEvent.WITHDRAW, ProposedState.WITHDRAWN),
    ),
)


class MinutesState(LabelledEnum):
    """Where a version of the minutes stands. Signed is final: a correction is a new, linked amendment."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    SIGNED = "signed"


class MinutesEvent(LabelledEnum):
    """What moves the minutes."""

    SUBMIT = "submit"
    RETURN = "return"
    SIGN = "sign"


MINUTES = Workflow(
    name="Minutes",
    states=MinutesState,
    events=MinutesEvent,
    initial=MinutesState.DRAFT,
    transitions=(
        Transition(MinutesState.DRAFT, MinutesEvent.SUBMIT, MinutesState.SUBMITTED),
        Transition(MinutesState.SUBMITTED, MinutesEvent.RETURN, MinutesState.DRAFT),
        Transition(MinutesState.SUBMITTED, MinutesEvent.SIGN, MinutesState.SIGNED),
    ),
)
