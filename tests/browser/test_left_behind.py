"""A permission that outlives its office opens nothing, in the window that was open all the while."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Enter
from tests.browser.running import Running
from tests.browser.steps import shell

PERSON = "prado"
FIND = """
from audit.context import acting
from governance.models import Appointment, Person, Practice, PracticeGrant
from governance.services.appointments import appoint, end_appointment
from tests.governance.test_authority import _leave_a_grant_behind
person, executive = (Person.objects.get(account__email=f"{name}@demo.example") for name in ("prado", "quill"))
practice = Practice.objects.get(slug="riverside")
"""
LEAVE = """
with acting(via="command"):
    for held in Appointment.objects.in_force().filter(person=person):
        end_appointment(actor=executive, appointment=held, reason="Left")
    _leave_a_grant_behind(actor=executive, practice=practice, person=person)
print(PracticeGrant.objects.filter(user_id=person.account_id).count())
"""
RETURN = """
with acting(via="command"):
    appoint(actor=executive, practice=practice, person=person, office="mso_operations", reason="Came back")
"""


@pytest.fixture
def left(served: Running) -> Iterator[Running]:
    """Who left is appointed anew afterwards: the other tests know this person."""
    yield served
    shell(served, FIND + RETURN)


def test_a_grant_left_behind_opens_nothing(enter: Enter, left: Running) -> None:
    page = enter(PERSON)
    inside = page.url
    page.get_by_role("navigation", name="Practice").get_by_role("link", name="Operations").click()
    operations = page.url
    assert shell(left, FIND + LEAVE) == "1"
    for address in (operations, inside, f"{inside}rights/", f"{inside}meetings/"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 404, address
        expect(page.get_by_text("Riverside Physicians")).to_have_count(0)
