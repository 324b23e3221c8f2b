"""What of a request enters the access log: pages of a practice, sign-ins, failed sign-ins, sign-outs."""

import re
from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from audit.models import AccessEvent
from audit.services.access import note
from governance.models import Person

SEARCH = "q"
"""The field of every list in which text is searched for."""
_FIELD = re.compile(r"[a-z_]{1,30}")


def note_page(request: Any, response: HttpResponse) -> None:
    """Note that a page of a practice was shown, searched or exported. A form sent is an act or shows nothing new."""
    if request.method not in {"GET", "HEAD"} or response.status_code >= 300:
        return
    match = request.resolver_match
    searched = request.GET.get(SEARCH, "").strip()
    if response.has_header("Content-Disposition"):
        kind = AccessEvent.Kind.EXPORT
    else:
        kind = AccessEvent.Kind.SEARCH if searched else AccessEvent.Kind.VIEW
    note(
        kind=kind,
        practice=request.practice.pk,
        actor=request.person.pk,
        account=request.user.pk,
        path=match.view_name,
        object_id="/".join(str(value) for name, value in match.kwargs.items() if name != "practice"),
        status=response.status_code,
        fields=[name for name, value in request.GET.items() if value and _FIELD.fullmatch(name)],
        length=len(searched) or None,
    )


def hash_of(address: str) -> str:
    """The keyed hash under which a typed address is noted: equal addresses are recognized, none can be read."""
    return salted_hmac("brightline.access", address.strip().lower(), algorithm="sha256").hexdigest()


def listen() -> None:
    """Note what the sign-in says. The handlers note and decide nothing."""
    user_logged_in.connect(_signed_in, dispatch_uid="brightline.access")
    user_logged_out.connect(_signed_out, dispatch_uid="brightline.access")
    user_login_failed.connect(_failed, dispatch_uid="brightline.access")


def _signed_in(sender: object, request: HttpRequest, user: Any, **kwargs: object) -> None:
    _note_account(AccessEvent.Kind.SIGN_IN, user)


def _signed_out(sender: object, request: HttpRequest, user: Any, **kwargs: object) -> None:
    if user is not None:
        _note_account(AccessEvent.Kind.SIGN_OUT, user)


def _failed(sender: object, credentials: dict[str, Any], **kwargs: object) -> None:
    typed = credentials.get("email") or credentials.get("username") or ""
    note(kind=AccessEvent.Kind.FAILED_SIGN_IN, address=hash_of(str(typed)))


def _note_account(kind: AccessEvent.Kind, user: Any) -> None:
    person = Person.objects.filter(account_id=user.pk).values_list("pk", flat=True).first()
    note(kind=kind, actor=person, account=user.pk)
