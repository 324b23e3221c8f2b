"""The clinical-effect screen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.rules.screen import QUESTIONS, AnswerRefused, screen

CODES = [question.code for question in QUESTIONS]
NO = dict.fromkeys(CODES, False)


def test_seven_questions_touch_seven_rights() -> None:
    assert [question.right for question in QUESTIONS] == [
        "DR-01",
        "DR-04",
        "DR-07",
        "DR-24",
        "DR-06",
        "DR-26",
        "DR-35",
    ]
    assert len(set(CODES)) == 7


def test_seven_times_no_is_operational() -> None:
    result = screen(NO)
    assert (result.clinical, result.touched, result.right) == (False, (), None)


@given(st.sets(st.sampled_from(CODES), min_size=1))
def test_any_yes_sends_the_item_to_the_physicians(yes: set[str]) -> None:
    result = screen(NO | dict.fromkeys(yes, True))
    assert result.clinical
    assert result.right == "DR-22"
    assert [question.code for question in result.touched] == [code for code in CODES if code in yes]


@given(st.sampled_from(CODES), st.booleans())
def test_a_question_left_out_is_no_no(code: str, others: bool) -> None:
    answers = {other: others for other in CODES if other != code}
    with pytest.raises(AnswerRefused, match=f"^{code}: answer yes or no") as refused:
        screen(answers)
    assert refused.value.code == code


def test_an_unknown_question_is_refused() -> None:
    with pytest.raises(AnswerRefused, match=r"^parking: "):
        screen(NO | {"parking": True})


@pytest.mark.parametrize("answer", [None, "", "no"])
def test_an_answer_is_yes_or_no(answer: object) -> None:
    answers: dict[str, Any] = NO | {"records": answer}
    with pytest.raises(AnswerRefused, match=r"^records: answer yes or no"):
        screen(answers)
