"""Where the body approves its minutes, the next meeting does so by a motion, and nobody signs them before."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from meetings.demonstration.people import address
from meetings.services.minutes import MEANING
from tests.browser.conftest import Serve, sign_in
from tests.browser.look import look
from tests.browser.running import Running
from tests.browser.steps import Room, download, pdf_text, shell, told, until

MARSH, ORTIZ = "Elena Marsh, MD", "Samuel Ortiz, MD"
RULE = "/p/riverside/meetings/series/body/"
MOTION = "To approve the minutes as they lie before the members."
HELD = """
from types import SimpleNamespace
from audit.context import acting
from governance.models import Person
from meetings.models import Meeting
from meetings.services.calling import plan_meeting
from meetings.services.minutes import ATTESTED, submit_minutes
from meetings.series import next_month
from tests.meetings.gathering import concluded, opened
people = {one.name.split()[-1]: one for one in Person.objects.filter(account__isnull=False)}
cast = SimpleNamespace(
    director=people["Marsh"], physician=people["Ortiz"], alternate=people["Adeyemi"], secretary=people["Vale"]
)
meeting = Meeting.objects.filter(state="planned", special=0).latest("month")
with acting(via="command"):
    minutes = concluded(cast, opened(cast, meeting))
    submit_minutes(actor=cast.secretary, minutes=minutes, revision=minutes.working_draft.revision, attested=ATTESTED)
    following = plan_meeting(actor=cast.secretary, practice=meeting.practice, month=next_month(meeting.month))
print(meeting.code, following.code)
"""


@pytest.fixture
def own(serve: Serve) -> Iterator[Running]:
    """An installation of its own: the rule of the body would hold for the other tests too."""
    with serve("approving") as running:
        yield running


def sign(page: Page) -> None:
    """Read and sign what lies before the chair, on the page of the minutes."""
    page.get_by_role("link", name="Read and sign").click()
    page.get_by_label(MEANING.removesuffix(".")).check()
    page.get_by_label("I agree to sign this record electronically").check()
    page.get_by_role("button", name="Sign", exact=True).click()
    told(page, re.compile("Signed. .*checkpoint", re.IGNORECASE))


def test_the_next_meeting_approves_and_then_the_chair_signs(
    open_window: Callable[..., BrowserContext], own: Running, tmp_path: Path
) -> None:
    marsh = open_window(base_url=own.address).new_page()
    sign_in(marsh, address("marsh"))
    marsh.wait_for_url("**/p/riverside/")

    # While minutes lie unsigned the rule stands: they tell by which rule the body met. The page leads to them.
    marsh.goto(RULE)
    expect(marsh.get_by_role("button", name="Change the rule")).to_have_count(0)
    expect(marsh.locator("main")).to_contain_text("The rule stands until the minutes")
    faults = look(marsh, "approval-rule-stands", keyboard=False)
    marsh.locator(".notice").get_by_role("link", name="meeting of").click()
    marsh.get_by_role("link", name="Minutes", exact=True).click()
    sign(marsh)
    marsh.goto(RULE)
    marsh.get_by_label("The body, by a motion").check()
    marsh.get_by_label("Why it is changed").fill("Section 9 of the bylaws says so.")
    faults += look(marsh, "approval-rule", keyboard=False)
    marsh.get_by_role("button", name="Change the rule").click()
    told(marsh, "The rule is changed from now on.")

    # The next meeting's minutes lie before the chair, who sees why they are not signed yet, and what asks for it.
    held, following = shell(own, HELD).split()
    minutes = f"/p/riverside/meetings/{held}/minutes/"
    marsh.goto(minutes)
    expect(marsh.locator("main")).to_contain_text("Until then nobody can sign them.")
    expect(marsh.locator("main")).to_contain_text("asks for the approval.")
    expect(marsh.get_by_role("link", name="Read and sign")).to_have_count(0)
    faults += look(marsh, "approval-waits", keyboard=False)

    # The agenda of the meeting after it asks for the approval, and the motion carries.
    marsh.locator(".notice").get_by_role("link").click()
    expect(marsh).to_have_url(re.compile(f"/meetings/{following}/$"))
    expect(marsh.locator("main")).to_contain_text("Approve the minutes of")
    marsh.get_by_role("button", name="Release the agenda").click()
    told(marsh, re.compile("released", re.IGNORECASE))
    marsh.get_by_role("link", name="Enter the room").click()
    room = Room(marsh)
    room.arrive(MARSH, ORTIZ)
    marsh.get_by_role("button", name="Open the meeting").click()
    expect(room.title).to_contain_text("Approve the minutes of")
    room.carry(
        MOTION, mover=room.seat("Moved by", ORTIZ), seconder=room.seat("Seconded by", MARSH),
        votes={MARSH: "For", ORTIZ: "For"},
    )  # fmt: skip
    faults += look(marsh, "approval-room", keyboard=False)
    room.item.get_by_role("button", name="Record the approval").click()
    told(marsh, "The approval is recorded.")
    room.handle("The members approved them as they lay before them.")

    # Only then the chair signs that version, and the sealed file names the approval.
    marsh.goto(minutes)
    expect(marsh.locator("main")).to_contain_text("The body has approved them.")
    faults += look(marsh, "approval-given", keyboard=False)
    sign(marsh)
    sealed = marsh.locator("section.facts", has_text="Sealed file").get_by_role("link").filter(has_not_text="Reload")
    until(marsh, sealed.first)
    faults += look(marsh, "approval-sealed", keyboard=False)
    sealed.first.click()
    assert MOTION in pdf_text(download(marsh, tmp_path / "minutes.pdf"))
    assert not faults, "\n".join(faults)
