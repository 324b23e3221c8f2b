"""Meetings held before the practice began here: entered from their signed minutes, flagged, confirmed, kept."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from pikepdf import Dictionary, Encryption, Name, Pdf, String

from audit import store
from audit.acts import current, record, service
from audit.models import Act
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused, exercise, take_part
from governance.models import Person
from meetings.demonstration.before import scan
from meetings.forms.past import PastMeetingForm
from meetings.models import Meeting, PastMeeting, PastResult
from meetings.rules.past import Unreadable, attendees, questions, results
from meetings.services.past import confirm_past_meeting, enter_past_meeting, withdraw_past_meeting
from tests.cast import Cast
from tests.meetings.before import entered_before, facts_of
from tests.sign_in import sign_in


def test_lines_are_read_and_contradictions_asked_about() -> None:
    there = attendees("Jane Doe, MD\n\nAnn Bell; MEMBER ; excused\nMina Vale; secretary")
    assert [(one.name, one.role, one.standing) for one in there] == [
        ("Jane Doe, MD", "member", "present"), ("Ann Bell", "member", "excused"), ("Mina Vale", "secretary", "present"),
    ]  # fmt: skip
    told = results("To extend; Carried; 1 - 0 - 0; Jane Doe\nNo count; failed\nOdd; failed; 2-0-0; Ann Bell; Jane Doe")
    assert told[0].votes == (1, 0, 0)
    assert questions(there, told) == [
        "Result 3: Ann Bell moved it, and is not listed as present. Who did?",
        "Result 3: 2 votes are counted, and 1 members are listed as present. Who voted?",
        "Result 3: 2 for and 0 against, and it is called failed. Which is right?",
    ]
    assert questions([], told[:2]) == []


@pytest.mark.parametrize(
    ("read", "typed", "said"),
    [
        (attendees, "Jane; president", "Line 1: “president” is no role"),
        (attendees, "Jane; member; late", "Line 1: “late” is not present"),
        (attendees, "Jane\nJane, MD", "Line 2: Jane, MD stands in the list already"),
        (results, "To extend", "Line 1: after the text stands carried"),
        (results, "\nTo extend; carried; three", "Line 2: votes are for-against-abstaining"),
        (results, "; carried", "Line 1: something must stand before"),
        (results, "a; carried; 1-0-0; b; c; d", "Line 1: more than 5 parts"),
    ],
)
def test_lines_that_cannot_be_read(read: Callable[[str], object], typed: str, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(typed)


def spoiled(how: str) -> bytes:
    kept = io.BytesIO()
    with Pdf.open(io.BytesIO(scan("x"))) as pdf:
        if how == "scripted":
            pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
        pdf.save(kept, encryption=Encryption(owner="o", user="u") if how == "locked" else False)
    return kept.getvalue()


def test_every_question_about_an_earlier_meeting_stands_in_a_group(cast: Cast) -> None:
    form = PastMeetingForm(practice=cast.practice)
    form.ask_whether_so_stated()
    groups = form.groups()
    assert [heading for heading, _ in groups] == list(PastMeetingForm.headings.values())
    assert [field.name for _, fields in groups for field in fields] == list(form.fields)


def test_an_earlier_meeting_is_entered_and_confirmed(cast: Cast, client: Client) -> None:
    new, lists = (reverse(f"meetings:{name}", args=[cast.practice.slug]) for name in ("past_new", "meetings"))
    day = cast.practice.local(cast.practice.founded_at).date() - timedelta(days=40)
    sign_in(client, cast.secretary)

    def send(data: bytes = scan("Minutes"), **changed: Any) -> Any:
        typed = {
            "compartment": "open", "body": cast.body.pk, "held_on": day, "began": "17:30", "ended": "18:10",
            "place": "Riverside", "mode": "in person", "chair": "Elena Marsh, MD", "chair_office": "President",
            "attendees": "Elena Marsh, MD\nSamuel Ortiz", "results": "To extend; carried; 2-0-0; Samuel Ortiz",
        }  # fmt: skip
        return client.post(new, {**typed, **changed, "scan": SimpleUploadedFile("a.pdf", data)}, follow=True)

    for data, said in (
        (b"MZ not a pdf", "by its content this is no PDF"),
        (b"%PDF-1.7 broken", "cannot be read as one"),
        (spoiled("locked"), "asks for a password"),
        (spoiled("scripted"), "it holds JavaScript"),
    ):
        assert said in str(send(data).context["form"].errors["scan"])
    assert "as_stated" not in client.get(new).content.decode()
    asked = send(results="To extend; carried; 3-0-0")
    assert 'name="as_stated"' in asked.content.decode()
    assert "3 votes are counted, and 2 members are listed" in str(asked.context["form"].errors["results"])
    assert "say in which words" in str(
        send(results="To extend; carried; 3-0-0", as_stated="on").context["form"].errors["remark"]
    )
    late = send(held_on=day + timedelta(days=40))
    assert "Brightline runs the meetings since" in str(late.context["form"].errors["held_on"])
    assert not PastMeeting.objects.exists()

    page = send()
    past = PastMeeting.objects.get()
    told = page.content.decode()
    assert "Entered afterwards" in told
    assert "has not confirmed it yet" in told
    assert "Confirm the entry" not in told
    assert store.get(past.scan.sha256) == scan("Minutes")
    assert Act.objects.get(verb="past meeting.entered").flag == "back-entry"
    assert "this meeting is on record already" in send().content.decode()

    sign_in(client, cast.director)
    confirm = reverse("meetings:past_confirm", args=[cast.practice.slug, past.pk])
    sign_in(client, cast.director, seconds_ago=3600)
    assert "reauthenticate" in client.post(confirm)["Location"]
    sign_in(client, cast.director)
    assert (
        "Confirm the entry" in client.get(reverse("meetings:past", args=[cast.practice.slug, past.pk])).content.decode()
    )
    client.post(confirm)
    past.refresh_from_db()
    assert past.state == "confirmed"
    page = client.get(lists).content.decode()
    assert "held, entered afterwards" in page
    assert "Mina Vale" in page
    assert "held, entered afterwards" in client.get(lists, {"export": "csv"}).content.decode()
    period = {"start": f"{day}", "end": f"{day + timedelta(days=60)}"}
    report = client.get(reverse("meetings:boundary", args=[cast.practice.slug]), period).content.decode()
    assert "held, entered afterwards" in report
    assert not Meeting.objects.exists()


def test_who_may_not_is_refused(cast: Cast) -> None:
    for actor in (cast.operations, cast.physician, cast.pc_counsel):
        with pytest.raises(AuthorityRefused):
            entered_before(cast, actor)
    past = entered_before(cast)
    for actor in (cast.secretary, cast.alternate, cast.executive):
        with pytest.raises(AuthorityRefused):
            confirm_past_meeting(actor=actor, past=past)
    with pytest.raises(AuthorityRefused):
        withdraw_past_meeting(actor=cast.operations, past=past, reason="Mine")
    withdraw_past_meeting(actor=cast.director, past=past, reason="The wrong scan")
    with pytest.raises(RuleBroken, match="withdrawn already"):
        confirm_past_meeting(actor=cast.director, past=past)
    assert entered_before(cast, cast.alternate).state == "entered"


def test_the_database_refuses(cast: Cast) -> None:
    """The rules again without the services' own checks."""
    past = entered_before(cast)

    @service
    def write(actor: Person, change: Callable[[], object], right: bool = False) -> None:
        if right:
            exercise(actor=actor, practice=cast.practice, right="DR-30", verb="forged")
        else:
            take_part(actor=actor, practice=cast.practice, verb="forged", right="DR-30")
        current().flag = "back-entry"
        change()

    def double(**changed: object) -> None:
        values = {
            name: getattr(past, name) for name in ("practice", "body", "held_at", "place", "mode", "chair", "scan")
        }
        PastMeeting.objects.create(**{**values, "chair_office": "President", **changed})

    def set_state(state: str) -> Callable[[], None]:
        def change() -> None:
            past.state, past.reason = state, "Forged"
            past.save()

        return change

    after = cast.practice.founded_at + timedelta(minutes=1)
    with pytest.raises(DatabaseError, match="only a meeting held before the practice began here"):
        write(cast.secretary, lambda: double(held_at=after))
    with pytest.raises(DatabaseError, match="only a meeting held before"):
        write(cast.secretary, lambda: double(held_at=past.held_at - timedelta(1), state="confirmed"))
    with pytest.raises(DatabaseError, match=r"meetings_past_meeting_once|scan_id"):
        write(cast.secretary, double)
    with pytest.raises(DatabaseError, match="is confirmed by the Medical Director"):
        write(cast.secretary, set_state("confirmed"))
    with pytest.raises(DatabaseError, match="is entered with their meeting"):
        write(
            cast.secretary,
            lambda: record(PastResult, past=past, position=9, text="More", result="carried"),
        )
    with pytest.raises(DatabaseError, match="not written from this office"):
        write(cast.operations, set_state("withdrawn"))
    past.refresh_from_db()
    confirm_past_meeting(actor=cast.director, past=past)
    past.refresh_from_db()
    with pytest.raises(DatabaseError, match="stays once it is confirmed"):
        write(cast.director, set_state("entered"), right=True)
    past.refresh_from_db()
    past.place = "Elsewhere"
    with pytest.raises(DatabaseError, match=r"stays once it is confirmed|never changes"):
        write(cast.director, past.save, right=True)


def test_the_facts_are_checked(cast: Cast) -> None:
    for changed, field in (
        ({"ended_at": facts_of(cast).held_at}, "ended"),
        ({"mode": "by letter"}, "mode"),
        ({"chair_office": " "}, "chair_office"),
    ):
        with pytest.raises(RuleBroken) as broken:
            enter_past_meeting(
                actor=cast.secretary, body=cast.body, facts=facts_of(cast, **changed), scan=scan("Minutes")
            )
        assert broken.value.field == field
