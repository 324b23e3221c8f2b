"""Signing in: factors, lock-out, sessions, idle time, invitations, and the rules a practice sets for them."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from allauth.usersessions.models import UserSession
from django.conf import settings as django_settings
from django.core import mail
from django.db import IntegrityError, ProgrammingError
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from audit.models import AccessEvent, Act
from governance import idle
from governance.authority import AuthorityRefused
from governance.choices import Office
from governance.factors import factors, rules_of
from governance.idle import KEPT, MINUTES, SEEN
from governance.invitations import invitation_for, invitation_link, proof_of
from governance.mail import send_waiting
from governance.models import AccessRules, Invitation, Person, Practice
from governance.services.access import LIMITS, AccessRefused, change_access_rules, revoke_invitation, send_again
from governance.services.appointments import appoint, invite, set_license_limit
from tests.cast import PASSWORD, Cast
from tests.sign_in import sign_in

DESK = "/p/riverside/"
LOGIN = "/account/login/"


def administrator(cast: Cast, office: str = Office.ADMINISTRATOR, by: Person | None = None) -> Person:
    made = invite(
        actor=cast.executive, practice=cast.practice, name=f"Admin {office}", email=f"{office}@riverside.example"
    )
    appoint(actor=by or cast.executive, practice=cast.practice, person=made, office=office)
    return made


def pc_administrator(cast: Cast) -> Person:
    return administrator(cast, Office.PC_ADMINISTRATOR, cast.director)


def change(cast: Cast, actor: Person, **rules: Any) -> AccessRules:
    wanted = {"second_factor": False, "idle_minutes": 30, "invitation_days": 7, "reason": "As counsel advises"}
    return change_access_rules(actor=actor, practice=cast.practice, **{**wanted, **rules})


def enter(client: Client, person: Person, password: str = PASSWORD) -> Any:
    assert person.account
    return client.post(LOGIN, {"login": person.account.email, "password": password})


def code(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def with_app(person: Person) -> str:
    secret = generate_totp_secret()
    TOTP.activate(person.account, secret)
    return str(secret)


# Rules of access


@pytest.mark.parametrize(("office", "by"), [(Office.ADMINISTRATOR, "executive"), (Office.PC_ADMINISTRATOR, "director")])
def test_an_administrator_of_either_side_sets_the_rules_and_each_change_is_an_act(
    cast: Cast, client: Client, office: Office, by: str
) -> None:
    admin = administrator(cast, office, getattr(cast, by))
    sign_in(client, admin)
    form = {"second_factor": "on", "idle_minutes": 15, "invitation_days": 3, "reason": "As counsel advises"}
    form |= {"reminders": "on", "reminder_days": 10}
    assert client.post("/p/riverside/settings/change/", form).status_code == 302
    rules = AccessRules.objects.get(practice=cast.practice)
    assert (rules.second_factor, rules.idle_minutes, rules.invitation_days) == (True, 15, 3)
    assert (rules.reminders, rules.reminder_days) == (True, 10)
    act = Act.objects.get(verb="access_rules.changed")
    assert (act.office, act.capacity, act.right) == (office, "takes part", "")
    assert rules.history.count() == 2


def test_an_administrator_has_no_authority_and_sees_no_record(cast: Cast, client: Client) -> None:
    admin = administrator(cast)
    with pytest.raises(AuthorityRefused):
        set_license_limit(actor=admin, practice=cast.practice, days=300, reason="Easier")
    with pytest.raises(AuthorityRefused):
        appoint(actor=admin, practice=cast.practice, person=cast.secretary, office=Office.MSO_OPERATIONS)
    sign_in(client, admin)
    assert client.get(DESK).status_code == 404
    assert client.get("/", follow=True).redirect_chain[-1][0] == "/p/riverside/settings/"
    page = client.get("/p/riverside/settings/").content.decode()
    assert "Change the rules of access" in page
    assert "/p/riverside/meetings/" not in page


def test_who_is_no_administrator_is_refused(cast: Cast) -> None:
    for person in (cast.director, cast.executive, cast.pc_counsel):
        with pytest.raises(AuthorityRefused):
            change(cast, person, idle_minutes=60)
    assert Act.objects.filter(verb="access_rules.changed", outcome="refused").count() == 3


def test_rules_outside_their_limits_name_the_field(cast: Cast) -> None:
    admin = administrator(cast)
    for field, value in (
        ("idle_minutes", 4),
        ("idle_minutes", 241),
        ("invitation_days", 0),
        ("reminder_days", 32),
        ("reason", " "),
    ):
        with pytest.raises(AccessRefused) as problem:
            change(cast, admin, **{"second_factor": True, field: value})
        assert problem.value.field == field


def test_the_database_refuses_rules_by_another_office(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("governance.services.access.ADMINISTRATORS", frozenset(Office))
    with pytest.raises(ProgrammingError, match="kept by a practice administrator"):
        change(cast, cast.executive, idle_minutes=20)
    admin = pc_administrator(cast)
    monkeypatch.setitem(LIMITS, "idle_minutes", (1, 999))
    with pytest.raises(IntegrityError, match="governance_rules_idle_minutes"):
        change(cast, admin, idle_minutes=999)


LOOSER: tuple[dict[str, Any], ...] = (
    {"second_factor": False}, {"idle_minutes": 31}, {"invitation_days": 8}, {"reminders": False}, {"reminder_days": 6}
)  # fmt: skip
STRICT: dict[str, Any] = {"second_factor": True, "idle_minutes": 30, "invitation_days": 7, "reminder_days": 7}


def test_the_mso_s_administrator_makes_no_rule_looser(cast: Cast, client: Client) -> None:
    admin, own = administrator(cast), pc_administrator(cast)
    change(cast, admin, **STRICT)
    for looser in LOOSER:
        [field] = looser
        with pytest.raises(AccessRefused, match="only the PC's administrator") as problem:
            change(cast, admin, **{**STRICT, **looser})
        assert problem.value.field == field
    with_app(admin)
    sign_in(client, admin)
    page = client.post(
        "/p/riverside/settings/change/", {**STRICT, "second_factor": "", "reminders": "on", "reason": "Easier"}
    )
    assert "only the PC&#x27;s administrator" in str(page.context["form"].errors["second_factor"])
    assert AccessRules.objects.get().second_factor
    change(cast, admin, **{**STRICT, "idle_minutes": 20, "invitation_days": 5})
    change(cast, own, second_factor=False, idle_minutes=60, invitation_days=9)


@pytest.mark.parametrize("looser", LOOSER, ids=lambda one: next(iter(one)))
def test_the_database_lets_the_mso_s_administrator_loosen_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, looser: dict[str, Any]
) -> None:
    monkeypatch.setattr("governance.services.access._only_stricter", lambda *_, **__: None)
    admin = administrator(cast)
    change(cast, admin, **STRICT)
    with pytest.raises(ProgrammingError, match="made looser by the PC's administrator"):
        change(cast, admin, **{**STRICT, **looser})


def test_the_license_limit_is_decided_by_the_physicians(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    answer = client.post("/p/riverside/settings/licenses/", {"license_limit_days": 90, "reason": "Monthly checks"})
    assert answer.status_code == 302
    assert Practice.objects.get(pk=cast.practice.pk).license_limit_days == 90
    assert Act.objects.get(verb="license_limit.set").right == "DR-09"
    sign_in(client, cast.executive)
    refused = client.post("/p/riverside/settings/licenses/", {"license_limit_days": 366, "reason": "Less work"})
    assert refused.status_code == 403


# Second factors


def test_nothing_of_the_practice_opens_before_a_factor_is_enrolled(cast: Cast, client: Client) -> None:
    change(cast, administrator(cast), second_factor=True)
    assert enter(client, cast.director)["Location"] == "/"
    for path in (DESK, "/p/riverside/people/", "/ledger/riverside/"):
        assert client.get(path)["Location"] == "/account/enrol/?practice=riverside"
    assert client.post("/p/riverside/people/invite/", {"name": "X", "email": "x@x.example"}).status_code == 302
    assert not Person.objects.filter(name="X").exists()
    page = client.get("/account/enrol/?practice=riverside").content.decode()
    assert "Medical Director" in page
    assert "/account/2fa/webauthn/add/" in page
    with_app(cast.director)
    assert client.get(DESK).status_code == 200
    # An office that needs none
    other = Client()
    enter(other, cast.operations)
    assert other.get(DESK).status_code == 200


def test_a_practice_asks_for_a_factor_unless_it_is_a_demonstration(cast: Cast) -> None:
    assert rules_of(cast.practice).second_factor is False
    assert rules_of(Practice(demonstration=False)).second_factor is True


def test_an_app_is_enrolled_used_at_sign_in_and_at_the_fresh_proof(cast: Cast, client: Client) -> None:
    enter(client, cast.director)
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    elsewhere = Client()
    enter(elsewhere, cast.director)
    secret = re.findall(
        r"this secret into the app instead: (\w+)", client.get("/account/2fa/totp/activate/").content.decode()
    )[0]
    assert client.post("/account/2fa/totp/activate/", {"code": code(secret)}).status_code == 302
    assert "shown this once" in client.get("/account/2fa/recovery-codes/").content.decode()
    stored = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in stored
    # A session that began with the password alone is over.
    assert elsewhere.get(DESK).status_code == 302
    assert enter(elsewhere, cast.director)["Location"].startswith("/account/2fa/authenticate/")
    assert elsewhere.get(DESK).status_code == 302
    assert elsewhere.post("/account/2fa/authenticate/", {"code": code(secret)}).status_code in {200, 302}
    events = AccessEvent.objects.filter(actor=cast.director.pk).values_list("kind", "object")
    assert ("factor added", "totp") in events
    assert ("factor added", "recovery_codes") in events or AccessEvent.objects.filter(kind="factor added").exists()


def test_an_address_not_confirmed_bars_nobody_from_a_factor(cast: Cast, client: Client) -> None:
    enter(client, cast.director)
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    # The page of addresses notes the account's own, not confirmed.
    assert client.get("/account/email/").status_code == 200
    assert EmailAddress.objects.filter(user=cast.director.account, verified=False).exists()
    assert client.get("/account/2fa/totp/activate/").status_code == 200
    assert client.get("/account/2fa/webauthn/add/").status_code == 200


def test_a_fresh_proof_by_the_app_opens_what_needs_one(cast: Cast, client: Client) -> None:
    secret = with_app(cast.director)
    sign_in(client, cast.director, seconds_ago=301)
    appointing = "/p/riverside/people/appoint/"
    assert "/account/reauthenticate/" in client.get(appointing)["Location"]
    answer = client.post(f"/account/2fa/reauthenticate/?next={appointing}", {"code": code(secret), "next": appointing})
    assert answer["Location"] == appointing
    assert client.get(appointing).status_code == 200


def test_removing_a_factor_is_noted_and_closes_the_practice_again(cast: Cast, client: Client) -> None:
    change(cast, administrator(cast), second_factor=True)
    with_app(cast.director)
    sign_in(client, cast.director)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.post("/account/2fa/totp/deactivate/", {}).status_code == 302
    assert not factors(cast.director.account_id).exists()
    assert AccessEvent.objects.filter(kind="factor removed", object="totp", actor=cast.director.pk).count() == 1
    assert "/account/enrol/" in client.get(DESK)["Location"]


# Lock-out


def test_failures_lock_an_account_out_and_tell_nothing_of_it(cast: Cast) -> None:
    said = []
    for address in (cast.director.account.email, "nobody@riverside.example"):  # type: ignore[union-attr]
        client = Client()
        for _ in range(django_settings.LOCK_OUT_AFTER):
            page = client.post(LOGIN, {"login": address, "password": "wrong"}).content.decode()
            assert "not correct" in page
        right = client.post(LOGIN, {"login": address, "password": PASSWORD})
        assert right.status_code == 200
        said.append(re.sub(r'value="[^"]*"|X-CSRFToken[^}]*', "", right.content.decode()))
    assert "Too many failures" in said[0]
    assert said[0] == said[1]
    assert AccessEvent.objects.filter(kind="lock-out").count() == 2
    assert enter(Client(), cast.operations).status_code == 302


def test_failures_lock_a_network_address_out_whatever_account_it_tries(cast: Cast, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "3/15m/ip,5/15m/key"}
    for number in range(3):
        Client().post(LOGIN, {"login": f"guess{number}@riverside.example", "password": "wrong"})
    assert "Too many failures" in enter(Client(), cast.director).content.decode()
    assert enter(Client(REMOTE_ADDR="192.0.2.7"), cast.director).status_code == 302


def test_codes_are_locked_out_too(cast: Cast) -> None:
    with_app(cast.director)
    client = Client()
    enter(client, cast.director)
    for _ in range(django_settings.LOCK_OUT_AFTER + 1):
        page = client.post("/account/2fa/authenticate/", {"code": "000000"}).content.decode()
    assert "Too many failures" in page


# Sessions


def test_sessions_are_listed_and_signed_out_one_by_one_and_all_at_once(cast: Cast) -> None:
    clients = [Client(HTTP_USER_AGENT=f"Browser {number}") for number in range(4)]
    for client in clients:
        enter(client, cast.operations)
    page = clients[0].get("/account/sessions/").content.decode()
    assert all(f"Browser {number}" in page for number in range(4))
    second = UserSession.objects.get(user_agent="Browser 1")
    stranger = Client()
    enter(stranger, cast.executive)
    assert stranger.post(f"/account/sessions/{second.pk}/end/").status_code == 404
    assert clients[0].post(f"/account/sessions/{second.pk}/end/").status_code == 302
    assert [client.get(DESK).status_code for client in clients] == [200, 302, 200, 200]
    assert clients[0].post("/account/sessions/").status_code == 302
    assert [client.get(DESK).status_code for client in clients] == [200, 302, 302, 302]
    assert stranger.get(DESK).status_code == 200


# Idle time


def rest(client: Client, minutes: float) -> None:
    session = client.session
    session[SEEN] = int(time.time() - minutes * 60)
    session.save()


def test_a_session_ends_after_the_idle_time_of_the_practice(cast: Cast, client: Client) -> None:
    change(cast, administrator(cast), idle_minutes=15)
    enter(client, cast.operations)
    assert client.get(DESK).status_code == 200
    assert client.session[MINUTES] == 15
    rest(client, 14)
    assert client.get(DESK).status_code == 200
    rest(client, 16)
    answer = client.get("/p/riverside/people/?page=1")
    assert answer["Location"] == "/account/login/?next=%2Fp%2Friverside%2Fpeople%2F%3Fpage%3D1"
    assert client.get(DESK).status_code == 302
    assert AccessEvent.objects.filter(kind="time-out", actor=cast.operations.pk).count() == 1
    assert b"nothing was done for 15 minutes" in client.get(LOGIN).content


def test_what_a_page_asks_for_by_itself_is_no_activity(cast: Cast, client: Client) -> None:
    enter(client, cast.operations)
    client.get(DESK)
    rest(client, 29)
    seen = client.session[SEEN]
    assert client.get(DESK, headers={"HX-Request": "true"}).status_code == 200
    assert client.session[SEEN] == seen
    assert client.get(DESK, headers={"HX-Request": "true", "HX-Boosted": "true"}).status_code == 200
    assert client.session[SEEN] > seen
    rest(client, 31)
    polled = client.get(
        DESK, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/p/riverside/meetings/"}
    )
    assert polled["HX-Redirect"] == "/account/login/?next=%2Fp%2Friverside%2Fmeetings%2F"


def test_a_form_sent_too_late_waits_for_its_own_person(cast: Cast, client: Client) -> None:
    enter(client, cast.director)
    client.get(DESK)
    rest(client, 31)
    typed = {"name": "Noor Haddad", "credentials": "NP", "email": "haddad@riverside.example"}
    late = client.post("/p/riverside/people/invite/", typed)
    assert late["Location"] == "/account/login/?next=%2Faccount%2Fkept%2F"
    assert not Person.objects.filter(name="Noor Haddad").exists()
    back = client.post(late["Location"], {"login": cast.director.account.email, "password": PASSWORD})  # type: ignore[union-attr]
    assert back["Location"] == "/account/kept/"
    page = client.get("/account/kept/").content.decode()
    assert "Noor Haddad" in page
    assert 'action="/p/riverside/people/invite/"' in page
    assert client.post("/p/riverside/people/invite/", typed).status_code == 302
    # What was sent waits no longer: it would be recorded twice.
    assert client.get("/account/kept/").status_code == 302


def test_a_kept_form_is_let_go(cast: Cast, client: Client) -> None:
    enter(client, cast.director)
    client.get(DESK)
    rest(client, 31)
    client.post("/p/riverside/people/invite/", {"name": "Noor Haddad", "email": "haddad@riverside.example"})
    enter(client, cast.director)
    assert client.get("/account/kept/").status_code == 200
    client.post("/account/kept/")
    assert client.get("/account/kept/").status_code == 302


def test_of_several_practices_the_strictest_idle_time_rules(cast: Cast, client: Client) -> None:
    change(cast, administrator(cast), idle_minutes=15)
    enter(client, cast.operations)
    client.get(DESK)
    request = RequestFactory().get("/")
    request.session = client.session
    idle.allow(request, 240)
    assert request.session[MINUTES] == 15
    idle.allow(request, 5)
    assert request.session[MINUTES] == 5


def test_somebody_else_never_sees_what_was_kept(cast: Cast, client: Client) -> None:
    enter(client, cast.director)
    client.get(DESK)
    rest(client, 31)
    client.post("/p/riverside/people/invite/", {"name": "Noor Haddad", "email": "haddad@riverside.example"})
    assert KEPT in client.session
    enter(client, cast.operations)
    assert KEPT not in client.session
    assert client.get("/account/kept/")["Location"] == "/"


def test_passwords_are_never_kept(cast: Cast, client: Client) -> None:
    enter(client, cast.director)
    client.get(DESK)
    rest(client, 31)
    client.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": "a new one, long", "password2": "x"}
    )
    assert KEPT not in client.session


def test_a_passphrase_is_never_kept(cast: Cast, client: Client) -> None:
    enter(client, cast.director)
    client.get(DESK)
    rest(client, 31)
    client.post("/p/riverside/people/invite/", {"name": "Noor Haddad", "passphrase": "open sesame"})
    assert "Noor Haddad" in str(client.session[KEPT])
    assert "sesame" not in str(dict(client.session))
    enter(client, cast.operations)
    typed = {"right": "DR-16", "title": "T", "text": "T", "rationale": "R", "passphrase": "open sesame"}
    asked = client.post("/p/riverside/decisions/new/", typed)
    assert asked.context["ask"]
    assert b"sesame" not in asked.content
    refused = client.post("/p/riverside/decisions/new/", {**typed, "anyway": "1"})
    assert refused.status_code == 403
    assert b"sesame" not in refused.content


# Invitations


@pytest.fixture
def asked(cast: Cast) -> Invitation:
    person = invite(actor=cast.executive, practice=cast.practice, name="Noor Haddad", email="haddad@riverside.example")
    return Invitation.objects.select_related("person__account").get(person=person)


def path_of(invitation: Invitation) -> str:
    return invitation_link(invitation).removeprefix(django_settings.SITE_URL)


def test_an_invitation_sets_the_first_password_once(cast: Cast, client: Client, asked: Invitation) -> None:
    new = {"password1": "a long enough phrase", "password2": "a long enough phrase"}
    page = path_of(asked)
    assert client.get(page).status_code == 200
    short = client.post(page, {"password1": "short", "password2": "short"})
    assert short.context["form"].errors["password1"]
    assert client.post(page, {**new, "password2": "another phrase here"}).context["form"].errors["password2"]
    assert client.post(page, new)["Location"] == LOGIN
    assert client.post(page, new).status_code == 410
    assert client.get(page).status_code == 410
    account = Person.objects.get(name="Noor Haddad").account
    assert account is not None
    assert account.check_password("a long enough phrase")
    assert EmailAddress.objects.get(user=account).verified
    assert AccessEvent.objects.get(kind="invitation accepted").practice == cast.practice.pk
    with pytest.raises(AccessRefused):
        send_again(actor=cast.executive, invitation=asked)


def test_an_invitation_expires_by_the_clock(asked: Invitation, monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked.expires_at - asked.sent_at == timedelta(days=7)
    assert invitation_for(asked.pk, proof_of(asked)) == asked
    later = timezone.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr("governance.invitations.timezone.now", lambda: later)
    assert invitation_for(asked.pk, proof_of(asked)) is None


def test_a_revoked_invitation_opens_nothing_and_no_way_leads_round_it(
    cast: Cast, client: Client, asked: Invitation
) -> None:
    link = path_of(asked)
    with pytest.raises(AuthorityRefused):
        revoke_invitation(actor=cast.mso_counsel, invitation=asked, reason="No")
    revoke_invitation(actor=administrator(cast), invitation=asked, reason="Takes another job")
    assert client.get(link).status_code == 410
    sent = len(mail.outbox)
    client.post("/account/password/reset/", {"email": "haddad@riverside.example"})
    assert len(mail.outbox) == sent
    assert Act.objects.get(verb="invitation.revoked", outcome="done").reason == "Takes another job"


def test_sending_again_makes_the_earlier_link_worthless(cast: Cast, client: Client, asked: Invitation) -> None:
    first = path_of(asked)
    sign_in(client, administrator(cast))
    assert client.post(f"/p/riverside/invitations/{asked.pk}/again/").status_code == 302
    newest = Invitation.objects.select_related("person__account").get(person=asked.person, revoked_at=None)
    assert client.get(first).status_code == 410
    send_waiting()
    assert path_of(newest) in mail.outbox[-1].body
    assert not any(first in message.body for message in mail.outbox)
    assert Client().get(path_of(newest)).status_code == 200
    wrong = path_of(newest)[:-5] + "0000/"
    assert Client().get(wrong).status_code == 410


def test_the_list_of_invitations_tells_their_state(cast: Cast, client: Client, asked: Invitation) -> None:
    sign_in(client, administrator(cast))
    page = client.get("/p/riverside/invitations/", {"state": "open", "q": "haddad"})
    assert "1 invitation" in page.content.decode()
    assert "Accepted" not in page.content.decode().split("<tbody>")[1]
    csv = client.get("/p/riverside/invitations/", {"format": "csv"}).content.decode()
    assert "haddad@riverside.example" in csv


# What must not be there


def test_no_secret_enters_history_and_no_admin_is_installed(cast: Cast) -> None:
    for model in (AccessRules, Invitation, Person):
        columns = {field.name for field in model.history.model._meta.get_fields()}
        assert not {name for name in columns if re.search("password|secret|token|proof|seed", name)}
    assert "django.contrib.admin" not in django_settings.INSTALLED_APPS
    with pytest.raises(NoReverseMatch):
        reverse("admin:index")
    assert Client().get("/admin/").status_code == 404
