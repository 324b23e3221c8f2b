"""Quorum and votes needed, on the numbers of Corp. Code 307(a) and as properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.quorum import QuorumRule, bylaws_floor, majority, quorum, votes_needed


@st.composite
def rules(draw: st.DrawFn) -> QuorumRule:
    authorized = draw(st.integers(1, 15))
    needed = draw(st.none() | st.integers(1, authorized))
    return QuorumRule(authorized, needed, interested_count=draw(st.booleans()))


@st.composite
def rooms(draw: st.DrawFn) -> tuple[QuorumRule, int, int]:
    """A rule, the number present, and how many of those are recused."""
    rule = draw(rules())
    present = draw(st.integers(0, rule.authorized))
    return rule, present, draw(st.integers(0, present))


def test_the_sentence_names_numbers_and_rule() -> None:
    found = quorum(QuorumRule(3), 2)
    assert found.met
    assert found.sentence == (
        "2 of 3 authorized directors present; 2 needed (a majority of the authorized number, Corp. Code 307(a)(7))"
    )


def test_a_body_with_its_own_rule_cites_it_and_says_when_there_is_no_quorum() -> None:
    rule = QuorumRule(4, 3, member="member", quorum_basis="Charter section 4")
    assert quorum(rule, 2).sentence == (
        "2 of 4 authorized members present; 3 needed (set for this body, Charter section 4): no quorum"
    )


@pytest.mark.parametrize(
    ("interested_count", "met", "words"),
    [(True, True, "1 recused counts towards the quorum"), (False, False, "1 recused does not count")],
)
def test_the_rule_says_whether_a_recused_member_counts(interested_count: bool, met: bool, words: str) -> None:
    found = quorum(QuorumRule(3, interested_count=interested_count), 2, recused=1)
    assert found.met is met
    assert words in found.sentence


def test_a_sole_director_is_a_quorum() -> None:
    found = quorum(QuorumRule(1), 1)
    assert (found.needed, found.met) == (1, True)
    assert found.sentence.startswith("1 of 1 authorized director present")


@pytest.mark.parametrize(("authorized", "floor"), [(1, 1), (2, 2), (3, 2), (5, 2), (6, 2), (7, 3), (9, 3), (10, 4)])
def test_the_least_quorum_bylaws_may_set(authorized: int, floor: int) -> None:
    assert bylaws_floor(authorized) == floor


@pytest.mark.parametrize(
    ("rule", "present", "recused", "quorate_start", "needed"),
    [
        (QuorumRule(7), 4, 0, True, 3),  # majority of the 4 present
        (QuorumRule(7), 3, 0, True, 3),  # quorum of 4 lost: its majority is 3
        (QuorumRule(7), 2, 0, True, None),  # 2 cannot give 3 votes
        (QuorumRule(7), 3, 0, False, None),  # never quorate
        (QuorumRule(7), 4, 0, False, 3),  # a late arrival makes the quorum
        (QuorumRule(3), 2, 1, True, None),  # quorum stands, but one voter cannot give 2 votes
        (QuorumRule(3), 3, 1, True, 2),
        (QuorumRule(5), 0, 0, True, None),
    ],
)
def test_votes_an_action_needs(
    rule: QuorumRule, present: int, recused: int, quorate_start: bool, needed: int | None
) -> None:
    assert votes_needed(rule, present, quorate_start, recused=recused).needed == needed


def test_the_votes_sentence_says_why() -> None:
    assert votes_needed(QuorumRule(3), 2, True).sentence == (
        "An action needs 2 votes in favor (a majority of the 2 present, Corp. Code 307(a)(8))."
    )
    assert "a majority of the required quorum of 4" in votes_needed(QuorumRule(7), 3, True).sentence
    assert votes_needed(QuorumRule(7), 3, False).sentence == (
        "No action is possible: the meeting never had a quorum of 4."
    )
    assert "only 1 may vote" in votes_needed(QuorumRule(3), 2, True, recused=1).sentence


@pytest.mark.parametrize(
    ("authorized", "needed", "field"), [(0, None, "authorized"), (3, 0, "needed"), (3, 4, "needed")]
)
def test_an_impossible_rule_is_refused(authorized: int, needed: int | None, field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}: "):
        QuorumRule(authorized, needed)


@pytest.mark.parametrize(("present", "recused", "field"), [(4, 0, "present"), (-1, 0, "present"), (2, 3, "recused")])
def test_contradicting_numbers_are_refused(present: int, recused: int, field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}: "):
        quorum(QuorumRule(3), present, recused=recused)


@given(st.integers(1, 1000))
def test_a_majority_is_the_least_number_over_half(number: int) -> None:
    assert 2 * majority(number) > number >= 2 * (majority(number) - 1)


@given(rooms())
def test_one_more_member_never_loses_a_quorum(room: tuple[QuorumRule, int, int]) -> None:
    rule, present, recused = room
    if present < rule.authorized and quorum(rule, present, recused=recused).met:
        assert quorum(rule, present + 1, recused=recused).met


@given(rooms())
def test_recusal_matters_only_where_the_rule_says_so(room: tuple[QuorumRule, int, int]) -> None:
    rule, present, recused = room
    effective = present if rule.interested_count else present - recused
    assert quorum(rule, present, recused=recused).met is (effective >= rule.quorum)


@given(rooms(), st.booleans())
def test_what_is_needed_can_be_reached_and_is_a_majority_of_the_quorum(
    room: tuple[QuorumRule, int, int], quorate_start: bool
) -> None:
    rule, present, recused = room
    needed = votes_needed(rule, present, quorate_start, recused=recused).needed
    if needed is not None:
        assert majority(rule.quorum) <= needed <= present - recused
        assert quorate_start or quorum(rule, present, recused=recused).met


@given(rooms())
def test_a_quorate_start_never_takes_an_action_away(room: tuple[QuorumRule, int, int]) -> None:
    rule, present, recused = room
    without = votes_needed(rule, present, False, recused=recused).needed
    if without is not None:
        assert votes_needed(rule, present, True, recused=recused).needed == without
