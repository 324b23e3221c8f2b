"""What every page of a practice shares: who asks, in which offices, about which practice; and the refusal page."""

import json
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from typing import Any, Protocol

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django_htmx.http import HttpResponseClientRedirect

from audit.acts import last_seal
from audit.context import stating
from governance import idle
from governance.access import note_page
from governance.authority import AuthorityRefused, admitted, on_both_sides, stated_among
from governance.choices import Office, Side
from governance.factors import factor_missing, rules_of
from governance.models import Appointment, DecisionRight, Person, Practice
from governance.offices import GRANTS, SEE
from governance.selectors.catalogue import catalogue_at

PAGE_SIZE = 50


class PracticeRequest(HttpRequest):
    """A request by a person in office, about a practice that exists for that person."""

    practice: Practice
    person: Person
    offices: list[Appointment]
    """The offices that count: all that are held, or, where they lie on both sides, the one that is stated."""
    divided: bool
    """Whether the person's offices lie on both sides."""
    delegated: set[str]
    """Codes of rights held by delegation, once a page has asked for them."""
    rights: dict[str, DecisionRight]
    """Rights of the catalogue in force by code, once a page has asked for them."""


class PracticeView(Protocol):
    def __call__(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse: ...


def person_of(request: HttpRequest) -> Person | None:
    """The person behind the sign-in; a sign-in alone, a superuser's too, is nobody."""
    return Person.objects.filter(account_id=request.user.pk or 0).first()


def holds(request: PracticeRequest, *offices: str) -> bool:
    """Whether the person holds one of these offices here, now; for what a page offers, never for what it allows."""
    return any(appointment.office in offices for appointment in request.offices)


def rights_now(request: PracticeRequest) -> dict[str, DecisionRight]:
    """The rights of the catalogue in force by code, read once for a page."""
    if not hasattr(request, "rights"):
        catalogue = catalogue_at(request.practice, timezone.now())
        request.rights = {right.code: right for right in catalogue.rights} if catalogue else {}
    return request.rights


def on_side(request: PracticeRequest, side: Side) -> bool:
    """Whether the person holds an office on that side."""
    return any(appointment.side == side for appointment in request.offices)


def practice_view(*permissions: str, also: Mapping[str, Any] | None = None) -> Callable[[PracticeView], PracticeView]:
    """A page of a practice, opened by any of these permissions (SEE, unless said).

    `also`: what each of `request.offices` is to know besides, asked for in the query that admits the person.

    Whoever may not see it is told that it does not exist. Whose office needs a second factor and who has none is sent
    to enrol one first. Adds `request.practice`, `request.person` and `request.offices`; reads and writes times on the
    practice's clock; turns a refusal of authority, already recorded, into the refusal page with what was typed kept;
    notes each page shown in the access log.
    """
    wanted = permissions or (SEE,)

    def decorate(view: PracticeView) -> PracticeView:
        @wraps(view)
        @never_cache
        @login_required
        def page(request: Any, practice: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if "practice" not in request.resolver_match.kwargs:
                # What waited for a proof goes on within the request that brought it, and is at its own address again.
                request.resolver_match = resolve(request.path_info)
            offices = admitted(request.user.pk, practice, *wanted, also=also)
            if not offices:
                raise Http404("There is no such page.")
            request.offices, request.person, request.practice = offices, offices[0].person, offices[0].practice
            rules = rules_of(request.practice)
            idle.allow(request, rules.idle_minutes)
            if factor_missing(offices, rules):
                return redirect(f"{reverse('enrol')}?{urlencode({'practice': practice})}")
            request.divided = on_both_sides(offices)
            if request.divided and (stop := _in_the_stated_office(request, wanted)):
                return stop
            with timezone.override(request.practice.zone), _stating(request):
                try:
                    response = view(request, *args, **kwargs)
                except AuthorityRefused as refusal:
                    return refused(request, refusal)
                except ReauthenticationRequired:
                    if not request.htmx:
                        raise
                    # Followed by the browser itself: htmx would look for a part of this page in the answer.
                    return HttpResponseClientRedirect(suspend_request(request, reverse("account_reauthenticate")).url)
            note_page(request, response)
            return response

        return page

    return decorate


STATED = "stated_office"
"""Where the session keeps the appointment that a person with offices on both sides acts in, by practice."""
CHOICE = "governance:act_as"


def _in_the_stated_office(request: Any, wanted: tuple[str, ...]) -> HttpResponse | None:
    """Leave `request.offices` the stated one; the page where it is chosen, when none is stated or it is over."""
    chosen = stated_among(request.offices, request.session.get(STATED, {}).get(request.practice.slug))
    if request.resolver_match.view_name == CHOICE:
        return None
    if not chosen:
        url = reverse(CHOICE, args=[request.practice.slug])
        return HttpResponseClientRedirect(url) if request.htmx else redirect(url)
    if not GRANTS[Office(chosen[0].office)] & set(wanted):
        raise Http404("There is no such page.")
    request.offices = chosen
    return None


def _stating(request: Any) -> AbstractContextManager[None]:
    return stating(request.offices[0].pk) if request.divided else nullcontext()


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether the person proved who they are within ACCOUNT_REAUTHENTICATION_TIMEOUT seconds."""
    proofs = get_authentication_records(request, request.user)
    return bool(proofs) and time.time() - proofs[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def want_recent_sign_in(request: HttpRequest) -> None:
    """Send the person to prove who they are unless they did so recently.

    What was posted is kept by allauth and posted again after the proof (files must be chosen anew; the address must
    carry no query).
    """
    if not signed_in_recently(request):
        if idle.SECRETS & set(request.POST):
            kept = request.POST.copy()
            for name in idle.SECRETS:
                kept.pop(name, None)
            request.POST = kept  # type: ignore[assignment]
        raise ReauthenticationRequired


def recent_sign_in_required(*, on_get: bool = True) -> Callable[[PracticeView], PracticeView]:
    """A page for signatures, decisions, appointments and packs: it wants a fresh proof of who asks.

    Stands below `practice_view`. `on_get`: the page that shows the form asks first, so nothing is typed in vain; pass
    False where the page is mostly read.
    """

    def decorate(view: PracticeView) -> PracticeView:
        @wraps(view)
        def page(request: PracticeRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if on_get or request.method == "POST":
                want_recent_sign_in(request)
            return view(request, *args, **kwargs)

        return page

    return decorate


def refused(request: HttpRequest, refusal: AuthorityRefused) -> HttpResponse:
    """The refusal page: the right, its holder, its basis in law, and the way forward; the typed text goes along."""
    ruling = refusal.ruling
    kept = kept_of(request)
    if ruling.right and not any(name == "right" for name, _ in kept):
        kept.append(("right", ruling.right.code))
    back = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = ""
    sealed = last_seal()
    context = {
        "ruling": ruling,
        "act": refusal.act,
        "kept": kept,
        "attempted": json.loads(refusal.act.parts["refusal"])["attempted"],
        "entry": sealed[1] if sealed else None,
        "back_url": back,
    }
    return render(request, "governance/refused.html", context, status=403)


_NOT_KEPT = idle.UNKEPT | {"prefill", "anyway"}


def kept_of(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed, name by name, as a further form carries it along."""
    return [(name, str(value)) for name, values in request.POST.lists() for value in values if name not in _NOT_KEPT]


def paginate(request: HttpRequest, rows: QuerySet[Any], size: int = PAGE_SIZE) -> Page[Any]:
    """The page of a list that `?page=` names; a wrong number gives the nearest page."""
    return Paginator(rows, size).get_page(request.GET.get("page"))
