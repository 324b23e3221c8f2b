"""How Brightline uses allauth: accounts come by invitation, factors are kept encrypted, sign-on finds, never makes."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthProcess
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.models import AccessEvent
from audit.services.access import note
from governance.access import hash_of

WORDS = {
    "reauthenticate": "Use your password",
    "mfa_reauthenticate": "Use a code",
    "mfa_reauthenticate:webauthn": "Use a passkey",
}
"""The ways to prove again who one is."""


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up, and only an invitation gives an account its first password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # The same sentences whether the account exists or not.
        "email_password_mismatch": "The e-mail address or the password is not correct.",
        "too_many_login_attempts": "Too many failures. Wait a quarter of an hour, or reset your password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note(kind=AccessEvent.Kind.LOCK_OUT, address=hash_of(str(credentials.get("email") or "")))
            raise

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        return [{**method, "description": WORDS[method["id"]]} for method in super().get_reauthentication_methods(user)]

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """None for who never had a password: an invitation that was revoked or expired is not to be passed by."""
        if user.has_usable_password():
            super().send_password_reset_mail(user, email, context)


class FactorAdapter(DefaultMFAAdapter):
    """The secrets of second factors are encrypted with a key that comes from SECRET_KEY, never from the database."""

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        return "This device"


def _box() -> MultiFernet:
    return MultiFernet([_fernet(secret) for secret in [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]])


def _fernet(secret: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"brightline factors").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


class SignOnAdapter(DefaultSocialAccountAdapter):
    """An identity provider opens an account that exists here, by an address that both sides have verified.

    It vouches for addresses of its own domains alone (settings.domains of its entry in the operator's file).
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def can_authenticate_by_email(self, login: Any, email: str) -> bool:
        domain = email.rpartition("@")[2].lower()
        return (
            super().can_authenticate_by_email(login, email)
            and domain in login.provider.app.settings["domains"]
            and EmailAddress.objects.filter(email__iexact=email, verified=True, user__is_active=True).exists()
        )

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Refuse what would make an account, or tie a provider to one whose address it does not vouch for."""
        if not sociallogin.is_existing or sociallogin.state.get("process") == AuthProcess.CONNECT:
            asserted = next((one.email for one in sociallogin.email_addresses), "")
            note(kind=AccessEvent.Kind.FAILED_SIGN_IN, object_id="sign-on", address=hash_of(asserted))
            raise ImmediateHttpResponse(_no_account(request))


def _no_account(request: HttpRequest) -> HttpResponse:
    return render(request, "socialaccount/authentication_error.html", {"unknown": True}, status=403)
