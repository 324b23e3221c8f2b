"""Every object tells what happened to it, and shows itself as it was on any day: read from fourteen months of acts."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act
from audit.past import since_when
from decisions.models import Authorization, CorrectiveAction, Decision, Determination, OperationalItem, Proposal
from governance.models import Appointment, DecisionRight, Person, Practice
from governance.story import end_of
from meetings.models import Meeting, Minutes
from tests.conftest import Database
from tests.sign_in import sign_in

QUERIES = 60
"""At most, for a page of a past state with its timeline, however many acts it tells."""


@pytest.fixture
def practice(demonstration: Database) -> Practice:
    return Practice.objects.get(slug="riverside")


@pytest.fixture
def client(practice: Practice) -> Client:
    office = Appointment.objects.in_force().get(practice=practice, office="medical_director")
    return sign_in(Client(), office.person)


def objects(practice: Practice) -> dict[str, tuple[Any, str]]:
    """One object of each kind with the address of its page."""

    def at(name: str, *args: object) -> str:
        return reverse(name, args=[practice.slug, *args])

    proposal = Proposal.objects.filter(practice=practice).earliest("pk")
    decision = Decision.objects.filter(practice=practice).earliest("pk")
    item = OperationalItem.objects.filter(practice=practice).earliest("pk")
    action = CorrectiveAction.objects.filter(practice=practice).earliest("pk")
    service = Authorization.objects.filter(practice=practice).earliest("pk")
    meeting = Meeting.objects.filter(practice=practice).earliest("month")
    minutes = Minutes.objects.filter(meeting__practice=practice, state="signed").earliest("pk")
    person = Person.objects.filter(appointments__practice=practice).earliest("name")
    right = DecisionRight.objects.filter(catalogue__practice=practice, code="DR-21").order_by("pk")[0]
    return {
        "proposal": (proposal, at("decisions:proposal", proposal.code)),
        "decision": (decision, at("decisions:decision", decision.code)),
        "operational item": (item, at("decisions:operation", item.code)),
        "corrective action": (action, at("decisions:action", action.code)),
        "service": (service, at("decisions:authorization", service.pk)),
        "meeting": (meeting, at("meetings:meeting", meeting.code)),
        "minutes": (minutes, at("meetings:minutes", minutes.meeting.code)),
        "person": (person, at("governance:person", person.pk)),
        "right": (right, at("governance:right", right.code)),
    }


def test_every_object_tells_its_past(practice: Practice, client: Client, subtests: pytest.Subtests) -> None:
    for kind, (row, address) in objects(practice).items():
        with subtests.test(kind):
            began = since_when(row)
            assert began is not None
            first = practice.local(began).date()
            page = client.get(address)
            assert page.status_code == 200
            assert '<ol class="timeline">' in page.text
            assert 'name="as_of"' in page.text
            with CaptureQueriesContext(connection) as queries:
                then = client.get(address, {"as_of": first.isoformat()}).text
            assert len(queries) <= QUERIES
            assert "This is a past state" in then
            assert f"at the end of {first:%B} {first.day}" in then or f"at the end of {first.day} {first:%B}" in then
            assert '<ol class="timeline">' in then
            assert _acts_offered(then, page.text) == set()
            before = client.get(address, {"as_of": (first - timedelta(days=1)).isoformat()}).text
            assert "this did not exist" in before
            assert "It begins on" in before
            assert _acts_offered(before, page.text) == set()


def _acts_offered(text: str, _page: str) -> set[str]:
    """Forms that write, but for those of the frame (signing out)."""
    return set(re.findall(r'<form[^>]*method="post"[^>]*action="([^"]*)"', text)) - {reverse("account_logout")}


def test_a_proposal_as_it_was_before_its_determination(practice: Practice, client: Client) -> None:
    approved = Determination.objects.filter(proposal__practice=practice, outcome="approved")
    proposal = approved.earliest("decided_at").proposal
    act = Act.objects.get(pk=approved.earliest("decided_at").act_id)
    address = reverse("decisions:proposal", args=[practice.slug, proposal.code])
    day = practice.local(act.occurred_at).date()
    assert _state(client, address, day - timedelta(days=1)) == "submitted"
    assert _state(client, address, day) != "submitted"
    told = client.get(address, {"as_of": (day - timedelta(days=1)).isoformat()}).text
    assert "Determination" not in told
    assert "Determination" in client.get(address, {"as_of": day.isoformat()}).text
    assert act.occurred_at < end_of(practice, day)


def _state(client: Client, address: str, day: date) -> str:
    text = client.get(address, {"as_of": day.isoformat()}).text
    found = re.search(r"<dt>State</dt>\s*<dd>([^<]+)</dd>", text)
    assert found, text
    return found[1].strip().lower()


def test_a_day_that_is_none_is_named(practice: Practice, client: Client) -> None:
    _, address = objects(practice)["decision"]
    assert "a day is written year-month-day" in client.get(address, {"as_of": "31.12.2025"}).text
    assert "has not come yet" in client.get(address, {"as_of": "2999-01-01"}).text


def test_differences_name_what_was_and_what_is(practice: Practice, client: Client) -> None:
    address = objects(practice)["proposal"][1]
    text = client.get(address).text
    assert re.search(r"<dt>State</dt>\s*<dd><del><span class=\"visually-hidden\">was: </span>\w", text)
    assert "recorded " in text
    assert "demonstration" in text
