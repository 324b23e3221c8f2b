"""Every page of each person, found by following the links from the desk."""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlsplit

from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from playwright.sync_api import BrowserContext, Page, expect

from meetings.demonstration.people import SIGN_INS
from tests.browser.look import glance, look
from tests.browser.steps import confirm, rail, today

SEVERAL = {"meetings:meeting": 3, "meetings:minutes": 2, "decisions:proposal": 3, "decisions:action": 3}
"""Pages that look different from row to row: how many of them each person opens."""

FILES = {"ledger:checkpoint", "meetings:invitation", "calendar_feed"}
"""Addresses that answer with a file."""

DOORS = ("account_login", "account_reset_password", "account_reset_password_done", "account_signup")
"""Pages for who has not signed in; a test of its own looks at them."""

ACCOUNT = (
    "account_reauthenticate",
    "account_change_password",
    "account_email",
    "account_logout",
    "mfa_index",
    "mfa_list_webauthn",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_generate_recovery_codes",
    "usersessions_list",
    "calendar",
    "socialaccount_connections",
)
"""Pages of a person's own sign-in, outside every practice."""

BEHIND = "meetings:boundary_list"
"""The list behind a number of the boundary report: links to it carry the period."""

OF_A_CHAIR = ("meetings:call", "meetings:closed_put", "meetings:closed")
"""What a chair finds at the meeting that lies ahead, and in the month that had a closed session."""

WITH_A_PAST = ("meetings:meeting", "decisions:proposal", "decisions:action", "governance:right", "governance:person")
"""Pages that can be asked for a day of the past."""

