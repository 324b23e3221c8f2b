"""People at their browsers: Chromium against the demonstration as it is served.

The tests of this folder use the browser and `manage.py` only. Playwright's event loop runs in this thread
while its fixtures live, and Django's ORM refuses to work then; so they live no longer than this folder's tests.
"""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, StorageState, expect, sync_playwright

from config.embedded import Cluster
from meetings.demonstration.people import PASSWORD, address
from tests.browser.running import Running, run
from tests.browser.watch import Watch

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Enter = Callable[..., Page]
Serve = Callable[[str], AbstractContextManager[Running]]

expect.set_options(timeout=15_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="package")
def serve(cluster: Cluster, told: str, loader: Path, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Serve the demonstration under a name, from a copy of the loaded template and of its papers; dropped after."""

    @contextmanager
    def serving(name: str) -> Iterator[Running]:
        cluster.create_database(name, template=told)
        var = tmp_path_factory.mktemp("installation")
        shutil.copytree(loader / "files", var / "files")
        try:
            with run(cluster, name, var) as running:
                yield running
                for log in sorted(running.log.glob("*.log")):
                    assert "Traceback" not in (text := log.read_text()), f"{log.name}:\n{text[-5000:]}"
        finally:
            cluster.drop_database(name)

    return serving


@pytest.fixture(scope="package")
def served(serve: Serve) -> Iterator[Running]:
    """The demonstration that the tests share; where files of other folders run in between, it is set up again."""
    with serve("browsed") as running:
        yield running


@pytest.fixture(scope="package")
def playwright(served: Running) -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is not installed; run `bin/system-libraries --tests`."
    launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
    yield launched
    launched.close()


@pytest.fixture(scope="package")
def sign_ins() -> dict[str, StorageState]:
    """The cookies of who has signed in."""
    return {}


@pytest.fixture
def watch() -> Iterator[Watch]:
    """Collects what the browser complains about; nothing may be left at the end."""
    watching = Watch()
    yield watching
    assert watching.complaints == []


@pytest.fixture
def open_window(browser: Browser, served: Running, watch: Watch) -> Iterator[Callable[..., BrowserContext]]:
    """Open a window of its own: no cookies but those given, errors watched."""
    opened: list[BrowserContext] = []

    def window(**settings: Any) -> BrowserContext:
        at = {"base_url": served.address, **settings}
        context = browser.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce", **at)
        context.set_default_timeout(15_000)
        watch.over(context)
        opened.append(context)
        return context

    yield window
    for context in opened:
        context.close()


@pytest.fixture
def enter(open_window: Callable[..., BrowserContext], sign_ins: dict[str, StorageState]) -> Enter:
    """Open a window as one of the demonstration's people, at the desk; the form is filled in once for all tests."""

    def window(name: str, **settings: Any) -> Page:
        page = open_window(storage_state=sign_ins.get(name), **settings).new_page()
        if name in sign_ins:
            page.goto("/")
        else:
            sign_in(page, address(name))
            sign_ins[name] = page.context.storage_state()
        page.wait_for_url("**/p/**")
        return page

    return window


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Open the sign-in page and fill it in."""
    page.goto("/account/login/")
    fill_sign_in(page, email, password)


def fill_sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fill in the sign-in page where it is open."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
