"""Moving a meeting, canceling it, calling it again."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from governance.offices import CHAIRS
from governance.web import PracticeRequest, holds, practice_view
from meetings.forms.calling import CancelForm, MoveForm
from meetings.models import Meeting
from meetings.rules.workflow import BEFORE_SESSION, MeetingState
from meetings.services.calling import cancel_meeting, move_meeting
from meetings.views.common import find_meeting, show
from meetings.words import clock, weekday


@practice_view()
def call(request: PracticeRequest, code: str) -> HttpResponse:
    """The forms by which a chair moves the meeting or cancels it."""
    meeting = find_meeting(request, code)
    changeable = meeting.state in (*BEFORE_SESSION, MeetingState.CANCELED)
    if request.method == "GET" and not (changeable and holds(request, *CHAIRS)):
        return redirect("meetings:meeting", request.practice.slug, code)
    called = {name: getattr(meeting, name) for name in ("place", "link", "mode")}
    form = MoveForm(request.POST or None, initial={**called, "starts_at": request.practice.local(meeting.starts_at)})
    if request.method == "POST" and form.is_valid():
        try:
            moved = move_meeting(actor=request.person, meeting=meeting, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            at = request.practice.local(moved.starts_at).isoformat()
            messages.success(request, f"The {moved.kind} is called for {weekday(at)}, {clock(at)}.")
            return redirect("meetings:meeting", request.practice.slug, code)
    return _page(request, meeting, form, CancelForm())


@require_POST
@practice_view()
def cancel(request: PracticeRequest, code: str) -> HttpResponse:
    """The chair cancels the meeting."""
    meeting = find_meeting(request, code)
    form = CancelForm(request.POST)
    if form.is_valid():
        try:
            cancel_meeting(actor=request.person, meeting=meeting, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            finding = "" if meeting.special else " Without another one its month is a finding."
            messages.success(request, f"The {meeting.kind} is canceled.{finding}")
            return redirect("meetings:meeting", request.practice.slug, code)
    called = {name: getattr(meeting, name) for name in ("place", "link", "mode")}
    move = MoveForm(initial={**called, "starts_at": request.practice.local(meeting.starts_at)})
    return _page(request, meeting, move, form)


def _page(request: PracticeRequest, meeting: Meeting, move: forms.Form, cancel: forms.Form) -> HttpResponse:
    context = {
        "meeting": meeting,
        "form": move,
        "cancel": cancel if meeting.state in BEFORE_SESSION else None,
        "again": meeting.state == MeetingState.CANCELED,
    }
    return render(request, "meetings/call.html", context)