ELSEWHERE = {
    **dict.fromkeys(FILES, "a file"),
    **dict.fromkeys((*DOORS, *ACCOUNT, *OF_A_CHAIR, BEHIND), "the test below"),
    **dict.fromkeys(
        (
            "enrol",
            "mfa_authenticate",
            "mfa_reauthenticate",
            "mfa_reauthenticate_webauthn",
            "mfa_view_recovery_codes",
            "mfa_login_webauthn",
        ),
        "test_identity goes there",
    ),
    **dict.fromkeys(
        (
            "openid_connect_login",
            "openid_connect_callback",
            "saml_login",
            "saml_acs",
            "saml_finish_acs",
            "saml_sls",
            "saml_metadata",
            "socialaccount_login_cancelled",
            "socialaccount_login_error",
            "socialaccount_signup",
        ),
        "wants an identity provider, which the demonstration has not",
    ),
    "None": "addresses that allauth once had; they lead on",
    "end_session": "only receives a form",
    "governance:invite_again": "only receives a form",
    **dict.fromkeys(
        ("governance:mails", "governance:mail"), "offered to administrators, whom the demonstration has not"
    ),
    **dict.fromkeys(
        ("governance:import_roster_rows", "decisions:import_actions_rows", "meetings:import_agenda_rows"),
        "there once a file is uploaded; its test looks at it",
    ),
    "governance:change_settings": "offered to administrators, whom the demonstration has not",
    "invitation": "reached from a mail",
    "kept": "offered when a form came too late",
    "mfa_deactivate_totp": "offered once an app is enrolled; the form of an act like its neighbours",
    "mfa_download_recovery_codes": "codes are shown once and never downloaded",
    "mfa_edit_webauthn": "offered once a key is enrolled; the form of an act like its neighbours",
    "mfa_remove_webauthn": "offered once a key is enrolled; the form of an act like its neighbours",
    **dict.fromkeys(
        (
            "decisions:proposal_go_live",
            "meetings:agenda_move",
            "meetings:agenda_refresh",
            "meetings:agenda_release",
            "meetings:minutes_autosave",
            "meetings:room",
            "meetings:room_adjourn",
            "meetings:room_attend",
            "meetings:room_call",
            "meetings:room_cast",
            "meetings:room_do",
            "meetings:room_draft",
            "meetings:room_item",
            "meetings:room_open",
        ),
        "the story goes there",
    ),
    "decisions:action_verify": "offered once evidence lies before the verifier; the form of an act like its neighbours",
    "decisions:action_window": "offered once evidence lies before the verifier; the form of an act like its neighbours",
    **dict.fromkeys(
        ("governance:draft", "governance:draft_add", "governance:draft_right", "governance:draft_submit"),
        "there once somebody begins a draft; forms of an act like their neighbours",
    ),
    **dict.fromkeys(
        ("governance:draft_begin", "governance:draft_change_back", "governance:draft_discard"), "only receives a form"
    ),
    "governance:version_adopt": "offered once counsel has cleared a version; the form of an act like its neighbours",
    "governance:end_delegation": "offered while a delegation runs; the form of an act like its neighbours",
    "decisions:scope_resume": "offered while a service is stopped; the form of an act like its neighbours",
    "governance:act_as": "offered to who holds offices on both sides",
    "governance:hold": "there once a legal hold is placed",
    "governance:disposal": "in the walk of addresses; its list is there 30 days after a confirmed scrub",
    "governance:hold_acknowledge": "sent from the page of a hold",
    "governance:hidden_text": "there once something is scrubbed",
    "governance:hidden_open": "there once something is scrubbed",
    "governance:hidden_confirm": "there once something is scrubbed",
    "governance:hidden_restore": "there once something is scrubbed",
    "meetings:packet": "only receives a form, offered once making a packet failed",
    "meetings:plan": "only receives a form",
    "meetings:closed_do": "only receives a form",
    **dict.fromkeys(
        ("meetings:minutes_circulate", "meetings:minutes_comment", "meetings:minutes_answer"),
        "offered while minutes are a draft; forms of an act like their neighbours",
    ),
    "meetings:minutes_attest": "offered where somebody else submitted; the form of an act like its neighbours",
    "meetings:reply": "only receives a form",
    "meetings:notice_protest": "only receives a form",
    "meetings:notice_waive": "offered while notice is short; the form of an act like its neighbours",
    **dict.fromkeys(("meetings:past_confirm", "meetings:past_withdraw"), "only receives a form"),
    "meetings:series_preview": "only receives a form",
    "meetings:cancel": "only receives a form",
    "meetings:agenda_withdraw": "only receives a form",
    "meetings:proposed_withdraw": "only receives a form",
    "home": "leads to the desk",
    "healthz": "answers a machine",
    "styleguide": "for staff, which the demonstration has not",
    "account_inactive": "reached by a sign-in that was closed",
    "account_set_password": "leads to the change of the password, which each account has",
    "account_confirm_login_code": "sign-in by mailed code is off",
    "account_confirm_email": "reached from a mail",
    "account_email_verification_sent": "reached from a mail",
    "account_reset_password_from_key": "reached from a mail",
    "account_reset_password_from_key_done": "reached from a mail",
}
"""Addresses that no link of the demonstration leads to, and why that is well."""


def followed(page: Page) -> list[str]:
    """The paths within the practice to which the page links, in order, without files and filters."""
    addresses = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(link => link.href)")
    parts = [urlsplit(address) for address in addresses]
    host = urlsplit(page.url).netloc
    return [
        part.path
        for part in parts
        if part.netloc == host and part.path.startswith(("/p/", "/ledger/")) and not part.query
    ]


def walk(page: Page, *besides: str) -> Iterator[str]:
    """Open page after page from the desk and `besides`, each kind as often as is worth a look; yields the kind."""
    waiting = deque([urlsplit(page.url).path, *besides])
    known, opened = set(waiting), Counter[str]()
    while waiting:
        path = waiting.popleft()
        kind = resolve(path).view_name
        if kind in FILES or opened[kind] >= SEVERAL.get(kind, 1):
            continue
        opened[kind] += 1
        visit(page, path)
        for link in followed(page):
            if link not in known:
                known.add(link)
                waiting.append(link)
        yield kind if opened[kind] == 1 else f"{kind}-{opened[kind]}"


def visit(page: Page, path: str) -> None:
    answer = page.goto(path)
    assert answer is not None
    assert answer.ok, f"{path} answers {answer.status}"


