"""Delegations: all of a practice, giving one, ending one early."""

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from governance.forms.delegations import DelegateForm, EndDelegationForm
from governance.models import Delegation
from governance.offices import DELEGATORS
from governance.selectors.catalogue import catalogue_at
from governance.selectors.delegations import delegable, delegations, possible_delegates
from governance.services import delegations as acts
from governance.story import events, past_page
from governance.views.acts import act_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required, rights_now

SECTION = "governance:people"
FIELD_OF = {"starts_at": "starts_on", "ends_at": "ends_on"}


@practice_view()
def delegated(request: PracticeRequest) -> HttpResponse:
    """Who acts for whom, under which right, from when to when."""
    request.section = SECTION  # type: ignore[attr-defined]
    now = timezone.now()
    context = {
        "given": delegations(request.practice, now),
        "may_delegate": holds(request, *DELEGATORS),
        "own": request.person,
    }
    return render(request, "governance/delegations.html", context)


@practice_view()
def delegation(request: PracticeRequest, key: int) -> HttpResponse:
    """One delegation: its period, its reason, and every act done through it."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice, now = request.practice, timezone.now()
    rows = Delegation.objects.filter(practice=practice).select_related("delegator", "delegate", "ended_by")
    found = get_object_or_404(rows, pk=key)
    done = list(found.acts.all()[:SHOWN])
    if past := past_page(request, found, title=str(found), rows=done):
        return past
    catalogue = catalogue_at(practice, now)
    context = {
        "found": found,
        "right": next((one for one in catalogue.rights if one.code == found.code), None) if catalogue else None,
        "state": "ended" if found.ends_at <= now else "in force" if found.starts_at <= now else "to come",
        "may_end": found.ends_at > now and request.person.pk in {found.delegator_id, found.delegate_id},
        "done": len(done),
        "events": events(request, found, rows=done),
    }
    return render(request, "governance/delegation.html", context)


SHOWN = 200
"""Acts that the page of a delegation tells at most."""


@practice_view()
@recent_sign_in_required()
def delegate(request: PracticeRequest) -> HttpResponse:
    """Let another physician exercise one's own rights for a period."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice, now = request.practice, timezone.now()
    rights = delegable(request.person, practice, now)
    form = DelegateForm(
        request.POST or None,
        practice=practice,
        people=possible_delegates(practice, now).exclude(pk=request.person.pk),
        rights=rights,
        today=practice.local(now).date(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.delegate(
                actor=request.person,
                practice=practice,
                delegate=form.cleaned_data["delegate"],
                rights=form.cleaned_data["rights"],
                starts_at=form.starts_at,
                ends_at=form.ends_at,
                reason=form.cleaned_data["reason"],
            )
        except acts.DelegationRefused as problem:
            form.add_error(FIELD_OF.get(problem.field, problem.field), _bare(problem))
        except IntegrityError:
            form.add_error("rights", "One of these rights is delegated in a part of that time; end that first.")
        else:
            codes = ", ".join(one.code for one in made)
            messages.success(request, f"{made[0].delegate} acts as your delegate under {codes}.")
            return redirect("governance:delegations", practice.slug)
    return act_page(
        request,
        form,
        title="Delegate a right",
        submit="Delegate",
        back=("Delegations", reverse("governance:delegations", args=[practice.slug])),
        effects=[
            "Nothing is delegated across the line: no lay person decides for you, whatever was agreed.",
            "It is not passed on further. It ends by itself with its last day, or when your office or either license"
            " ends; you and your delegate may each end it earlier.",
            "Directors and shareholders have no proxies, so what the board or the shareholders decide cannot be named.",
        ],
        notice="" if rights else "You hold no right here that can be delegated.",
    )


@practice_view()
@recent_sign_in_required()
def end_delegation(request: PracticeRequest, key: int) -> HttpResponse:
    """End a delegation before its time."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    found = get_object_or_404(
        Delegation.objects.filter(practice=practice, ends_at__gt=timezone.now()).select_related(
            "delegator", "delegate"
        ),
        pk=key,
    )
    form = EndDelegationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.end_delegation(actor=request.person, delegation=found, reason=form.cleaned_data["reason"])
        except acts.DelegationRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            messages.success(request, f"The delegation has ended: {found}.")
            return redirect("governance:delegations", practice.slug)
    return act_page(
        request,
        form,
        title="End a delegation",
        eyebrow=str(found),
        submit="End it now",
        variant="stop",
        back=("Delegations", reverse("governance:delegations", args=[practice.slug])),
        effects=["Either of the two physicians may end it; it is never lengthened."],
        under=[right] if (right := rights_now(request).get(found.code)) else [],
    )


def _bare(problem: acts.DelegationRefused) -> str:
    """The message without the name of the field, which the form shows."""
    head, colon, text = str(problem).partition(": ")
    text = text if colon and " " not in head.replace("First day", "").replace("Last day", "") else str(problem)
    return text[:1].upper() + text[1:]
