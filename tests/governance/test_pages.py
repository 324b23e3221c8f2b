"""The pages of governance: what they show, what they offer to whom, and how many queries they take."""

import csv
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Act
from governance.choices import Office
from governance.mail import send_waiting
from governance.models import Account, Appointment, License, Person, Verification
from governance.services.appointments import appoint, end_appointment, enter_license, invite
from tests.cast import Cast, resolve
from tests.sign_in import sign_in


def url(cast: Cast, name: str, *arguments: object) -> str:
    return reverse(f"governance:{name}", args=[cast.practice.slug, *arguments])


def test_matrix_shows_each_right_and_filters(cast: Cast, client: Client) -> None:
    sign_in(client, cast.operations)
    page = client.get(url(cast, "matrix"))
    assert page.content.count(b'<th scope="row">') == 40
    assert b"Draft for counsel" in page.content
    assert b"40 rights: 35 held by the physicians, 5 by the management company." in page.content
    narrowed = client.get(url(cast, "matrix"), {"q": "scheduling", "holder": "MSO"})
    assert narrowed.content.count(b'<th scope="row">') == 1
    assert b"1 of 40 rights" in narrowed.content
    rows = list(csv.reader(io.StringIO(client.get(url(cast, "matrix"), {"format": "csv"}).content.decode())))
    assert len(rows) == 41
    assert client.get(url(cast, "matrix"), {"category": "Nonsense"}).status_code == 200


def test_right_shows_acts_and_refusals_under_it(cast: Cast, client: Client) -> None:
    sign_in(client, cast.operations)
    client.post(
        url(cast, "appoint"),
        {"person": cast.physician.pk, "office": Office.MEDICAL_DIRECTOR, "reason": "We want a change"},
    )
    done = client.get(url(cast, "right", "DR-31"))
    assert done.context["refused"] == 1
    refused = client.get(url(cast, "right", "DR-31"), {"show": "refused"})
    assert b"We want a change" in refused.content
    assert b"Dana Cole" in refused.content
    assert client.get(url(cast, "right", "DR-99")).status_code == 404


def test_refusal_keeps_what_was_typed_and_names_the_way_forward(cast: Cast, client: Client) -> None:
    sign_in(client, cast.operations)
    page = client.post(
        url(cast, "appoint"), {"person": cast.physician.pk, "office": Office.DIRECTOR, "reason": "Growth & <care>"}
    )
    assert page.status_code == 403
    text = page.content.decode()
    for wanted in ("DR-33", "Corporations Code 13401.5", "Shareholders", "MSO operations", "Propose it instead"):
        assert wanted in text
    assert '<input type="hidden" name="reason" value="Growth &amp; &lt;care&gt;">' in text
    assert '<input type="hidden" name="prefill" value="1">' in text
    sealed = Act.objects.select_related("entry").get(outcome="refused")
    assert f"entry {sealed.entry.index} of the ledger" in text
    assert text.count("csrfmiddlewaretoken") == 1


