"""The clinical-effect screen: does an item that looks operational touch a right the PC holds?

Any yes sends the item to the physicians as a material operational change with clinical effect
(decision right DR-22; B&P 2400, Health & Safety Code 1191).
"""

from collections.abc import Mapping
from dataclasses import dataclass

CHANGE_RIGHT = "DR-22"


@dataclass(frozen=True, slots=True)
class Question:
    """One question of the screen and the decision right that a yes touches."""

    code: str
    text: str
    right: str


@dataclass(frozen=True, slots=True)
class ScreenResult:
    """Whether the item has clinical effect, the questions answered yes, and the right it then falls under."""

    clinical: bool
    touched: tuple[Question, ...]
    right: str | None


class AnswerRefused(ValueError):
    """An answer is missing, unknown or neither yes nor no; ``code`` names the question."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        super().__init__(message)


QUESTIONS = (
    Question("diagnostic_tests", "Does it touch which diagnostic tests are used?", "DR-01"),
    Question("hours_volume", "Does it touch clinicians' hours or the volume of visits?", "DR-04"),
    Question("clinical_staff", "Does it touch the selection or competency of clinical staff?", "DR-07"),
    Question("equipment", "Does it touch medical equipment or supplies?", "DR-24"),
    Question("records", "Does it touch the content of medical records?", "DR-06"),
    Question("coding_billing", "Does it touch coding or billing?", "DR-26"),
    Question("public_claims", "Does it touch a claim the public reads about care?", "DR-35"),
)


def screen(answers: Mapping[str, bool]) -> ScreenResult:
    """Judge the answers, one per question code.

    Raises AnswerRefused when a question has no answer, an answer is no yes or no, or a code is unknown:
    what nobody answered must not pass as a no.
    """
    codes = {question.code for question in QUESTIONS}
    for code in answers:
        if code not in codes:
            raise AnswerRefused(code, f"{code}: the clinical-effect screen has no such question.")
    for question in QUESTIONS:
        if not isinstance(answers.get(question.code), bool):
            raise AnswerRefused(question.code, f"{question.code}: answer yes or no: {question.text}")
    touched = tuple(question for question in QUESTIONS if answers[question.code])
    return ScreenResult(bool(touched), touched, CHANGE_RIGHT if touched else None)
