"""Written consent: a body acts without a meeting when all of its members agree in writing (Corp. Code 307(b), 603).

One member who declines, or the deadline, sends the matter to a meeting: it is never carried by a majority.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from audit.labels import LabelledEnum
from audit.workflow import Transition, Workflow


class ConsentState(LabelledEnum):
    """Where a written consent stands. One whose deadline has passed while open has lapsed, by time alone."""

    OPEN = "open"
    ADOPTED = "adopted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ConsentEvent(LabelledEnum):
    """What moves a written consent."""

    ADOPT = "adopt"
    DECLINE = "decline"
    WITHDRAW = "withdraw"


CONSENT = Workflow(
    name="Written consent",
    states=ConsentState,
    events=ConsentEvent,
    initial=ConsentState.OPEN,
    transitions=(
        Transition(ConsentState.OPEN, ConsentEvent.ADOPT, ConsentState.ADOPTED),
        Transition(ConsentState.OPEN, ConsentEvent.DECLINE, ConsentState.DECLINED),
        Transition(ConsentState.OPEN, ConsentEvent.WITHDRAW, ConsentState.WITHDRAWN),
    ),
)

LAPSED = "lapsed"
WORDS = {**{str(state): state.label for state in ConsentState}, LAPSED: "Lapsed"}
"""The word for how a consent stands at a moment."""


def standing(state: str, ends_at: datetime, now: datetime) -> str:
    """How a consent stands at a moment: its state, or lapsed where its deadline has passed while it was open."""
    return LAPSED if state == ConsentState.OPEN and now > ends_at else state


@dataclass(frozen=True, slots=True)
class Unanimity[Member]:
    """Whether every member has consented; `missing` are those who have not."""

    missing: tuple[Member, ...]
    members: int
    sentence: str

    @property
    def reached(self) -> bool:
        return self.members > 0 and not self.missing


def unanimity[Member](members: Collection[Member], consented: Collection[Member]) -> Unanimity[Member]:
    """Judge unanimity: every member in office now has consented; a consent of who has left counts for nobody."""
    missing = tuple(one for one in members if one not in consented)
    given = len(members) - len(missing)
    return Unanimity(missing, len(members), f"{given} of {len(members)} members have consented; all must")
