"""People and offices: who holds what, and the acts that change it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from audit.models import Act
from governance.choices import Office
from governance.filling import AppointmentRefused
from governance.forms.people import ActAsForm, AppointForm, EndForm, InviteForm, LicenseForm
from governance.meanings import MEANING
from governance.models import Appointment
from governance.offices import ADMINISTER, ADMINISTRATORS, APPOINTED_UNDER, INVITERS, SEE, SIDE, exercised_through
from governance.selectors.delegations import delegations, with_capacity
from governance.selectors.licenses import license_state
from governance.selectors.people import ended_appointments, known_people, roster, verifications
from governance.services import appointments as acts
from governance.services.founding import NameOfAnother
from governance.story import events, past_page
from governance.views.acts import decides
from governance.web import STATED, PracticeRequest, holds, paginate, practice_view, recent_sign_in_required, rights_now

SECTION = "governance:people"
FIELD_OF = {"starts_at": "starts_on", "ends_at": "ends_on"}
"""A service speaks of moments, a form of days."""


def _enters(request: PracticeRequest) -> bool:
    """Whether the page offers invitations and licenses: to who works here, not to who only reads."""
    return holds(request, *INVITERS)


@practice_view()
def people(request: PracticeRequest) -> HttpResponse:
    """Who holds which office, from when to when, and with which license."""
    now, rights = timezone.now(), rights_now(request)
    held = roster(request.practice, now)
    endable = {code for code, right in rights.items() if decides(request, right)}
    in_office = {one.appointment.person_id for one in [*held.pc, *held.mso]}
    context = {
        "roster": held,
        "divided": held.divided,
        "sides": [
            ("pc", request.practice.name, held.pc),
            ("mso", request.practice.mso_name, held.mso),
        ],
        "endable": {str(office) for office, code in APPOINTED_UNDER.items() if code in endable},
        "waiting": [one for one in known_people(request.practice) if one.pk not in in_office],
        "page": paginate(request, ended_appointments(request.practice, now), size=20),
        "may_appoint": bool(endable & set(APPOINTED_UNDER.values())),
        "may_invite": _enters(request),
    }
    return render(request, "governance/people.html", context)


@practice_view()
def person(request: PracticeRequest, key: UUID) -> HttpResponse:
    """One person: offices, licenses with their verifications, and what the person did here."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = get_object_or_404(known_people(request.practice), pk=key)
    now = timezone.now()
    offices = list(Appointment.objects.filter(practice=request.practice, person=found).order_by("-starts_at", "-pk"))
    verified = list(verifications(found, request.practice))
    rows = [*offices, *{one.license_id: one.license for one in verified}.values(), *verified]
    if past := past_page(request, found, title=str(found), rows=rows):
        return past
    done = with_capacity(Act.objects.filter(practice=request.practice.pk, actor=found.pk).select_related("entry"))
    context = {
        "found": found,
        "now": now,
        "offices": offices,
        "license": license_state(found, request.practice, now),
        "verifications": verified,
        "delegations": delegations(request.practice, now, person=found),
        "events": events(request, found, rows=rows),
        "page": paginate(request, done.order_by("-occurred_at", "-entry__index"), size=20),
        "may_invite": _enters(request),
    }
    return render(request, "governance/person.html", context)


