"""Mail: asked for inside an act, composed and sent by the worker after its commit, tried again, given up loudly.

The row is written by the act's own transaction, so what is rolled back is never mailed, and what is committed is mailed
though the process ends. A worker takes a mail by moving its due time ahead: should it die, another takes it up then,
and the mail goes out once more under the same Message-ID (docs/decisions/0024-one-outbox.md).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.message import MIMEPart
from email.utils import parseaddr
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from audit.acts import current
from audit.context import acting, circumstances
from governance.models import Mail, Person, Practice

log = logging.getLogger(__name__)

WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
"""How long to wait after each attempt that failed; after one more it is given up. Longer than a server may take."""
ATTEMPTS = len(WAITS) + 1
ROUND = 20
"""How many mails are sent before the worker looks for documents again."""


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail says: plain text, a subject that gives nothing confidential away, and parts that go with it."""

    subject: str
    text: str
    parts: Sequence[MIMEPart] = ()


def post(
    *,
    kind: str,
    practice: Practice,
    people: Iterable[Person],
    arguments: Mapping[str, Any] | None = None,
    key: str = "",
) -> None:
    """Ask for a mail to each of these people: inside an act, or under a `key` of one's own, once.

    What is told of the past is mailed to nobody, and neither is who has no sign-in.
    Raises ValueError when settings.MAILS has no such kind; NoAct without a key and outside an act.
    """
    if kind not in settings.MAILS:
        raise ValueError(f"kind: {kind!r} is not one of {', '.join(sorted(settings.MAILS))}.")
    if circumstances().occurred_at:
        return
    asked = key or str(current().id)
    now = timezone.now()
    Mail.objects.bulk_create(
        [
            Mail(
                key=f"{kind}/{asked}/{person.pk}",
                practice=practice,
                person=person,
                kind=kind,
                arguments=dict(arguments or {}),
                due_at=now,
            )
            for person in people
            if person.account_id
        ],
        ignore_conflicts=True,
    )


def send_waiting() -> int:
    """Send what is due, at most ROUND mails; how many were taken up. The worker's regular work."""
    for number in range(ROUND):
        if send_one() is None:
            return number
    return ROUND


def send_one() -> Mail | None:
    """Take up the mail that has been due longest; None when there is none. A failure is kept and tried again."""
    mail = _take()
    if mail is None:
        return None
    with acting(via="worker", request=f"mail-{mail.pk}-{mail.attempts}"):
        try:
            letter = _composed(mail)
            if letter:
                _send(mail, letter)
        except Exception as error:
            # Whatever composing or the server raises belongs to this mail and must not keep the others back.
            _failed(mail, error)
        else:
            mail.state = Mail.State.SENT if letter else Mail.State.DROPPED
            mail.error, mail.sent_at = "", timezone.now() if letter else None
            mail.save(update_fields=["state", "error", "sent_at"])
            log.info("Mail %s (%s) to person %s: %s", mail.pk, mail.kind, mail.person_id, mail.state)
    return mail


def _take() -> Mail | None:
    while True:
        now = timezone.now()
        with transaction.atomic():
            waiting = Mail.objects.select_for_update(skip_locked=True, no_key=True)
            mail = waiting.filter(state=Mail.State.WAITING, due_at__lte=now).order_by("due_at", "pk").first()
            if mail is None:
                return None
            if mail.attempts < ATTEMPTS:
                mail.due_at = now + WAITS[min(mail.attempts, len(WAITS) - 1)]
                mail.attempts += 1
                mail.save(update_fields=["attempts", "due_at"])
                return mail
            _give_up(mail, "The worker died while sending it")


def _composed(mail: Mail) -> Letter | None:
    """What the mail says now; nothing, where it is not needed any more or its reader may not sign in."""
    mail.person.refresh_from_db()
    account = mail.person.account
    if account is None or not account.is_active:
        return None
    # The worker's clock is UTC, and a template shows every moment on the clock in force, even a local one.
    with timezone.override(mail.practice.zone):
        letter: Letter | None = import_string(settings.MAILS[mail.kind][1])(mail.practice, mail.person, mail.arguments)
    return letter


def _send(mail: Mail, letter: Letter) -> None:
    account = mail.person.account
    assert account is not None
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    message = EmailMessage(
        subject=letter.subject,
        body=letter.text,
        to=[account.email],
        headers={
            "Message-ID": f"<{uuid5(NAMESPACE_URL, mail.key)}@{domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    for part in letter.parts:
        message.attach(part)
    message.send()


def _failed(mail: Mail, error: Exception) -> None:
    reason = described(error)
    if mail.attempts >= ATTEMPTS:
        _give_up(mail, reason)
        return
    mail.error = reason
    mail.save(update_fields=["error"])
    log.warning(
        "Mail %s (%s) to person %s failed at attempt %s of %s: %s",
        mail.pk, mail.kind, mail.person_id, mail.attempts, ATTEMPTS, reason,
    )  # fmt: skip


def _give_up(mail: Mail, reason: str) -> None:
    mail.state, mail.error = Mail.State.FAILED, reason
    mail.save(update_fields=["state", "error"])
    log.error("Mail %s (%s) to person %s is given up: %s", mail.pk, mail.kind, mail.person_id, reason)


def described(error: Exception) -> str:
    """What failed, with the server's code where there is one: never the address or the text that it may quote."""
    name = type(error).__name__
    if isinstance(error, SMTPRecipientsRefused):
        return f"{name} {' '.join(sorted({str(answer[0]) for answer in error.recipients.values()}))}"
    if isinstance(error, SMTPResponseException):
        return f"{name} {error.smtp_code}"
    if isinstance(error, OSError) and error.strerror:
        return f"{name}: {error.strerror}"
    return name
