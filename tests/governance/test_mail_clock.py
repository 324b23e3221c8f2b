"""Every mail tells day and hour on its practice's clock, whoever composes it: the worker runs on UTC."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template import engines
from django.utils import timezone

from governance import mail
from governance.models import Practice

EVENING = datetime(2026, 11, 18, 1, 30, tzinfo=UTC)
"""Half past five in the afternoon of the 17th in California, the 18th by UTC."""


@pytest.mark.parametrize("kind", sorted(settings.MAILS))
def test_a_mail_is_composed_on_the_practices_clock(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    practice = Practice(name="Riverside Physicians, P.C.", time_zone="America/Los_Angeles")

    def letter(practice: Practice, person: object, arguments: object) -> mail.Letter:
        said = engines["django"].from_string('{{ at|date:"j F Y, P" }} ({{ zone }})')
        at = practice.local(EVENING)
        return mail.Letter(subject="Notice", text=said.render({"at": at, "zone": at.tzname()}))

    monkeypatch.setattr(mail, "import_string", lambda path: letter)
    reader = SimpleNamespace(account=SimpleNamespace(is_active=True), refresh_from_db=lambda: None)
    waiting = SimpleNamespace(kind=kind, practice=practice, person=reader, arguments={})
    with timezone.override(UTC):
        composed = mail._composed(waiting)  # type: ignore[arg-type]
    assert composed is not None
    assert composed.text == "17 November 2026, 5:30 p.m. (PST)"
