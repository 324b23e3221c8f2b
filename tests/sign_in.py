"""Signing a test client in, with or without a fresh proof of who it is."""

import time

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from django.test import Client

from governance.models import Person


def sign_in(client: Client, person: Person, *, seconds_ago: float = 0) -> Client:
    """The client, signed in as this person, whose last proof lies `seconds_ago` back."""
    assert person.account is not None
    client.force_login(person.account)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time() - seconds_ago}]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.account.pk)
    session.save()
    return client
