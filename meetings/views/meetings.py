"""The list of meetings with its cadence, one meeting's page, planning a month, and the series."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.choices import Office
from governance.csv import csv_response
from governance.offices import CHAIRS
from governance.steady import standing_view
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, paginate, practice_view
from meetings.choices import Compartment, Role
from meetings.models import AgendaItem, Meeting
from meetings.rules.cadence import MonthWord
from meetings.rules.notice import asked_words
from meetings.rules.workflow import BEFORE_SESSION, TAKES_PAPERS, MeetingState
from meetings.selectors.compartments import grounds, matters_of, may_release
from meetings.selectors.meetings import Month, ahead, meetings_of, months, rules_of
from meetings.selectors.notice import shortness
from meetings.selectors.packets import PAPERS_UNDERWAY, packets_of
from meetings.selectors.papers import lay_out
from meetings.selectors.past import Entered, past_meetings
from meetings.services.calling import plan_meeting
from meetings.services.packets import SHOWN
from meetings.views.calendar import calling
from meetings.views.common import SECTION, find_meeting, records
from meetings.views.notice import notice_of

YEARS = 10
"""How far back the list judges months."""
MONTHS_AHEAD = 6
"""How many coming months are shown by the rule alone."""


def plannable(found: list[Month], held: list[Meeting], today: date) -> date | None:
    """The month that can be planned next: this one while it has no meeting, else the one after the newest."""
    if found and found[-1].meeting is None:
        return found[-1].first
    newest = max((meeting.month for meeting in held if not meeting.special), default=today.replace(day=1))
    year, month = divmod(newest.year * 12 + newest.month, 12)
    return date(year, month + 1, 1)


@standing_view()
def meetings(request: PracticeRequest) -> HttpResponse:
    """Every month since the series began: held, late, missed or without quorum."""
    practice, today = request.practice, request.practice.local(timezone.now()).date()
    terms, held = rules_of(practice), meetings_of(practice, request.person)
    found = months(practice, terms, held, today, 12 * YEARS)
    wanted, year = request.GET.get("state", ""), request.GET.get("year", "")
    rows = [month for month in reversed(found) if not wanted or month.status.word == wanted]
    rows = [month for month in rows if not year or str(month.first.year) == year]
    extra = [one for one in held if one.special and (not year or str(one.month.year) == year)]
    if request.GET.get("sort") == "month":
        rows.reverse()
    if request.GET.get("export") == "csv":
        return csv_response(
            f"{practice.slug}-meetings.csv",
            ["Month", "Planned", "Opened", "State", "Days late", "Quorate start", "Minutes"],
            [
                *([*_cells(request, month)] for month in rows),
                *(_special(request, one) for one in extra if not wanted),
                *(_before(request, one) for one in past_meetings(practice, request.person) if not wanted and not year),
            ],
        )
    context = {
        "series": terms.at(today) or next(iter(terms.rules), None),
        "cadence": [cadence_cell(request, month) for month in found[-12:]],
        "page": paginate(request, rows, size=24),  # type: ignore[arg-type]
        "ahead": ahead(practice, terms, held, today, MONTHS_AHEAD),
        "extra": extra,
        "may_call": holds(request, *CHAIRS) and bool(terms),
        "before": past_meetings(practice, request.person),
        "may_enter_before": records(request),
        "states": [(word, word.label) for word in dict.fromkeys(month.status.word for month in found)],
        "years": sorted({month.first.year for month in found}, reverse=True),
        "state": wanted,
        "year": year,
        "month_to_plan": plannable(found, held, today) if terms and records(request) else None,
        "may_found": not terms and holds(request, Office.MEDICAL_DIRECTOR),
    }
    return render(request, "meetings/meetings.html", context)


def cadence_cell(request: PracticeRequest, month: Month) -> dict[str, Any]:
    """One month of the cadence as components/cadence.html takes it."""
    meeting = month.meeting
    return {
        "month": f"{month.first:%b}",
        "year": month.first.year,
        "word": f"{month.planned:%-d %b}" if month.status.word == MonthWord.PLANNED else month.status.text,
        "kind": month.kind,
        "url": reverse("meetings:meeting", args=[request.practice.slug, meeting.code]) if meeting else "",
        "current": month.first == request.practice.local(timezone.now()).date().replace(day=1),
    }


def _cells(request: PracticeRequest, month: Month) -> list[object]:
    meeting, practice = month.meeting, request.practice
    opened = practice.local(meeting.opened_at).strftime("%Y-%m-%d %H:%M") if meeting and meeting.opened_at else ""
    minutes = getattr(meeting, "minutes", None)
    quorate = "" if meeting is None or meeting.quorate_start is None else "yes" if meeting.quorate_start else "no"
    return [
        f"{month.first:%Y-%m}", month.planned, opened, month.status.word.label, month.status.days_late, quorate,
        minutes.get_state_display() if minutes else "",
    ]  # fmt: skip


def _special(request: PracticeRequest, one: Meeting) -> list[object]:
    local, minutes = request.practice.local, getattr(one, "minutes", None)
    return [
        one.code, local(one.starts_at).date(), local(one.opened_at).strftime("%Y-%m-%d %H:%M") if one.opened_at else "",
        f"special meeting, {one.get_state_display()}", "", {True: "yes", False: "no", None: ""}[one.quorate_start],
        minutes.get_state_display() if minutes else "",
    ]  # fmt: skip


def _before(request: PracticeRequest, one: Entered) -> list[object]:
    held = request.practice.local(one.meeting.held_at)
    return [
        f"{held:%Y-%m}", "", f"{held:%Y-%m-%d %H:%M}", "held, entered afterwards", "", "",
        f"scan, entered {request.practice.local(one.at):%Y-%m-%d} by {one.act.actor_name}",
    ]  # fmt: skip


@standing_view(also=PAPERS_UNDERWAY)
def meeting(request: PracticeRequest, code: str) -> HttpResponse:
    """One meeting: its agenda and papers, who is expected, what was released, and the way on."""
    found = find_meeting(request, code)
    items = list(
        found.items.select_related("proposal", "right", "corrective_action", "carried_from__meeting").order_by(
            "position"
        )
    )
    lay_out(found, items)
    seats = list(found.attendances.select_related("reply").order_by("role", "name").prefetch_related("presences"))
    order = list(Role)
    seats.sort(key=lambda seat: (order.index(Role(seat.role)), seat.name))
    rows = [*items, *seats]
    if past := past_page(request, found, key=found.code, title=str(found), rows=rows):
        return past
    releases = list(found.releases.all())
    context = {
        "meeting": found,
        "items": items,
        "may_attach": records(request) and found.state in TAKES_PAPERS,
        "seats": seats,
        "calling": calling(request, found, seats),
        "releases": releases,
        "packets": packets_of(found),
        "may_make": records(request) and found.state in SHOWN,
        "events": events(request, found, key=found.code, rows=rows),
        "minutes": getattr(found, "minutes", None),
        "may_edit": records(request) and found.state in BEFORE_SESSION,
        "may_chair": holds(request, *CHAIRS),
        "may_call": holds(request, *CHAIRS) and found.state in (*BEFORE_SESSION, MeetingState.CANCELED),
        "parts": _parts(request, found, items),
        "may_close": holds(request, *CHAIRS) and found.state in (*BEFORE_SESSION, MeetingState.IN_SESSION),
        "short": shortness(found, timezone.now(), releases) if found.state in BEFORE_SESSION else None,
        "asked": asked_words(found.notice_days, found.notice_hours),
        "notice": notice_of(request, found, seats, releases=releases),
        "enters": found.state in (MeetingState.AGENDA_RELEASED, MeetingState.IN_SESSION),
        "kind": {"in_session": "due", "adjourned": "ok", "canceled": "late"}.get(found.state, "neutral"),
    }
    return render(request, "meetings/meeting.html", context)


def _parts(request: PracticeRequest, meeting: Meeting, items: list[AgendaItem]) -> list[AgendaItem]:
    """The closed items whose part this person finds: who is entitled, who releases, and the counsel who designates."""
    if all(item.compartment == Compartment.OPEN for item in items):
        return []
    matters = list(matters_of(meeting))
    open_to = grounds(request.person, matters)
    counsel = holds(request, Office.PC_COUNSEL)
    return [
        matter.item
        for matter in matters
        if matter.pk in open_to or counsel or may_release(request.person, request.practice, matter)
    ]


@require_POST
@practice_view()
def plan(request: PracticeRequest) -> HttpResponse:
    """Plan a month's meeting; its agenda builds itself."""
    request.section = SECTION  # type: ignore[attr-defined]
    try:
        month = date.fromisoformat(f"{request.POST.get('month', '')}-01")
        made = plan_meeting(actor=request.person, practice=request.practice, month=month)
    except ValueError as broken:
        messages.error(request, str(broken))
        return redirect("meetings:meetings", request.practice.slug)
    messages.success(
        request, f"The meeting of {made.month:%B %Y} is planned; its agenda holds {made.items.count()} items."
    )
    return redirect("meetings:meeting", request.practice.slug, made.code)
