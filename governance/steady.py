"""Pages that stand until the record moves.

What such a page shows changes by acts alone. So a rendered page is good for the same person, in the same offices, on
the same day, until the practice's next act. The log's root would not do: it moves with each batch of accesses, which
is each minute in which somebody looks. Who may see a page is ruled anew each time: admission is never kept.
"""

from collections.abc import Callable, Mapping
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib.messages import get_messages
from django.core.cache import caches
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpResponse
from django.utils import timezone

from audit.models import Act
from governance.web import PracticeRequest, PracticeView, practice_view

KEPT = 15 * 60
"""Seconds after which a page is rendered anew even if nothing happened."""


def newest_act(practice: Any) -> QuerySet[Act, int]:
    """The number of a practice's newest act, as a query of one row; `practice` its key or a reference to it.

    Entries of one log are numbered under its head's lock: the newest number is the newest act's.
    """
    return Act.objects.filter(practice=practice).order_by("-entry_id").values_list("entry_id", flat=True)[:1]


NEWEST_ACT = {"newest_act": Subquery(newest_act(OuterRef("practice_id")))}
"""For `practice_view(also=…)`: the number of the practice's newest act."""


def standing_view(
    *permissions: str, also: Mapping[str, Any] | None = None
) -> Callable[[PracticeView], Callable[..., HttpResponse]]:
    """A `practice_view` whose page is kept in memory until the next act of the practice.

    Only for pages without what is no record (a working draft, the state of a job, a time by the minute), unless `also`
    tells that part's state, as `practice_view` takes it.
    """
    moved_by = {**NEWEST_ACT, **(also or {})}

    def decorate(view: PracticeView) -> Callable[..., HttpResponse]:
        @practice_view(*permissions, also=moved_by)
        @wraps(view)
        def page(request: PracticeRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            secret = request.META.get("CSRF_COOKIE")
            if request.method != "GET" or not secret or len(get_messages(request)):
                return view(request, *args, **kwargs)
            key = _key(request, secret, [getattr(request.offices[0], name) for name in moved_by])
            body = caches["pages"].get(key)
            if body is not None:
                return HttpResponse(body)
            response = view(request, *args, **kwargs)
            if response.status_code == 200 and response.get("Content-Type", "").startswith("text/html"):
                caches["pages"].set(key, response.content, KEPT)
            return response

        return page

    return decorate


def _key(request: PracticeRequest, secret: str, moved: list[object]) -> str:
    """Everything the page depends on. The form secret is part of it, for the page's forms carry its token."""
    parts = [
        request.get_full_path(),
        request.headers.get("HX-Request", ""),
        secret,
        str(request.person.pk),
        ",".join(str(appointment.pk) for appointment in request.offices),
        request.practice.local(timezone.now()).date().isoformat(),
        repr(moved),
    ]
    return "page:" + sha256("\n".join(parts).encode()).hexdigest()
