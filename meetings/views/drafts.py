"""What is typed for an item, saved by the page every few seconds; a form kept over a sign-in comes here too."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from decisions.services.rules import RuleBroken
from governance.web import PracticeRequest, practice_view
from meetings.models import ItemDraft
from meetings.selectors.room import room_of
from meetings.services.drafts import DRAFTED, ItemDraftConflict, save_item_draft
from meetings.views import room as pages
from meetings.views.common import find_meeting, records
from meetings.words import clock


@require_POST
@practice_view()
def draft(request: PracticeRequest, code: str) -> HttpResponse:
    """Save the text of one field. The page's script is told what stands: the saved, the other text, or a problem."""
    meeting = find_meeting(request, code)
    if not records(request):
        raise Http404("There is no such page.")
    item = get_object_or_404(meeting.items, pk=pages.asked(request.POST.get("item")))
    field, text = request.POST.get("field", ""), request.POST.get("text", "")[:8000]
    account = request.person.account
    assert account is not None  # the person of a request is found by its sign-in
    by_script = bool(request.htmx)  # type: ignore[attr-defined]
    try:
        saved = save_item_draft(
            account=account, item=item, field=field, text=text, revision=pages.asked(request.POST.get("revision")) or 0
        )
    except PermissionDenied as refusal:
        raise Http404("There is no such page.") from refusal
    except ItemDraftConflict as conflict:
        if by_script:
            return JsonResponse(_told(request, conflict.draft) | {"text": conflict.draft.text})
        return _shown(request, code, field, text, conflict.draft)
    except RuleBroken as broken:
        if by_script:
            return JsonResponse({"problem": str(broken)})
        if field not in DRAFTED:
            raise Http404("There is no such field.") from broken
        messages.error(request, f"{broken} What you typed: {text}")
        return pages.back(request, meeting, item.pk)
    if by_script:
        return JsonResponse(_told(request, saved))
    messages.success(request, "What you typed is saved as a draft of the item.")
    return pages.back(request, meeting, item.pk)


def _told(request: PracticeRequest, draft: ItemDraft) -> dict[str, Any]:
    at = clock(request.practice.local(draft.saved_at).isoformat())
    return {"revision": draft.revision, "at": at, "by": str(getattr(draft.saved_by, "person", ""))}


def _shown(request: PracticeRequest, code: str, field: str, text: str, other: ItemDraft) -> HttpResponse:
    """The room with both texts."""
    act, _, name = field.partition(".")
    gathered = room_of(find_meeting(request, code), other.item_id, timezone.now())
    shown = pages.forms_of(request, gathered)
    if form := shown.get(act):
        form.initial[name] = text
        form.contradicted(other)  # type: ignore[attr-defined]
    return pages.page(request, gathered, shown, None)
