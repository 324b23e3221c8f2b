"""The draft circulated for comment, and the secretary's attestation: who may, until when, what holds the minutes up."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse

from audit.acts import record, service
from decisions.models.base import by
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused, moment, take_part
from governance.models import Appointment, Mail, Person
from meetings.demonstration.diary import Diary
from meetings.letters import circulated
from meetings.models import Attestation, Comment, Minutes, MinutesVersion
from meetings.services.minutes import ATTESTED, MEANING, attest_minutes, return_minutes, sign_minutes, submit_minutes
from meetings.services.minutes_comments import answer_comment, circulate_minutes, comment_on_minutes
from meetings.waiting import circulated as waits
from meetings.waiting import meetings as desk
from tests.cast import Cast
from tests.meetings.minuted import held, house
from tests.sign_in import sign_in

__all__ = ["house"]

pytestmark = pytest.mark.usefixtures("house")


@service
def by_hand(cast: Cast, actor: Person, version: MinutesVersion) -> None:
    """A comment written past the service."""
    take_part(actor=actor, practice=cast.practice, verb="minutes.forged")
    office = Appointment.objects.filter(person=actor, practice=cast.practice)[0]
    record(Comment, **by(office), version=version, text="Mine", commented_at=moment())


def lines(cast: Cast, person: Person) -> list[str]:
    """What the person's desk says of the minutes."""
    held_offices = list(Appointment.objects.filter(person=person))
    today = cast.practice.local(moment()).date()
    found = [*desk(person, cast.practice, held_offices, today), *waits(person, cast.practice, held_offices, today)]
    return [one.action for one in found if one.code.startswith("MIN")]


def test_who_was_expected_comments_in_time_and_nothing_is_submitted_unanswered(cast: Cast) -> None:
    minutes = held(cast)
    now = moment()
    circulate = partial(circulate_minutes, minutes=minutes, revision=1)
    with pytest.raises(AuthorityRefused):
        circulate(actor=cast.physician, until=now + timedelta(days=7))
    for until in (now, now + timedelta(days=61)):
        with pytest.raises(RuleBroken) as refusal:
            circulate(actor=cast.secretary, until=until)
        assert refusal.value.field == "until"
    version = circulate(actor=cast.secretary, until=now + timedelta(days=7))
    minutes.refresh_from_db()
    assert (minutes.state, minutes.version, version.number) == ("draft", 1, 1)
    mailed = Mail.objects.filter(kind="circulated")
    assert cast.physician in [mail.person for mail in mailed]
    assert cast.secretary not in [mail.person for mail in mailed]
    letter = circulated(cast.practice, cast.physician, {"version": version.pk})
    assert letter is not None
    assert "/minutes/" in letter.text
    assert lines(cast, cast.physician) == ["Read and comment"]

    comment = partial(comment_on_minutes, minutes=minutes, version=version, text="Say which sample.")
    with pytest.raises(RuleBroken, match="who was expected"):
        comment(actor=cast.operations_2)
    item = minutes.meeting.items.order_by("position")[1]
    made = comment(actor=cast.physician, item=item)
    other = comment(actor=cast.alternate)
    assert lines(cast, cast.physician) == []
    assert lines(cast, cast.secretary) == ["Answer"]
    with pytest.raises(RuleBroken, match=r"Samuel Ortiz, MD on .*; Ruth Adeyemi, MD") as unanswered:
        submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    assert unanswered.value.field == "text"
    with pytest.raises(DatabaseError, match="not answered yet"):
        _submit_by_hand(cast, minutes)
    with pytest.raises(AuthorityRefused):
        answer_comment(actor=cast.physician, comment=made, taken_up=True)
    with pytest.raises(RuleBroken) as silent:
        answer_comment(actor=cast.secretary, comment=made, taken_up=False)
    assert silent.value.field == "reason"
    answer_comment(actor=cast.secretary, comment=made, taken_up=False, reason="The register names it.")
    answer_comment(actor=cast.director, comment=other, taken_up=True)
    with pytest.raises(RuleBroken, match="answered already"):
        answer_comment(actor=cast.secretary, comment=made, taken_up=True)
    with pytest.raises(DatabaseError, match="who was expected"):
        by_hand(cast, cast.operations_2, version)
    second = submit_minutes(actor=cast.director, minutes=minutes, revision=1)
    assert (second.number, second.circulated_until) == (2, None)
    with pytest.raises(RuleBroken, match="are submitted"):
        comment(actor=cast.physician)
    with pytest.raises(DatabaseError, match="lies before nobody"):
        by_hand(cast, cast.physician, version)
    assert circulated(cast.practice, cast.physician, {"version": version.pk}) is None


@service
def _submit_by_hand(cast: Cast, minutes: Minutes) -> None:
    take_part(actor=cast.secretary, practice=cast.practice, verb="minutes.forged")
    minutes.state = "submitted"
    minutes.save()


