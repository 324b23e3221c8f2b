"""The live room: a page asks each moment whether what it shows has moved, and nearly always it has not.

Everything in a room changes by acts, so the practice's newest act tells whether something moved; for who records, also
the newest draft of what another is typing. Both are asked for in the query that admits the person: sign-in, session and
offices are judged at each asking, and an answer of "nothing moved" costs nothing beyond that.
"""

from django.db.models import OuterRef, Subquery
from django.http import HttpResponse, HttpResponseNotModified
from django.utils.crypto import salted_hmac

from governance.steady import NEWEST_ACT
from governance.web import PracticeRequest, holds
from meetings.models import ItemDraft
from meetings.services.base import RECORDERS

_DRAFTS = ItemDraft.objects.filter(item__meeting__practice=OuterRef("practice_id")).order_by("-saved_at")

MOVED = {
    **NEWEST_ACT,
    "newest_draft": Subquery(_DRAFTS.values("saved_at")[:1]),
}
"""For `practice_view(also=…)` of a live page."""


def version_of(request: PracticeRequest) -> str:
    """What a live page of this person at this address depends on. Keyed, so that nobody can guess one."""
    held = request.offices
    parts = [
        request.get_full_path(),
        request.META.get("CSRF_COOKIE", ""),
        str(request.person.pk),
        ",".join(str(office.pk) for office in held),
        str(held[0].newest_act),  # type: ignore[attr-defined]  # annotated by MOVED
        str(held[0].newest_draft) if holds(request, *RECORDERS) else "",  # type: ignore[attr-defined]
    ]
    return salted_hmac("brightline.live", "\n".join(parts), algorithm="sha256").hexdigest()


def asked_again(request: PracticeRequest) -> bool:
    """Whether the page itself asks whether it moved; such an answer takes no message away from its person."""
    return "If-None-Match" in request.headers


def not_moved(request: PracticeRequest) -> HttpResponse | None:
    """The empty answer 304 to a page that shows what stands."""
    same = request.headers.get("If-None-Match") == f'"{version_of(request)}"'
    return HttpResponseNotModified() if same else None