def lies_ahead(page: Page) -> str:
    """The address of a meeting whose agenda is still being made; planned now, where others have held them all."""
    rail(page, "Meetings")
    months = page.locator("tr:has(th[scope=row])").filter(has_text=re.compile("planned|released", re.IGNORECASE))
    ahead = months.get_by_role("link").or_(page.get_by_role("region", name="Ahead").get_by_role("link"))
    if ahead.count():
        ahead.first.click()
    else:
        page.locator("main").get_by_role("button", name=re.compile("^Plan ")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Meeting of")
    return urlsplit(page.url).path


def test_every_page_of_each_person(enter: Callable[[str], Page]) -> None:
    faults: list[str] = []
    seen: set[str] = set()
    ahead = lies_ahead(enter("vale"))
    for name, _, _ in SIGN_INS:
        page = enter(name)
        for kind in walk(page, ahead):
            own = f"{name}-desk" if kind == "meetings:desk" else kind
            faults += look(page, own, pictures=False) if own not in seen else glance(page)
            seen |= {own, kind}
        page.context.close()
    assert not faults, "\n".join(faults)
    assert kinds() - seen <= set(ELSEWHERE), "An address is neither looked at nor named."
    assert set(ELSEWHERE) <= kinds(), "A name is of no address."


def test_the_past_of_each_kind_of_object(enter: Callable[[str], Page]) -> None:
    page = enter("marsh")
    faults: list[str] = []
    seen: set[str] = set()
    day = today() - timedelta(days=90)
    for kind in walk(page):
        if kind in WITH_A_PAST:
            seen.add(kind)
            now = page.url
            visit(page, f"{now}?as_of={day.isoformat()}")
            faults += look(page, f"past-{kind}", pictures=False)
    assert not faults, "\n".join(faults)
    assert seen == set(WITH_A_PAST)


def test_the_lists_behind_the_boundary_report(enter: Callable[[str], Page]) -> None:
    page = enter("marsh")
    faults: list[str] = []
    for figure in ("decisions", "time", "months"):
        visit(page, f"/p/riverside/boundary/{figure}/")
        faults += look(page, f"boundary-{figure}", pictures=False)
    assert not faults, "\n".join(faults)


def test_what_a_chair_finds_ahead_and_in_the_month_of_a_closed_session(enter: Callable[[str], Page]) -> None:
    ahead, page = lies_ahead(enter("vale")), enter("marsh")
    rail(page, "Meetings")
    months = page.get_by_role("region", name="Month by month").locator("th[scope=row] a")
    found: dict[str, str] = {}
    for address in [ahead, *(link.get_attribute("href") or "" for link in months.all())]:
        visit(page, address)
        found = {resolve(link).view_name: link for link in followed(page)} | found
        if set(OF_A_CHAIR) <= found.keys():
            break
    faults: list[str] = []
    for kind in OF_A_CHAIR:
        visit(page, found[kind])
        faults += look(page, kind, pictures=False)
    assert not faults, "\n".join(faults)


def test_the_doors_and_the_account(open_window: Callable[..., BrowserContext], enter: Callable[[str], Page]) -> None:
    outside, inside = open_window().new_page(), enter("prado")
    faults: list[str] = []
    for page, names in ((outside, DOORS), (inside, ACCOUNT)):
        for name in names:
            visit(page, reverse(name))
            assert urlsplit(page.url).path == reverse(name)
            faults += look(page, name, pictures=False)
            if name == "account_reauthenticate":
                confirm(page)  # what follows changes how a person signs in, and asks for the password again
    assert not faults, "\n".join(faults)


def kinds() -> set[str]:
    """The names of all addresses."""

    def named(resolver: URLResolver, app: str = "") -> Iterator[str]:
        for part in resolver.url_patterns:
            if isinstance(part, URLResolver):
                yield from named(part, f"{part.app_name}:" if part.app_name else app)
            elif isinstance(part, URLPattern):
                yield f"{app}{part.name}"

    return set(named(get_resolver()))
