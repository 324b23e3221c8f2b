"""Items proposed for an agenda: proposing, the chair's answer, and what became of each."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.offices import CHAIRS
from governance.selectors.catalogue import catalogue_at
from governance.web import PracticeRequest, holds, paginate, practice_view
from meetings.forms.agenda import AnswerForm, ProposeForm
from meetings.models import Meeting, ProposedItem
from meetings.rules.workflow import BEFORE_SESSION, ProposedState
from meetings.services.proposed_items import (
    MAY_PROPOSE,
    accept_item,
    decline_item,
    propose_item,
    withdraw_proposed,
)
from meetings.views.common import SECTION, show

KIND = {ProposedState.ACCEPTED: "ok", ProposedState.DECLINED: "late", ProposedState.PROPOSED: "due"}


@practice_view()
def proposed(request: PracticeRequest) -> HttpResponse:
    """What is proposed, the newest first, with the form to propose."""
    request.section = SECTION  # type: ignore[attr-defined]
    catalogue = catalogue_at(request.practice, timezone.now())
    form = ProposeForm(request.POST or None, rights=catalogue.rights if catalogue else [])
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_item(actor=request.person, practice=request.practice, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            messages.success(request, f"“{made.title}” is proposed; the chair answers it.")
            return redirect("meetings:proposed", request.practice.slug)
    wanted = request.GET.get("state", "")
    rows = ProposedItem.objects.filter(practice=request.practice).select_related(
        "person", "appointment", "answered_by", "right", "item__meeting"
    )
    if wanted in ProposedState:
        rows = rows.filter(state=wanted)
    page = paginate(request, rows)
    for row in page:
        row.kind = KIND.get(ProposedState(row.state), "neutral")
    context = {
        "page": page,
        "form": form,
        "states": ProposedState.choices(),
        "state": wanted,
        "may_propose": holds(request, *MAY_PROPOSE),
        "may_answer": holds(request, *CHAIRS),
    }
    return render(request, "meetings/proposed.html", context)


@practice_view()
def answer(request: PracticeRequest, number: int) -> HttpResponse:
    """A proposed item with the chair's forms: onto the agenda of a meeting, or declined with the reason."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = get_object_or_404(
        ProposedItem.objects.select_related("person", "appointment", "answered_by", "right", "item__meeting"),
        practice=request.practice,
        pk=number,
    )
    meetings = (
        Meeting.objects.visible_to(request.person)
        .filter(practice=request.practice, state__in=BEFORE_SESSION)
        .select_related("practice", "body")
        .order_by("starts_at")
    )
    form = AnswerForm(request.POST or None, meetings=meetings)
    if request.method == "POST" and form.is_valid():
        text, meeting = form.cleaned_data["answer"], form.cleaned_data["meeting"]
        try:
            if request.POST.get("act") == "decline":
                decline_item(actor=request.person, proposed=found, answer=text)
            elif meeting is None:
                form.add_error("meeting", "Name the meeting on whose agenda it comes; plan one where there is none.")
            else:
                accept_item(actor=request.person, proposed=found, meeting=meeting, answer=text)
        except ValueError as broken:
            show(form, broken)
        if not form.errors:
            messages.success(request, f"“{found.title}” is answered.")
            return redirect("meetings:proposed", request.practice.slug)
    context = {
        "proposed": found,
        "form": form,
        "kind": KIND.get(ProposedState(found.state), "neutral"),
        "may_answer": holds(request, *CHAIRS) and found.state == ProposedState.PROPOSED,
        "may_withdraw": found.person_id == request.person.pk and found.state == ProposedState.PROPOSED,
    }
    return render(request, "meetings/proposed_item.html", context)


@require_POST
@practice_view()
def withdraw(request: PracticeRequest, number: int) -> HttpResponse:
    """Take back what one proposed."""
    found = get_object_or_404(ProposedItem, practice=request.practice, pk=number)
    try:
        withdraw_proposed(actor=request.person, proposed=found)
    except ValueError as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, f"“{found.title}” is taken back.")
    return redirect("meetings:proposed", request.practice.slug)
