"""Sign-on by SAML: a provider of our own signs what it says with a certificate made here, and then is misquoted."""

import base64
import json
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client
from lxml import etree
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Names
from onelogin.saml2.utils import OneLogin_Saml2_Utils

from audit.models import AccessEvent
from config.sign_on import providers
from governance.models import Person
from tests.cast import Cast

PROVIDER = "https://id.riverside.example"
AUDIENCE = "http://localhost/account/saml/hospital/metadata/"
RECIPIENT = "http://localhost/account/saml/hospital/acs/"


class Hospital:
    """An identity provider: its key, its certificate, and what it says of somebody."""

    def __init__(self) -> None:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "id.riverside.example")])
        now = datetime.now(UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=1))
            .sign(key, hashes.SHA256())
        )
        self.certificate = made.public_bytes(serialization.Encoding.PEM).decode()
        self.key = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode()

    def assertion(
        self, who: str, asked: str, *, audience: str = AUDIENCE, age: timedelta = timedelta(), signed: bool = True
    ) -> str:
        """That `who` proved who they are, in answer to what was asked; `age` is how long ago."""
        now = datetime.now(UTC) - age
        at, before, after = (
            moment.strftime("%Y-%m-%dT%H:%M:%SZ")
            for moment in (now, now - timedelta(minutes=1), now + timedelta(minutes=2))
        )
        said = (
            f'<saml:Assertion xmlns:saml="{Names.NS_SAML}" ID="_assertion" Version="2.0" IssueInstant="{at}">'
            f"<saml:Issuer>{PROVIDER}</saml:Issuer>"
            f'<saml:Subject><saml:NameID Format="{Names.NAMEID_EMAIL_ADDRESS}">{who}</saml:NameID>'
            f'<saml:SubjectConfirmation Method="{Names.CM_BEARER}"><saml:SubjectConfirmationData'
            f' NotOnOrAfter="{after}" Recipient="{RECIPIENT}" InResponseTo="{asked}"/></saml:SubjectConfirmation>'
            f'</saml:Subject><saml:Conditions NotBefore="{before}" NotOnOrAfter="{after}"><saml:AudienceRestriction>'
            f"<saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions>"
            f'<saml:AuthnStatement AuthnInstant="{at}" SessionIndex="_1"><saml:AuthnContext>'
            f"<saml:AuthnContextClassRef>{Names.AC_PASSWORD_PROTECTED}</saml:AuthnContextClassRef></saml:AuthnContext>"
            "</saml:AuthnStatement><saml:AttributeStatement>"
            '<saml:Attribute Name="http://schemas.auth0.com/email_verified"><saml:AttributeValue>true'
            "</saml:AttributeValue></saml:Attribute></saml:AttributeStatement></saml:Assertion>"
        )
        if not signed:
            return said
        found = OneLogin_Saml2_Utils.add_sign(
            said, self.key, self.certificate, sign_algorithm=Names.RSA_SHA256, digest_algorithm=Names.SHA256
        )
        return found.decode() if isinstance(found, bytes) else str(found)


def response(asked: str, *assertions: str) -> str:
    """What the browser carries back."""
    at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f'<samlp:Response xmlns:samlp="{Names.NS_SAMLP}" ID="_response" Version="2.0" IssueInstant="{at}"'
        f' Destination="{RECIPIENT}" InResponseTo="{asked}"><saml:Issuer xmlns:saml="{Names.NS_SAML}">{PROVIDER}'
        f'</saml:Issuer><samlp:Status><samlp:StatusCode Value="{Names.STATUS_SUCCESS}"/></samlp:Status>'
        f"{''.join(assertions)}</samlp:Response>"
    )


@pytest.fixture(scope="module")
def hospital() -> Hospital:
    return Hospital()


@pytest.fixture
def known(cast: Cast, hospital: Hospital, settings: Any, tmp_path: Path) -> Cast:
    """The provider is in the operator's file, and two people have addresses verified here."""
    entry = {
        "provider_id": PROVIDER, "client_id": "hospital", "name": "Hospital",
        "settings": {
            "idp": {"entity_id": PROVIDER, "sso_url": f"{PROVIDER}/sso", "x509cert": hospital.certificate},
            "domains": ["riverside.example"],
        },
    }  # fmt: skip
    file = tmp_path / "sign-on.json"
    file.write_text(json.dumps({"saml": [entry]}))
    settings.SOCIALACCOUNT_PROVIDERS = providers(str(file))
    for person in (cast.operations, cast.executive):
        EmailAddress.objects.create(user=person.account, email=email_of(person), verified=True, primary=True)
    return cast


