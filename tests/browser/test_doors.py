"""Signing in, and the doors that stay shut."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from meetings.demonstration.people import address
from tests.browser.conftest import sign_in
from tests.browser.running import Running
from tests.browser.watch import barriers

type Window = Callable[..., BrowserContext]
type Enter = Callable[..., Page]


def test_the_way_in_leads_to_the_desk_and_out_again(open_window: Window) -> None:
    page = open_window().new_page()
    page.goto("/")
    expect(page).to_have_title("Sign in · Brightline")
    assert barriers(page) == []
    sign_in(page, address("cole"))
    page.wait_for_url("**/p/riverside/")
    expect(page.get_by_role("navigation", name="Practice")).to_be_visible()
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/p/riverside/")
    expect(page).to_have_title("Sign in · Brightline")


def test_a_wrong_password_is_said_at_the_form_and_opens_nothing(open_window: Window) -> None:
    page = open_window().new_page()
    sign_in(page, address("cole"), "not the password")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("not correct")
    expect(summary).to_be_focused()
    expect(page.get_by_label("Email")).to_have_value("cole@demo.example")
    assert barriers(page) == []
    page.goto("/p/riverside/")
    expect(page).to_have_title("Sign in · Brightline")


def test_what_is_not_there_and_what_is_not_yours_look_the_same(enter: Enter) -> None:
    page = enter("marsh")
    texts = []
    for path in ("/p/elsewhere/", "/p/riverside/nowhere/", "/styleguide/"):
        answer = page.goto(path)
        assert answer is not None
        assert answer.status == 404
        texts.append(page.locator("main").inner_text())
    assert texts[0] == texts[1] == texts[2]
    assert barriers(page) == []


def test_the_style_guide_is_for_staff_and_a_superuser_has_no_authority(open_window: Window, served: Running) -> None:
    email, password = "operator@demo.example", "an operator who governs nothing"
    code = f"from governance.models import Account; Account.objects.create_superuser({email!r}, {password!r})"
    made = served.manage("shell", "--verbosity=0", "--command", code, login="app")
    assert made.returncode == 0, made.stderr
    page = open_window().new_page()
    sign_in(page, email, password)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert barriers(page) == []
    answer = page.goto("/styleguide/")
    assert answer is not None
    assert answer.ok
    assert barriers(page) == []
    answer = page.goto("/p/riverside/")
    assert answer is not None
    assert answer.status == 404
