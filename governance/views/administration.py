"""The administration of a practice: its rules of access and its invitations. It carries no authority."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.choices import Office
from governance.factors import rules_of
from governance.filling import AppointmentRefused
from governance.forms.access import InvitationFilter, LimitForm, RevokeForm, RulesForm
from governance.lists import Column, Listing
from governance.models import Invitation, Mail
from governance.offices import ADMINISTER, ADMINISTRATORS, INVITERS, SEE
from governance.selectors.invitations import in_state, invitations, without_factor
from governance.services import access as acts
from governance.services.appointments import set_license_limit
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required

SECTION = "governance:settings"


@practice_view(SEE, ADMINISTER)
def practice_settings(request: PracticeRequest) -> HttpResponse:
    """What the practice asks of who signs in, and what else is set for it, each change an act."""
    practice = request.practice
    rules = rules_of(practice)
    if past := past_page(request, rules, title="Settings", rows=[practice]):
        return past
    administers = holds(request, *ADMINISTRATORS)
    context = {
        "rules": rules,
        "administers": administers,
        "sees": any(one.office not in ADMINISTRATORS for one in request.offices),
        "decides_limit": any(one.exercises & {"committee", "medical_director"} for one in request.offices),
        "states_investor": holds(request, Office.MEDICAL_DIRECTOR, Office.PC_COUNSEL),
        "lacking": list(without_factor(practice, timezone.now())) if administers else [],
        "undelivered": Mail.objects.filter(practice=practice, state=Mail.State.FAILED).count() if administers else 0,
        "events": events(request, rules, rows=[practice]),
    }
    return render(request, "governance/settings.html", context)


@practice_view(SEE, ADMINISTER)
@recent_sign_in_required()
def change_settings(request: PracticeRequest) -> HttpResponse:
    """Change the rules of access; who is no administrator is refused."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    form = RulesForm(request.POST or None, instance=rules_of(practice))
    if request.method == "POST" and form.is_valid():
        try:
            acts.change_access_rules(actor=request.person, practice=practice, **form.cleaned_data)
        except acts.AccessRefused as problem:
            form.add_error(problem.field or None, str(problem).partition(": ")[2] or str(problem))
        else:
            messages.success(request, "The rules of access are changed; they hold from now on.")
            return redirect("governance:settings", practice.slug)
    return render(request, "governance/change_settings.html", {"form": form})


@practice_view()
@recent_sign_in_required()
def change_limit(request: PracticeRequest) -> HttpResponse:
    """Decide how old a license's verification may be; the physicians' decision, for it gives and takes authority."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    form = LimitForm(request.POST or None, initial={"license_limit_days": practice.license_limit_days})
    if request.method == "POST" and form.is_valid():
        try:
            set_license_limit(
                actor=request.person,
                practice=practice,
                days=form.cleaned_data["license_limit_days"],
                reason=form.cleaned_data["reason"],
            )
        except AppointmentRefused as problem:
            form.add_error(problem.field, str(problem).partition(": ")[2])
        else:
            messages.success(request, "The limit is set.")
            return redirect("governance:settings", practice.slug)
    return render(request, "governance/change_limit.html", {"form": form})


STATES = {"open": "due", "accepted": "ok", "expired": "late", "revoked": "neutral"}


@practice_view(SEE, ADMINISTER)
def invited(request: PracticeRequest) -> HttpResponse:
    """Who was asked in, and whether they came."""
    request.section = SECTION if not holds_seeing(request) else "governance:people"  # type: ignore[attr-defined]
    practice = request.practice
    form = InvitationFilter(request.GET, practice=practice)
    rows = invitations(practice, timezone.now())
    if words := form.chosen("q"):
        rows = rows.filter(Q(person__name__icontains=words) | Q(person__account__email__icontains=words))
    if state := form.chosen("state"):
        rows = in_state(rows, state)
    columns = [
        Column(
            label="Person",
            key="person",
            order=("person__name", "-sent_at"),
            cell=lambda one: {
                "text": str(one.person),
                "url": reverse("governance:invitation", args=[practice.slug, one.pk]),
            },
        ),
        Column(label="E-mail", cell=lambda one: {"text": one.person.account.email}),
        Column(
            label="Sent",
            key="sent",
            order=("sent_at", "pk"),
            cell=lambda one: {"text": f"{practice.local(one.sent_at):%-d %b %Y}"},
        ),
        Column(
            label="Holds until",
            key="until",
            order=("expires_at", "pk"),
            cell=lambda one: {"text": practice.moment(one.expires_at)},
        ),
        Column(
            label="State",
            key="state",
            order=("state", "-sent_at"),
            cell=lambda one: {"tag": one.state.capitalize(), "tag_kind": STATES[one.state]},
        ),
    ]
    listing = Listing(
        title="Invitations",
        lead="Who was asked in. The link sets a first password, once; nobody sets it for somebody else.",
        noun="invitation",
        nouns="invitations",
        columns=columns,
        default="-sent",
        empty_title="Nobody was invited yet",
        empty_text="An invitation enters a person and mails the link that sets a password. It gives no office.",
    )
    here = [("Invite a person", reverse("governance:invite", args=[practice.slug]), "primary")]
    return listing.respond(request, rows, form, here if holds(request, *INVITERS) else [])


def holds_seeing(request: PracticeRequest) -> bool:
    """Whether one of the person's offices opens the record itself."""
    return any(one.office not in ADMINISTRATORS for one in request.offices)


def _found(request: PracticeRequest, key: UUID) -> Invitation:
    request.section = SECTION if not holds_seeing(request) else "governance:people"  # type: ignore[attr-defined]
    return get_object_or_404(invitations(request.practice, timezone.now()), pk=key)


@practice_view(SEE, ADMINISTER)
def invitation(request: PracticeRequest, key: UUID) -> HttpResponse:
    """One invitation, with the ways to send it again or to take it back."""
    found = _found(request, key)
    may = holds(request, *INVITERS)
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.revoke_invitation(actor=request.person, invitation=found, reason=form.cleaned_data["reason"])
        except acts.AccessRefused as problem:
            form.add_error(problem.field or None, str(problem))
        else:
            messages.success(request, f"The invitation of {found.person} is revoked; its link works no longer.")
            return redirect("governance:invitations", request.practice.slug)
    context = {
        "found": found,
        "state_kind": STATES[found.state],  # type: ignore[attr-defined]
        "form": form if may and found.state in {"open", "expired"} else None,  # type: ignore[attr-defined]
        "may_send": may and found.state != "accepted",  # type: ignore[attr-defined]
        "sees": holds_seeing(request),
        "events": events(request, found.person, rows=[found]),
    }
    return render(request, "governance/invitation.html", context)


@require_POST
@practice_view(SEE, ADMINISTER)
def invite_again(request: PracticeRequest, key: UUID) -> HttpResponse:
    """Send a new link; the earlier one works no longer."""
    found = _found(request, key)
    try:
        made = acts.send_again(actor=request.person, invitation=found)
    except acts.AccessRefused as problem:
        messages.error(request, str(problem))
        return redirect("governance:invitation", request.practice.slug, found.pk)
    messages.success(request, f"A new link is on its way to {found.person}; the earlier one works no longer.")
    return redirect("governance:invitation", request.practice.slug, made.pk)
