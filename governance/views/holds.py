"""Legal holds: the list, placing, lifting, and opening what a hold keeps."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from audit import custody
from audit.models import Sequestered
from audit.services.checkpoints import recorded_sentence
from governance.forms.holds import HoldForm, LiftForm, OpenForm
from governance.models import Hold
from governance.offices import AUDIT
from governance.selectors.holds import kept, sequestered_for, sequestered_of
from governance.selectors.scrubbing import row_of
from governance.services.holds import KEEPERS, HoldRefused, lift_hold, open_sequestered, place_hold
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, paginate, practice_view, recent_sign_in_required

SECTION = "governance:audit_room"


@practice_view(AUDIT)
def hold_list(request: PracticeRequest) -> HttpResponse:
    """Every hold, those that stand first; and what they keep, with who opened what and when."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = Hold.objects.filter(practice=request.practice).select_related("placed_by")
    page = paginate(request, sequestered_for(request.person, request.practice), size=20)
    context = {
        "standing": list(found.filter(lifted_at__isnull=True)),
        "lifted": list(found.filter(lifted_at__isnull=False)[:100]),
        "page": page,
        "kept": kept(page.object_list),
        "may_keep": holds(request, *KEEPERS),
    }
    return render(request, "governance/holds.html", context)


@practice_view(AUDIT)
@recent_sign_in_required()
def place(request: PracticeRequest, kind: str = "", key: int = 0) -> HttpResponse:
    """Place a hold on the practice, or on one object."""
    request.section = SECTION  # type: ignore[attr-defined]
    row = row_of(request.practice, kind, key) if kind else None
    if kind and row is None:
        raise Http404("There is no such page.")
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = place_hold(actor=request.person, practice=request.practice, held=row, **form.cleaned_data)
        except HoldRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            _tell(request, f"{made.code} stands.")
            return redirect("governance:hold", request.practice.slug, made.code)
    on = getattr(row, "code", None) or row or "The whole practice"
    context = {"form": form, "on": on, "may_keep": holds(request, *KEEPERS)}
    return render(request, "governance/hold_place.html", context)


@practice_view(AUDIT)
@recent_sign_in_required(on_get=False)
def hold(request: PracticeRequest, code: str) -> HttpResponse:
    """One hold with its past, and its lifting."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = Hold.objects.filter(practice=request.practice, **Hold.parse(code)).select_related("placed_by").first()
    if found is None:
        raise Http404("There is no such page.")
    if past := past_page(request, found, key=found.code, title=str(found)):
        return past
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            lift_hold(actor=request.person, hold=found, reason=form.cleaned_data["reason"])
        except HoldRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            _tell(request, f"{found.code} is lifted.")
            return redirect("governance:holds", request.practice.slug)
    last = not Hold.objects.standing(request.practice).exclude(pk=found.pk).exists()
    context = {
        "hold": found,
        "form": form,
        "destroys": sequestered_of(request.practice).filter(destruction__isnull=True).count() if last else 0,
        "may_lift": found.lifted_at is None and holds(request, *KEEPERS),
        "events": events(request, found, key=found.code),
    }
    return render(request, "governance/hold.html", context)


@practice_view(AUDIT)
@recent_sign_in_required()
def sequestered(request: PracticeRequest, key: int) -> HttpResponse:
    """Open one sequestered value: an act with its reason, and what it shows stands on that one page alone."""
    request.section = SECTION  # type: ignore[attr-defined]
    row = sequestered_for(request.person, request.practice).filter(pk=key).first()
    if row is None:
        raise Http404("There is no such page.")
    form = OpenForm(request.POST or None, protected=_protected(row))
    opened = None
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_sequestered(actor=request.person, sequestered=row, **form.cleaned_data)
        except HoldRefused as problem:
            form.add_error(problem.field if problem.field in form.fields else None, str(problem))
    if opened and opened.file:
        response = HttpResponse(opened.file, content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="sequestered-{row.pk}.bin"'
        if opened.file.startswith(b"%PDF-"):
            response["Content-Type"] = "application/pdf"
            response["Content-Disposition"] = f'attachment; filename="sequestered-{row.pk}.pdf"'
        return response
    context = {
        "kept": kept([row])[0],
        "form": form,
        "opened": opened,
        "may_open": holds(request, *KEEPERS) and not hasattr(row, "destruction"),
    }
    return render(request, "governance/sequestered.html", context)


def _protected(row: Sequestered) -> bool:
    try:
        return custody.wants_passphrase(row.key)
    except custody.CustodyError:
        return False


def _tell(request: PracticeRequest, what: str) -> None:
    messages.success(request, f"{what} {recorded_sentence()}")
