"""Notice of a meeting, and what makes good that it was short (Corp. Code 307(a)(2) and (3)).

A special meeting of a board needs notice, by electronic means 48 hours. It need not be given to a director who waives
it in writing, before or after the meeting, or who attends without protesting, before or at its commencement, that it
was lacking. How many hours is the body's data; an advisory committee follows its charter: no statute is cited for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from audit.labels import LabelledEnum
from meetings.words import listed

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Short:
    """By how much a notice is too short: days, of a special meeting begun hours. False where it is in time."""

    days: int = 0
    hours: int = 0

    def __bool__(self) -> bool:
        return bool(self.days or self.hours)

    def __str__(self) -> str:
        return _counted(self.hours, "hour") if self.hours else _counted(self.days, "day")


def short_by_hours(starts_at: datetime, given: datetime, hours: int) -> Short:
    """By how many begun hours a notice given at this moment falls short of the hours asked for."""
    missing = given - (starts_at - hours * HOUR)
    return Short(hours=max(0, -(-missing // HOUR)))


def asked_words(days: int, hours: int) -> str:
    """The notice asked for, such as "48 hours" or "7 days"."""
    return _counted(hours, "hour") if hours else _counted(days, "day")


class Word(LabelledEnum):
    """How it stands with the notice to one member."""

    OPEN = "open", "not given yet"
    IN_TIME = "in time", "in time"
    WAIVED = "waived", "waived"
    ATTENDED = "attended", "attended without protest"
    PROTESTED = "protested", "protested"
    LACKING = "lacking", "short, not waived"


GOOD = (Word.IN_TIME, Word.WAIVED, Word.ATTENDED)


def judge(*, given: bool, short: bool, waived: bool, protested: bool, attended: bool) -> Word:
    """How it stands with one member: `short` is of the notice given, or of one that would be given now."""
    if waived:
        return Word.WAIVED
    if not short:
        return Word.IN_TIME if given else Word.OPEN
    if protested:
        return Word.PROTESTED
    return Word.ATTENDED if attended else Word.LACKING


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the body could act as far as notice goes, in the words of the rule. `finding` where it could not."""

    sentence: str
    finding: bool


def verdict(members: Sequence[tuple[str, Word]], *, asked: str, over: bool, cites: bool) -> Verdict:
    """Judge the notice to all members, each a name and how it stands; `over` once it is adjourned.

    `cites`: of a special meeting of a board, for which the statute makes notice a condition of acting. A regular one is
    held at the time that the body fixed; where its own rule asks for notice and it was short, that is said and no more.
    """
    can = "action was possible" if over else "action is possible"
    law = " (Corp. Code 307(a)(2))" if cites else ""
    saved = " (Corp. Code 307(a)(3))" if cites else ""
    if any(word == Word.OPEN for _, word in members):
        return Verdict(f"Notice of {asked} is asked for{law}; it is given with the release of the agenda.", False)
    if all(word == Word.IN_TIME for _, word in members):
        return Verdict(f"Every member had the notice of {asked} that is asked for{law}: {can}.", False)
    lacking = listed([name for name, word in members if word == Word.LACKING])
    protested = listed([name for name, word in members if word == Word.PROTESTED])
    if not lacking and not protested:
        return Verdict(
            f"Every member had notice of {asked}{law}, waived it or attended without protesting{saved}: {can}.",
            False,
        )
    parts = []
    if lacking:
        did = "neither waived it nor attended" if over else "did not waive it yet"
        parts.append(f"{lacking} had no notice of {asked}{law} and {did}")
    if protested:
        parts.append(f"{protested} protested that notice of {asked} was lacking{law}")
    said = "; ".join(parts)
    if not cites:
        kept = "was not kept" if over else "is not kept"
        return Verdict(
            f"{said}. The body's own rule on notice {kept}; what follows from it is for its charter or bylaws to say.",
            True,
        )
    if not over:
        return Verdict(
            f"{said}. Action is possible once each of them waives notice or attends without protest{saved}.", True
        )
    return Verdict(f"{said}: no valid action was possible, unless each of them still waives notice{saved}.", True)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
