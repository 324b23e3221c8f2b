"""Quorum, and how many votes an action needs (Cal. Corp. Code 307(a)(7), 307(a)(8), 310(c)).

A QuorumRule is dated data that counsel sets for each body; the citations are part of that data,
since an advisory committee follows its charter and not the Corporations Code.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QuorumRule:
    """What a body needs to act.

    authorized: number of seats set by the articles or bylaws, vacancies included.
    needed: members that make a quorum, as the bylaws set it; None is a majority of ``authorized``.
    interested_count: whether a recused member who is present counts towards the quorum (310(c)).
    member: what one member is called, in the singular.
    quorum_basis, act_basis: the sources cited for the quorum and for the vote; empty cites none.

    Raises ValueError naming the field when a number is impossible.
    """

    authorized: int
    needed: int | None = None
    interested_count: bool = True
    member: str = "director"
    quorum_basis: str = "Corp. Code 307(a)(7)"
    act_basis: str = "Corp. Code 307(a)(8)"

    def __post_init__(self) -> None:
        if self.authorized < 1:
            raise ValueError(f"authorized: a body has at least one {self.member}, not {self.authorized}.")
        if self.needed is not None and not 1 <= self.needed <= self.authorized:
            raise ValueError(
                f"needed: a quorum lies between 1 and the authorized number {self.authorized}, not {self.needed}."
            )

    @property
    def quorum(self) -> int:
        """Members that make a quorum."""
        return majority(self.authorized) if self.needed is None else self.needed


@dataclass(frozen=True, slots=True)
class Quorum:
    """Whether a quorum is there; ``present`` is the number that counts towards it."""

    needed: int
    present: int
    met: bool
    sentence: str


@dataclass(frozen=True, slots=True)
class VotesNeeded:
    """Votes in favor that an action needs; None when no action is possible."""

    needed: int | None
    sentence: str


def majority(number: int) -> int:
    """The smallest whole number that is more than half of ``number``."""
    return number // 2 + 1


def bylaws_floor(authorized: int) -> int:
    """The least quorum that bylaws of a California corporation may set (307(a)(7)).

    One third of the authorized number or two, whichever is larger; one for a sole director.
    """
    return 1 if authorized == 1 else max(2, -(-authorized // 3))


def quorum(rule: QuorumRule, members_present: int, *, recused: int = 0) -> Quorum:
    """Judge the quorum with ``members_present`` in the room, ``recused`` of them interested in the item.

    Raises ValueError naming the field when the numbers contradict each other.
    """
    counted = _counted(rule, members_present, recused)
    seats = _plural(rule.authorized, f"authorized {rule.member}")
    origin = "a majority of the authorized number" if rule.needed is None else "set for this body"
    sentence = f"{members_present} of {seats} present; {rule.quorum} needed ({_cited(origin, rule.quorum_basis)})"
    if recused:
        verb = "counts" if recused == 1 else "count"
        negated = "does not count" if recused == 1 else "do not count"
        sentence += f"; {recused} recused {verb if rule.interested_count else negated} towards the quorum"
    met = counted >= rule.quorum
    return Quorum(rule.quorum, counted, met, sentence if met else f"{sentence}: no quorum")


def votes_needed(rule: QuorumRule, present: int, quorate_start: bool, *, recused: int = 0) -> VotesNeeded:
    """Votes in favor that an action needs now.

    With a quorum: a majority of those present. Without one, after a start with one: a majority of
    the required quorum. An abstention is no vote in favor, and a recused member cannot cast one, so
    the votes still to be had may not suffice even with a quorum; then, and when the meeting never
    had one, no action is possible.
    """
    state = quorum(rule, present, recused=recused)
    if not state.met and not quorate_start:
        return VotesNeeded(None, f"No action is possible: the meeting never had a quorum of {rule.quorum}.")
    if state.met:
        needed, base = majority(state.present), f"a majority of the {state.present} present"
    else:
        needed = majority(rule.quorum)
        base = f"no quorum now, after a start with one: a majority of the required quorum of {rule.quorum}"
    needs = f"An action needs {_plural(needed, 'vote')} in favor ({_cited(base, rule.act_basis)})"
    able = present - recused
    if able < needed:
        return VotesNeeded(None, f"No action is possible: only {able} may vote. {needs}.")
    return VotesNeeded(needed, f"{needs}.")


def _counted(rule: QuorumRule, present: int, recused: int) -> int:
    if not 0 <= present <= rule.authorized:
        seats = _plural(rule.authorized, f"authorized {rule.member}")
        raise ValueError(f"present: {present} cannot be present of {seats}.")
    if not 0 <= recused <= present:
        raise ValueError(f"recused: {recused} cannot be recused of {present} present.")
    return present if rule.interested_count else present - recused


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _cited(words: str, basis: str) -> str:
    return f"{words}, {basis}" if basis else words
