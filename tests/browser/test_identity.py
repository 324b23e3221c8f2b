"""Passkeys with a virtual authenticator, and codes of an app, in a real browser.

A passkey belongs to a name, so these windows open the demonstration as localhost.
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from meetings.demonstration.people import PASSWORD, address
from tests.browser.look import look
from tests.browser.running import Running
from tests.browser.steps import grow_old, shell

type Window = Callable[..., BrowserContext]

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}
PERSON = "marsh"
SETUP = """
from allauth.mfa.models import Authenticator
from governance.models import Account, AccessRules
from governance.services.access import change_access_rules
from governance.services.appointments import appoint
from governance.models import Person, Practice
from audit.context import acting
practice = Practice.objects.get(slug="riverside")
keeper = Person.objects.get(account__email="adeyemi@demo.example")
marsh = Person.objects.get(account__email="marsh@demo.example")
with acting(via="command"):
    if not keeper.appointments.filter(office="pc_administrator").exists():
        appoint(actor=marsh, practice=practice, person=keeper, office="pc_administrator", reason="Keeps the rules")
    change_access_rules(actor=keeper, practice=practice, second_factor={on}, idle_minutes=30, invitation_days=7,
        reason="{why}")
Authenticator.objects.filter(user__email="marsh@demo.example").delete()
"""
UNSIGNED = """
from meetings.models import Minutes
print(Minutes.objects.get(state="submitted").meeting.code)
"""


@pytest.fixture
def asked_for(served: Running, sign_ins: dict[str, Any]) -> Iterator[str]:
    """The practice asks for a second factor, and the Medical Director has none; the address to open."""
    shell(served, SETUP.format(on=True, why="Counsel advises it"))
    yield served.address.replace("127.0.0.1", "localhost").rstrip("/")
    shell(served, SETUP.format(on=False, why="The demonstration goes on with passwords"))
    sign_ins.pop(PERSON, None)  # enrolling a factor ended that session


def device(page: Page) -> CDPSession:
    """A device with a fingerprint reader that always agrees."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def password(page: Page, site: str) -> None:
    page.goto(f"{site}/account/login/")
    page.get_by_label("Email").fill(address(PERSON))
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def prove(page: Page) -> None:
    """The account's own pages want the password again."""
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def leave(page: Page, site: str) -> None:
    page.goto(f"{site}/account/logout/")
    page.get_by_role("button", name="Sign out").click()


def at_desk(page: Page) -> None:
    page.wait_for_url(lambda url: urlsplit(url).path == "/p/riverside/")


def test_a_passkey_is_enrolled_signs_in_and_proves_who_signs(
    open_window: Window, served: Running, asked_for: str
) -> None:
    page, faults = open_window().new_page(), list[str]()
    device(page)
    password(page, asked_for)
    expect(page.get_by_role("heading", name="A second factor is needed")).to_be_visible()
    faults += look(page, "account-enrol")
    page.goto(f"{asked_for}/p/riverside/meetings/")
    page.get_by_role("link", name="Add a passkey").click()
    prove(page)
    expect(page.get_by_label("Sign in with it alone, without a password")).to_be_checked()
    faults += look(page, "account-passkey")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".recovery-codes li")).to_have_count(10)
    faults += look(page, "account-codes")
    page.get_by_role("link", name="I have them; go on").click()
    at_desk(page)
    for path in ("2fa/", "2fa/webauthn/", "sessions/"):
        page.goto(f"{asked_for}/account/{path}")
        faults += look(page, f"account-{path.strip('/').replace('/', '-')}")
    leave(page, asked_for)
    # Without a password
    page.goto(f"{asked_for}/account/login/")
    faults += look(page, "account-login-passkey")
    page.get_by_role("button", name="Sign in with a passkey").click()
    at_desk(page)
    # The proof grows old; a signature wants a fresh one
    grow_old(served, page)
    page.goto(f"{asked_for}/p/riverside/meetings/{shell(served, UNSIGNED)}/minutes/sign/")
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.get_by_role("link", name="Use a passkey").click()
    faults += look(page, "account-proof")
    page.get_by_role("button", name="Use a passkey or security key").click()
    expect(page.get_by_role("heading", name="Sign the minutes")).to_be_visible()
    # As the second step after the password
    leave(page, asked_for)
    password(page, asked_for)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    faults += look(page, "account-second-step")
    page.get_by_role("button", name="Use a passkey or security key").click()
    at_desk(page)
    assert faults == []


def test_an_app_is_enrolled_and_asked_at_sign_in(open_window: Window, asked_for: str) -> None:
    page = open_window().new_page()
    password(page, asked_for)
    page.get_by_role("link", name="Set up an app").click()
    prove(page)
    faults = look(page, "account-app")
    page.get_by_text("I cannot scan it").click()
    secret = page.locator(".act-help .body p").inner_text().split(": ")[1].strip()

    def code(offset: int = 0) -> str:
        return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()) + offset)))

    page.get_by_label("Authenticator code").fill("000000")
    page.get_by_role("button", name="Enrol the app").click()
    expect(page.get_by_role("alert").filter(has_text="Incorrect code")).to_be_focused()
    page.get_by_label("Authenticator code").fill(code())
    page.get_by_role("button", name="Enrol the app").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator(".recovery-codes li").first.inner_text().strip()
    leave(page, asked_for)
    password(page, asked_for)
    page.get_by_label("Code").fill(code(1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    at_desk(page)
    leave(page, asked_for)
    password(page, asked_for)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    at_desk(page)
    assert faults == []
