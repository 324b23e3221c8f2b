"""What the pages of minutes share: finding them, who keeps and signs them, the frame of a page."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from governance.choices import Office
from governance.web import PracticeRequest, holds
from meetings.models import Minutes
from meetings.selectors.minutes import keepers, minutes_of, signers


def found(request: PracticeRequest, code: str) -> Minutes:
    request.section = "meetings:meetings"  # type: ignore[attr-defined]  # which entry of the rail is marked
    minutes = minutes_of(request.practice, request.person, code)
    if minutes is None:
        raise Http404("There are no such minutes.")
    return minutes


def may_keep(request: PracticeRequest, minutes: Minutes) -> bool:
    return holds(request, *keepers(request.person, minutes.meeting))


def may_sign(request: PracticeRequest, minutes: Minutes) -> bool:
    return holds(request, *signers(request.person, minutes.meeting))


def recorded(request: PracticeRequest, minutes: Minutes) -> bool:
    """Whether this is the secretary who recorded the meeting, still in that office: who may attest."""
    return minutes.meeting.secretary_id == request.person.pk and holds(request, Office.RECORDING_SECRETARY)


def to(request: PracticeRequest, minutes: Minutes, name: str = "minutes") -> str:
    return reverse(f"meetings:{name}", args=[request.practice.slug, minutes.meeting.code])


_OWN_PAGES = {"minutes", "minutes_draft", "minutes_unwritten"}
"""Templates of the minutes' own page; the others hang under it."""


def page(request: PracticeRequest, template: str, minutes: Minutes, status: int = 200, **more: Any) -> HttpResponse:
    slug, meeting, url = request.practice.slug, minutes.meeting, to(request, minutes)
    crumbs = [
        ("Meetings", reverse("meetings:meetings", args=[slug])),
        (str(meeting), reverse("meetings:meeting", args=[slug, meeting.code])),
    ]
    if template not in _OWN_PAGES:
        crumbs.append(("Minutes", url))
    context = {"minutes": minutes, "meeting": meeting, "url": url, "crumbs": crumbs, **more}
    return render(request, f"meetings/{template}.html", context, status=status)
