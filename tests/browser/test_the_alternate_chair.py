"""The directors name an alternate chair by written consent, who chairs until the stated moment, and not after."""

import re
from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import BrowserContext, Page, expect

from meetings.demonstration.people import address
from tests.browser.conftest import sign_in
from tests.browser.look import look
from tests.browser.running import Running
from tests.browser.steps import Room, choose, rail, today, told, until

ORTIZ, ADEYEMI = "Samuel Ortiz, MD", "Ruth Adeyemi, MD"
OFFICE = "Alternate chair"
TITLE = "A second alternate chair"
ENDING = """
from datetime import timedelta
from django.utils import timezone
from audit.context import acting
from governance.models import Appointment, Person
from governance.services.appointments import end_appointment
held = Appointment.objects.in_force().get(office="alternate_chair", person__name="Samuel Ortiz")
with acting(via="command"):
    end_appointment(actor=Person.objects.get(name="Elena Marsh"), appointment=held,
        reason="As the directors decided, {decision}.", ends_at=timezone.now() + timedelta(seconds=4))
"""


def consented(marsh: Page, *others: Page) -> str:
    """All directors sign the resolution that names him; the number of the decision."""
    rail(marsh, "Written consents")
    marsh.get_by_role("link", name="Put a resolution").click()
    choose(marsh, "Right", "DR-31")
    marsh.get_by_label("Title").fill(TITLE)
    marsh.get_by_label("Resolution").fill("Samuel Ortiz is appointed alternate chair for today.")
    marsh.get_by_label("Rationale").fill("Both chairs are away in the afternoon.")
    marsh.get_by_label("Last day").fill((today() + timedelta(days=2)).isoformat())
    marsh.get_by_role("button", name="Put it to the members").click()
    told(marsh, "lies before the members")
    for page in (marsh, *others):
        page.goto(marsh.url)
        page.get_by_role("link", name="Read and sign").click()
        page.get_by_label("I consent to this resolution").check()
        page.get_by_label("I agree to sign this resolution electronically").check()
        page.get_by_role("button", name="Sign", exact=True).click()
    told(others[-1], "all members have consented")
    return others[-1].get_by_role("link", name=re.compile(r"^D-\d{4}-\d{3}$")).first.inner_text()


def appoint(page: Page, decision: str) -> None:
    rail(page, "People and offices")
    page.get_by_role("link", name="Appoint to an office").click()
    choose(page, "Person", "Samuel Ortiz")
    choose(page, "Office", OFFICE)
    page.get_by_label("Last day").fill(today().isoformat())
    page.get_by_label("Reason").fill("They wish it.")
    page.get_by_role("button", name="Appoint", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("one that names Samuel Ortiz")
    page.get_by_label("Reason").fill(f"As the directors decided, {decision}.")
    page.get_by_role("button", name="Appoint", exact=True).click()
    told(page, f"{ORTIZ} holds the office of {OFFICE}.")


def planned(page: Page) -> str:
    """The secretary plans the next month that has no meeting; the address of its page."""
    rail(page, "Meetings")
    page.locator("main").get_by_role("button", name=re.compile("^Plan ")).first.click()
    told(page, "planned")
    return page.url


def test_an_alternate_chair_chairs_and_the_office_ends_by_itself(
    open_window: Callable[..., BrowserContext], served: Running
) -> None:
    def enter(name: str) -> Page:
        page = open_window().new_page()
        sign_in(page, address(name))
        page.wait_for_url("**/p/riverside/")
        return page

    marsh, ortiz, adeyemi, vale = enter("marsh"), enter("ortiz"), enter("adeyemi"), enter("vale")
    release = ortiz.get_by_role("button", name="Release the agenda")

    # Before the appointment a physician and director chairs nothing.
    meeting = planned(vale)
    ortiz.goto(meeting)
    expect(ortiz.get_by_role("heading", level=1)).to_contain_text("Meeting of")
    expect(release).to_have_count(0)

    decision = consented(marsh, ortiz, adeyemi)
    appoint(marsh, decision)

    # The alternate releases the agenda, opens, presides and adjourns.
    ortiz.goto(meeting)
    release.click()
    told(ortiz, re.compile("released", re.IGNORECASE))
    ortiz.get_by_role("link", name="Enter the room").click()
    room = Room(ortiz)
    room.arrive(ORTIZ, ADEYEMI)
    ortiz.get_by_role("button", name="Open the meeting").click()
    expect(room.quorum).to_contain_text("2 of 3")
    while not room.ended:
        room.defer("The Medical Director takes it up.")
    ortiz.get_by_role("button", name="Adjourn the meeting").click()
    told(ortiz, "The meeting is adjourned")

    # The end is set ahead. When its moment passes, nobody does anything, and the page offers nothing more.
    following = planned(vale)
    ortiz.goto(following)
    expect(release).to_be_visible()
    done = served.manage("shell", "--verbosity=0", "--command", ENDING.format(decision=decision), login="app")
    assert done.returncode == 0, done.stderr
    until(ortiz, ortiz.locator("main:not(:has(button:text('Release the agenda')))"))
    expect(ortiz.get_by_role("heading", level=1)).to_contain_text("Meeting of")
    assert look(ortiz, "alternate-over", keyboard=False) == []
