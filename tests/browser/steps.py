"""What the people of the story do, in the words of the pages."""

import re
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from playwright.sync_api import Locator, Page, Route, TimeoutError, expect
from pypdf import PdfReader

from decisions.rules.gate import Requirement
from decisions.rules.screen import QUESTIONS
from meetings.demonstration.diary import ZONE
from meetings.demonstration.people import PASSWORD
from tests.browser.running import Running

PATIENCE = 120_000
"""Milliseconds for what the worker does: it renders one document after the other."""


def today() -> date:
    """The day on the practice's calendar."""
    return datetime.now(ZONE).date()


def rail(page: Page, entry: str) -> None:
    page.get_by_role("navigation", name="Practice").get_by_role("link", name=entry).click()


def told(page: Page, words: str | re.Pattern[str]) -> None:
    """A message says so."""
    expect(page.locator("#messages")).to_contain_text(words)


def choose(page: Page, label: str, wording: str) -> None:
    """Choose the option of a select that begins with these words."""
    field = page.get_by_label(re.compile(rf"^{re.escape(label)}( \(optional\))?$"))
    option = field.locator("option").filter(has_text=re.compile(rf"^\s*{re.escape(wording)}")).first
    field.select_option(option.get_attribute("value"))


def until(page: Page, sight: Locator, patience: int = PATIENCE, look: int = 2_000) -> None:
    """Reload the page until something is there."""
    for _ in range(patience // look):
        try:
            sight.wait_for(timeout=look)
        except TimeoutError:
            page.reload()
        else:
            return
    expect(sight).to_be_visible()


def download(page: Page, path: Path) -> Path:
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download").click()
    waiting.value.save_as(path)
    return path


def pdf_text(path: Path) -> str:
    """The text of a PDF, its lines run together."""
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(path).pages))


