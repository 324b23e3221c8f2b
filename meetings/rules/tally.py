"""The roll call of a motion and its result."""

from collections import Counter
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass

from audit.labels import LabelledEnum
from meetings.rules.quorum import QuorumRule, votes_needed


class Choice(LabelledEnum):
    """What the roll call records for one member."""

    FOR = "for"
    AGAINST = "against"
    ABSTAIN = "abstain"
    RECUSED = "recused"
    ABSENT = "absent"


CAST = frozenset({Choice.FOR, Choice.AGAINST, Choice.ABSTAIN})


class Result(LabelledEnum):
    """What became of a motion."""

    CARRIED = "carried"
    LOST = "lost"
    TIED = "tied"
    NO_ACTION = "no action possible"
    WITHDRAWN = "withdrawn"
    """By its mover, before the vote."""


class VoteRefused(ValueError):
    """A roll call entry contradicts the attendance; ``person`` and ``rule`` say whose and why."""

    def __init__(self, person: Hashable, rule: str) -> None:
        self.person, self.rule = person, rule
        super().__init__(f"Vote of {person} refused: {rule}")


@dataclass(frozen=True, slots=True)
class Tally:
    """A counted roll call. ``carried`` and ``needed`` are None when no action was possible."""

    for_: int
    against: int
    abstain: int
    recused: int
    absent: int
    needed: int | None
    carried: bool | None
    result: Result
    sentence: str


def tally[Person: Hashable](
    votes: Mapping[Person, Choice], *, rule: QuorumRule, present: Collection[Person], quorate_start: bool
) -> Tally:
    """Count a complete roll call of the voting members.

    ``present`` names the voting members in the room at the vote; a recused member may have left it.
    A motion carries with the votes ``votes_needed`` asks for and more in favor than against.

    Raises VoteRefused when somebody who is not present votes (directors have no proxies), somebody
    present is recorded absent, or somebody present is not accounted for.
    """
    in_room = frozenset(present)
    for person, choice in votes.items():
        if choice in CAST and person not in in_room:
            raise VoteRefused(person, "only a member present at the vote may vote; there are no proxies.")
        if choice == Choice.ABSENT and person in in_room:
            raise VoteRefused(person, "recorded absent, but the attendance has this member present.")
    for person in in_room:
        if person not in votes:
            raise VoteRefused(person, "present, but missing from the roll call.")

    count = Counter(votes.values())
    recused_here = sum(votes[person] == Choice.RECUSED for person in in_room)
    need = votes_needed(rule, len(in_room), quorate_start, recused=recused_here)
    result = _result(count[Choice.FOR], count[Choice.AGAINST], need.needed)
    numbers = ", ".join(f"{count[choice]} {_COUNTED[choice]}" for choice in Choice if _shown(choice, count))
    return Tally(
        for_=count[Choice.FOR],
        against=count[Choice.AGAINST],
        abstain=count[Choice.ABSTAIN],
        recused=count[Choice.RECUSED],
        absent=count[Choice.ABSENT],
        needed=need.needed,
        carried=None if result is Result.NO_ACTION else result is Result.CARRIED,
        result=result,
        sentence=f"{result.label.capitalize()}: {numbers}. {need.sentence}",
    )


_COUNTED = {
    Choice.FOR: "for",
    Choice.AGAINST: "against",
    Choice.ABSTAIN: "abstaining",
    Choice.RECUSED: "recused",
    Choice.ABSENT: "absent",
}


def _shown(choice: Choice, count: Counter[Choice]) -> bool:
    return choice in (Choice.FOR, Choice.AGAINST) or count[choice] > 0


def _result(in_favor: int, against: int, needed: int | None) -> Result:
    if needed is None:
        return Result.NO_ACTION
    if in_favor >= needed and in_favor > against:
        return Result.CARRIED
    if in_favor == against > 0:
        return Result.TIED
    return Result.LOST
