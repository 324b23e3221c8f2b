"""Sessions end after an idle time, and nothing typed is lost: a form sent too late waits, for its own person alone.

The session knows when its person last did something and how long the practice lets it rest. What a page asks for by
itself (a poll) is not the person's doing. When the time is up the session ends; a form that was just sent is kept in
the next session of that browser, on the server, under the account it came from. Whoever signs in there as somebody else
never sees it: it is dropped.
"""

import time
from collections.abc import Callable
from typing import Any, TypedDict

from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django_htmx.http import HttpResponseClientRedirect

from audit.models import AccessEvent
from governance.access import note_account

SEEN = "seen"
MINUTES = "idle_minutes"
KEPT = "kept_form"
GRAIN = 30
"""Seconds within which the time of the last activity is not written anew."""
FREE = {"healthz"}
"""Addresses that no person asks for."""
SECRETS = {"passphrase"}
"""Fields that are written down nowhere, also not while their form waits; they are typed again."""
UNKEPT = SECRETS | {"csrfmiddlewaretoken"}
"""Fields that do not wait with their form."""
PROOFS = {"account_reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
"""Pages on which a person proves who they are, so that the form sent just before is recorded."""
SUSPENDED = "suspended_at"


class KeptForm(TypedDict):
    """A form that came after its session had ended."""

    account: int
    action: str
    fields: list[tuple[str, str]]


def sent_from(page: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Mark a view that takes what a script sends from the page of that name: a form kept for it is sent to the page."""

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        view.sent_from = page  # type: ignore[attr-defined]
        return view

    return mark


def look(request: HttpRequest, view: Callable[..., HttpResponse], kwargs: dict[str, Any]) -> HttpResponse | None:
    """End the session if it was idle for too long, else take note of the activity. The answer, if there is one."""
    if not request.user.is_authenticated or _name(request) in FREE:
        return None
    now, seen = time.time(), request.session.get(SEEN)
    limit = request.session.get(MINUTES, settings.IDLE_MINUTES) * 60
    if seen is not None and now - seen > limit:
        return _end(request, view, kwargs, limit // 60)
    if _by_itself(request):
        return None
    _let_abandoned_go(request, now)
    if seen is None or now - seen > GRAIN:
        request.session[SEEN] = int(now)
        UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())
    return None


def _let_abandoned_go(request: HttpRequest, now: float) -> None:
    """Forget a form that waits for a proof once its person went elsewhere, or left the proof for long.

    Otherwise a proof that is given later, for another page, would record what was given up.
    """
    if _name(request) in PROOFS and STATE_SESSION_KEY in request.session:
        since = request.session.setdefault(SUSPENDED, now)
        if now - since <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return
    for name in (STATE_SESSION_KEY, SUSPENDED):
        if name in request.session:
            del request.session[name]
    form = request.session.get(KEPT)
    if form and request.method == "POST" and form["action"] == request.get_full_path():
        drop(request)


def allow(request: HttpRequest, minutes: int) -> None:
    """The practice at hand lets a session rest that long; of several practices the strictest rules."""
    minutes = min(minutes, request.session.get(MINUTES, minutes))
    if request.session.get(MINUTES, settings.IDLE_MINUTES) != minutes:
        request.session[MINUTES] = minutes


def keep(request: HttpRequest, form: KeptForm) -> None:
    """Keep a form in this browser's session, on the server."""
    request.session[KEPT] = form


def kept(request: HttpRequest) -> KeptForm | None:
    """The form that waits for who is signed in; somebody else's is dropped."""
    form: KeptForm | None = request.session.get(KEPT)
    if form and form["account"] != request.user.pk:
        drop(request)
        return None
    return form


def drop(request: HttpRequest) -> None:
    """Forget the form that waits."""
    request.session.pop(KEPT, None)


def listen() -> None:
    """A form that waits does not outlast the sign-in of somebody else."""
    user_logged_in.connect(lambda request, **kwargs: kept(request), weak=False, dispatch_uid="brightline.idle")


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _by_itself(request: HttpRequest) -> bool:
    """Whether the page asked, not the person: htmx polls with GET, and says where a person followed a link."""
    htmx: Any = getattr(request, "htmx", None)
    return bool(htmx) and request.method == "GET" and not htmx.boosted


def _end(request: HttpRequest, view: Callable[..., HttpResponse], kwargs: dict[str, Any], minutes: int) -> HttpResponse:
    account: Any = request.user
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in UNKEPT]
    note_account(AccessEvent.Kind.TIME_OUT, account)
    action = reverse(view.sent_from, kwargs=kwargs) if hasattr(view, "sent_from") else request.get_full_path()
    logout(request)
    said = f"You were signed out: nothing was done for {minutes} minutes."
    wanted = request.get_full_path()
    if request.method == "POST" and fields and not action.startswith("/account/"):
        keep(request, {"account": account.pk, "action": action, "fields": fields})
        said += " What you typed is kept until you sign in again."
        wanted = reverse("kept")
    elif request.method != "GET":
        wanted = "/"
    messages.warning(request, said)
    htmx = getattr(request, "htmx", None)
    if htmx and request.method == "GET":
        wanted = _page(request, htmx.current_url_abs_path)
    address = f"{reverse('account_login')}?{urlencode({'next': wanted})}"
    return HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)


def _page(request: HttpRequest, path: str | None) -> str:
    """The page that a script asked from, if it is one of ours."""
    ours = url_has_allowed_host_and_scheme(path or "", {request.get_host()}, require_https=request.is_secure())
    return path if path and ours else "/"
