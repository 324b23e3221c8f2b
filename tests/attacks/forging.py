"""A service as a careless or hostile developer writes it: no rule of its own, any capacity, right and name."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error

from audit.acts import Act, open_act, service
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


def decide(actor: Person, practice: Practice, write: Write, *, right: str = "DR-38", office: str = "") -> object:
    """The same, as an act that decides a right that the actor's office does exercise."""
    return forge(actor, practice, write, office=office, capacity="decides", right=right)


def refused(message: str) -> Any:
    """The database refuses what happens inside, with these words."""
    return pytest.raises(Error, match=message)


def change(row: Any, **values: Any) -> Write:
    """Set columns of a governed row, with the history that belongs to it."""

    def write(_: Appointment) -> object:
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        return row

    return write