def test_appointing_through_the_page(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    form = {"person": cast.physician.pk, "office": Office.SUPERVISING_PHYSICIAN, "reason": "Two new PAs"}
    answer = client.post(url(cast, "appoint"), form)
    assert answer.status_code == 302
    made = Appointment.objects.get(office=Office.SUPERVISING_PHYSICIAN)
    assert made.person == cast.physician
    again = client.post(url(cast, "appoint"), form)
    assert "holds this office already" in again.content.decode()
    assert "Two new PAs" in again.content.decode()
    chairs = resolve(cast.practice, "Samuel Ortiz is alternate chair")
    chair = client.post(url(cast, "appoint"), {**form, "office": Office.ALTERNATE_CHAIR, "reason": chairs})
    assert chair.context["form"].errors["ends_on"]


def test_an_appointment_that_overlaps_one_to_come_is_refused_in_words(cast: Cast, client: Client) -> None:
    person = invite(actor=cast.executive, practice=cast.practice, name="Later", email="later@riverside.example")
    appoint(
        actor=cast.executive,
        practice=cast.practice,
        person=person,
        office=Office.MSO_OPERATIONS,
        starts_at=timezone.now() + timedelta(days=5),
    )
    sign_in(client, cast.executive)
    page = client.post(
        url(cast, "appoint"), {"person": person.pk, "office": Office.MSO_OPERATIONS, "reason": "Starts earlier"}
    )
    assert "in a part of that time" in page.content.decode()


def test_past_days_are_no_days_of_appointment(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    yesterday = cast.practice.local(timezone.now()).date() - timedelta(days=1)
    page = client.post(
        url(cast, "appoint"),
        {"person": cast.physician.pk, "office": Office.OFFICER, "reason": "x", "starts_on": yesterday},
    )
    assert "never in the past" in page.content.decode()


def test_ending_through_the_page_closes_what_the_office_opened(cast: Cast, client: Client) -> None:
    appointment = Appointment.objects.get(person=cast.secretary)
    sign_in(client, cast.executive)
    assert client.get(url(cast, "people")).content.count(b"/end/") == 5
    answer = client.post(url(cast, "end_appointment", appointment.pk), {"reason": "Moves to another practice"})
    assert answer.status_code == 302
    assert client.get(url(cast, "end_appointment", appointment.pk)).status_code == 404
    sign_in(client, cast.secretary)
    assert client.get(url(cast, "people")).status_code == 404


def test_what_one_may_not_do_is_not_offered(cast: Cast, client: Client) -> None:
    sign_in(client, cast.mso_counsel)
    page = client.get(url(cast, "people")).content.decode()
    assert url(cast, "appoint") not in page
    assert url(cast, "invite") not in page
    assert "/end/" not in page


def test_invitation_is_mailed_and_its_link_works(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    answer = client.post(
        url(cast, "invite"), {"name": "Noor Haddad", "credentials": "NP", "email": "Haddad@Riverside.example"}
    )
    person = Person.objects.get(name="Noor Haddad")
    assert answer["Location"] == url(cast, "person", person.pk)
    assert mail.outbox == []
    assert send_waiting() == 1
    assert [message.to for message in mail.outbox] == [["haddad@riverside.example"]]
    assert "/account/invitation/" in mail.outbox[0].body
    assert Account.objects.get(email="haddad@riverside.example").person == person


def test_a_license_of_somebody_else_is_refused(cast: Cast, client: Client) -> None:
    taken = License.objects.get(person=cast.director)
    last_day = Verification.objects.get(license=taken).expires_on  # the MSO repeats what the board's register says
    sign_in(client, cast.executive)
    day = cast.practice.local(timezone.now()).date()
    form = {
        "number": taken.number, "board": taken.board, "status": "active", "expires_on": last_day,
        "verified_on": day, "source": "Board register",
    }  # fmt: skip
    page = client.post(url(cast, "enter_license", cast.physician.pk), form)
    assert "on record for another person" in page.content.decode()
    assert client.post(url(cast, "enter_license", cast.director.pk), form).status_code == 302
    assert Verification.objects.filter(license=taken).count() == 2
    late = client.post(url(cast, "enter_license", cast.director.pk), {**form, "verified_on": day + timedelta(days=1)})
    assert "in the future" in late.content.decode()


def queries(client: Client, page: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(page).status_code == 200
    return len(seen)


@pytest.mark.parametrize("name", ["people", "matrix", "audit_room"])
def test_queries_do_not_grow_with_the_practice(cast: Cast, client: Client, name: str) -> None:
    sign_in(client, cast.director)
    queries(client, url(cast, name))
    few = queries(client, url(cast, name))
    today = cast.practice.local(timezone.now()).date()
    for number in range(6):
        person = invite(
            actor=cast.director, practice=cast.practice, name=f"P {number}", email=f"p{number}@riverside.example"
        )
        enter_license(
            actor=cast.director, practice=cast.practice, person=person, number=f"A-{number}", board="Board",
            expires_on=today + timedelta(days=99), verified_on=today, verified_by="Test", source="Register",
        )  # fmt: skip
        made = appoint(actor=cast.director, practice=cast.practice, person=person, office=Office.PHYSICIAN)
        if number % 2:
            end_appointment(actor=cast.director, appointment=made, reason="Left")
    assert queries(client, url(cast, name)) <= few + (1 if name == "people" else 0)
    assert few < 20


def test_the_sole_physician_and_a_license_not_in_force_are_shown(cast: Cast, client: Client) -> None:
    for appointment in Appointment.objects.in_force().filter(person__in=[cast.physician, cast.alternate]):
        if appointment.office in {Office.PHYSICIAN, Office.ALTERNATE_CHAIR}:
            leave = resolve(cast.practice, f"{appointment.person.name} leaves")
            end_appointment(actor=cast.director, appointment=appointment, reason=leave)
    known = License.objects.get(person=cast.physician)
    day = cast.practice.local(timezone.now()).date()
    enter_license(
        actor=cast.director, practice=cast.practice, person=cast.physician, number=known.number, board=known.board,
        expires_on=day, verified_on=day, verified_by="Test", source="Register", status="suspended",
    )  # fmt: skip
    sign_in(client, cast.pc_counsel)
    page = client.get(url(cast, "people")).content.decode()
    assert "Elena Marsh, MD is the only physician in office" in page
    assert "is suspended" in page
    assert "Not in force" in page
