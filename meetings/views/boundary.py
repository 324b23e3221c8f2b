"""The boundary report on the screen: the report of a period, and the list behind each of its numbers."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from governance.csv import csv_response
from governance.steady import standing_view
from governance.web import PracticeRequest, paginate
from meetings.boundary.figures import Figures
from meetings.boundary.rows import COLUMNS, as_rows, plain
from meetings.boundary.texts import HELP, TITLES
from meetings.forms.boundary import PeriodForm, period
from meetings.selectors.boundary import Event, Window, window_for

SECTION = "meetings:boundary"
FACETS = ("right", "side", "heading", "course", "put", "band", "alone", "chair", "held", "finding", "state")
"""By what the list behind a number is narrowed."""


def _window(request: PracticeRequest) -> tuple[PeriodForm, Window]:
    """The period asked for, as far as the person sees it; else there is no such page."""
    form, start, end = period(request.GET, request.practice.local(timezone.now()).date())
    window = window_for(request.offices, request.person, request.practice, start, end)
    if window is None:
        raise Http404("There is no such page.")
    return form, window


@standing_view()
def boundary(request: PracticeRequest) -> HttpResponse:
    """The report of a period: figures, plots, weaknesses, and the headings of Health & Safety Code 1191."""
    form, window = _window(request)
    reader = Figures(window)
    report = reader.report()
    if request.GET.get("format") == "csv":
        name = f"boundary-{request.practice.slug}-{window.start}-{window.end}.csv"
        return csv_response(name, ["Figure", "Item", "Number"], as_rows(report))
    query = f"start={window.start.isoformat()}&end={window.end.isoformat()}"
    return render(
        request,
        "meetings/boundary.html",
        {"form": form, "report": report, "export_url": f"?{query}&format=csv", "full": not form.errors},
    )


@standing_view()
def behind(request: PracticeRequest, figure: str) -> HttpResponse:
    """The list behind a number: who, when, what, under which right."""
    request.section = SECTION  # type: ignore[attr-defined]
    form, window = _window(request)
    only = {name: request.GET[name] for name in FACETS if request.GET.get(name)}
    reader = Figures(window)
    try:
        events = reader.events(figure, only)
    except KeyError:
        raise Http404("There is no such page.") from None
    practice = request.practice
    if request.GET.get("format") == "csv":
        rows = (plain(window, event) for event in events)
        return csv_response(f"{figure}-{practice.slug}-{window.start}-{window.end}.csv", COLUMNS, rows)
    page = paginate(request, events)  # type: ignore[arg-type]
    query = request.GET.copy()
    query["format"] = "csv"
    shows, proves_not = HELP[figure]
    address = reverse("meetings:boundary", args=[practice.slug])
    context = {
        "title": TITLES[figure],
        "shows": shows,
        "proves_not": proves_not,
        "form": form,
        "window": window,
        "only": [(name, _worded(reader, name, value)) for name, value in only.items()],
        "page": page,
        "columns": [{"label": one} for one in ("When", "Who", "What", "Right", "How it stands")],
        "rows": [_cells(window, event) for event in page.object_list],
        "count": "1 event" if len(events) == 1 else f"{len(events)} events",
        "back_url": f"{address}?start={window.start.isoformat()}&end={window.end.isoformat()}#{figure}",
        "all_url": reader.url(figure),
        "export_url": f"?{query.urlencode()}",
    }
    return render(request, "meetings/boundary_list.html", context)


def _worded(reader: Figures, name: str, value: str) -> str:
    if name == "right":
        return reader.name(value)
    return value.replace("_", " ").replace(",", ", ")


def _when(window: Window, event: Event) -> tuple[str, str]:
    """Day and clock time; what is known by the day alone has no clock time."""
    if isinstance(event.at, date) and not hasattr(event.at, "hour"):
        return f"{event.at:%-d %b %Y}", ""
    local: Any = window.practice.local(event.at)  # type: ignore[arg-type]
    return f"{local:%-d %b %Y}", f"{local:%-I:%M} {'a.m.' if local.hour < 12 else 'p.m.'}"


def _cells(window: Window, event: Event) -> list[dict[str, Any]]:
    day, clock = _when(window, event)
    return [
        {"text": day, "note": clock},
        {"text": event.who, "side": event.side.lower(), "note": event.office},
        {"text": event.what, "url": event.url, "note": event.detail},
        {
            "text": event.right,
            "url": reverse("governance:right", args=[window.practice.slug, event.right]) if event.right else "",
        },
        {"text": event.word},
    ]
