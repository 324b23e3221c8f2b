"""A sign-in changed beneath every page: the database notes it, and the note cannot be taken back."""

import psycopg
import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount

from audit.models import AccessEvent
from tests.cast import Cast
from tests.conftest import Database


def told(cast: Cast) -> list[str]:
    """What the installation's log says of the director's sign-in, oldest first."""
    account = cast.director.account
    assert account
    noted = AccessEvent.objects.filter(kind=AccessEvent.Kind.STORED, account=account.pk).order_by("pk")
    assert all(one.practice is None and one.actor == cast.director.pk for one in noted)
    return [one.object for one in noted]


@pytest.fixture
def before(cast: Cast) -> int:
    return len(told(cast))


def test_each_change_of_password_factor_and_address_leaves_a_trace(cast: Cast, before: int, house: Database) -> None:
    account = cast.director.account
    assert account
    with psycopg.connect(house.urls["app"], autocommit=True) as app:
        for statement in (
            "update governance_account set password = 'x' where id = %s",
            "update governance_account set email = 'mine@elsewhere.example' where id = %s",
            "update governance_account set is_superuser = true, is_staff = true where id = %s",
            "update governance_account set last_login = now() where id = %s",
        ):
            app.execute(statement, [account.pk])
    factor = Authenticator.objects.create(user=account, type="totp", data={"secret": "x"})
    factor.data = {"secret": "y"}
    factor.save()
    factor.record_usage()
    factor.delete()
    address = EmailAddress.objects.create(user=account, email="second@elsewhere.example", verified=True)
    address.delete()
    SocialAccount.objects.create(user=account, provider="okta", uid="1")
    assert told(cast)[before:] == [
        "governance_account changed: password by brightline_app",
        "governance_account changed: email by brightline_app",
        "governance_account changed: is_staff, is_superuser by brightline_app",
        "mfa_authenticator totp added by brightline_app",
        "mfa_authenticator totp changed: data by brightline_app",
        "mfa_authenticator totp removed by brightline_app",
        "account_emailaddress added by brightline_app",
        "account_emailaddress removed by brightline_app",
        "socialaccount_socialaccount okta added by brightline_app",
    ]


def test_the_trace_holds_no_secret_and_stays(cast: Cast, before: int, house: Database) -> None:
    account = cast.director.account
    assert account
    account.set_password("a new secret that nobody reads")
    account.save()
    assert account.password not in " ".join(told(cast))
    with psycopg.connect(house.urls["app"], autocommit=True) as app:
        for statement in ("delete from audit_accessevent", "update audit_accessevent set object = ''"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
    assert len(told(cast)) == before + 1
