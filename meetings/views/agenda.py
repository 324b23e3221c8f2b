"""The agenda before the meeting: adding, ordering, taking up what has come due, releasing."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from governance.models import DecisionRight
from governance.offices import CHAIRS
from governance.selectors.catalogue import catalogue_at
from governance.web import PracticeRequest, holds, practice_view
from meetings.forms.agenda import EditForm, ItemForm, WithdrawForm
from meetings.models import AgendaItem, Meeting
from meetings.rules.notice import asked_words
from meetings.rules.workflow import BEFORE_SESSION, ItemState
from meetings.selectors.agenda import time_of
from meetings.selectors.notice import shortness
from meetings.selectors.papers import lay_out
from meetings.services import agenda as acts
from meetings.services.agenda_edits import edit_item, move_item, place_item, withdraw_item
from meetings.services.item_values import is_standing
from meetings.views.common import find_meeting, records, show


@practice_view()
def agenda(request: PracticeRequest, code: str) -> HttpResponse:
    """The agenda with the form that adds an item; the order is changed by a button for each step."""
    meeting = find_meeting(request, code)
    if not _editable(request, meeting):
        return redirect("meetings:meeting", request.practice.slug, code)
    form = ItemForm(request.POST or None, practice=request.practice, rights=_rights(request))
    if request.method == "POST" and form.is_valid():
        try:
            added = acts.add_item(actor=request.person, meeting=meeting, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            messages.success(request, f"“{added.title}” is item {added.position}.")
            return redirect("meetings:agenda", request.practice.slug, code)
    items = list(
        meeting.items.select_related("proposal", "right", "corrective_action", "carried_from__meeting").order_by(
            "position"
        )
    )
    lay_out(meeting, items)
    context = {
        "meeting": meeting,
        "form": form,
        "items": items,
        "withdrawn": AgendaItem.every.filter(meeting=meeting, state=ItemState.WITHDRAWN).order_by("position"),
        "time": time_of(meeting, items),
        "short": shortness(meeting, timezone.now()),
        "asked": asked_words(meeting.notice_days, meeting.notice_hours),
        "release": meeting.releases.first(),
        "may_release": holds(request, *CHAIRS),
    }
    return render(request, "meetings/agenda.html", context)


def _do(request: PracticeRequest, code: str, act: Callable[[], str], *, to: str = "meetings:agenda") -> HttpResponse:
    try:
        messages.success(request, act())
    except ValueError as broken:
        messages.error(request, str(broken))
    return redirect(to, request.practice.slug, code)


@require_POST
@practice_view()
def move(request: PracticeRequest, code: str, item: int) -> HttpResponse:
    """One step up or down, or to the place named (dragged there)."""
    meeting = find_meeting(request, code)
    found = get_object_or_404(meeting.items, pk=item)

    def act() -> str:
        if (to := request.POST.get("to", "")).isdecimal():
            moved = place_item(actor=request.person, item=found, position=int(to))
            return f"“{moved.title}” is now item {moved.position}."
        direction = "up" if request.POST.get("direction") == "up" else "down"
        moved = move_item(actor=request.person, item=found, direction=direction)  # type: ignore[arg-type]
        return f"“{moved.title}” is now item {moved.position}."

    return _do(request, code, act)


@require_POST
@practice_view()
def refresh(request: PracticeRequest, code: str) -> HttpResponse:
    """Take up what has come due since."""
    meeting = find_meeting(request, code)

    def act() -> str:
        touched = acts.refresh_agenda(actor=request.person, meeting=meeting)
        return f"Taken up: {len(touched)}." if touched else "Nothing has come due since."

    return _do(request, code, act)


@require_POST
@practice_view()
def release(request: PracticeRequest, code: str) -> HttpResponse:
    """The chair releases the agenda: the notice of the meeting."""
    meeting = find_meeting(request, code)

    def act() -> str:
        made = acts.release_agenda(actor=request.person, meeting=meeting)
        return f"Version {made.number} of the agenda is released."

    return _do(request, code, act, to="meetings:meeting")


@practice_view()
def released(request: PracticeRequest, code: str, number: int) -> HttpResponse:
    """A released version, as it was."""
    meeting = find_meeting(request, code)
    found = get_object_or_404(meeting.releases, number=number)
    return render(request, "meetings/released.html", {"meeting": meeting, "release": found, "content": found.content})


@practice_view()
def edit(request: PracticeRequest, code: str, item: int) -> HttpResponse:
    """What an item says, changed before the meeting."""
    meeting = find_meeting(request, code)
    found = get_object_or_404(meeting.items.select_related("right", "meeting"), pk=item)
    if request.method == "GET" and not _editable(request, meeting):
        return redirect("meetings:meeting", request.practice.slug, code)
    form = EditForm(request.POST or None, item=found, practice=request.practice, rights=_rights(request))
    if request.method == "POST" and form.is_valid():
        try:
            edited = edit_item(actor=request.person, item=found, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            messages.success(request, f"“{edited.title}” is changed.")
            return redirect("meetings:agenda", request.practice.slug, code)
    return _item_page(request, meeting, found, form, WithdrawForm())


@require_POST
@practice_view()
def withdraw(request: PracticeRequest, code: str, item: int) -> HttpResponse:
    """Take an item off the agenda, with the reason."""
    meeting = find_meeting(request, code)
    found = get_object_or_404(meeting.items.select_related("right", "meeting"), pk=item)
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            gone = withdraw_item(actor=request.person, item=found, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            messages.success(request, f"“{gone.title}” is withdrawn.")
            return redirect("meetings:agenda", request.practice.slug, code)
    edited = EditForm(None, item=found, practice=request.practice, rights=_rights(request))
    return _item_page(request, meeting, found, edited, form)


def _item_page(
    request: PracticeRequest, meeting: Meeting, item: AgendaItem, form: EditForm, withdraw: WithdrawForm
) -> HttpResponse:
    context = {
        "meeting": meeting,
        "item": item,
        "form": form,
        "withdraw": None if is_standing(item) else withdraw,
    }
    return render(request, "meetings/item.html", context)


def _editable(request: PracticeRequest, meeting: Meeting) -> bool:
    return records(request) and meeting.state in BEFORE_SESSION


def _rights(request: PracticeRequest) -> list[DecisionRight]:
    catalogue = catalogue_at(request.practice, timezone.now())
    return list(catalogue.rights) if catalogue else []
