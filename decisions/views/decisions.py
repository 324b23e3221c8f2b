"""The decision log: the list, one decision, and deciding under a right."""

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime

from decisions.forms.filters import DecisionFilter
from decisions.forms.log import DecisionForm
from decisions.models import Decision
from decisions.services.log import record_decision
from decisions.services.rules import PROPOSERS
from decisions.views.acts import act_page, address, asked_first, attempt, by_code, decides, tell
from governance.lists import Cell, Column, Listing, matching
from governance.steady import standing_view
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required

SECTION = "decisions:decisions"


def _listing(request: PracticeRequest) -> Listing:
    def title(row: Decision) -> Cell:
        note = f"superseded by {row.superseded_by.code}" if hasattr(row, "superseded_by") else row.body_name
        return {"text": row.title, "url": address(request, "decision", row.code), "note": note}

    def decided(row: Decision) -> Cell:
        return {"text": f"{request.practice.local(row.decided_at):%-d %b %Y}"}

    return Listing(
        title="Decisions",
        lead="Each under a right of the catalogue, by an office that holds it. None is edited; a later supersedes it.",
        noun="decision",
        nouns="decisions",
        default="-decided",
        empty_title="No decision",
        empty_text="Decisions recorded here, in a meeting or by approving a proposal stand in this log.",
        columns=[
            Column(
                label="Number", key="number", order=("year", "number"),
                cell=lambda row: {"text": row.code, "url": address(request, "decision", row.code)},
            ),
            Column(label="Decision", key="title", order=("title", "pk"), cell=title),
            Column(
                label="Right", key="right", order=("right__code", "pk"),
                cell=lambda row: {"text": row.right.code, "side": row.holder.lower()},
            ),
            Column(
                label="Decided by", key="by", order=("person__name", "pk"),
                cell=lambda row: {"text": str(row.person), "note": row.appointment.get_office_display()},
            ),
            Column(
                label="Decided", key="decided", order=("decided_at", "pk"), cell=decided,
                text=lambda row: localtime(row.decided_at).isoformat(),
            ),
        ],
    )  # fmt: skip


def _rows(request: PracticeRequest) -> Any:
    return Decision.objects.filter(practice=request.practice).select_related(
        "practice", "right", "person", "appointment", "supersedes", "superseded_by"
    )


@standing_view()
def decisions(request: PracticeRequest) -> HttpResponse:
    """The log."""
    form = DecisionFilter(request.GET, practice=request.practice)
    rows = _rows(request).filter(matching(Decision, form.chosen("q"), "title", "text", "person__name", "right__name"))
    if form.chosen("right"):
        rows = rows.filter(right__code__iexact=form.chosen("right").strip())
    if form.chosen("holder"):
        rows = rows.filter(holder=form.chosen("holder"))
    if form.chosen("since"):
        rows = rows.filter(decided_at__gte=datetime.combine(form.chosen("since"), time.min, request.practice.zone))
    if form.chosen("until"):
        after = form.chosen("until") + timedelta(days=1)
        rows = rows.filter(decided_at__lt=datetime.combine(after, time.min, request.practice.zone))
    new = [("Record a decision", address(request, "decision_new"), "")] if holds(request, *PROPOSERS) else []
    return _listing(request).respond(request, rows, form, new)


@practice_view()
def decision(request: PracticeRequest, code: str) -> HttpResponse:
    """One decision with the right under which it was taken."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = by_code(_rows(request).select_related("determination__proposal"), code)
    if past := past_page(request, found, key=found.code, title=str(found)):
        return past
    superseded = getattr(found, "superseded_by", None)
    context = {
        "found": found,
        "superseded_by": superseded,
        "determination": getattr(found, "determination", None),
        "corrective": list(found.actions.all()),
        "may_supersede": superseded is None and decides(request, found.right),
        "events": events(request, found, key=found.code),
    }
    return render(request, "decisions/decision.html", context)


@practice_view()
@recent_sign_in_required(on_get=False)
def decision_new(request: PracticeRequest) -> HttpResponse:
    """Decide. The form offers every right with its holder; of somebody else's it asks first, then it is an attempt."""
    request.section = SECTION  # type: ignore[attr-defined]
    initial = {name: request.GET[name] for name in ("right", "supersedes") if name in request.GET}
    form = DecisionForm(request.POST or None, initial=initial, practice=request.practice)
    page: dict[str, Any] = {
        "title": "Record a decision",
        "submit": "Decide",
        "action": address(request, "decision_new"),
        "back": ("Decisions", address(request, "decisions")),
    }
    if request.method == "POST" and form.is_valid():
        if asked := asked_first(request, form, **page):
            return asked
        made = attempt(
            form, lambda: record_decision(actor=request.person, practice=request.practice, **form.cleaned_data)
        )
        if made:
            tell(request, f"{made.code} is decided.", sealed=True)
            return redirect("decisions:decision", request.practice.slug, made.code)
    return act_page(request, form, **page)
