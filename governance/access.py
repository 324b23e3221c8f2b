"""What of a request enters the access log: pages of a practice, and what happens to a sign-in.

A sign-in belongs to no practice and to no office, so what is done to it is no act: enrolling or removing a factor, a
new password, a sign-on are accesses, and stand in the installation's log.
"""

import re
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import email_changed, password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from allauth.socialaccount.signals import social_account_added, social_account_removed
from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

from audit.models import AccessEvent, AccessKind
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


def note_account(kind: AccessKind, user: Any, *, what: str = "", practice: Any = None) -> None:
    """Note what happened to a sign-in; `what` names the kind of proof or factor, never the thing itself."""
    person = Person.objects.filter(account_id=user.pk).values_list("pk", flat=True).first()
    note(kind=kind, actor=person, account=user.pk, object_id=what, practice=practice)


def listen() -> None:
    """Note what the sign-in says. But for the end of other sessions, the handlers note and decide nothing."""
    for signal, handler in (
        (user_logged_in, _signed_in),
        (user_logged_out, _signed_out),
        (user_login_failed, _failed),
        (authenticator_added, _factor_added),
        (authenticator_removed, _factor_removed),
        (authenticator_reset, _factor_reset),
        (password_set, _password),
        (password_changed, _password),
        (password_reset, _password),
        (email_changed, _address),
        (social_account_added, _tied),
        (social_account_removed, _untied),
    ):
        signal.connect(handler, dispatch_uid="brightline.access")


def _signed_in(sender: object, request: HttpRequest, user: Any, **kwargs: object) -> None:
    proofs = get_authentication_records(request, user)
    kinds = [str(proof.get("type") or proof.get("provider") or proof["method"]) for proof in proofs]
    note_account(AccessEvent.Kind.SIGN_IN, user, what=" ".join(kinds))


def _signed_out(sender: object, request: HttpRequest, user: Any, **kwargs: object) -> None:
    if user is not None:
        note_account(AccessEvent.Kind.SIGN_OUT, user)


def _failed(sender: object, credentials: dict[str, Any], **kwargs: object) -> None:
    typed = credentials.get("email") or credentials.get("username") or ""
    note(kind=AccessEvent.Kind.FAILED_SIGN_IN, address=hash_of(str(typed)))


def _factor_added(sender: object, request: HttpRequest, user: Any, authenticator: Any, **kwargs: object) -> None:
    note_account(AccessEvent.Kind.FACTOR_ADDED, user, what=authenticator.type)
    # A session that began with the password alone does not outlive the enrolment of a factor.
    end_other_sessions(request, user)


def _factor_removed(sender: object, request: HttpRequest, user: Any, authenticator: Any, **kwargs: object) -> None:
    note_account(AccessEvent.Kind.FACTOR_REMOVED, user, what=authenticator.type)


def _factor_reset(sender: object, request: HttpRequest, user: Any, authenticator: Any, **kwargs: object) -> None:
    note_account(AccessEvent.Kind.FACTOR_ADDED, user, what=f"{authenticator.type} renewed")


def _password(sender: object, request: HttpRequest, user: Any, **kwargs: object) -> None:
    note_account(AccessEvent.Kind.PASSWORD, user)


def _address(sender: object, request: HttpRequest, user: Any, **kwargs: object) -> None:
    note_account(AccessEvent.Kind.ADDRESS, user)


def _tied(sender: object, request: HttpRequest, sociallogin: Any, **kwargs: object) -> None:
    note_account(AccessEvent.Kind.SIGN_ON, sociallogin.user, what=f"{sociallogin.account.provider} tied")


def _untied(sender: object, request: HttpRequest, socialaccount: Any, **kwargs: object) -> None:
    note_account(AccessEvent.Kind.SIGN_ON, socialaccount.user, what=f"{socialaccount.provider} untied")