def test_when_the_day_is_over_nobody_comments(cast: Cast) -> None:
    minutes = held(cast)
    past = datetime(2020, 11, 2, 17, tzinfo=UTC)
    with Diary(datetime.now(UTC)).on(past):
        version = circulate_minutes(actor=cast.secretary, minutes=minutes, revision=1, until=past + timedelta(days=7))
    with pytest.raises(RuleBroken, match="was over with 9 November 2020"):
        comment_on_minutes(actor=cast.physician, minutes=minutes, version=version, text="Late.")
    with pytest.raises(DatabaseError, match="lies before nobody"):
        by_hand(cast, cast.physician, version)


def test_the_secretary_alone_attests_what_lies_before_the_chair(cast: Cast) -> None:
    minutes = held(cast)
    first = submit_minutes(actor=cast.director, minutes=minutes, revision=1)
    assert lines(cast, cast.secretary) == ["Read and attest"]
    attest = partial(attest_minutes, minutes=minutes, version=first, meaning=ATTESTED)
    with pytest.raises(AuthorityRefused):
        attest(actor=cast.director)
    with pytest.raises(DatabaseError, match="by the secretary who recorded the meeting"):
        _attest_by_hand(cast, first)
    with pytest.raises(RuleBroken) as unaffirmed:
        attest(actor=cast.secretary, meaning="Seen.")
    assert unaffirmed.value.field == "meaning"
    made = attest(actor=cast.secretary)
    assert (made.sha256, made.office_name) == (first.sha256, "Recording secretary")
    assert lines(cast, cast.secretary) == []
    with pytest.raises(RuleBroken, match="attested already"):
        attest(actor=cast.secretary)
    return_minutes(actor=cast.director, minutes=minutes, reason="Name the sample.")
    with pytest.raises(AuthorityRefused):
        submit_minutes(actor=cast.director, minutes=minutes, revision=1, attested=ATTESTED)
    second = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1, attested=ATTESTED)
    assert second.attestation.act_id == second.act_id
    with pytest.raises(DatabaseError, match="the version that lies before the chair"):
        _attest_by_hand(cast, first, actor=cast.secretary)
    sign_minutes(actor=cast.director, minutes=minutes, version=second, meaning=MEANING)
    assert Attestation.objects.count() == 2


@service
def _attest_by_hand(cast: Cast, version: MinutesVersion, actor: Person | None = None) -> None:
    actor = actor or cast.director
    office = Appointment.objects.filter(person=actor, practice=cast.practice)[0]
    take_part(actor=actor, practice=cast.practice, verb="minutes.forged", offices={office.office})
    record(
        Attestation, **by(office), minutes=version.minutes, version=version, sha256=version.sha256, meaning=ATTESTED,
        printed_name=str(actor), office_name=office.get_office_display(), attested_at=moment(),
    )  # fmt: skip


def test_the_pages_circulate_take_comments_and_attest(cast: Cast) -> None:
    minutes = held(cast)

    def url(name: str, *more: object) -> str:
        return reverse(f"meetings:{name}", args=["riverside", minutes.meeting.code, *more])

    clerk, member = sign_in(Client(), cast.secretary), sign_in(Client(), cast.physician)
    assert member.get(url("minutes_circulate")).status_code == 404
    late = clerk.post(url("minutes_circulate"), {"revision": 1, "until": "2020-01-01"}).content.decode()
    assert "Last day: from today on" in late
    until = cast.practice.local(moment()).date() + timedelta(days=3)
    clerk.post(url("minutes_circulate"), {"revision": 1, "until": until})
    assert "Two of forty charts" in member.get(url("minutes")).content.decode()
    typed = {"version": 1, "text": "MRN 4471234 was late."}
    kept = member.post(url("minutes_comment"), typed).content.decode()
    assert "This looks like" in kept
    assert "MRN 4471234 was late." in kept
    member.post(url("minutes_comment"), {"version": 1, "text": "Name the sample."})
    comment = Comment.objects.get()
    assert "Name the sample." in clerk.get(url("minutes")).content.decode()
    draft = minutes.working_draft
    held_up = clerk.post(url("minutes"), {"text": draft.text, "revision": 1, "submit": "1"}).content.decode()
    assert "answer each before you submit. Unanswered: Samuel Ortiz, MD" in held_up
    clerk.post(url("minutes_answer", comment.pk), {"taken_up": "yes"})
    sent = {"text": draft.text, "revision": 1, "submit": "1", "attested": "on"}
    old = sign_in(Client(), cast.secretary, seconds_ago=3600)
    assert reverse("account_reauthenticate") in old.post(url("minutes"), sent)["Location"]
    assert not Attestation.objects.exists()
    assert clerk.post(url("minutes"), sent).status_code == 302
    page = member.get(url("minutes")).content.decode()
    assert "Taken up" in page
    assert ATTESTED in page
