"""The monthly rule by which the body meets: in force, coming, past; and changing it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.choices import Office
from governance.story import events
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required
from meetings.forms.series import BodyForm, ChangeForm, SeriesForm
from meetings.models import Series
from meetings.rules.cadence import parse_day
from meetings.rules.holidays import parse_days
from meetings.selectors.meetings import rules_of
from meetings.selectors.minutes import unsigned_of
from meetings.selectors.quorum import rule_of
from meetings.selectors.series import Coming, dates_from, history
from meetings.series import Terms
from meetings.services.bodies import set_body_rule
from meetings.services.series import change_series, found_series
from meetings.views.common import SECTION, show

SEATERS = (Office.MEDICAL_DIRECTOR, Office.SHAREHOLDER)
"""Who decides by which rule a body is quorate."""


@practice_view()
@recent_sign_in_required(on_get=False)
def series(request: PracticeRequest) -> HttpResponse:
    """The rules of the body; the Medical Director sets the first and changes it from a coming month on (DR-30)."""
    terms, form = _asked(request)
    if request.method == "POST" and form.is_valid():
        body = request.practice.bodies.select_related("practice").earliest("pk")
        try:
            if terms:
                change_series(actor=request.person, body=body, **form.cleaned_data)
            else:
                found_series(actor=request.person, body=body, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            messages.success(request, "The meeting day is set.")
            return redirect("meetings:series" if terms else "meetings:meetings", request.practice.slug)
    return _page(request, terms, form, [])


@require_POST
@practice_view()
def preview(request: PracticeRequest) -> HttpResponse:
    """The next six meetings by the rule in the form; nothing is recorded."""
    terms, form = _asked(request)
    dates: list[Coming] = []
    if form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "reason"}
        try:
            parse_day(values["day_rule"])
            parse_days(values.get("own_days", ""))
        except ValueError as unclear:
            form.add_error("day_rule" if "Meeting day" in str(unclear) else "own_days", str(unclear).partition(": ")[2])
        else:
            rule = Series(practice=request.practice, **values)
            dates = dates_from(Terms([rule]), rule.starts_on)
    return _page(request, terms, form, dates)


def _asked(request: PracticeRequest) -> tuple[Terms, SeriesForm]:
    request.section = SECTION  # type: ignore[attr-defined]
    terms, today = rules_of(request.practice), request.practice.local(timezone.now()).date()
    if terms:
        return terms, ChangeForm(request.POST or None, rule=terms.rules[-1], today=today)
    return terms, SeriesForm(request.POST or None)


def _page(request: PracticeRequest, terms: Terms, form: SeriesForm, dates: list[Coming]) -> HttpResponse:
    today = request.practice.local(timezone.now()).date()
    decided = history(terms, today) if terms else []
    context: dict[str, Any] = {
        "form": form,
        "dates": dates,
        "terms": decided,
        "now": next((term for term in decided if term.standing == "in force"), None),
        "coming": [term for term in reversed(decided) if term.standing == "coming"],
        "next": dates_from(terms, today) if terms else [],
        "may_decide": holds(request, Office.MEDICAL_DIRECTOR),
        "may_seat": holds(request, *SEATERS),
    }
    if terms:
        context |= {"body": terms.body, "quorum": rule_of(terms.body).quorum}
    return render(request, "meetings/series.html", context)


@practice_view()
@recent_sign_in_required(on_get=False)
def body_rule(request: PracticeRequest) -> HttpResponse:
    """By which rule the body is quorate, its past, and the form that changes it."""
    request.section = SECTION  # type: ignore[attr-defined]
    body = request.practice.bodies.select_related("practice").earliest("pk")
    values = {name: getattr(body, name) for name in BodyForm.base_fields if name != "reason"}
    form = BodyForm(request.POST or None, initial=values)
    if request.method == "POST" and form.is_valid():
        try:
            set_body_rule(actor=request.person, body=body, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            messages.success(request, "The rule is changed from now on.")
            return redirect("meetings:body_rule", request.practice.slug)
    context = {
        "body": body,
        "quorum": rule_of(body).quorum,
        "form": form,
        "may_seat": holds(request, *SEATERS),
        "unsigned": unsigned_of(body),
        "events": events(request, body),
    }
    return render(request, "meetings/body.html", context)
