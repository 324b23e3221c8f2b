"""What the boundary report computes from plain values: shares, medians, runs, bands of time, and what is a weakness."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median as middle

from audit.labels import LabelledEnum

QUICK_SECONDS = 60
"""An approval given sooner after its text was opened is shown as a weakness: nobody reads a proposal in that time."""

FEW = 5
"""So many proposals must have been determined before an unbroken run of approvals tells anything."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, both counted."""

    part: int
    whole: int

    def __post_init__(self) -> None:
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"part: from 0 to the whole of {self.whole}, not {self.part}.")

    @property
    def percent(self) -> int | None:
        """The nearest whole number, but 0 only for none and 100 only for all; None where there is nothing to share."""
        if not self.whole:
            return None
        if self.part in {0, self.whole}:
            return 100 if self.part else 0
        return min(99, max(1, round(100 * self.part / self.whole)))

    def __str__(self) -> str:
        return f"{self.part} of {self.whole}" + ("" if self.percent is None else f" ({self.percent} %)")


def median(seconds: Iterable[float]) -> float | None:
    """The middle value, or the mean of the two in the middle; None of nothing."""
    found = list(seconds)
    return middle(found) if found else None


def longest_run(marks: Iterable[bool]) -> int:
    """How many true values follow one another at most."""
    best = now = 0
    for mark in marks:
        now = now + 1 if mark else 0
        best = max(best, now)
    return best


class Course(LabelledEnum):
    """What became of a proposal when the physicians determined it."""

    AS_PROPOSED = "as_proposed"
    WITH_CHANGES = "with_changes"
    RETURNED = "returned"
    REFUSED = "refused"


def course_of(outcome: str, *, conditions: str, amended: bool) -> Course:
    """The course of one determination: `amended` when the physicians had returned the proposal or reworded it before.

    Raises ValueError for an outcome that is none.
    """
    if outcome == "approved":
        return Course.WITH_CHANGES if conditions.strip() or amended else Course.AS_PROPOSED
    return Course(outcome)


class Band(LabelledEnum):
    """How long a text lay open before it was approved."""

    MINUTE = "under_a_minute"
    TEN_MINUTES = "under_ten_minutes"
    HOUR = "under_an_hour"
    DAY = "under_a_day"
    WEEK = "under_a_week"
    LONGER = "a_week_or_longer"
    UNKNOWN = "opening_not_on_record"


_LIMITS = (
    (QUICK_SECONDS, Band.MINUTE),
    (600, Band.TEN_MINUTES),
    (3600, Band.HOUR),
    (86400, Band.DAY),
    (7 * 86400, Band.WEEK),
)


def band_of(seconds: float | None) -> Band:
    """The band of a time; None where the opening is not on record."""
    if seconds is None:
        return Band.UNKNOWN
    return next((band for limit, band in _LIMITS if seconds < limit), Band.LONGER)


def duration(seconds: float | None) -> str:
    """A time in words, in its largest unit that fits: "38 seconds", "1 minute", "3 hours", "2 days"."""
    if seconds is None:
        return "not on record"
    for size, unit in ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size or size == 1:
            number = int(seconds // size)
            return f"{number} {unit}" + ("" if number == 1 else "s")
    raise AssertionError("every time has a unit")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What the weaknesses are judged from.

    courses: of the management company's proposals, in the order in which they were determined; seconds: from opening
    to approving, None where the opening is not on record; under_pc: decisions under the physicians' rights, and those
    of them by the physician side; months: all that were due, and those that are findings.
    """

    courses: Sequence[Course] = ()
    seconds: Sequence[float | None] = ()
    under_pc: Share = Share(0, 0)
    findings: Share = Share(0, 0)
    before_approval: int = 0
    after_the_fact: int = 0
    alone: int = 0


@dataclass(frozen=True, slots=True)
class Weakness:
    """Something that weakens the record as evidence: the figure it stands in, a filter of its list, a sentence."""

    figure: str
    sentence: str
    only: str = ""


def unbroken(courses: Sequence[Course]) -> bool:
    """Whether everything proposed was approved as proposed, and enough of it to tell."""
    return len(courses) >= FEW and all(course is Course.AS_PROPOSED for course in courses)


def weaknesses(reading: Reading) -> list[Weakness]:
    """Everything that a sceptical reader would hold against this record, the gravest first."""
    quick = sum(one is not None and one < QUICK_SECONDS for one in reading.seconds)
    unseen = sum(one is None for one in reading.seconds)
    stray = reading.under_pc.whole - reading.under_pc.part
    found = [
        (stray, "decisions", "{} under a right of the physicians by another side.", "decision was|decisions were", ""),
        (
            reading.before_approval, "before-approval", "{} carried out before the physicians approved.",
            "thing was|things were", "",
        ),
        (
            quick, "time", f"{{}} given within {QUICK_SECONDS} seconds of opening the text.",
            "approval was|approvals were", f"band={Band.MINUTE.value}",
        ),
        (
            len(reading.courses) if unbroken(reading.courses) else 0, "proposals",
            "{} approved as proposed, without one change, return or refusal.",
            "proposal of the management company was|proposals of the management company were all", "",
        ),
        (
            reading.findings.whole and reading.findings.part, "months",
            "{} without a meeting, late, or without quorum.", "month was|months were", "finding=yes",
        ),
        (
            reading.after_the_fact, "after-the-fact", "{} taken or entered after the fact.",
            "decision was|decisions were", "",
        ),
        (
            unseen, "time", "{} given without the opening of the text on record.", "approval was|approvals were",
            f"band={Band.UNKNOWN.value}",
        ),
        (
            reading.alone, "proposals", "{} determined by the physician who proposed it, as sole physician.",
            "proposal was|proposals were", "alone=yes",
        ),
    ]  # fmt: skip
    return [
        Weakness(figure, sentence.format(f"{count} {noun.split('|')[count != 1]}"), only)
        for count, figure, sentence, noun, only in found
        if count
    ]
