"""The monthly rule: holidays, changes from a coming month on, and each month judged by the rule in force for it."""

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client

from audit.acts import service
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused, exercise
from governance.models import Body, Practice
from meetings.choices import Topic
from meetings.models import Series
from meetings.months import months
from meetings.rules.cadence import MonthWord
from meetings.rules.holidays import Observed, by_law, format_days, parse_days
from meetings.rules.points import parse_points
from meetings.selectors.series import date_by
from meetings.series import Terms, planned_at
from meetings.services.calling import plan_meeting
from meetings.services.series import change_series
from tests.cast import Cast
from tests.meetings.gathering import month_of
from tests.meetings.test_meeting_pages import address, page
from tests.sign_in import sign_in

ZONE = ZoneInfo("America/Los_Angeles")
OTHER: dict[str, Any] = {"day_rule": "2nd Mon", "time": time(18), "place": "Victorville", "mode": "remote"}


def rule(day: str, starts_on: date, **values: Any) -> Series:
    body = Body(name="Board of directors", kind="board", authorized=3)
    return Series(
        practice=Practice(time_zone=str(ZONE)),
        body=body,
        day_rule=day,
        time=time(17, 30),
        starts_on=starts_on,
        **values,
    )


@pytest.mark.parametrize(
    ("observed", "day", "month", "expected", "because"),
    [
        ("california", "fourth Thursday", "2026-11-01", "2026-11-30", "Thanksgiving Day"),  # Friday is one too
        ("federal", "fourth Thursday", "2026-11-01", "2026-11-27", "Thanksgiving Day"),
        ("none", "fourth Thursday", "2026-11-01", "2026-11-26", ""),
        ("california", "last business day", "2027-12-01", "2027-12-30", "New Year's Day (observed)"),
        ("federal", "second Monday", "2026-10-01", "2026-10-13", "Columbus Day"),
        ("california", "day 31", "2026-03-01", "2026-03-30", "Cesar Chavez Day"),
    ],
)
def test_a_holiday_moves_the_meeting(observed: str, day: str, month: str, expected: str, because: str) -> None:
    found = date_by(rule(day, date(2026, 1, 1), observed=observed), date.fromisoformat(month))
    assert (found.at.date().isoformat(), found.holiday) == (expected, because)
    assert found.at.tzinfo == ZONE


def test_own_days_are_read_back_and_move_the_meeting() -> None:
    days = parse_days("2026-12-22 Winter closure\n\n 2026-12-23")
    assert days == {date(2026, 12, 22): "Winter closure", date(2026, 12, 23): "closed"}
    assert parse_days(format_days(days)) == days
    with pytest.raises(ValueError, match="“24 December” does not begin with a date"):
        parse_days("24 December")
    closed = rule("fourth Tuesday", date(2026, 1, 1), own_days=format_days(days))
    assert planned_at(closed, date(2026, 12, 1)).date() == date(2026, 12, 24)
    assert "Columbus Day" not in by_law(Observed.NONE, 2026).values()


def test_further_points_name_their_topic() -> None:
    text = "Compliance: exclusion checks\nTelehealth\nNo topic: telehealth"
    assert list(parse_points(text)) == [
        (Topic.COMPLIANCE, "Exclusion checks"), (Topic.OTHER, "Telehealth"), (Topic.OTHER, "No topic: telehealth"),
    ]  # fmt: skip


def test_the_rule_decided_last_rules_from_its_month_on() -> None:
    first, second, third = (rule(f"day {n}", date(2026, n, 15 if n == 1 else 1)) for n in (1, 9, 6))
    terms = Terms([first, second, third])
    assert terms.planned(date(2025, 12, 1)) is None
    assert terms.planned(date(2026, 1, 1)) is None  # the first day asked for lies after this month's day
    assert [terms.at(date(2026, n, 1)) for n in (2, 5, 6, 10)] == [first, first, third, third]
    assert terms.coming(date(2026, 2, 1)) == [third]
    assert Terms([first, third, second]).coming(date(2026, 2, 1)) == [third, second]


