"""The Medical Director calls a special meeting for tomorrow; who cannot be told in time waives notice, or protests."""

from datetime import datetime, timedelta

from playwright.sync_api import expect

from meetings.demonstration.diary import ZONE
from tests.browser.conftest import Enter
from tests.browser.look import look
from tests.browser.steps import rail, told


def test_a_special_meeting_is_called_and_notice_waived(enter: Enter) -> None:
    chair, member = enter("marsh"), enter("ortiz")
    rail(chair, "Meetings")
    chair.get_by_role("link", name="Call a special meeting").click()
    tomorrow = (datetime.now(ZONE) + timedelta(hours=20)).strftime("%Y-%m-%dT%H:%M")
    chair.get_by_label("Day and time").fill(tomorrow)
    chair.get_by_label("Why it is called").fill("The vaccine refrigerator of both sites failed over the weekend.")
    chair.get_by_label("Points").fill("Quality assurance: vaccines kept warm")
    chair.get_by_label("Place").fill("By telephone")
    faults = look(chair, "special-call")
    chair.get_by_role("button", name="Call the meeting").click()
    told(chair, "is called; the notice goes out now")
    meeting = chair.url
    expect(chair.locator("#notice")).to_contain_text("Samuel Ortiz, MD")
    faults += look(chair, "special-meeting")

    member.goto("/")
    member.get_by_role("link", name="Read and answer").first.click()
    expect(member).to_have_url(meeting)
    member.get_by_role("link", name="Waive notice").click()
    member.get_by_role("checkbox").check()
    faults += look(member, "special-waive")
    member.get_by_role("button", name="Waive notice").click()
    told(member, "Your waiver of notice is filed with the minutes.")
    expect(member.locator("#notice")).to_contain_text("aived")
    expect(member.get_by_role("link", name="Waive notice")).to_have_count(0)
    faults += look(member, "special-waived")

    # What was meant for the others is taken back, and their desks are as before.
    chair.get_by_role("link", name="Move or cancel").click()
    chair.get_by_label("Why it is canceled").fill("The refrigerator runs again.")
    chair.get_by_role("button", name="Cancel the meeting").click()
    told(chair, "canceled")
    assert not faults, "\n".join(faults)