def email_of(person: Person) -> str:
    assert person.account
    return person.account.email


def browser() -> Client:
    return Client(headers={"host": "localhost"})


def ask(visitor: Client) -> str:
    """Go to the provider; the id of what it is asked."""
    there = visitor.post("/account/saml/hospital/login/")
    packed = parse_qs(urlsplit(there["Location"]).query)["SAMLRequest"][0]
    return str(etree.fromstring(zlib.decompress(base64.b64decode(packed), -15)).get("ID"))


def come_back(visitor: Client, said: str) -> Any:
    carried = base64.b64encode(said.encode()).decode()
    return visitor.post("/account/saml/hospital/acs/", {"SAMLResponse": carried}, follow=True)


def inside(visitor: Client) -> bool:
    return visitor.get("/p/riverside/").status_code == 200


def test_a_signed_assertion_opens_the_account_with_that_verified_address(known: Cast, hospital: Hospital) -> None:
    visitor = browser()
    asked = ask(visitor)
    come_back(visitor, response(asked, hospital.assertion(email_of(known.operations), asked)))
    assert inside(visitor)
    assert SocialAccount.objects.get().user == known.operations.account
    assert AccessEvent.objects.filter(account=known.operations.account_id, kind="sign-in", object=PROVIDER).exists()


def _renamed(hospital: Hospital, cast: Cast, asked: str) -> str:
    mine, theirs = email_of(cast.operations), email_of(cast.executive)
    return response(asked, hospital.assertion(mine, asked).replace(mine, theirs))


def _wrapped(hospital: Hospital, cast: Cast, asked: str) -> str:
    """The assertion of another, unsigned, before the signed one of the sender."""
    forged = hospital.assertion(email_of(cast.executive), asked, signed=False).replace('"_assertion"', '"_forged"')
    return response(asked, forged, hospital.assertion(email_of(cast.operations), asked))


def _as_executive(**otherwise: Any) -> Callable[[Hospital, Cast, str], str]:
    return lambda hospital, cast, asked: response(
        asked, hospital.assertion(email_of(cast.executive), asked, **otherwise)
    )


MISQUOTED: dict[str, Callable[[Hospital, Cast, str], str]] = {
    "another NameID than was signed": _renamed,
    "no signature": _as_executive(signed=False),
    "signed by another": lambda _, cast, asked: _as_executive()(Hospital(), cast, asked),
    "a forged assertion beside the signed one": _wrapped,
    "another audience": _as_executive(audience="http://localhost/account/saml/other/metadata/"),
    "expired": _as_executive(age=timedelta(minutes=10)),
    "an answer to what nobody asked": lambda hospital, cast, _: _as_executive()(hospital, cast, "ONELOGIN_unasked"),
}


@pytest.mark.parametrize("how", MISQUOTED)
def test_what_is_not_exactly_what_the_provider_says_now_opens_nothing(
    known: Cast, hospital: Hospital, how: str
) -> None:
    visitor = browser()
    asked = ask(visitor)
    answer = come_back(visitor, MISQUOTED[how](hospital, known, asked))
    assert "did not confirm who you are" in answer.content.decode()
    assert not inside(visitor)
    assert not SocialAccount.objects.exists()


def test_an_answer_serves_once_and_only_who_asked(known: Cast, hospital: Hospital) -> None:
    visitor, thief = browser(), browser()
    asked = ask(visitor)
    said = response(asked, hospital.assertion(email_of(known.operations), asked))
    ask(thief)
    come_back(thief, said)
    assert not inside(thief), "carried into another's browser"
    come_back(visitor, said)
    assert inside(visitor)
    visitor.post("/account/logout/")
    assert not inside(visitor)
    come_back(visitor, said)
    assert not inside(visitor), "carried in a second time"
    ask(visitor)
    come_back(visitor, said)
    assert not inside(visitor), "carried in as the answer to a later question"
