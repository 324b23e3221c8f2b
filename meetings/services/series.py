"""The monthly rule by which a body meets: its first, and each that follows. The Medical Director decides (DR-30)."""

from datetime import date, time
from typing import TypedDict, Unpack

from audit.acts import current, service
from decisions.services.rules import RuleBroken, hold, said, today
from governance.authority import exercise
from governance.models import Body, Person
from meetings.choices import Mode
from meetings.models import Series
from meetings.rules.cadence import format_day, parse_day
from meetings.rules.holidays import Observed, format_days, parse_days
from meetings.series import next_month
from meetings.services.base import OVERSIGHT

LONGEST, MOST_NOTICE = 720, 60
"""Minutes of a meeting, and days of notice, at most."""


class Words(TypedDict, total=False):
    """What a rule says beside day, time, place and mode; what is left out is as the model has it."""

    link: str
    length: int
    notice_days: int
    observed: str
    own_days: str
    points: str


@service
def found_series(
    *,
    actor: Person,
    body: Body,
    day_rule: str,
    time: time,
    place: str,
    mode: str,
    starts_on: date,
    **words: Unpack[Words],
) -> Series:
    """Set the first monthly rule of a body, such as "fourth Tuesday". Raises AuthorityRefused, RuleBroken."""
    _decide(actor, body, "series.founded", day_rule)
    if Series.objects.filter(body=body).exists():
        raise RuleBroken("body", f"Body: {body} has its series already.")
    return _write(body, "", day_rule, time, place, mode, starts_on, words)


@service
def change_series(
    *,
    actor: Person,
    body: Body,
    day_rule: str,
    time: time,
    place: str,
    mode: str,
    starts_on: date,
    reason: str,
    **words: Unpack[Words],
) -> Series:
    """Decide another monthly rule from a coming month on; the months before it stay under theirs.

    It overrides what was decided before for that month and later ones. Meetings that are planned already stay as they
    were called. Raises AuthorityRefused, RuleBroken.
    """
    _decide(actor, body, "series.changed", day_rule, reason)
    if not Series.objects.filter(body=body).exists():
        raise RuleBroken("body", f"Body: {body} has no series yet.")
    said(reason=reason)
    earliest = next_month(today(body.practice))
    if starts_on.day != 1 or starts_on < earliest:
        raise RuleBroken(
            "starts_on",
            f"Starts on: a changed rule holds from the first day of a coming month, {earliest:%-d %B %Y} at the "
            "earliest; the months before it stay under theirs.",
        )
    return _write(body, reason, day_rule, time, place, mode, starts_on, words)


def _decide(actor: Person, body: Body, verb: str, day_rule: str, reason: str = "") -> None:
    hold(body.practice)
    exercise(
        actor=actor,
        practice=body.practice,
        right=OVERSIGHT,
        verb=verb,
        reason=reason,
        attempted=f"{body}: {day_rule}",
    )


def _write(
    body: Body, reason: str, day_rule: str, time: time, place: str, mode: str, starts_on: date, words: Words
) -> Series:
    said(place=place)
    try:
        day = parse_day(day_rule)
    except ValueError as unclear:
        raise RuleBroken("day_rule", str(unclear)) from unclear
    if mode not in Mode:
        raise RuleBroken("mode", f"Mode: “{mode}” is none of {', '.join(Mode)}.")
    if words.get("observed", Observed.NONE) not in Observed:
        raise RuleBroken("observed", f"Observed: “{words['observed']}” is none of {', '.join(Observed)}.")
    if not 1 <= words.get("length", 1) <= LONGEST:
        raise RuleBroken("length", f"Length: a meeting lasts 1 to {LONGEST} minutes, not {words['length']}.")
    if not 0 <= words.get("notice_days", 0) <= MOST_NOTICE:
        raise RuleBroken("notice_days", f"Notice days: 0 to {MOST_NOTICE}, not {words['notice_days']}.")
    try:
        own_days = format_days(parse_days(words.get("own_days", "")))
    except ValueError as unclear:
        raise RuleBroken("own_days", str(unclear)) from unclear
    made = Series.objects.create(
        practice=body.practice,
        body=body,
        day_rule=format_day(day),
        time=time,
        place=place.strip(),
        mode=mode,
        starts_on=starts_on,
        reason=reason.strip(),
        **{**words, "own_days": own_days},
    )
    current().about(made)
    return made
