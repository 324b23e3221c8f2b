"""The strength of corrective actions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.rules.strength import Measure, Strength, strength

MEASURES = st.lists(st.sampled_from(Measure), min_size=1)


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (Measure.TRAINING, Strength.WEAK),
        (Measure.WARNING, Strength.WEAK),
        (Measure.CHECKLIST, Strength.INTERMEDIATE),
        (Measure.FORCING_FUNCTION, Strength.STRONG),
    ],
)
def test_the_hierarchy(measure: Measure, expected: Strength) -> None:
    assert measure.strength is expected


@given(MEASURES, st.sampled_from(Measure))
def test_a_further_measure_never_weakens_an_action(measures: list[Measure], further: Measure) -> None:
    ranks = list(Strength)
    assert ranks.index(strength([*measures, further])) == max(
        ranks.index(strength(measures)), ranks.index(further.strength)
    )


def test_an_action_without_a_measure_has_no_strength() -> None:
    with pytest.raises(ValueError, match=r"^measures: "):
        strength([])