def test_only_the_medical_director_changes_the_rule_and_only_ahead(board: Cast) -> None:
    coming = month_of(board, 1)
    for person in (board.alternate, board.secretary, board.executive):
        with pytest.raises(AuthorityRefused):
            change_series(actor=person, body=board.body, starts_on=coming, reason="Clinic hours", **OTHER)
    for day in (month_of(board), coming + timedelta(days=1), coming - timedelta(days=1)):
        with pytest.raises(RuleBroken, match="first day of a coming month"):
            change_series(actor=board.director, body=board.body, starts_on=day, reason="Clinic hours", **OTHER)
    wrongs: list[dict[str, Any]] = [{"own_days": "soon"}, {"observed": "some"}, {"length": 0}, {"notice_days": 61}]
    for wrong in wrongs:
        values = OTHER | wrong
        with pytest.raises(RuleBroken) as refused:
            change_series(actor=board.director, body=board.body, starts_on=coming, reason="Clinic hours", **values)
        assert refused.value.field in wrong
    old = Series.objects.get()
    made = change_series(
        actor=board.director, body=board.body, starts_on=coming, reason="Clinic hours", notice_days=4, length=90,
        link="https://meet.example/board", points="Compliance: exclusion checks", **OTHER,
    )  # fmt: skip
    assert list(Series.objects.all()) == [old, made]
    now = plan_meeting(actor=board.secretary, practice=board.practice, month=month_of(board))
    then = plan_meeting(actor=board.secretary, practice=board.practice, month=coming)
    assert (now.place, now.notice_days, now.items.filter(title="Exclusion checks").exists()) == (old.place, 0, False)
    assert (then.place, then.notice_days, then.length, then.link) == (
        "Victorville",
        4,
        90,
        "https://meet.example/board",
    )
    assert then.items.get(title="Exclusion checks").topic == Topic.COMPLIANCE
    assert board.practice.local(then.starts_at).strftime("%A %H:%M") == "Monday 18:00"
    assert then.starts_at.astimezone(ZONE).day in range(8, 15)


def test_the_database_lets_no_rule_reach_back(board: Cast) -> None:
    with pytest.raises(ProgrammingError, match="begins after the day on which it is decided"):
        backdated(board)
    assert Series.objects.count() == 1
    with pytest.raises(ProgrammingError, match="day_rule"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("update meetings_series set day_rule = 'day 1'")


def backdated(board: Cast) -> None:
    """A rule for this month already, written past the service's own check."""

    @service
    def write() -> None:
        exercise(actor=board.director, practice=board.practice, right="DR-30", verb="series.changed")
        Series.objects.create(practice=board.practice, body=board.body, starts_on=month_of(board), **OTHER)

    write()


def test_each_month_is_judged_by_the_rule_that_was_in_force_for_it(board: Cast) -> None:
    first, second = month_of(board), month_of(board, 1)
    change_series(actor=board.director, body=board.body, starts_on=second, reason="Clinic hours", **OTHER)
    today = month_of(board, 2) + timedelta(days=1)
    found = months(board.practice, first, today, person=None, today=today)
    assert [month.first for month in found] == [first, second]
    assert [month.series.place for month in found] == ["Riverside, conference room", "Victorville"]
    assert found[1].planned.strftime("%A") == "Monday"
    assert [month.status.word for month in found] == [MonthWord.MISSED, MonthWord.MISSED]
    assert all(month.status.finding for month in found)


def test_the_page_previews_decides_and_tells_the_history(board: Cast) -> None:
    coming = month_of(board, 1)
    typed = {**OTHER, "time": "18:00", "starts_on": coming.isoformat(), "reason": "Clinic hours", "observed": "federal"}
    director = sign_in(Client(), board.director)
    seen = director.post(address(board, "series_preview"), typed).content.decode()
    assert "The next six meetings by this rule" in seen
    assert Series.objects.count() == 1
    wrong = director.post(address(board, "series_preview"), {**typed, "own_days": "soon"}).content.decode()
    assert "does not begin with a date" in wrong
    assert director.post(address(board, "series"), {**typed, "reason": ""}).status_code == 200
    assert sign_in(Client(), board.secretary).post(address(board, "series"), typed).status_code == 403
    assert director.post(address(board, "series"), typed).status_code == 302
    shown = page(board, board.operations, "series")
    for words in ("In force", f"From {coming:%B %Y}", "Clinic hours", "Federal holidays", "Elena Marsh", "overridden"):
        assert (words in shown) == (words != "overridden"), words
    assert "Decide the new rule" not in shown
    ahead = page(board, board.operations, "meetings")
    assert ahead.count("by the rule; not yet planned") == 6
