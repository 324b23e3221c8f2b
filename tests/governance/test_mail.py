"""The outbox: mailed after the act is committed and never otherwise, once, tried again, given up where it is seen."""

import logging
import os
from datetime import timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import psycopg
import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from audit.acts import NoAct, service
from audit.context import occurring
from audit.models import Act
from governance.authority import take_part
from governance.choices import Office
from governance.mail import ATTEMPTS, WAITS, post, send_one, send_waiting
from governance.models import Mail, Person
from governance.services.access import AccessRefused
from governance.services.appointments import appoint, invite
from governance.services.mailing import mail_again
from tests.cast import Cast
from tests.conftest import Database
from tests.sign_in import sign_in


@service
def tell(*, cast: Cast, people: list[Person], fails: bool = False) -> None:
    """An act that asks for a mail, twice as it were."""
    take_part(actor=cast.director, practice=cast.practice, verb="test.told")
    post(kind="invitation", practice=cast.practice, people=people)
    post(kind="invitation", practice=cast.practice, people=people)
    with open_elsewhere() as seen:
        assert seen.execute("select count(*) from governance_mail").fetchone() == (0,)
    if fails:
        raise ValueError("The act does not come about.")


def open_elsewhere() -> psycopg.Connection:
    """Another connection of the application: it sees what is committed."""
    return psycopg.connect(os.environ["DATABASE_URL"])


def test_a_mail_goes_out_after_the_commit_and_never_after_a_rollback(cast: Cast) -> None:
    with pytest.raises(ValueError, match="come about"):
        tell(cast=cast, people=[cast.physician], fails=True)
    assert send_waiting() == 0
    with pytest.raises(NoAct):
        post(kind="invitation", practice=cast.practice, people=[cast.physician])
    tell(cast=cast, people=[cast.physician, cast.secretary])
    assert mail.outbox == []
    assert send_waiting() == 2
    assert sorted(message.to for message in mail.outbox) == [["ortiz@riverside.example"], ["vale@riverside.example"]]
    assert send_waiting() == 0
    assert {one.state for one in Mail.objects.all()} == {Mail.State.SENT}
    with pytest.raises(ValueError, match="kind: 'gossip' is not one of"):
        post(kind="gossip", practice=cast.practice, people=[], key="once")


def test_the_past_is_mailed_to_nobody(cast: Cast) -> None:
    with occurring(timezone.now() - timedelta(days=40), flag="demonstration"):
        post(kind="invitation", practice=cast.practice, people=[cast.physician], key="past")
    assert not Mail.objects.exists()


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(message: object, **options: object) -> int:
        raise error

    monkeypatch.setattr("governance.mail.EmailMessage.send", send)


def pass_time(mail: Mail) -> None:
    """The wait before the next attempt is over."""
    Mail.objects.filter(pk=mail.pk).update(due_at=timezone.now())


def test_what_fails_is_tried_again_with_growing_waits_and_given_up_loudly(
    cast: Cast, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tell(cast=cast, people=[cast.physician])
    with monkeypatch.context() as down:
        refuse(down, SMTPRecipientsRefused({"ortiz@riverside.example": (450, b"try later, Samuel")}))
        waits = []
        for _ in range(ATTEMPTS):
            began = timezone.now()
            tried = send_one()
            assert tried is not None
            assert send_one() is None  # not before its wait is over
            waits.append(tried.due_at - began)
            pass_time(tried)
    expected = [*WAITS, WAITS[-1]]
    assert all(abs(wait - at) < timedelta(seconds=5) for wait, at in zip(waits, expected, strict=True))
    assert list(WAITS) == sorted(WAITS)
    lost = Mail.objects.get()
    assert (lost.state, lost.error) == (Mail.State.FAILED, "SMTPRecipientsRefused 450")
    assert [line.levelno for line in caplog.records if "given up" in line.message] == [logging.ERROR]
    assert "ortiz" not in caplog.text
    assert send_one() is None

    administrator = invite(actor=cast.director, practice=cast.practice, name="Pat Lund", email="lund@riverside.example")
    appoint(actor=cast.director, practice=cast.practice, person=administrator, office=Office.PC_ADMINISTRATOR)
    sign_in(client, administrator)
    assert "1 mail</a> could not be delivered" in client.get("/p/riverside/settings/").text
    listed = client.get("/p/riverside/mail/", {"state": "failed"}).text
    assert "Samuel Ortiz, MD" in listed
    assert "Tried 7 times: SMTPRecipientsRefused 450" in listed
    page = f"/p/riverside/mail/{lost.pk}/"
    assert "Send it again" in client.get(page).text
    assert client.post(page).status_code == 302
    send_waiting()
    lost.refresh_from_db()
    assert (lost.state, lost.error) == (Mail.State.SENT, "")
    assert Act.objects.filter(verb="mail.asked_again", outcome="done").count() == 1
    assert "Send it again" not in client.get(page).text
    with pytest.raises(AccessRefused, match="not given up"):
        mail_again(actor=administrator, mail=lost)


def test_one_mail_that_fails_keeps_no_other_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(cast=cast, people=[cast.physician, cast.secretary])
    with monkeypatch.context() as down:
        refuse(down, SMTPServerDisconnected("gone"))
        assert send_waiting() == 2
    assert {one.error for one in Mail.objects.all()} == {"SMTPServerDisconnected"}


def test_a_worker_that_dies_leaves_the_mail_to_another_under_the_same_identity(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tell(cast=cast, people=[cast.physician])
    with monkeypatch.context() as down:
        refuse(down, KeyboardInterrupt())  # type: ignore[arg-type]
        with pytest.raises(KeyboardInterrupt):
            send_one()
    assert send_one() is None
    left = Mail.objects.get()
    pass_time(left)
    assert send_one() == left
    pass_time(left)
    Mail.objects.update(state=Mail.State.WAITING)  # it died after the server had taken the mail
    assert send_one() == left
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second
    Mail.objects.update(state=Mail.State.WAITING, attempts=ATTEMPTS, due_at=timezone.now())
    assert send_one() is None
    assert Mail.objects.get().state == Mail.State.FAILED
    assert "is given up: The worker died" in caplog.text


def test_whose_sign_in_is_closed_is_mailed_nothing(cast: Cast) -> None:
    tell(cast=cast, people=[cast.physician])
    account = cast.physician.account
    assert account is not None
    account.is_active = False
    account.save()
    assert send_waiting() == 1
    assert mail.outbox == []
    assert Mail.objects.get().state == Mail.State.DROPPED


def test_no_secret_lies_in_the_outbox(cast: Cast, house: Database) -> None:
    invite(actor=cast.director, practice=cast.practice, name="Noor Haddad", email="haddad@riverside.example")
    assert send_waiting() == 1
    link = mail.outbox[-1].body.split("/account/invitation/")[1].split("/")
    with house.connect("app") as seen:
        (row,) = seen.execute("select to_jsonb(m)::text from governance_mail m").fetchall()
    assert link[0] in row[0]  # the key of the invitation
    assert link[1] not in row[0]  # what proves it
    assert "haddad" not in row[0].lower()


def test_only_an_administrator_reads_the_outbox(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    assert client.get("/p/riverside/mail/").status_code == 404
    tell(cast=cast, people=[cast.physician])
    assert client.get(f"/p/riverside/mail/{Mail.objects.get().pk}/").status_code == 404
    assert "/mail/" not in client.get("/p/riverside/settings/").text
