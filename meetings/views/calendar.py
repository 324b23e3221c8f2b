"""A meeting's invitation as a file, the answer to it, and a person's own calendar."""

from hashlib import sha256
from typing import Any

from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from governance.web import PracticeRequest, person_of, practice_view, want_recent_sign_in
from meetings.calendar import invitation
from meetings.choices import Coming
from meetings.feed import content, feed_of, make_address, note_reading, take_back
from meetings.models import Attendance, CalendarFeed, Meeting
from meetings.rules.workflow import BEFORE_SESSION, MeetingState
from meetings.selectors.calling import answer_of, asked, expected_quorum, issued_at
from meetings.services.replies import reply as act
from meetings.views.common import find_meeting, records

MEDIA = "text/calendar; charset=utf-8"


def calling(request: PracticeRequest, meeting: Meeting, seats: list[Attendance]) -> dict[str, Any] | None:
    """What the meeting's page tells of its invitation until the meeting is opened; answers, to chair and secretary."""
    canceled = meeting.state == MeetingState.CANCELED
    before = meeting.state in BEFORE_SESSION
    if not before and not canceled:
        return None
    own = next((seat for seat in seats if seat.person_id == request.person.pk), None)
    answer = answer_of(own, meeting) if own else None
    reads = before and records(request)
    if reads:
        for seat in seats:
            given = answer_of(seat, meeting)
            seat.answered = Coming(given).label if given else ""  # type: ignore[attr-defined]
    return {
        "own": own is not None and before,
        "answer": Coming(answer).label if answer else "",
        "outdated": own is not None and answer is None and hasattr(own, "reply"),
        "may_answer": before,
        "choices": [(value, LABELS[value]) for value in Coming if value != answer],
        "expected": expected_quorum(meeting, seats) if reads else None,
        "canceled": canceled,
    }


LABELS = {Coming.ACCEPTED: "Yes", Coming.TENTATIVE: "Perhaps", Coming.DECLINED: "No"}


@require_safe
@practice_view()
def invitation_file(request: PracticeRequest, code: str) -> HttpResponse:
    """The invitation to the meeting, for a calendar."""
    meeting = find_meeting(request, code)
    data = invitation(meeting, asked(meeting), issued_at([meeting])[meeting.pk])
    response = HttpResponse(data, content_type=MEDIA)
    response["Content-Disposition"] = f'attachment; filename="{request.practice.slug}-{meeting.code}.ics"'
    return response


@require_POST
@practice_view()
def reply(request: PracticeRequest, code: str) -> HttpResponse:
    """Answer the invitation."""
    meeting = find_meeting(request, code)
    try:
        made = act(actor=request.person, meeting=meeting, answer=request.POST.get("answer", ""))
    except ValueError as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, f"You answered: {made.get_answer_display().lower()}.")
    return redirect("meetings:meeting", request.practice.slug, code)


@never_cache
@login_required
def own(request: HttpRequest) -> HttpResponse:
    """The address of one's own calendar: made, shown once, made anew, taken back."""
    person = person_of(request)
    if person is None:
        raise Http404("There is no such page.")
    address = ""
    if request.method == "POST":
        want_recent_sign_in(request)
        if request.POST.get("do") == "take back":
            if take_back(person):
                messages.success(request, "The address opens nothing any more.")
            return redirect("calendar")
        # Shown in this answer and never again, so there is nothing to redirect to.
        address = f"{settings.SITE_URL}{make_address(person)}"
    found = CalendarFeed.objects.filter(person=person).first()
    return render(request, "account/calendar.html", {"feed": found, "address": address})


@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """A person's calendar, to whoever has its address: a calendar program signs in nowhere."""
    limited = ratelimit.consume_or_429(request, action="calendar_feed", limit_get=True)
    if limited:
        return limited
    found = feed_of(token)
    if found is None:
        raise Http404("There is no such page.")
    now = timezone.now()
    data = content(found.person, now)
    etag = quote_etag(sha256(data).hexdigest()[:32])
    response = HttpResponse(data, content_type=MEDIA, headers={"ETag": etag})
    patch_cache_control(response, private=True, no_cache=True)
    answer = get_conditional_response(request, etag=etag, response=response) or response
    if answer.status_code == 200:
        note_reading(found, now)
    return answer
