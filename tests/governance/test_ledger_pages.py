"""What is proven, the checkpoint as a file, and the copy that counsel receives each month."""

import io
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from audit.ledger import note
from audit.models import Act
from audit.services.checkpoints import newest
from audit.services.keys import trusted_keys
from governance.models import Appointment
from governance.services.appointments import appoint, end_appointment, invite
from tests.audit.conftest import _checkpoint_folders, act, sign  # noqa: F401
from tests.cast import Cast
from tests.sign_in import sign_in


def url(cast: Cast, name: str) -> str:
    return reverse(f"ledger:{name}", args=[cast.practice.slug])


def mail_all() -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("mail_checkpoints", stdout=out)
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_page_says_what_is_proven_and_what_is_not(cast: Cast, client: Client, sign: Any, act: Any) -> None:  # noqa: F811
    sign_in(client, cast.secretary)
    assert b"no checkpoint of this ledger was signed" in client.get(url(cast, "proof")).content
    assert client.get(url(cast, "checkpoint")).status_code == 404
    sign()
    found = newest(cast.practice.pk)
    assert found is not None
    act("Barstow")
    act("Needles")
    page = client.get(url(cast, "proof")).content.decode()
    assert f"Entries 0 to {found.size - 1} are fixed" in page
    assert "2 entries are newer" in page
    assert "What was never entered" in page
    assert str(trusted_keys()[0]) in page
    assert "one user runs everything here" in page


def test_checkpoint_is_the_signed_text(cast: Cast, client: Client, sign: Any) -> None:  # noqa: F811
    sign()
    answer = sign_in(client, cast.operations).get(url(cast, "checkpoint"))
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    found = newest(cast.practice.pk)
    assert found is not None
    assert note.open_note(answer.content.decode(), trusted_keys()).size == found.size


def test_counsel_of_both_sides_receive_it_once_a_month(
    cast: Cast,
    sign: Any,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sign()
    found = newest(cast.practice.pk)
    assert found is not None
    assert mail_all() == (0, "2 checkpoints mailed, 0 failed.\n")
    reached = {cast.pc_counsel.account.email, cast.mso_counsel.account.email}  # type: ignore[union-attr]
    assert {address for message in mail.outbox for address in message.to} == reached
    for message in mail.outbox:
        ((name, content, kind),) = message.attachments
        assert (name, content, kind) == (f"checkpoint-riverside-{found.size}.txt", found.note, "text/plain")
        assert str(trusted_keys()[0]) in message.body
    assert Act.objects.filter(verb="checkpoint.mailed", practice=cast.practice.pk).count() == 2
    assert mail_all() == (0, "0 checkpoints mailed, 0 failed.\n")
    monkeypatch.setattr("governance.services.checkpoint_mail.month", lambda practice: "2999-01")
    assert mail_all() == (0, "2 checkpoints mailed, 0 failed.\n")


def test_counsel_out_of_office_receive_nothing_and_new_ones_do(cast: Cast, sign: Any) -> None:  # noqa: F811
    old = Appointment.objects.get(person=cast.mso_counsel)
    end_appointment(actor=cast.executive, appointment=old, reason="Engagement ended")
    sign()
    mail_all()
    assert [message.to for message in mail.outbox] == [[cast.pc_counsel.account.email]]  # type: ignore[union-attr]
    new = invite(actor=cast.director, practice=cast.practice, name="Ines Rowe", email="rowe@riverside.example")
    appoint(actor=cast.director, practice=cast.practice, person=new, office="pc_counsel")
    mail.outbox.clear()
    mail_all()
    assert [message.to for message in mail.outbox] == [["rowe@riverside.example"]]


def test_what_could_not_be_sent_is_tried_again(cast: Cast, sign: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    assert mail_all()[0] == 1  # no checkpoint yet
    sign()
    with monkeypatch.context() as broken:

        def refuse(self: object, *args: object, **kwargs: object) -> int:
            raise SMTPServerDisconnected("The server went away")

        broken.setattr("django.core.mail.EmailMessage.send", refuse)
        assert mail_all() == (1, "0 checkpoints mailed, 2 failed.\n")
    assert not Act.objects.filter(verb="checkpoint.mailed").exists()
    assert mail_all() == (0, "2 checkpoints mailed, 0 failed.\n")