@practice_view()
@recent_sign_in_required()
def appoint(request: PracticeRequest) -> HttpResponse:
    """Appoint somebody to an office; who may not is refused, with the right and its holder."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    form = AppointForm(
        request.POST or None,
        initial={name: request.GET[name] for name in ("person", "office") if name in request.GET},
        practice=practice,
        people=known_people(practice),
        today=practice.local(timezone.now()).date(),
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.appoint(
                actor=request.person,
                practice=practice,
                person=form.cleaned_data["person"],
                office=form.cleaned_data["office"],
                starts_at=form.starts_at,
                ends_at=form.ends_at,
                reason=form.cleaned_data["reason"],
            )
        except AppointmentRefused as problem:
            form.add_error(FIELD_OF.get(problem.field, problem.field), str(problem))
        except IntegrityError:
            # The database's exclusion constraints: two at once, or an appointment that begins later.
            form.add_error("office", "This office is held in a part of that time; end the other appointment first.")
        else:
            messages.success(request, f"{made.person} holds the office of {made.get_office_display()}.")
            return redirect("governance:people", practice.slug)
    return render(request, "governance/appoint.html", {"form": form, "offices": _offices_explained(request)})


def _offices_explained(request: PracticeRequest) -> list[dict[str, Any]]:
    rights = rights_now(request)
    return [
        {
            "office": office.label,
            "side": SIDE[office].lower(),
            "meaning": MEANING[office],
            "right": rights.get(APPOINTED_UNDER[office]),
            "exercises": bool(exercised_through(office)),
        }
        for office in Office
    ]


@practice_view()
@recent_sign_in_required()
def end_appointment(request: PracticeRequest, key: int) -> HttpResponse:
    """End an appointment; its permissions go with it."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    appointment = get_object_or_404(
        Appointment.objects.in_force().filter(practice=practice).select_related("person"), pk=key
    )
    form = EndForm(request.POST or None, practice=practice, today=practice.local(timezone.now()).date())
    if request.method == "POST" and form.is_valid():
        try:
            ended = acts.end_appointment(
                actor=request.person,
                appointment=appointment,
                reason=form.cleaned_data["reason"],
                ends_at=form.ends_at,
            )
        except AppointmentRefused as problem:
            form.add_error(FIELD_OF.get(problem.field, problem.field), str(problem))
        else:
            messages.success(request, f"The end of this office is recorded: {ended}.")
            return redirect("governance:people", practice.slug)
    right = rights_now(request).get(APPOINTED_UNDER[Office(appointment.office)])
    context = {"form": form, "appointment": appointment, "under": [right] if right else []}
    return render(request, "governance/end_appointment.html", context)


@practice_view(SEE, ADMINISTER)
def invite(request: PracticeRequest) -> HttpResponse:
    """Enter a person and send the invitation that lets them set a password."""
    request.section = SECTION  # type: ignore[attr-defined]
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invited = acts.invite(actor=request.person, practice=request.practice, **form.cleaned_data)
        except NameOfAnother as problem:
            form.add_error(problem.field, str(problem).partition(": ")[2])
        else:
            messages.success(request, f"{invited} is entered, and the invitation is on its way.")
            if all(one.office in ADMINISTRATORS for one in request.offices):
                return redirect("governance:invitations", request.practice.slug)
            return redirect("governance:person", request.practice.slug, invited.pk)
    return render(request, "governance/invite.html", {"form": form})


@practice_view()
@recent_sign_in_required(on_get=False)
def enter_license(request: PracticeRequest, key: UUID) -> HttpResponse:
    """Enter what a board's register says about a person's license."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = get_object_or_404(known_people(request.practice), pk=key)
    today = request.practice.local(timezone.now()).date()
    last = verifications(found, request.practice).first()
    known = {"number": last.license.number, "board": last.license.board} if last else {}
    form = LicenseForm(request.POST or None, initial={**known, "verified_on": today}, person=found, today=today)
    if request.method == "POST" and form.is_valid():
        try:
            acts.enter_license(
                actor=request.person,
                practice=request.practice,
                person=found,
                verified_by=str(request.person),
                **form.cleaned_data,
            )
        except AppointmentRefused as problem:
            form.add_error(problem.field, str(problem).partition(": ")[2])
        else:
            messages.success(request, f"The verification of {found}'s license is recorded.")
            return redirect("governance:person", request.practice.slug, found.pk)
    return render(request, "governance/enter_license.html", {"form": form, "found": found})


@practice_view()
def act_as(request: PracticeRequest) -> HttpResponse:
    """In which office a person with offices on both sides acts; for all others there is nothing to choose."""
    if not request.divided:
        raise Http404("There is no such page.")
    stated = request.session.get(STATED, {})
    form = ActAsForm(
        request.POST if request.method == "POST" else None,
        offices=request.offices,
        practice=request.practice,
        initial={"office": stated.get(request.practice.slug)},
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["office"]
        request.session[STATED] = {**stated, request.practice.slug: chosen}
        messages.success(request, f"You act as {dict(form.fields['office'].choices)[chosen]}.")  # type: ignore[attr-defined]
        return redirect("meetings:desk", request.practice.slug)
    return render(request, "governance/act_as.html", {"form": form})
