"""Sign-on through an identity provider, against one of our own on 127.0.0.1."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from audit.models import AccessEvent
from config.sign_on import origins, providers
from governance.models import Account, Person
from tests.cast import Cast


class Directory(BaseHTTPRequestHandler):
    """Answers as an OpenID provider does; `who` is the person it vouches for."""

    who: dict[str, Any] = {}

    def do_GET(self) -> None:
        here = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        if self.path == "/.well-known/openid-configuration":
            return self._say(
                {
                    "issuer": here, "authorization_endpoint": f"{here}/authorize", "token_endpoint": f"{here}/token",
                    "userinfo_endpoint": f"{here}/userinfo", "jwks_uri": f"{here}/keys",
                }
            )  # fmt: skip
        assert self.path == "/userinfo"
        assert self.headers["Authorization"] == "Bearer opaque"
        return self._say(self.who)

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        assert sent["code"] == ["granted"]
        assert sent["code_verifier"]
        self._say({"access_token": "opaque", "token_type": "Bearer", "expires_in": 60})

    def _say(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def directory(settings: Any, tmp_path: Path) -> Iterator[type[Directory]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Directory)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    entry = {
        "provider_id": "clinic", "name": "Clinic directory", "client_id": "brightline", "secret": "s",
        "settings": {"server_url": f"http://127.0.0.1:{server.server_port}", "domains": ["riverside.example"]},
    }  # fmt: skip
    file = tmp_path / "sign-on.json"
    file.write_text(json.dumps({"openid_connect": [entry]}))
    settings.SOCIALACCOUNT_PROVIDERS = providers(str(file))
    yield Directory
    server.shutdown()
    server.server_close()


def sign_on(client: Client, who: dict[str, Any]) -> Any:
    """Go to the directory and come back as `who`."""
    Directory.who = who
    there = client.post("/account/oidc/clinic/login/")
    asked = parse_qs(urlsplit(there["Location"]).query)
    assert asked["client_id"] == ["brightline"]
    assert asked["code_challenge_method"] == ["S256"]
    return client.get("/account/oidc/clinic/login/callback/", {"code": "granted", "state": asked["state"][0]})


def verified(person: Person) -> str:
    assert person.account
    EmailAddress.objects.create(user=person.account, email=person.account.email, verified=True, primary=True)
    return person.account.email


def test_an_account_with_a_verified_address_is_opened(cast: Cast, client: Client, directory: object) -> None:
    email = verified(cast.operations)
    assert "Sign in with Clinic directory" in client.get("/account/login/").content.decode()
    answer = sign_on(client, {"sub": "17", "email": email, "email_verified": True})
    assert answer.status_code == 302
    assert client.get("/p/riverside/").status_code == 200
    assert SocialAccount.objects.get().user == cast.operations.account
    assert cast.operations.account.has_usable_password()  # type: ignore[union-attr]
    kinds = set(AccessEvent.objects.filter(account=cast.operations.account_id).values_list("kind", "object"))
    assert ("sign-in", "clinic") in kinds


@pytest.mark.parametrize("claim", ["unknown here", "unverified there", "unverified here"])
def test_no_account_is_made_and_none_opened_without_two_verifications(
    cast: Cast, client: Client, directory: object, claim: str
) -> None:
    email = "stranger@riverside.example" if claim == "unknown here" else cast.director.account.email  # type: ignore[union-attr]
    if claim == "unverified there":
        verified(cast.director)
    accounts = Account.objects.count()
    answer = sign_on(client, {"sub": "1", "email": email, "email_verified": claim != "unverified there"})
    assert answer.status_code == 403
    assert "by invitation" in answer.content.decode()
    assert client.get("/p/riverside/").status_code == 302
    assert (Account.objects.count(), SocialAccount.objects.count()) == (accounts, 0)
    assert AccessEvent.objects.filter(kind="failed sign-in", object="sign-on").count() == 1


def test_a_provider_vouches_for_addresses_of_its_own_domains_alone(
    cast: Cast, client: Client, directory: object, settings: Any
) -> None:
    """The directory of one house asserts the address of another's person, and says it verified it."""
    email = verified(cast.director)
    [entry] = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    for domains in (["hospital.example"], ["example"], ["sub.riverside.example"]):
        entry["settings"]["domains"] = domains
        assert sign_on(client, {"sub": "4", "email": email, "email_verified": True}).status_code == 403
        assert client.get("/p/riverside/").status_code == 302
    assert not SocialAccount.objects.exists()
    entry["settings"]["domains"] = ["hospital.example", "riverside.example"]
    assert sign_on(client, {"sub": "4", "email": email.upper(), "email_verified": True}).status_code == 302
    assert client.get("/p/riverside/").status_code == 200


def test_a_second_factor_is_asked_after_sign_on_too(cast: Cast, client: Client, directory: object) -> None:
    from tests.governance.test_identity import with_app

    email = verified(cast.director)
    with_app(cast.director)
    assert "/2fa/authenticate/" in sign_on(client, {"sub": "2", "email": email, "email_verified": True})["Location"]
    assert client.get("/p/riverside/").status_code == 302


def entry_of(**more: Any) -> str:
    """A file with one provider whose entry says this beside its address."""
    entry = {
        "provider_id": "clinic", "name": "Clinic", "client_id": "brightline", "secret": "s",
        "settings": {"server_url": "https://id.example", **more},
    }  # fmt: skip
    return json.dumps({"openid_connect": [entry]})


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("[", "cannot be read"),
        ('{"ldap": []}', "openid_connect and saml"),
        ('{"openid_connect": [{"name": "x"}]}', "entry 1 of openid_connect lacks provider_id, client_id, secret"),
        ('{"saml": [{"provider_id": "a", "name": "b", "client_id": "c"}]}', "settings.idp.sso_url"),
        (entry_of(), "settings.domains"),
        (entry_of(domains=[]), "settings.domains"),
        (entry_of(domains="clinic.example"), "settings.domains"),
        (entry_of(domains=["@Clinic.example"]), "settings.domains"),
    ],
)
def test_a_wrong_file_of_providers_names_the_rule(tmp_path: Path, content: str, rule: str) -> None:
    file = tmp_path / "sign-on.json"
    file.write_text(content)
    with pytest.raises(ImproperlyConfigured, match=rule):
        providers(str(file))


def test_saml_is_offered_by_the_file_and_shows_its_metadata(cast: Cast, settings: Any, tmp_path: Path) -> None:
    idp = {"entity_id": "https://id.example", "sso_url": "https://id.example/sso", "x509cert": "MIIB"}
    entry = {
        "provider_id": "https://id.example", "client_id": "hospital", "name": "Hospital",
        "settings": {"idp": idp, "domains": ["riverside.example"]},
    }  # fmt: skip
    file = tmp_path / "sign-on.json"
    file.write_text(json.dumps({"saml": [entry]}))
    settings.SOCIALACCOUNT_PROVIDERS = providers(str(file))
    assert origins(settings.SOCIALACCOUNT_PROVIDERS) == ["https://id.example"]
    visitor = Client(headers={"host": "localhost"})
    assert b"EntityDescriptor" in visitor.get("/account/saml/hospital/metadata/").content
    there = visitor.post("/account/saml/hospital/login/")
    assert there["Location"].startswith("https://id.example/sso?SAMLRequest=")
    for answer in ("PHg+", "PHgvPg==", "not base64"):
        forged = visitor.post("/account/saml/hospital/acs/", {"SAMLResponse": answer}, follow=True)
        assert "did not confirm who you are" in forged.content.decode(), answer
    assert visitor.get("/p/riverside/").status_code == 302
