"""The desk: what waits for the person, twelve months of oversight, the next meeting, the other side's week."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from governance.choices import Side
from governance.desk import Waiting
from governance.offices import PHYSICIANS
from governance.steady import standing_view
from governance.web import PracticeRequest, holds, on_side
from meetings.selectors.desk import due_words, next_in_numbers, waits, week_of
from meetings.selectors.meetings import a_year_before, meetings_of, months, next_meeting, rules_of
from meetings.views.common import records
from meetings.views.meetings import cadence_cell, plannable

NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")


@standing_view()
def desk(request: PracticeRequest) -> HttpResponse:
    """The page on which all of it converges."""
    practice, now = request.practice, timezone.now()
    today = practice.local(now).date()
    terms, held = rules_of(practice), meetings_of(practice, request.person, a_year_before(today))
    cadence = months(practice, terms, held, today, 12)
    waiting = waits(request.person, practice, request.offices, today)
    coming, monthly = next_meeting(held, today), next_meeting([one for one in held if not one.special], today)
    context = {
        "series": terms.at(today) or next(iter(terms.rules), None),
        "cadence": [cadence_cell(request, month) for month in cadence],
        "waiting": [_row(one, number == 0, today) for number, one in enumerate(waiting)],
        "headline": _headline(len(waiting)),
        "coming": next_in_numbers(coming) if coming else None,
        "week": week_of(practice, Side.MSO, now),
        "own_week": on_side(request, Side.MSO),
        "may_stop": holds(request, *PHYSICIANS),
        "month_to_plan": plannable(cadence, held, today) if terms and records(request) and monthly is None else None,
    }
    return render(request, "meetings/desk.html", context)


def _headline(count: int) -> str:
    if count == 0:
        return "Nothing needs you now"
    word = NUMBERS[count] if count < len(NUMBERS) else str(count)
    return f"{word} thing needs you" if count == 1 else f"{word} things need you"


def _row(one: Waiting, first: bool, today: Any) -> dict[str, Any]:
    word, kind = due_words(one.due, today)
    return {
        "ref": one.code,
        "tag": word,
        "tag_kind": kind,
        "title": one.title,
        "url": one.url,
        "text": one.detail,
        "action": one.action,
        "action_url": one.url,
        "primary": first,
    }
