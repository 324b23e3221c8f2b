"""The scope of services: the matrix of service lines and sites, and the physicians' stop."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from audit.workflow import allowed_events
from decisions.forms.proposals import ReasonForm
from decisions.models import Authorization, ScopeEvent
from decisions.rules.workflow import SERVICE_AUTHORIZATION, AuthorizationEvent, AuthorizationState
from decisions.selectors.scope import Cell, scope_of, state_word
from decisions.services import scope as acts
from decisions.services.proposing import SERVICE_RIGHT
from decisions.services.rules import PROPOSERS
from decisions.views.acts import act_page, address, attempt, decides, tell
from decisions.views.marks import SERVICE_KIND
from governance.authority import right_in_force
from governance.csv import csv_response
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required

SECTION = "decisions:scope"
OFFERED = (
    (AuthorizationEvent.SUSPEND, "Stop", "stop", acts.STOP_RIGHT),
    (AuthorizationEvent.RESUME, "Resume", "resume", SERVICE_RIGHT),
    (AuthorizationEvent.RETIRE, "Retire", "retire", SERVICE_RIGHT),
)


@practice_view()
def scope(request: PracticeRequest) -> HttpResponse:
    """Every service line at every site: its state, since when, by which decision."""
    sites, lines = scope_of(request.practice)
    if request.GET.get("format") == "csv":
        return csv_response(
            f"scope-of-services-{request.practice.slug}.csv",
            ["Service line", "Site", "State", "Since", "Decision", "Proposal", "Review on"],
            ([line.service.name, cell.site.name, cell.word, *_facts(cell)] for line in lines for cell in line.cells),
        )
    held = {code: decides(request, right_in_force(request.practice, code)) for code in (acts.STOP_RIGHT, SERVICE_RIGHT)}
    context = {
        "sites": sites,
        "lines": [
            {
                "service": line.service,
                "cells": [
                    {"cell": cell, "kind": _kind(cell), "acts": _acts(request, cell, held)} for cell in line.cells
                ],
            }
            for line in lines
        ],
        "new_url": address(request, "proposal_new") if holds(request, *PROPOSERS) else "",
    }
    return render(request, "decisions/scope.html", context)


def _facts(cell: Cell) -> list[str]:
    row = cell.authorization
    if row is None:
        return ["", "", "", ""]
    return [
        row.since.isoformat(),
        cell.decision.code if cell.decision else "",
        row.proposal.code,
        row.review_on.isoformat() if row.review_on else "",
    ]


def _kind(cell: Cell) -> str:
    return SERVICE_KIND.get(AuthorizationState(cell.authorization.state), "") if cell.authorization else ""


def _acts(request: PracticeRequest, cell: Cell, held: dict[str, bool]) -> list[tuple[str, str, str]]:
    row = cell.authorization
    if row is None or row.go_live_id is None:
        return []
    events = allowed_events(SERVICE_AUTHORIZATION, row.state)
    return [
        (label, address(request, f"scope_{name}", row.pk), "stop" if name == "stop" else "plain")
        for event, label, name, right in OFFERED
        if event in events and held[right]
    ]


@practice_view()
def authorization(request: PracticeRequest, key: int) -> HttpResponse:
    """One service line at one site: its state, on whose approval, and what happened to it."""
    found = _found(request, key)
    if past := past_page(request, found, title=str(found), rows=list(found.events.all())):
        return past
    moves = list(found.events.select_related("person", "appointment"))
    context = {
        "found": found,
        "word": state_word(found),
        "kind": SERVICE_KIND.get(AuthorizationState(found.state), ""),
        "events": events(request, found, rows=moves),
    }
    return render(request, "decisions/authorization.html", context)


def _found(request: PracticeRequest, key: int) -> Authorization:
    request.section = SECTION  # type: ignore[attr-defined]
    rows = Authorization.objects.filter(practice=request.practice).select_related(
        "practice", "service", "site", "proposal", "go_live"
    )
    return get_object_or_404(rows, pk=key)


def _move(request: PracticeRequest, key: int, service: Callable[..., ScopeEvent], word: str, done: str) -> HttpResponse:
    found = _found(request, key)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        moved = attempt(form, lambda: service(actor=request.person, authorization=found, **form.cleaned_data))
        if moved:
            tell(request, f"{found} is {done}.", sealed=True)
            return redirect("decisions:scope", request.practice.slug)
    return act_page(
        request, form, title=f"{word} {found}", submit=word, back=("Scope of services", address(request, "scope")),
        variant="" if service is acts.resume_service else "stop",
    )  # fmt: skip


@practice_view()
def stop(request: PracticeRequest, key: int) -> HttpResponse:
    """Stop a service line at a site at once: safety waits for no password."""
    return _move(request, key, acts.stop_service, "Stop", "stopped")


@practice_view()
@recent_sign_in_required(on_get=False)
def resume(request: PracticeRequest, key: int) -> HttpResponse:
    """Let it run again."""
    return _move(request, key, acts.resume_service, "Resume", "live again")


@practice_view()
@recent_sign_in_required(on_get=False)
def retire(request: PracticeRequest, key: int) -> HttpResponse:
    """Retire it there for good."""
    return _move(request, key, acts.retire_service, "Retire", "retired")
