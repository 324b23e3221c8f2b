"""Meetings held before the practice began here: entering one, its page, its confirmation and withdrawal."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from decisions.services.rules import RuleBroken
from governance.choices import Office
from governance.selectors.documents import may_open
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required
from meetings.choices import PastState
from meetings.forms.past import PastMeetingForm, WithdrawPastForm
from meetings.models import PastMeeting
from meetings.rules.past import attendees, results
from meetings.selectors.past import entered_by
from meetings.services import past as acts
from meetings.views.common import SECTION, records

KIND = {PastState.ENTERED: "due", PastState.CONFIRMED: "ok"}


@practice_view()
def new(request: PracticeRequest) -> HttpResponse:
    """Enter a meeting from its signed minutes."""
    request.section = SECTION  # type: ignore[attr-defined]
    form = PastMeetingForm(request.POST or None, request.FILES or None, practice=request.practice)
    if request.method == "POST" and form.is_valid() and (made := _enter(request, form)):
        messages.success(request, "The meeting is entered. The Medical Director confirms it.")
        return redirect("meetings:past", request.practice.slug, made.pk)
    return render(request, "meetings/past_new.html", {"form": form})


def _enter(request: PracticeRequest, form: PastMeetingForm) -> PastMeeting | None:
    typed, held_at = form.cleaned_data, form.moment("began")
    assert held_at
    facts = acts.PastFacts(
        held_at=held_at, ended_at=form.moment("ended"), place=typed["place"], mode=typed["mode"],
        chair=typed["chair"], chair_office=typed["chair_office"], secretary=typed["secretary"],
        quorate=typed["quorate"], remark=typed["remark"],
        attendees=attendees(typed["attendees"]), results=results(typed["results"]),
        as_stated=typed.get("as_stated", False),
    )  # fmt: skip
    try:
        return acts.enter_past_meeting(
            actor=request.person,
            body=typed["body"],
            facts=facts,
            scan=typed["scan"].read(),
            compartment=typed["compartment"],
        )
    except RuleBroken as broken:
        field = broken.field if broken.field in form.fields else None
        if isinstance(broken, acts.Contradictory):
            form.ask_whether_so_stated()
        form.add_error(field, str(broken).partition(": ")[2] if field else str(broken))
        return None


def _found(request: PracticeRequest, key: int) -> PastMeeting:
    request.section = SECTION  # type: ignore[attr-defined]
    seen = PastMeeting.objects.visible_to(request.person).filter(practice=request.practice)
    return get_object_or_404(seen.select_related("practice", "body", "scan"), pk=key)


@practice_view()
def past(request: PracticeRequest, key: int) -> HttpResponse:
    """A meeting entered afterwards: what its minutes say, who entered it and when, and the scan."""
    return _page(request, _found(request, key), WithdrawPastForm())


def _page(request: PracticeRequest, found: PastMeeting, form: WithdrawPastForm) -> HttpResponse:
    there, told = list(found.attendances.all()), list(found.results.all())
    if earlier := past_page(request, found, title=str(found), rows=[*there, *told]):
        return earlier
    context = {
        "found": found,
        "kind": KIND.get(PastState(found.state), ""),
        "there": there,
        "results": told,
        "entered": entered_by(found),
        "opens": may_open(request.person, request.practice, found.scan),
        "events": events(request, found, rows=[*there, *told]),
        "form": form,
        "may_confirm": found.state == PastState.ENTERED and holds(request, Office.MEDICAL_DIRECTOR),
        "may_withdraw": found.state == PastState.ENTERED and records(request),
    }
    return render(request, "meetings/past.html", context)


@require_POST
@practice_view()
@recent_sign_in_required()
def confirm(request: PracticeRequest, key: int) -> HttpResponse:
    """The Medical Director confirms the entry."""
    found = _found(request, key)
    try:
        acts.confirm_past_meeting(actor=request.person, past=found)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "The entry is confirmed.")
    return redirect("meetings:past", request.practice.slug, found.pk)


@require_POST
@practice_view()
def withdraw(request: PracticeRequest, key: int) -> HttpResponse:
    """An entry that is not confirmed yet is taken back."""
    found, form = _found(request, key), WithdrawPastForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        acts.withdraw_past_meeting(actor=request.person, past=found, reason=form.cleaned_data["reason"])
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "The entry is withdrawn; it stays in the record.")
    return redirect("meetings:past", request.practice.slug, found.pk)
