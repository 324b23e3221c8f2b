"""What the page of the monthly rule shows: its dates to come, and each rule with who decided it."""

from dataclasses import dataclass
from datetime import date, datetime

from meetings.models import Series
from meetings.rules.cadence import MonthlyRule, occurrence, parse_day
from meetings.rules.holidays import WORDS, Observed, by_law, parse_days
from meetings.series import Terms, next_month, planned_at


@dataclass(frozen=True)
class Coming:
    """A meeting by the rule, and from which day a holiday moves it."""

    at: datetime
    moved_from: date | None
    holiday: str


def date_by(rule: Series, month: date) -> Coming:
    """When the rule asks for the meeting of a month. No query."""
    at = planned_at(rule, month)
    plain = occurrence(MonthlyRule(parse_day(rule.day_rule), rule.time, rule.practice.zone), month.year, month.month)
    if plain.date() == at.date():
        return Coming(at, None, "")
    names = by_law(rule.observed, month.year) | parse_days(rule.own_days)
    return Coming(at, plain.date(), names.get(plain.date(), "holiday"))


def dates_from(terms: Terms, month: date, count: int = 6) -> list[Coming]:
    """The meetings of this month and the next by the rules decided for them. No query."""
    found: list[Coming] = []
    month = max(month, terms.begins_on).replace(day=1)
    while len(found) < count:
        rule = terms.at(month)
        if rule and terms.planned(month):
            found.append(date_by(rule, month))
        month = next_month(month)
    return found


@dataclass(frozen=True)
class Term:
    """A rule as it was decided: by whom, when, and how it stands on a day."""

    rule: Series
    standing: str
    kind: str
    by: str
    office: str
    decided_at: datetime

    @property
    def holidays(self) -> str:
        return WORDS[Observed(self.rule.observed)]


def history(terms: Terms, today: date) -> list[Term]:
    """Every rule that was decided, the newest first. One query."""
    acts = {
        row.id: row for row in Series.history.select_related("act").filter(id__in=[rule.pk for rule in terms.rules])
    }
    now, coming = terms.at(today), terms.coming(today)
    return [
        Term(
            rule,
            *_standing(rule, now, coming, today),
            by=acts[rule.pk].actor_name,
            office=acts[rule.pk].office_name,
            decided_at=acts[rule.pk].act.occurred_at,
        )
        for rule in reversed(terms.rules)
    ]


def _standing(rule: Series, now: Series | None, coming: list[Series], today: date) -> tuple[str, str]:
    if rule == now:
        return "in force", "ok"
    if rule in coming:
        return "coming", "due"
    return ("overridden", "neutral") if rule.starts_on > today else ("past", "neutral")
