"""What the page of every object tells of its past: the acts on it, and its state at the end of any day."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import formats, timezone

from audit.past import as_of, since_when
from audit.selectors import as_events, timeline
from governance.models import Practice
from governance.web import PracticeRequest


def events(
    request: PracticeRequest,
    row: Model,
    *,
    key: str = "",
    rows: Iterable[Model] = (),
    before: datetime | None = None,
) -> list[dict[str, Any]]:
    """The acts on this object and its rows, the newest first, as components/timeline.html takes them.

    `key` is the number by which its services name it, where that is not the primary key.
    """
    practice = request.practice
    found = timeline(row._meta.label_lower, key or str(row.pk), practice.pk, rows=[row, *rows], before=before)
    return as_events(found, practice.zone)


def end_of(practice: Practice, day: date) -> datetime:
    """The moment at which that day has ended by the practice's calendar."""
    return datetime.combine(day + timedelta(days=1), time.min, practice.zone)


def past_page(
    request: PracticeRequest,
    row: Model,
    *,
    title: str,
    key: str = "",
    rows: Iterable[Model] = (),
    at: Callable[[datetime], Model | None] | None = None,
) -> HttpResponse | None:
    """The page of the object as of the day that `?as_of=` names; None when none is asked, or it is no day of the past.

    `rows` are further rows of the object that are shown with it; `at` finds the row that stood in its place then.
    """
    asked = request.GET.get("as_of")
    if asked is None:
        return None
    try:
        day = date.fromisoformat(asked)
        before = end_of(request.practice, day)
    except (ValueError, OverflowError):
        messages.error(request, "As of: a day is written year-month-day, such as 2026-03-31.")
        return None
    if day > request.practice.local(timezone.now()).date():
        messages.error(request, f"As of: {formats.date_format(day, 'j F Y')} has not come yet.")
        return None
    rows = list(rows)
    then = at(before) if at else row
    states = as_of([then, *rows], before) if then else as_of(rows, before)
    there = then is not None and any(state.row == then for state in states)
    began = None if there else since_when(row)
    context = {
        "title": title,
        "day": day,
        "there": there,
        "states": states if there else [],
        "began": began,
        "events": events(request, then or row, key=key, rows=rows, before=before),
    }
    return render(request, "governance/past.html", context)
