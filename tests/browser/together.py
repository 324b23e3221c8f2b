"""Chair and secretary in one room: what one records the other sees, and what both type is kept."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect

from tests.browser.steps import Room, told

MARSH, ORTIZ = "Elena Marsh, MD", "Samuel Ortiz, MD"


def record_together(chair: Page, clerk: Page) -> None:
    """A recusal, a quorum lost and regained, a network cut while typing, and one account by two writers.

    Both pages show the meeting just opened, with two of three members there.
    """
    mine, theirs = (page.get_by_label("Account of what was considered") for page in (chair, clerk))
    clerk.goto(chair.url)
    expect(clerk.locator("#session-live")).to_have_text("Live")

    # What is typed outlives what the other records.
    theirs.fill("The minutes were before the members.")
    theirs.focus()
    room = Room(chair)
    chair.get_by_role("button", name=f"Leaves {ORTIZ}").click()
    expect(Room(clerk).quorum).to_contain_text("Quorum lost at")
    expect(Room(clerk).quorum).to_contain_text("no action is possible")
    expect(theirs).to_have_value("The minutes were before the members.")
    expect(theirs).to_be_focused()
    room.arrive(ORTIZ)
    expect(Room(clerk).quorum).not_to_contain_text("Quorum lost")

    # The draft is saved, and the other page has it.
    expect(clerk.get_by_text("Draft saved")).to_be_visible()
    expect(mine).to_have_value("The minutes were before the members.")

    # The network is cut while the chair types; meanwhile the secretary goes on.
    chair.context.set_offline(True)
    mine.fill("The minutes were read by all.")
    expect(chair.get_by_text("Not saved since")).to_be_visible()
    expect(chair.locator("#session-live")).to_contain_text("Connection lost. Shown as of")
    saved = theirs.get_attribute("data-revision") or ""
    theirs.fill("The minutes were before the members since Friday.")
    expect(theirs).not_to_have_attribute("data-revision", saved)
    chair.context.set_offline(False)

    # Back again: both texts stand, nothing was overwritten.
    expect(chair.get_by_text("Nothing was overwritten")).to_be_visible()
    expect(chair.get_by_label("The saved text")).to_have_value("The minutes were before the members since Friday.")
    expect(mine).to_have_value("The minutes were read by all.")
    expect(chair.locator("#session-live")).to_have_text("Live")
    mine.fill("The minutes were before the members since Friday and read by all.")
    chair.get_by_role("button", name="Keep mine").click()
    expect(theirs).to_have_value("The minutes were before the members since Friday and read by all.")

    # An answer that never comes leaves nobody in dispute with what they saved themselves.
    with _answers_lost(chair, "**/draft/"):
        mine.press_sequentially(" Nobody")
        expect(chair.get_by_text("Not saved since")).to_be_visible()
        mine.press_sequentially(" objected.")
    expect(theirs).to_have_value(re.compile("Nobody objected"))
    expect(chair.get_by_text("nothing was overwritten")).to_have_count(0)

    # A physician is recused: out of the vote and the room, still counted for the quorum by the rule of this body.
    act = room._open("Record a recusal")
    act.get_by_label("Member").select_option(label=ORTIZ)
    act.get_by_label("Interest disclosed").fill("His brother wrote them.")
    act.get_by_label("Left the room for this item").check()
    room._send(act, "Record the recusal", "The recusal is recorded.")
    expect(clerk.get_by_text("recused, out of the room for this item")).to_be_visible()
    expect(Room(clerk).quorum).to_have_text(re.compile("2 of 3 present.*no action is possible on this item"))


def vote_alone(chair: Page, member: Page) -> None:
    """Ortiz votes in his own browser, by one key, then otherwise; the chair sees it, and her own mark stays."""
    member.goto(chair.url)
    own = member.get_by_role("group", name="Your vote")
    own.get_by_role("button", name="Against").press("Enter")
    told(member, "You voted on motion")
    expect(chair.get_by_label(f"{ORTIZ}: Against")).to_be_checked()
    expect(chair.get_by_label(f"{ORTIZ}: Against")).to_be_disabled()
    expect(chair.get_by_label(f"{MARSH}: For")).to_be_checked()
    own.get_by_role("button", name="For", exact=True).click()
    expect(own.get_by_role("button", name="For", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(chair.get_by_label(f"{ORTIZ}: For")).to_be_checked()
    expect(chair.locator("#item")).to_contain_text("by own act, ")


@contextmanager
def _answers_lost(page: Page, saved: str) -> Iterator[None]:
    """The first draft that goes to `saved` arrives and its answer is lost; the next ones do not arrive at all."""
    arrived = False

    def lose(route: Route) -> None:
        nonlocal arrived
        if not arrived:
            arrived = route.fetch().ok
        route.abort("internetdisconnected")

    page.route(saved, lose)
    yield
    assert arrived
    page.unroute(saved, lose)
