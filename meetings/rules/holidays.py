"""The days on which a body does not meet: holidays by law, and days of its own.

The dates come from the `holidays` library, whose version is pinned: the rule of a month past stays as it was.
"""

from datetime import date
from functools import cache

from holidays import country_holidays

from audit.labels import LabelledEnum


class Observed(LabelledEnum):
    """Which holidays by law move a meeting."""

    NONE = "none"
    FEDERAL = "federal"
    CALIFORNIA = "california"


WORDS = {
    Observed.NONE: "None",
    Observed.FEDERAL: "Federal holidays",
    Observed.CALIFORNIA: "Federal and California holidays",
}


@cache
def by_law(observed: str, year: int) -> dict[date, str]:
    """The holidays of a year with their names, observed days included. Raises ValueError for an unknown calendar."""
    match Observed(observed):
        case Observed.NONE:
            return {}
        case Observed.FEDERAL:
            return dict(country_holidays("US", years=year))
        case Observed.CALIFORNIA:
            return dict(country_holidays("US", years=year)) | dict(country_holidays("US", subdiv="CA", years=year))


def parse_days(text: str) -> dict[date, str]:
    """Own days, one a line: the date and what the day is, "2026-12-24 Christmas Eve".

    Raises ValueError naming the line.
    """
    found = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        day, _, name = line.partition(" ")
        try:
            found[date.fromisoformat(day)] = name.strip() or "closed"
        except ValueError as unreadable:
            raise ValueError(
                f"Own days: “{line}” does not begin with a date; write each on a line such as "
                "“2026-12-24 Christmas Eve”."
            ) from unreadable
    return dict(sorted(found.items()))


def format_days(days: dict[date, str]) -> str:
    """Own days as `parse_days` reads them back."""
    return "\n".join(f"{day.isoformat()} {name}" for day, name in sorted(days.items()))
