"""A whole meeting by Tab, Enter, Space and typing alone: the focus is always seen and never lost."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Locator, Page, expect

from meetings.demonstration.people import address
from meetings.services.minutes import MEANING
from tests.browser.conftest import sign_in
from tests.browser.look import unseen_focus
from tests.browser.steps import told

REACH = 120
"""More stops than any page between two things that are done one after the other."""
MARSH, ORTIZ = "Elena Marsh, MD", "Samuel Ortiz, MD"


class Keys:
    """One person's keyboard."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, aim: Locator) -> None:
        """Tab on until the element has the focus; each stop must show it, but the one turn at the page's end."""
        expect(aim).to_be_visible()
        turns = 0
        for _ in range(REACH):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                turns += 1
                assert turns == 1, f"{aim} is not among the stops"
                continue
            assert not unseen_focus(self.page)
            if aim.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"{REACH} times Tab do not lead to {aim}")

    def press(self, aim: Locator, key: str = "Enter") -> None:
        self.to(aim)
        self.page.keyboard.press(key)

    def link(self, name: str) -> None:
        self.press(self.page.locator("main").get_by_role("link", name=name).first)

    def button(self, name: str, within: Locator | None = None) -> None:
        self.press((within or self.page.locator("main")).get_by_role("button", name=name))

    def type(self, label: str, text: str, within: Locator) -> None:
        self.to(within.get_by_label(label))
        self.page.keyboard.type(text)

    def choose(self, label: str, option: str, within: Locator) -> None:
        """Choose in a list by typing how the option begins."""
        self.to(within.get_by_label(label))
        self.page.keyboard.type(option)


def test_a_meeting_by_keyboard_alone(open_window: Callable[..., BrowserContext]) -> None:
    page = open_window().new_page()
    sign_in(page, address("marsh"))
    page.wait_for_url("**/p/riverside/")
    keys = Keys(page)

    # The first stop leads past the navigation.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()

    # Plan and release a meeting, and enter its room.
    page.goto("/p/riverside/meetings/")
    keys.press(page.locator("main").get_by_role("button", name=re.compile("^Plan ")))
    told(page, "planned")
    keys.button("Release the agenda")
    told(page, re.compile("released", re.IGNORECASE))
    keys.link("Enter the room")
    page.wait_for_url("**/room/")

    # Who arrives keeps the focus at the same seat.
    for name in (MARSH, ORTIZ):
        keys.button(f"Arrives {name}")
        expect(page.get_by_role("button", name=f"Leaves {name}")).to_be_focused()
    keys.button("Open the meeting")
    item = page.locator("#item")
    title = item.get_by_role("heading", level=1)
    expect(title).to_be_focused()
    expect(page.locator("#session-quorum")).to_have_text(re.compile("2 of 3 present"))

    # A motion takes the focus when it is put, and again when its roll is called.
    motion = _unfold(keys, item, "Put a motion")
    keys.type("Motion", "To keep the indicator on the agenda.", motion)
    keys.choose("Moved by", "Samuel", motion)
    keys.choose("Seconded by", "Elena", motion)
    keys.button("Put the motion", motion)
    heading = item.get_by_role("heading", name="Motion 1")
    expect(heading).to_be_focused()
    for name in (MARSH, ORTIZ):
        keys.press(item.get_by_label(f"{name}: For"), "Space")
    keys.button("Record the vote")
    told(page, "The vote is recorded.")
    expect(heading).to_be_focused()
    expect(item).to_contain_text("Carried")

    # What is missing is said, and takes the focus; then the decision stands under what the item led to.
    decision = _unfold(keys, item, "Record a decision")
    keys.choose("Decision right", "DR-18", decision)
    keys.type("Title", "Indicator stays", decision)
    keys.type("Rationale", " ", decision)
    keys.button("Record the decision", decision)
    summary = item.get_by_role("alert")
    expect(summary).to_be_focused()
    keys.press(summary.get_by_role("link", name=re.compile("Rationale")))
    expect(decision.get_by_label("Rationale")).to_be_focused()
    page.keyboard.type("It is read each month.")
    keys.button("Record the decision", decision)
    told(page, "The decision is recorded.")
    expect(item.get_by_role("heading", name="What it led to")).to_be_focused()

    # Item after item; each new one takes the focus at its title.
    adjourn = page.get_by_role("heading", name="Adjourn")
    while not adjourn.is_visible():
        before = title.inner_text()
        if item.get_by_text("for decision").is_visible():
            deferral = _unfold(keys, item, "Defer the item")
            keys.type("Reason for deferring", "The members read it until the next meeting.", deferral)
            keys.button("Defer", deferral)
        else:
            keys.type("Account of what was considered", f"Considered: {before}", item)
            keys.button("Handled, next item")
        expect(title.filter(has_not_text=before).or_(adjourn).first).to_be_visible()
        expect(page.locator("main :is(h1, h2):focus")).to_have_count(1)
    keys.button("Adjourn the meeting")
    told(page, "The meeting is adjourned")

    # Minutes that wait are read and signed.
    page.goto("/p/riverside/")
    keys.link("Read and sign")
    expect(page.get_by_role("heading", level=1)).to_have_text("Minutes")
    keys.link("Read and sign")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign the minutes")
    keys.press(page.get_by_label(MEANING.removesuffix(".")), "Space")
    keys.press(page.get_by_label("I agree to sign this record electronically"), "Space")
    keys.press(page.locator("main").get_by_role("button", name="Sign", exact=True))
    told(page, re.compile("Signed", re.IGNORECASE))


def _unfold(keys: Keys, item: Locator, name: str) -> Locator:
    """Open the form of an act."""
    act = item.locator("details.act").filter(has=keys.page.locator("summary", has_text=name))
    keys.press(act.locator("summary").first)
    expect(act).to_have_attribute("open", "")
    return act
