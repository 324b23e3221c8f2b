"""A special meeting is called; a member waives notice of a meeting, or protests that it was lacking."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from decisions.views.acts import act_page, attempt, tell
from governance.offices import CHAIRS
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required
from meetings.choices import Said
from meetings.forms.calling import SpecialForm, WaiverForm
from meetings.models import AgendaRelease, Attendance, Meeting
from meetings.rules.notice import Word, asked_words
from meetings.rules.workflow import MeetingState, MinutesState
from meetings.selectors.notice import MemberNotice, NoticeState, notice_state
from meetings.services.calling import call_special
from meetings.services.notice import protest_notice, waive_notice, waiver_of
from meetings.views.common import SECTION, find_meeting, records, show
from meetings.words import clock, weekday

SOON = timedelta(hours=1)


@practice_view()
@recent_sign_in_required(on_get=False)
def special(request: PracticeRequest) -> HttpResponse:
    """A chair calls a special meeting: why, when, where, for which points."""
    request.section = SECTION  # type: ignore[attr-defined]
    if request.method == "GET" and not holds(request, *CHAIRS):
        raise Http404("There is no such page.")
    body = request.practice.bodies.select_related("practice").earliest("pk")
    soon = (request.practice.local(timezone.now()) + SOON).replace(second=0, microsecond=0)
    form = SpecialForm(request.POST or None, initial={"starts_at": soon})
    if request.method == "POST" and form.is_valid():
        try:
            made = call_special(actor=request.person, body=body, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            tell(request, f"The {made} is called{'; the notice goes out now' if made.notice_at else ''}.")
            return redirect("meetings:meeting", request.practice.slug, made.code)
    asked = asked_words(0, body.special_notice)
    return act_page(
        request,
        form,
        title="Call a special meeting",
        eyebrow=str(body),
        submit="Call the meeting",
        effects=[
            f"Notice of {asked} is asked for. It may be shorter: then each member waives it, attends without protest, "
            "or the minutes say that no valid action was possible.",
            "It takes no month's place: the monthly oversight meeting is still to be held.",
        ],
        back=("Meetings", reverse("meetings:meetings", args=[request.practice.slug])),
    )


def notice_of(
    request: PracticeRequest, meeting: Meeting, seats: list[Attendance], releases: list[AgendaRelease] | None = None
) -> dict[str, Any] | None:
    """How it stands with the notice, as meetings/_notice.html takes it; None where there is nothing to tell.

    `seats` bring their presences.
    """
    state = notice_state(meeting, seats, timezone.now(), releases)
    if state is None:
        return None
    own = state.of(request.person.pk)
    still = not _sealed(meeting)
    speaks = still and own is not None and own.word not in (Word.IN_TIME, Word.OPEN, Word.WAIVED)
    return {
        "state": state,
        "own": own,
        "may_waive": speaks,
        "protests": _protestable(request, meeting, state) if still else set(),
    }


def _protestable(request: PracticeRequest, meeting: Meeting, state: NoticeState) -> set[int]:
    """The seats whose protest this person may record: the own, and in the room everybody's who is there."""
    if meeting.state == MeetingState.ADJOURNED:
        return set()
    recording = records(request) and meeting.state in (MeetingState.AGENDA_RELEASED, MeetingState.IN_SESSION)
    return {
        one.seat.pk
        for one in state.members
        if one.word in (Word.LACKING, Word.ATTENDED)
        and (one.seat.person_id == request.person.pk or (recording and bool(one.seat.presences.all())))
    }


def _sealed(meeting: Meeting) -> bool:
    minutes = getattr(meeting, "minutes", None)
    return minutes is not None and minutes.state == MinutesState.SIGNED


def _own(request: PracticeRequest, meeting: Meeting) -> MemberNotice | None:
    state = notice_state(meeting, list(meeting.attendances.prefetch_related("presences")), timezone.now())
    return state.of(request.person.pk) if state else None


@practice_view()
@recent_sign_in_required()
def waive(request: PracticeRequest, code: str) -> HttpResponse:
    """Read of which meeting, affirm the meaning, waive notice."""
    meeting = find_meeting(request, code)
    own = _own(request, meeting)
    short = own is not None and own.word not in (Word.IN_TIME, Word.OPEN, Word.WAIVED) and not _sealed(meeting)
    if request.method == "GET" and not short:
        raise Http404("There is no such page.")
    meaning, at = waiver_of(meeting), request.practice.local(meeting.starts_at).isoformat()
    form = WaiverForm(request.POST or None, meaning=meaning)
    page = reverse("meetings:meeting", args=[request.practice.slug, code])
    if request.method == "POST" and form.is_valid():
        sentence = form.cleaned_data["sentence"]
        if attempt(form, lambda: waive_notice(actor=request.person, meeting=meeting, meaning=sentence)):
            tell(request, "Your waiver of notice is filed with the minutes.", sealed=True)
            return redirect(page)
    return act_page(
        request,
        form,
        title="Waive notice",
        eyebrow=str(meeting),
        submit="Waive notice",
        effects=[
            f"It holds for {weekday(at)}, {clock(at)}, alone: a meeting moved to another time needs its own notice or "
            "waiver.",
            "It is no answer whether you come, no presence and no vote. It cannot be taken back.",
        ],
        back=("The meeting", page),
    )


@require_POST
@practice_view()
@recent_sign_in_required(on_get=False)
def protest(request: PracticeRequest, code: str, seat: int) -> HttpResponse:
    """Record a protest: one's own, or of a member in the room."""
    meeting = find_meeting(request, code)
    attendance = get_object_or_404(meeting.attendances.select_related("meeting"), pk=seat)
    try:
        made = protest_notice(actor=request.person, attendance=attendance)
    except ValueError as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, f"Recorded: {attendance.name} {Said(made.said).label.lower()}.")
    if meeting.state == MeetingState.IN_SESSION:
        return redirect("meetings:room", request.practice.slug, code)
    return redirect("meetings:meeting", request.practice.slug, code)
