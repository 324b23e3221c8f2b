"""Dates and times of a record as a person reads them; the record itself holds ISO 8601 on the practice's clock."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.dateformat import format as written


def day(iso: str) -> str:
    """ "24 November 2026" from an ISO date or time; empty for empty."""
    return f"{date.fromisoformat(iso[:10]):%-d %B %Y}" if iso else ""


def weekday(iso: str) -> str:
    """ "Tuesday, 24 November 2026" """
    return f"{date.fromisoformat(iso[:10]):%A}, {day(iso)}" if iso else ""


def clock(iso: str) -> str:
    """ "5:30 p.m." from an ISO time, on the clock it was written on; empty for empty."""
    return written(datetime.fromisoformat(iso), "P") if iso else ""


def moment(iso: str) -> str:
    """ "24 November 2026, 5:30 p.m." """
    return f"{day(iso)}, {clock(iso)}" if iso else ""


def listed(words: Sequence[str]) -> str:
    """ "A", "A and B", "A, B and C"; three and more with semicolons where an entry holds a comma of its own."""
    if len(words) < 3:
        return " and ".join(words)
    comma, before_and = ("; ", ";") if any("," in word for word in words) else (", ", "")
    return f"{comma.join(words[:-1])}{before_and} and {words[-1]}"


def in_brief(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def told_ballot(choice: str, ballot: dict[str, str] | None, recorded_by: str) -> str:
    """By whom a vote was cast: "by own act, 2:03 p.m.", "recorded by Mina Vale", or what did not count.

    `ballot` holds choice and time of the member's own act, if there was one; empty for who had no vote.
    """
    voted = choice not in ("absent", "recused")
    if ballot and voted:
        return f"by own act, {clock(ballot['at'])}"
    if ballot:
        return f"own act at {clock(ballot['at'])}: {ballot['choice']}, not counted"
    return f"recorded by {recorded_by}" if voted and recorded_by else ""


def told_notice(one: dict[str, str]) -> str:
    """How it stood with the notice to a member: "Dale Ortiz, waived on 3 May 2026, 5:30 p.m."."""
    at = f" on {day(one['at'])}, {clock(one['at'])}" if one["at"] else ""
    return f"{one['name']}, {one['word']}{at}"
