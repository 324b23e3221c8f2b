"""The monthly rules of a body through time: which was in force for a month, and what it says of it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from governance.models import Body, Practice
from meetings.models import Series
from meetings.rules.cadence import MonthlyRule, occurrence, parse_day
from meetings.rules.holidays import by_law, parse_days


def next_month(first: date) -> date:
    """The first day of the month after."""
    return (first.replace(day=1) + timedelta(days=31)).replace(day=1)


def planned_at(rule: Series, month: date) -> datetime:
    """When the meeting of a month is by this rule, holidays and own days counted. `practice` is read."""
    closed = frozenset(by_law(rule.observed, month.year)) | frozenset(parse_days(rule.own_days))
    monthly = MonthlyRule(parse_day(rule.day_rule), rule.time, rule.practice.zone, closed)
    return occurrence(monthly, month.year, month.month)


class Terms:
    """The rules of one body in the order in which they were decided. No query."""

    def __init__(self, rules: Iterable[Series]) -> None:
        self.rules = list(rules)

    def __bool__(self) -> bool:
        return bool(self.rules)

    @property
    def body(self) -> Body:
        return self.rules[0].body

    @property
    def begins_on(self) -> date:
        """The first day that any rule asks for."""
        return min(rule.starts_on for rule in self.rules)

    def at(self, month: date) -> Series | None:
        """The rule in force for a month: of those begun by then, the one decided last. None before the first."""
        begun = [rule for rule in self.rules if rule.starts_on.replace(day=1) <= month.replace(day=1)]
        return begun[-1] if begun else None

    def planned(self, month: date) -> datetime | None:
        """When the body meets in a month; None where no rule asked for a meeting yet."""
        rule = self.at(month)
        if rule is None:
            return None
        planned = planned_at(rule, month)
        return planned if planned.date() >= rule.starts_on else None

    def coming(self, month: date) -> list[Series]:
        """The rules decided for months after this one that no later decision overrides, in their order."""
        found: list[Series] = []
        for rule in self.rules:
            found = [one for one in found if one.starts_on < rule.starts_on]
            found.append(rule)
        return [rule for rule in found if rule.starts_on.replace(day=1) > month.replace(day=1)]


def terms_of(practice: Practice) -> Iterator[Terms]:
    """The terms of each body of the practice that has a rule, the oldest body first. One query."""
    by_body: dict[object, list[Series]] = {}
    for rule in Series.objects.filter(practice=practice).select_related("body").order_by("body", "pk"):
        rule.practice = practice
        by_body.setdefault(rule.body_id, []).append(rule)
    return (Terms(rules) for rules in by_body.values())


def terms_of_body(body: Body) -> Terms:
    """The terms of one body. One query."""
    return Terms(Series.objects.filter(body=body).select_related("body", "practice").order_by("pk"))