def confirm(page: Page) -> None:
    """Prove again who signs."""
    expect(page.get_by_role("heading", name="Confirm it is you")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()


def log_item(page: Page, *, right: str, category: str, title: str, detail: str) -> None:
    """Log an operational item whose screen finds no effect on care."""
    rail(page, "Operations")
    page.get_by_role("link", name="Log an item").click()
    choose(page, "Right", right)
    choose(page, "Category", category)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Detail").fill(detail)
    page.get_by_label("Happened on").fill(today().isoformat())
    for question in QUESTIONS:
        page.get_by_role("group", name=question.text).get_by_label("No", exact=True).check()
    page.get_by_role("button", name="Log the item").click()


def decide(page: Page, *, right: str, title: str, text: str, rationale: str) -> None:
    """Fill in a decision and send it."""
    rail(page, "Decisions")
    page.get_by_role("link", name="Record a decision").click()
    choose(page, "Right", right)
    page.get_by_label("Title").fill(title)
    page.get_by_label("Text").fill(text)
    page.get_by_label("Rationale").fill(rationale)
    page.get_by_role("button", name="Decide").click()


def meet_the_gate(page: Page) -> None:
    """Record every requirement of the gate but the physicians' approval, from the proposal's page."""
    for requirement in list(Requirement)[1:]:
        page.get_by_role("link", name="Record a requirement").click()
        page.get_by_label("Requirement").select_option(requirement.value)
        page.get_by_label("Met", exact=True).check()
        page.get_by_label("Reason").fill("The evidence lies in the audit folder of this service line.")
        page.get_by_role("button", name="Record", exact=True).click()
        told(page, requirement.label)


def shell(served: Running, command: str) -> str:
    """Run a few lines on the demonstration's database; what they print."""
    done = served.manage("shell", "--verbosity=0", "--command", command, login="app")
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def _change_session(served: Running, page: Page, change: str) -> None:
    key = next(cookie["value"] for cookie in page.context.cookies() if cookie.get("name") == "sessionid")
    code = f"""
from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY as KEY
from django.contrib.sessions.backends.db import SessionStore
from governance.idle import SEEN
session = SessionStore({key!r})
{change}
session.save()
"""
    shell(served, code)


def grow_old(served: Running, page: Page) -> None:
    """Let ten minutes pass since this person proved who they are."""
    _change_session(served, page, 'session[KEY] = [proof | {"at": proof["at"] - 600} for proof in session[KEY]]')


def rest(served: Running, page: Page) -> None:
    """Let five hours pass since this person did anything."""
    _change_session(served, page, "session[SEEN] -= 5 * 3600")


def while_saving(page: Page, saved: str, *, fill: tuple[Locator, str], press: Locator) -> None:
    """Fill and press in the moment in which the next draft that goes to `saved` is saved, and not yet answered."""

    def hold(route: Route) -> None:
        answer = route.fetch()
        field, text = fill
        field.fill(text)
        press.click()
        route.fulfill(response=answer)

    page.route(saved, hold, times=1)


class Room:
    """The room, with the hands of whoever records in it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.item = page.locator("#item")
        self.title = self.item.get_by_role("heading", level=1)
        self.quorum = page.locator("#session-quorum")

    def arrive(self, *names: str) -> None:
        for name in names:
            self.page.get_by_role("button", name=f"Arrives {name}").click()
            expect(self.page.get_by_role("button", name=f"Leaves {name}")).to_be_visible()

    def seat(self, label: str, name: str) -> str:
        """The value of a member in a list of the item's forms."""
        option = self.item.get_by_label(label).locator("option", has_text=name).first
        return option.get_attribute("value") or ""

    def _open(self, title: str) -> Locator:
        """The form of an act, unfolded."""
        act = self.item.locator("details.act").filter(has=self.page.locator("summary", has_text=title))
        if act.get_attribute("open") is None:
            act.locator("summary").first.click()
        return act

    def _send(self, act: Locator, button: str, done: str) -> None:
        act.get_by_role("button", name=button).click()
        told(self.page, done)

    def carry(
        self,
        text: str,
        *,
        mover: str,
        seconder: str,
        votes: dict[str, str],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        """Put a motion and call the roll; `meanwhile` happens between marking and recording the votes."""
        act = self._open("Put a motion")
        act.get_by_label("Motion").fill(text)
        act.get_by_label("Moved by").select_option(mover)
        act.get_by_label("Seconded by").select_option(seconder)
        self._send(act, "Put the motion", "The motion is put.")
        for name, vote in votes.items():
            self.item.get_by_label(f"{name}: {vote}").check()
        meanwhile()
        self.item.get_by_role("button", name="Record the vote").click()
        told(self.page, "The vote is recorded.")

    def approve(self, rationale: str) -> None:
        """Determine the proposal of the item on the motion that carried."""
        act = self._open("Record the determination")
        act.get_by_label("Approved").check()
        act.get_by_label("Clinical rationale").fill(rationale)
        expect(act.get_by_label("On motion").locator("option:checked")).to_contain_text("Motion")
        self._send(act, "Record the determination", "The determination is recorded.")

    def decide(self, *, right: str, title: str, text: str, rationale: str) -> None:
        act = self._open("Record a decision")
        field = act.get_by_label("Decision right")
        field.select_option(right)
        act.get_by_label("Title").fill(title)
        act.get_by_label("Decision", exact=True).fill(text)
        act.get_by_label("Rationale").fill(rationale)
        self._send(act, "Record the decision", "The decision is recorded.")

    def open_action(self, title: str, *, owner: str, verifier: str, due_on: date) -> None:
        act = self._open("Open a corrective action")
        act.get_by_label("What is to be put right").fill(title)
        act.get_by_label("Root cause").fill("The list is kept on paper and is not seen by both sites.")
        act.get_by_label("What will be done").fill("Keep one list that both sites see, and read it at each opening.")
        act.get_by_label("Strength").select_option("intermediate")
        act.get_by_label("Owner").select_option(label=owner)
        act.get_by_label("Due on").fill(due_on.isoformat())
        act.get_by_label("Measure of effect").fill("No entry older than one day in a sample of 30.")
        act.get_by_label("Verifier").select_option(label=verifier)
        self._send(act, "Open the corrective action", "The corrective action is opened.")

    def handle(self, account: str, *, pressed_while_saving: str = "") -> None:
        """`pressed_while_saving`: how the account begins when its draft is saved; the rest is typed meanwhile."""
        before = self.title.inner_text()
        field = self.item.get_by_label("Account of what was considered")
        button = self.item.get_by_role("button", name="Handled, next item")
        if pressed_while_saving:
            while_saving(self.page, "**/room/draft/", fill=(field, account), press=button)
            field.fill(pressed_while_saving)
        else:
            field.fill(account)
            button.click()
        self._moved_on(before)

    def defer(self, reason: str) -> None:
        before = self.title.inner_text()
        act = self._open("Defer the item")
        act.get_by_label("Reason for deferring").fill(reason)
        act.get_by_role("button", name="Defer").click()
        self._moved_on(before)

    def _moved_on(self, before: str) -> None:
        """The next item is called, or the last one is settled."""
        adjourn = self.page.get_by_role("heading", name="Adjourn")
        expect(self.title.filter(has_not_text=before).or_(adjourn).first).to_be_visible()

    @property
    def ended(self) -> bool:
        return self.page.get_by_role("heading", name="Adjourn").is_visible()
