"""The go-live gate opens only when every requirement holds for this exact revision."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.rules.gate import Check, CheckState, Requirement, gate, waiver_obstacle

CHECKED = tuple(requirement for requirement in Requirement if requirement is not Requirement.APPROVAL)
ALL_MET = tuple(Check(requirement, CheckState.MET, 3, "MSO") for requirement in CHECKED)
CHECKS = st.lists(
    st.builds(
        Check,
        st.sampled_from(Requirement),
        st.sampled_from(CheckState),
        st.integers(1, 3),
        st.sampled_from(["PC", "MSO"]),
        st.sampled_from(["", " ", "Covered by the flagship site"]),
    ),
    max_size=10,
)


def test_the_gate_opens_when_all_is_met() -> None:
    assert gate(3, 3, ALL_MET).open


@pytest.mark.parametrize(
    ("approved", "words"),
    [(None, "no physician approval"), (2, "approved revision 2, not revision 3"), (4, "approved revision 4")],
)
def test_only_the_approval_of_this_exact_revision_counts(approved: int | None, words: str) -> None:
    stand_ins = [Check(Requirement.APPROVAL, state, 3, "PC", "Urgent") for state in (CheckState.MET, CheckState.WAIVED)]
    result = gate(3, approved, [*ALL_MET, *stand_ins])
    assert not result.open
    assert [requirement for requirement, _ in result.missing] == [Requirement.APPROVAL]
    assert words in result.missing[0][1]
    assert "cannot be waived" in result.missing[0][1]


@pytest.mark.parametrize(
    ("check", "words"),
    [
        (Check(Requirement.TRAINING, CheckState.MET, 2, "PC"), "not checked for revision 3"),
        (Check(Requirement.TRAINING, CheckState.OPEN, 3, "PC", "Two of five nurses trained"), "Two of five"),
        (Check(Requirement.TRAINING, CheckState.OPEN, 3, "PC"), "not met yet"),
        (Check(Requirement.TRAINING, CheckState.WAIVED, 3, "PC", " "), "needs a reason"),
        (Check(Requirement.TRAINING, CheckState.WAIVED, 3, "MSO", "Same staff"), "not the MSO"),
    ],
)
def test_what_keeps_a_requirement_missing(check: Check, words: str) -> None:
    result = gate(3, 3, [*ALL_MET[:-1], check])
    assert not result.open
    assert [requirement for requirement, _ in result.missing] == [Requirement.TRAINING]
    assert words in result.missing[0][1]


def test_the_last_check_counts() -> None:
    reopened = replace(ALL_MET[0], state=CheckState.OPEN)
    assert not gate(3, 3, [*ALL_MET, reopened]).open
    assert gate(3, 3, [reopened, *ALL_MET]).open


def test_a_waiver_of_the_physicians_with_a_reason_holds() -> None:
    waiver = Check(Requirement.TRAINING, CheckState.WAIVED, 3, "PC", "The same staff run it in Riverside")
    assert gate(3, 3, [*ALL_MET[:-1], waiver]).open


def test_no_waiver_of_the_approval_holds() -> None:
    assert "cannot be waived" in waiver_obstacle(Requirement.APPROVAL, by_side="PC", reason="Urgent")


def holds(requirement: Requirement, checks: Sequence[Check], revision: int) -> bool:
    """The rule once more, told the other way round: by walking back to the last check that counts."""
    for check in reversed(checks):
        if check.requirement is requirement and check.revision == revision:
            waived = check.state is CheckState.WAIVED and check.by_side == "PC" and check.reason.strip() != ""
            return check.state is CheckState.MET or waived
    return False


@given(CHECKS, st.sampled_from([None, 1, 2, 3]), st.sets(st.sampled_from(CHECKED)))
def test_the_gate_is_open_exactly_when_every_condition_holds(
    checks: list[Check], approved: int | None, met: set[Requirement]
) -> None:
    checks = [*checks, *(check for check in ALL_MET if check.requirement in met)]
    expected: set[Requirement] = {requirement for requirement in CHECKED if not holds(requirement, checks, 3)}
    if approved != 3:
        expected.add(Requirement.APPROVAL)
    result = gate(3, approved, checks)
    assert {requirement for requirement, _ in result.missing} == expected
    assert result.open is (not expected)
    assert all(sentence for _, sentence in result.missing)


@given(CHECKS)
def test_an_edit_closes_every_gate(checks: list[Check]) -> None:
    assert not gate(4, 3, [*ALL_MET, *checks]).open
