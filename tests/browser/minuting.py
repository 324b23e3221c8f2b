"""The members read the minutes before the chair does: one comments, and the secretary says what becomes of it."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.look import look
from tests.browser.steps import choose, today, told

ASKED = "Say that every failed test is referred the same day."
TAKEN = "Every failed test is referred the same day."


def comment_and_answer(clerk: Page, member: Page) -> list[str]:
    """From the draft on the clerk's page back to it, the comment taken up; the faults of the pages' looks."""
    draft = clerk.url
    clerk.get_by_role("link", name="Circulate for comment").click()
    clerk.get_by_label("Last day for comments").fill((today() + timedelta(days=3)).isoformat())
    faults = look(clerk, "story-circulate", keyboard=False)
    clerk.get_by_role("button", name="Circulate for comment").click()
    told(clerk, "is circulated for comment")

    member.goto("/")
    member.get_by_role("link", name="Read and comment").first.click()
    member.get_by_role("link", name="Comment").first.click()
    choose(member, "Item", "The minutes as a whole")
    member.get_by_label("Comment", exact=True).fill(ASKED)
    faults += look(member, "story-comment", keyboard=False)
    member.get_by_role("button", name="Comment", exact=True).click()
    told(member, "Your comment lies before")

    # Nothing is submitted over the head of who commented.
    clerk.goto(draft)
    text = clerk.get_by_label("Text of the minutes")
    text.fill(f"{text.input_value()}\n{TAKEN}\n")
    clerk.get_by_role("button", name="Submit to the chair").click()
    expect(clerk.get_by_role("alert")).to_contain_text("answer each before you submit")
    expect(text).to_have_value(f"{text.input_value()}")
    clerk.get_by_role("button", name="Save").click()
    told(clerk, "The draft is saved.")
    faults += look(clerk, "story-commented", keyboard=False)
    clerk.get_by_role("link", name="Answer").click()
    clerk.get_by_label("Taken up", exact=True).check()
    faults += look(clerk, "story-answer", keyboard=False)
    clerk.get_by_role("button", name="Answer", exact=True).click()
    told(clerk, "The comment is answered.")
    expect(clerk.locator("main")).to_contain_text("Taken up")
    return faults
