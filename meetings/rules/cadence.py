"""The monthly rhythm: on which day a body meets, and how each month turned out."""

import re
from calendar import Day, monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from audit.labels import LabelledEnum

ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
WEEKDAYS = {day: day.name.title() for day in Day}


@dataclass(frozen=True, slots=True)
class NthWeekday:
    """The nth such weekday of the month; ``nth`` is 1 to 4, or -1 for the last (a fifth may not exist)."""

    nth: int
    weekday: Day

    def __post_init__(self) -> None:
        if self.nth not in ORDINALS:
            raise ValueError(f"nth: one of 1, 2, 3, 4 or -1 (last), not {self.nth}.")

    def __str__(self) -> str:
        return f"{ORDINALS[self.nth]} {WEEKDAYS[self.weekday]}"


@dataclass(frozen=True, slots=True)
class LastBusinessDay:
    """The last day of the month that is neither on a weekend nor a holiday."""

    def __str__(self) -> str:
        return "last business day"


@dataclass(frozen=True, slots=True)
class FixedDay:
    """A day of the month, 1 to 31; a shorter month uses its last day."""

    day: int

    def __post_init__(self) -> None:
        if not 1 <= self.day <= 31:
            raise ValueError(f"day: a day of the month from 1 to 31, not {self.day}.")

    def __str__(self) -> str:
        return f"day {self.day}"


type DayRule = NthWeekday | LastBusinessDay | FixedDay


@dataclass(frozen=True, slots=True)
class MonthlyRule:
    """When a body meets: the day rule, the local time, its zone, and the days it does not meet on.

    A day that falls on a holiday, and a fixed day that falls on a weekend, moves to the next
    business day, or to the one before where the next would leave the month.
    """

    day: DayRule
    at: time
    zone: ZoneInfo
    holidays: frozenset[date] = field(default_factory=frozenset)

    def __str__(self) -> str:
        return str(self.day)


def occurrence(rule: MonthlyRule, year: int, month: int) -> datetime:
    """The start of the month's meeting, aware, in the zone of the rule.

    A local time that the change to daylight saving skips moves on by the skipped span. Raises
    ValueError when the holidays leave the month without a business day.
    """
    days = [date(year, month, number + 1) for number in range(monthrange(year, month)[1])]
    business = [day for day in days if day.weekday() < Day.SATURDAY and day not in rule.holidays]
    if not business:
        raise ValueError(f"holidays: {year}-{month:02} has no business day left.")
    match rule.day:
        case NthWeekday(nth, weekday):
            same = [day for day in days if day.weekday() == weekday]
            chosen = same[nth - 1 if nth > 0 else nth]
            if chosen in rule.holidays:
                chosen = _nearest(chosen, business)
        case FixedDay(number):
            chosen = _nearest(days[min(number, len(days)) - 1], business)
        case LastBusinessDay():
            chosen = business[-1]
    local = datetime.combine(chosen, rule.at, rule.zone)
    return local.astimezone(UTC).astimezone(rule.zone)


def format_day(day: DayRule) -> str:
    """The rule in words that ``parse_day`` reads back: "second Tuesday", "last business day", "day 15"."""
    return str(day)


def parse_day(text: str) -> DayRule:
    """Read "second Tuesday", "2nd Tue", "last business day", "day 15" or "15th"; case does not matter.

    Raises ValueError naming what is understood.
    """
    words = " ".join(text.lower().split()).removeprefix("the ")
    if words == "last business day":
        return LastBusinessDay()
    if fixed := re.fullmatch(r"(?:day )?(\d{1,2})(?:st|nd|rd|th)?", words):
        return FixedDay(int(fixed[1]))
    match words.split(" "):
        case [ordinal, weekday] if ordinal in _NTH and weekday in _WEEKDAY:
            return NthWeekday(_NTH[ordinal], _WEEKDAY[weekday])
    raise ValueError(
        f"Meeting day: “{text}” is not understood; write for example “second Tuesday”, "
        "“last Friday”, “last business day” or “day 15”."
    )


_NTH = {word: nth for nth, word in ORDINALS.items()} | {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_WEEKDAY = {name.lower()[:size]: day for day, name in WEEKDAYS.items() for size in (3, len(name))}


def _nearest(day: date, business: list[date]) -> date:
    """The first business day from ``day`` on, or else the last one before it."""
    return next((candidate for candidate in business if candidate >= day), business[-1])


class MonthWord(LabelledEnum):
    """How a month stands."""

    PLANNED = "planned"
    IN_SESSION = "in_session"
    HELD = "held"
    LATE = "late"
    CANCELED = "canceled"
    MISSED = "missed"
    NO_QUORUM = "no_quorum"
    QUORUM_LOST = "quorum_lost"
    TO_SIGN = "to_sign"


@dataclass(frozen=True, slots=True)
class MonthStatus:
    """How a month stands: the word, the text the desk shows, and days late against the plan.

    finding: whether the month is itself a finding: missed, late, canceled and not called again, or without quorum at
        its start or its end.
    """

    word: MonthWord
    text: str
    days_late: int
    finding: bool


def month_status(
    *,
    planned: date,
    held_on: date | None,
    quorate: bool,
    adjourned: bool,
    minutes_signed: bool,
    today: date,
    quorum_lost: bool = False,
    canceled: bool = False,
) -> MonthStatus:
    """Judge the month that ``planned`` lies in, as of ``today``; all are dates of the practice's zone.

    What needs somebody's hand outranks what is past: a meeting without quorum, then one in session,
    then minutes to sign, then a quorum lost on the way, then lateness. A meeting not held is late until its
    month is over, then missed; one that was canceled, and not called again, is a finding at once.
    """
    days_late = max(0, ((held_on or today) - planned).days)
    if held_on is None:
        if canceled:
            word = MonthWord.CANCELED
        elif days_late == 0:
            word = MonthWord.PLANNED
        elif today < _next_month(planned):
            word = MonthWord.LATE
        else:
            word = MonthWord.MISSED
    elif not quorate:
        word = MonthWord.NO_QUORUM
    elif not adjourned:
        word = MonthWord.IN_SESSION
    elif not minutes_signed:
        word = MonthWord.TO_SIGN
    elif quorum_lost:
        word = MonthWord.QUORUM_LOST
    else:
        word = MonthWord.LATE if days_late else MonthWord.HELD
    text = {
        MonthWord.PLANNED: f"planned {planned.day} {planned:%b}",
        MonthWord.LATE: f"late {days_late} d",
    }.get(word, word.label)
    finding = days_late > 0 or quorum_lost or word in (MonthWord.NO_QUORUM, MonthWord.CANCELED)
    return MonthStatus(word, text, days_late, finding)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)
