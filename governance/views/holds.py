"""Legal holds of the reader's own side: the list, placing, acknowledging, lifting."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from audit.services.checkpoints import recorded_sentence
from governance.choices import Side
from governance.forms.holds import HoldForm, LiftForm
from governance.models import Hold
from governance.offices import AUDIT
from governance.selectors.holds import COUNSEL_OF, holds_for, sides_of
from governance.selectors.scrubbing import row_of
from governance.services.holds import KEEPERS, HoldRefused, acknowledge_hold, lift_hold, place_hold
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required

SECTION = "governance:audit_room"


@practice_view(AUDIT)
def hold_list(request: PracticeRequest) -> HttpResponse:
    """Every hold of the reader's side, those in force first."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = holds_for(request.practice, request.offices)
    context = {
        "standing": list(found.filter(lifted_at__isnull=True)),
        "lifted": list(found.filter(lifted_at__isnull=False)[:100]),
        "may_keep": holds(request, *KEEPERS),
        "of_pc": Side.PC in sides_of(request.offices),
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
            _tell(request, f"{made.code} is in force.")
            return redirect("governance:hold", request.practice.slug, made.code)
    of_pc = Side.PC in sides_of(request.offices)
    whole = "All records of the practice" if of_pc else "All records of the management company"
    context = {
        "form": form,
        "on": getattr(row, "code", None) or row or whole,
        "may_keep": holds(request, *KEEPERS),
        "of_pc": of_pc,
    }
    return render(request, "governance/hold_place.html", context)


@practice_view(AUDIT)
@recent_sign_in_required(on_get=False)
def hold(request: PracticeRequest, code: str) -> HttpResponse:
    """One hold with its history, its acknowledgements, and its lifting."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = holds_for(request.practice, request.offices).filter(**Hold.parse(code)).first()
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
    acknowledged = list(found.acknowledgements.select_related("person").order_by("acknowledged_at"))
    context = {
        "hold": found,
        "form": form,
        "acknowledged": acknowledged,
        "may_acknowledge": found.lifted_at is None
        and not any(one.person_id == request.person.pk for one in acknowledged)
        and not holds(request, COUNSEL_OF[Side(found.side)]),
        "may_lift": found.lifted_at is None and holds(request, COUNSEL_OF[Side(found.side)]),
        "events": events(request, found, key=found.code),
    }
    return render(request, "governance/hold.html", context)


@practice_view(AUDIT)
@require_POST
def acknowledge(request: PracticeRequest, code: str) -> HttpResponse:
    """Say that one has read a hold and keeps what it asks for: one click on its page."""
    found = holds_for(request.practice, request.offices).filter(**Hold.parse(code)).first()
    if found is None:
        raise Http404("There is no such page.")
    try:
        acknowledge_hold(actor=request.person, hold=found)
    except HoldRefused as problem:
        messages.error(request, str(problem))
    else:
        _tell(request, f"You have acknowledged {found.code}.")
    return redirect("governance:hold", request.practice.slug, found.code)


def _tell(request: PracticeRequest, what: str) -> None:
    messages.success(request, f"{what} {recorded_sentence()}")
