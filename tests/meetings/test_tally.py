"""Roll calls: examples from a three-member board, and properties."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.quorum import QuorumRule
from meetings.rules.tally import Choice, Result, Tally, VoteRefused, tally

A, B, C = 101, 102, 103


@dataclass(frozen=True)
class RollCall:
    rule: QuorumRule
    votes: dict[int, Choice]
    present: frozenset[int]
    quorate_start: bool

    def count(self) -> Tally:
        return tally(self.votes, rule=self.rule, present=self.present, quorate_start=self.quorate_start)


@st.composite
def roll_calls(draw: st.DrawFn) -> RollCall:
    authorized = draw(st.integers(1, 9))
    needed = draw(st.none() | st.integers(1, authorized))
    rule = QuorumRule(authorized, needed, interested_count=draw(st.booleans()))
    votes = {person: draw(st.sampled_from(Choice)) for person in range(authorized)}
    present = frozenset(person for person, choice in votes.items() if choice is not Choice.ABSENT)
    return RollCall(rule, votes, present, draw(st.booleans()))


def count(votes: dict[int, Choice], present: set[int], *, quorate_start: bool = True) -> Tally:
    return tally(votes, rule=QuorumRule(3), present=present, quorate_start=quorate_start)


@pytest.mark.parametrize(
    ("votes", "result", "carried"),
    [
        ({A: Choice.FOR, B: Choice.FOR, C: Choice.AGAINST}, Result.CARRIED, True),
        ({A: Choice.FOR, B: Choice.AGAINST, C: Choice.ABSTAIN}, Result.TIED, False),
        ({A: Choice.FOR, B: Choice.ABSTAIN, C: Choice.ABSTAIN}, Result.LOST, False),
        ({A: Choice.ABSTAIN, B: Choice.ABSTAIN, C: Choice.ABSTAIN}, Result.LOST, False),
        ({A: Choice.FOR, B: Choice.FOR, C: Choice.RECUSED}, Result.CARRIED, True),
        ({A: Choice.FOR, B: Choice.RECUSED, C: Choice.RECUSED}, Result.NO_ACTION, None),
    ],
)
def test_three_members_present(votes: dict[int, Choice], result: Result, carried: bool | None) -> None:
    found = count(votes, {A, B, C})
    assert (found.result, found.carried) == (result, carried)


def test_the_sentence_gives_numbers_and_rule() -> None:
    found = count({A: Choice.FOR, B: Choice.FOR, C: Choice.ABSENT}, {A, B})
    assert found.sentence == (
        "Carried: 2 for, 0 against, 1 absent. "
        "An action needs 2 votes in favor (a majority of the 2 present, Corp. Code 307(a)(8))."
    )


def test_a_recused_member_may_have_left_the_room() -> None:
    found = count({A: Choice.FOR, B: Choice.FOR, C: Choice.RECUSED}, {A, B})
    assert (found.carried, found.recused) == (True, 1)


def test_without_a_quorum_from_the_start_nothing_is_decided() -> None:
    found = count({A: Choice.FOR, B: Choice.ABSENT, C: Choice.ABSENT}, {A}, quorate_start=False)
    assert (found.result, found.needed, found.carried) == (Result.NO_ACTION, None, None)


@pytest.mark.parametrize(
    ("votes", "present", "person", "words"),
    [
        ({A: Choice.FOR, B: Choice.FOR}, {A}, B, "no proxies"),
        ({A: Choice.FOR, B: Choice.ABSENT}, {A, B}, B, "recorded absent"),
        ({A: Choice.FOR}, {A, B}, B, "missing from the roll call"),
    ],
)
def test_a_roll_call_that_contradicts_attendance_is_refused(
    votes: dict[int, Choice], present: set[int], person: int, words: str
) -> None:
    with pytest.raises(VoteRefused, match=words) as refused:
        count(votes, present)
    assert refused.value.person == person
    assert str(person) in str(refused.value)


@given(roll_calls())
def test_carried_means_enough_in_favor_and_more_than_against(roll: RollCall) -> None:
    found = roll.count()
    enough = found.needed is not None and found.for_ >= found.needed and found.for_ > found.against
    assert (found.carried is True) is enough
    assert (found.carried is None) is (found.result is Result.NO_ACTION) is (found.needed is None)
    assert (found.carried is True) is (found.result is Result.CARRIED)


@given(roll_calls())
def test_everybody_is_counted_once(roll: RollCall) -> None:
    found = roll.count()
    counted = found.for_ + found.against + found.abstain + found.recused + found.absent
    assert counted == len(roll.votes)


def with_vote(roll: RollCall, person: int, choice: Choice) -> RollCall:
    """The same roll call with this person in the room and voting so."""
    return RollCall(roll.rule, roll.votes | {person: choice}, roll.present | {person}, roll.quorate_start)


@given(roll_calls(), st.data())
def test_one_more_against_never_saves_a_lost_motion(roll: RollCall, data: st.DataObject) -> None:
    person = data.draw(st.sampled_from(sorted(roll.votes)))
    if roll.count().result in (Result.LOST, Result.TIED):
        assert with_vote(roll, person, Choice.AGAINST).count().result is not Result.CARRIED


@given(roll_calls(), st.data())
def test_a_vote_in_favor_serves_a_motion_at_least_as_well_as_one_against(roll: RollCall, data: st.DataObject) -> None:
    person = data.draw(st.sampled_from(sorted(roll.votes)))
    against = with_vote(roll, person, Choice.AGAINST).count()
    in_favor = with_vote(roll, person, Choice.FOR).count()
    assert in_favor.needed == against.needed
    assert in_favor.carried or not against.carried


@given(roll_calls(), st.sampled_from([Choice.FOR, Choice.AGAINST, Choice.ABSTAIN]), st.data())
def test_nobody_votes_from_outside_the_room(roll: RollCall, cast: Choice, data: st.DataObject) -> None:
    person = data.draw(st.sampled_from(sorted(roll.votes)))
    outside = RollCall(roll.rule, roll.votes | {person: cast}, roll.present - {person}, roll.quorate_start)
    with pytest.raises(VoteRefused) as refused:
        outside.count()
    assert refused.value.person == person
