"""The monthly rhythm: dates, words, and how a month turned out."""

from calendar import Day, monthrange
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetings.rules.cadence import (
    DayRule,
    FixedDay,
    LastBusinessDay,
    MonthlyRule,
    MonthWord,
    NthWeekday,
    format_day,
    month_status,
    occurrence,
    parse_day,
)

PACIFIC = ZoneInfo("America/Los_Angeles")
DAY_RULES: st.SearchStrategy[DayRule] = st.one_of(
    st.builds(NthWeekday, st.sampled_from([1, 2, 3, 4, -1]), st.sampled_from(Day)),
    st.just(LastBusinessDay()),
    st.builds(FixedDay, st.integers(1, 31)),
)


def rule(day: DayRule, *holidays: date, at: time = time(17, 30)) -> MonthlyRule:
    return MonthlyRule(day, at, PACIFIC, frozenset(holidays))


@pytest.mark.parametrize(
    ("words", "year", "month", "holidays", "expected"),
    [
        ("second Tuesday", 2026, 11, [], date(2026, 11, 10)),
        ("last Friday", 2026, 11, [], date(2026, 11, 27)),
        ("last business day", 2026, 5, [], date(2026, 5, 29)),  # the 31st is a Sunday
        ("last business day", 2026, 12, [date(2026, 12, 31)], date(2026, 12, 30)),
        ("first Monday", 2026, 9, [date(2026, 9, 7)], date(2026, 9, 8)),  # Labor Day
        ("last Monday", 2026, 8, [date(2026, 8, 31)], date(2026, 8, 28)),  # the next day is in September
        ("second Saturday", 2026, 11, [], date(2026, 11, 14)),  # asked for, so kept
        ("day 31", 2026, 4, [], date(2026, 4, 30)),
        ("day 29", 2027, 2, [], date(2027, 2, 26)),  # the 28th is a Sunday
        ("day 15", 2026, 11, [], date(2026, 11, 16)),  # a Sunday
    ],
)
def test_occurrence(words: str, year: int, month: int, holidays: list[date], expected: date) -> None:
    assert occurrence(rule(parse_day(words), *holidays), year, month).date() == expected


def test_the_time_is_local_all_year() -> None:
    summer, winter = (occurrence(rule(parse_day("second Tuesday")), 2026, month) for month in (7, 12))
    assert summer.time() == winter.time() == time(17, 30)
    assert [str(found)[-6:] for found in (summer, winter)] == ["-07:00", "-08:00"]


def test_a_time_the_clock_skips_moves_on() -> None:
    assert occurrence(rule(parse_day("second Sunday"), at=time(2, 30)), 2026, 3).time() == time(3, 30)


def test_a_month_of_holidays_is_refused() -> None:
    february = [date(2026, 2, day) for day in range(1, 29)]
    with pytest.raises(ValueError, match="holidays: 2026-02"):
        occurrence(rule(FixedDay(1), *february), 2026, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("  The  2nd tue ", NthWeekday(2, Day.TUESDAY)),
        ("LAST Business Day", LastBusinessDay()),
        ("the 15th", FixedDay(15)),
        ("1st", FixedDay(1)),
    ],
)
def test_everyday_spellings(text: str, day: DayRule) -> None:
    assert parse_day(text) == day


@pytest.mark.parametrize("text", ["", "fifth Monday", "Tuesday", "second Tuesday of May", "day 32", "day 0"])
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^(Meeting day|day): "):
        parse_day(text)


def test_a_fifth_weekday_is_no_rule() -> None:
    with pytest.raises(ValueError, match=r"^nth: "):
        NthWeekday(5, Day.MONDAY)


@given(DAY_RULES)
def test_words_read_back_as_the_same_rule(day: DayRule) -> None:
    assert parse_day(format_day(day)) == day


@given(
    DAY_RULES,
    st.integers(2020, 2040),
    st.integers(1, 12),
    st.sets(st.integers(1, 28), max_size=12),
)
def test_a_month_meets_once_inside_itself_and_never_on_a_holiday(
    day: DayRule, year: int, month: int, holidays: set[int]
) -> None:
    closed = [date(year, month, number) for number in holidays]
    start = occurrence(rule(day, *closed), year, month)
    assert (start.year, start.month) == (year, month)
    assert start.date() not in closed
    assert isinstance(day, NthWeekday) or start.weekday() < Day.SATURDAY


@pytest.mark.parametrize(
    ("held_on", "quorate", "adjourned", "signed", "today", "text", "finding"),
    [
        (None, False, False, False, date(2026, 11, 1), "planned 10 Nov", False),
        (None, False, False, False, date(2026, 11, 10), "planned 10 Nov", False),
        (None, False, False, False, date(2026, 11, 14), "late 4 d", True),
        (None, False, False, False, date(2026, 12, 1), "missed", True),
        (date(2026, 11, 10), True, True, True, date(2026, 12, 1), "held", False),
        (date(2026, 11, 9), True, True, True, date(2026, 12, 1), "held", False),
        (date(2026, 11, 14), True, True, True, date(2026, 12, 1), "late 4 d", True),
        (date(2026, 11, 10), False, True, True, date(2026, 12, 1), "no quorum", True),
        (date(2026, 11, 10), True, False, False, date(2026, 11, 10), "in session", False),
        (date(2026, 11, 10), True, True, False, date(2026, 11, 12), "to sign", False),
        (date(2026, 11, 14), True, True, False, date(2026, 11, 14), "to sign", True),
    ],
)
def test_how_a_month_stands(
    held_on: date | None,
    quorate: bool,
    adjourned: bool,
    signed: bool,
    today: date,
    text: str,
    finding: bool,
) -> None:
    found = month_status(
        planned=date(2026, 11, 10),
        held_on=held_on,
        quorate=quorate,
        adjourned=adjourned,
        minutes_signed=signed,
        today=today,
    )
    assert (found.text, found.finding) == (text, finding)


def test_a_quorum_lost_on_the_way_is_a_finding_once_the_minutes_are_signed() -> None:
    day = date(2026, 3, 24)
    told = [
        month_status(
            planned=day, held_on=day, quorate=True, adjourned=True, minutes_signed=signed, today=day, quorum_lost=True
        )
        for signed in (False, True)
    ]
    assert [(one.word, one.finding) for one in told] == [
        (MonthWord.TO_SIGN, True),
        (MonthWord.QUORUM_LOST, True),
    ]


@given(st.dates(date(2020, 1, 1), date(2039, 12, 31)), st.integers(0, 400))
def test_a_meeting_not_held_is_missed_once_its_month_is_over(planned: date, days: int) -> None:
    today = date.fromordinal(planned.toordinal() + days)
    found = month_status(
        planned=planned, held_on=None, quorate=False, adjourned=False, minutes_signed=False, today=today
    )
    month_end = date(planned.year, planned.month, monthrange(planned.year, planned.month)[1])
    assert (found.word is MonthWord.MISSED) is (today > month_end)
    assert found.days_late == days
