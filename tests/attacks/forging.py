"""A service as a careless or hostile developer writes it: no rule of its own, any capacity, right and name."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import Error
from django.utils import timezone

from audit.acts import Act, open_act, service
from audit.context import occurring
from audit.models.base import History
from governance.models import Appointment, Person, Practice

type Write = Callable[[Appointment], object]


def forge(actor: Person, practice: Practice, write: Write, *, office: str = "", **act: Any) -> object:
    """Do an act in the actor's own office (the only one, unless named) and write what `write` likes."""

    @service
    def forged() -> object:
        held = Appointment.objects.filter(person=actor, practice=practice)
        own = held.get(office=office) if office else held.get()
        values: dict[str, Any] = {
            "verb": "forged", "capacity": "takes part", "practice_id": practice.pk, "actor_id": actor.pk,
            "actor_name": str(actor), "office": own.office, "office_name": own.get_office_display(), "side": own.side,
            "appointment_id": own.pk,
        }  # fmt: skip
        open_act(Act(**{**values, **act}))
        return write(own)

    return forged()


def decide(
    actor: Person, practice: Practice, write: Write, *, right: str = "DR-38", office: str = "", reason: str = ""
) -> object:
    """The same, as an act that decides a right that the actor's office does exercise."""
    return forge(actor, practice, write, office=office, capacity="decides", right=right, reason=reason)


def refused(message: str) -> Any:
    """The database refuses what happens inside, with these words."""
    return pytest.raises(Error, match=message)


def back_entry() -> AbstractContextManager[None]:
    """Acts inside claim to have happened a moment ago and to be entered now."""
    return occurring(timezone.now() - timedelta(milliseconds=5), flag="back-entry")


def change(row: Any, **values: Any) -> Write:
    """Set columns of a governed row, with the history that belongs to it."""

    def write(_: Appointment) -> object:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        return row

    return write


def mistaken(kind: str, write: Write) -> Write:
    """Write the same, with a history that calls it entry (+), change (~) or removal (-), whatever it is."""
    keep = History.create_historical_record

    def lie(self: History, instance: Any, _: str, using: str | None = None) -> None:
        keep(self, instance, kind, using)

    def written(held: Appointment) -> object:
        with patch.object(History, "create_historical_record", lie):
            return write(held)

    return written
