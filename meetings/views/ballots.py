"""A member votes in the room, by one click."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from governance.web import PracticeRequest, practice_view
from meetings.services.ballots import cast_ballot
from meetings.views.common import find_meeting
from meetings.views.room import asked, attempt


@require_POST
@practice_view()
def cast(request: PracticeRequest, code: str) -> HttpResponse:
    """Vote on the motion that waits, or vote anew. Back to the room, at the item where the page stood."""
    meeting = find_meeting(request, code)
    motion = get_object_or_404(meeting.motions.select_related("meeting"), pk=asked(request.POST.get("motion")))

    def vote() -> None:
        made = cast_ballot(
            actor=request.person,
            motion=motion,
            choice=request.POST.get("choice", ""),
            amended_by=asked(request.POST.get("amended_by")),
        )
        messages.success(request, f"You voted on motion {motion.number}: {made.get_choice_display()}.")

    return attempt(request, meeting, asked(request.POST.get("item")), vote)
