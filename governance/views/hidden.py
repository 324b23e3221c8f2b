"""Hidden text: what scrubs took out, a second person's decision on each, opening it, and its disposal.

These pages are the PC's. For the other side they do not exist.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from audit import custody
from audit.models import Act, Sequestered
from audit.services.checkpoints import recorded_sentence
from governance.authority import moment
from governance.choices import Side
from governance.forms.hidden import ConfirmForm, DisposeForm, OpenForm, RestoreForm
from governance.offices import AUDIT
from governance.selectors.holds import sides_of
from governance.selectors.scrubbing import parts_open_to
from governance.selectors.scrubs import Scrub, disposable, scrub_acts, scrubs, second_persons, undecided_of
from governance.services.scrub_decisions import ALONE, confirm_scrub, restore_scrub
from governance.services.sequestered import (
    COUNSEL,
    SECONDS,
    Opened,
    SequesterRefused,
    disposal_waits,
    dispose_sequestered,
    open_sequestered,
)
from governance.web import PracticeRequest, holds, paginate, practice_view, recent_sign_in_required

SECTION = "governance:audit_room"


def pc_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A page of the audit room that exists for the PC's side alone."""

    @wraps(view)
    def page(request: PracticeRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if Side.PC not in sides_of(request.offices):
            raise Http404("There is no such page.")
        request.section = SECTION  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return page


@practice_view(AUDIT)
@pc_page
def hidden(request: PracticeRequest) -> HttpResponse:
    """Every scrub that is open to the reader; those that wait for a second person first."""
    parts = parts_open_to(request.person, request.practice)
    waiting = Act.objects.filter(pk__in=undecided_of(request.practice).values("act")).select_related("entry")
    page = paginate(request, scrub_acts(request.practice).exclude(pk__in=waiting.values("pk")), size=20)
    found = scrubs([*waiting, *page.object_list], parts)
    context = {
        "waiting": [one for one in found if one.state == "waiting"],
        "settled": [one for one in found if one.state != "waiting"],
        "page": page,
        "due": len(disposable(request.practice, moment()).values) if holds(request, *COUNSEL) else 0,
    }
    return render(request, "governance/hidden.html", context)


@practice_view(AUDIT)
@pc_page
def hidden_text(request: PracticeRequest, key: UUID) -> HttpResponse:
    """One scrub: its places, who hid it and why, and what may be done about it."""
    found = _scrub_of(request, key)
    own = found.act.actor == request.person.pk
    others = second_persons(request.practice, request.person, moment()) if own else []
    context = {
        "scrub": found,
        "others": others,
        "from_day": request.practice.local(found.act.occurred_at + ALONE) if own and not others else None,
        "may_decide": found.state == "waiting" and holds(request, *SECONDS),
        "may_confirm": not own or (not others and moment() >= found.act.occurred_at + ALONE),
        "may_open": _may_open(request, found),
    }
    return render(request, "governance/hidden_text.html", context)


@practice_view(AUDIT)
@pc_page
@recent_sign_in_required()
def hidden_open(request: PracticeRequest, key: UUID) -> HttpResponse:
    """Open what one scrub hid: an act with its reason. What it shows stands on that one page alone."""
    found = _scrub_of(request, key)
    form = OpenForm(request.POST or None, protected=_protected(found))
    opened: list[Opened] = []
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_sequestered(
                actor=request.person, practice=request.practice, values=_asked(request, found), **form.cleaned_data
            )
        except SequesterRefused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    if len(opened) == 1 and opened[0].file:
        return _file(opened[0])
    context = {"scrub": found, "form": form, "opened": opened, "may_open": _may_open(request, found)}
    return render(request, "governance/hidden_open.html", context)


@practice_view(AUDIT)
@pc_page
@recent_sign_in_required()
def hidden_confirm(request: PracticeRequest, key: UUID) -> HttpResponse:
    """Agree that what was hidden is patient data."""
    form = ConfirmForm(request.POST or None)
    return _decision(request, key, form, confirm_scrub, "The scrub is confirmed.", "hidden_confirm")


@practice_view(AUDIT)
@pc_page
@recent_sign_in_required()
def hidden_restore(request: PracticeRequest, key: UUID) -> HttpResponse:
    """Take a scrub back: the text stands again."""
    form = RestoreForm(request.POST or None, protected=_protected(_scrub_of(request, key)))
    return _decision(request, key, form, restore_scrub, "The text stands again.", "hidden_restore")


@practice_view(AUDIT)
@pc_page
@recent_sign_in_required()
def disposal(request: PracticeRequest) -> HttpResponse:
    """What is due for disposal, as a list that counsel confirms whole."""
    due = disposable(request.practice, moment())
    form = DisposeForm(request.POST or None, initial={"inventory": due.sha256})
    if request.method == "POST" and form.is_valid():
        try:
            done = dispose_sequestered(actor=request.person, practice=request.practice, **form.cleaned_data)
        except SequesterRefused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            number = f"{len(done)} hidden text{'s' if len(done) != 1 else ''}"
            messages.success(request, f"{number} destroyed. {recorded_sentence()}")
            return redirect("governance:hidden", request.practice.slug)
    context = {
        "due": due,
        "form": form,
        "waits": disposal_waits(request.practice),
        "may_dispose": holds(request, *COUNSEL),
    }
    return render(request, "governance/disposal.html", context)


def _decision(
    request: PracticeRequest, key: UUID, form: forms.Form, decide: Callable[..., object], done: str, name: str
) -> HttpResponse:
    found = _scrub_of(request, key)
    if request.method == "POST" and form.is_valid():
        try:
            decide(actor=request.person, practice=request.practice, scrub=found.act, **form.cleaned_data)
        except SequesterRefused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
        else:
            messages.success(request, f"{done} {recorded_sentence()}")
            return redirect("governance:hidden_text", request.practice.slug, found.act.pk)
    context = {"scrub": found, "form": form, "may_decide": found.state == "waiting" and holds(request, *SECONDS)}
    return render(request, f"governance/{name}.html", context)


def _scrub_of(request: PracticeRequest, key: UUID) -> Scrub:
    acts = list(scrub_acts(request.practice).filter(pk=key))
    found = scrubs(acts, parts_open_to(request.person, request.practice))
    if not found:
        raise Http404("There is no such page.")
    return found[0]


def _may_open(request: PracticeRequest, found: Scrub) -> bool:
    if not found.kept or found.destroyed:
        return False
    return holds(request, *COUNSEL) or (found.state == "waiting" and holds(request, *SECONDS))


def _asked(request: PracticeRequest, found: Scrub) -> list[Sequestered]:
    """The texts of the scrub, or the one value that was asked for by its key: a file is opened alone."""
    key = request.POST.get("value", "")
    if key:
        return [one for one in found.kept if str(one.pk) == key]
    return [one for one in found.kept if one.scrubbing.column_name != "bytes"] or found.kept[:1]


def _protected(found: Scrub) -> bool:
    try:
        return any(custody.wants_passphrase(one.key) for one in found.kept)
    except custody.CustodyError:
        return False


def _file(opened: Opened) -> HttpResponse:
    pdf = opened.file.startswith(b"%PDF-")
    response = HttpResponse(opened.file, content_type="application/pdf" if pdf else "application/octet-stream")
    name = f"hidden-{opened.sequestered.pk}.{'pdf' if pdf else 'bin'}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
