"""Refusals invented against somebody, in an office that person never held."""

from typing import Any
from uuid import uuid4

import pytest

from audit.acts import current
from audit.models import Act
from governance.authority import AuthorityRefused
from governance.choices import Office
from governance.models import Appointment
from governance.services.appointments import open_site
from tests.attacks.forging import forge, refused
from tests.cast import Cast, found, local_day
from tests.conftest import Database

REFUSED = {"outcome": "refused", "right": "DR-21", "capacity": "decides"}


def attempt(cast: Cast, who: Any, **lie: Any) -> object:
    def write(_: Appointment) -> None:
        for name, value in lie.items():
            setattr(current(), name, value)

    return forge(who, cast.practice, write, **REFUSED)


def test_no_refusal_in_an_office_never_held(cast: Cast) -> None:
    """Operations staff are said to have tried what they never did, as Medical Director or on another's appointment."""
    theirs = Appointment.objects.get(person=cast.director, office=Office.MEDICAL_DIRECTOR)
    chair = {"office": "medical_director", "office_name": "Medical Director", "side": "PC"}
    other = found("harbor")
    abroad = Appointment.objects.get(person=other.operations)
    for lie in (
        {**chair},
        {**chair, "appointment_id": theirs.pk},
        {**chair, "appointment_id": None},
        {"appointment_id": theirs.pk},
        {"appointment_id": None},
        {"side": "PC"},
        {"appointment_id": abroad.pk},
        {"appointment_id": abroad.pk, "practice_id": other.practice.pk},
        {"capacity": "founding"},
        {"capacity": "system"},
        {"practice_id": uuid4()},
    ):
        with refused("a refusal names an office that its person holds|there is no such practice"):
            attempt(cast, cast.operations, **lie)
    assert not Act.objects.filter(outcome="refused").exists()


def test_no_refusal_in_an_office_that_ended_long_ago(cast: Cast, house: Database) -> None:
    """An office that ended in the moment of the attempt still tells in which office it was made; later it does not."""
    held = Appointment.objects.get(person=cast.operations)
    for ago, stays in (("10 minutes", False), ("10 seconds", True)):
        with house.connect("superuser") as superuser:
            superuser.execute("alter table governance_appointment disable trigger all")
            superuser.execute(
                f"update governance_appointment set starts_at = now() - interval '1 day',"
                f" ends_at = now() - interval '{ago}' where id = %s",
                [held.pk],
            )
        if stays:
            attempt(cast, cast.operations)
        else:
            with refused("a refusal names an office that its person holds"):
                attempt(cast, cast.operations)


def test_a_true_refusal_is_recorded(cast: Cast) -> None:
    with pytest.raises(AuthorityRefused):
        open_site(actor=cast.operations, practice=cast.practice, name="X", city="X", opened_on=local_day())
    told = Act.objects.get(outcome="refused")
    assert (told.office, told.side, told.actor) == ("mso_operations", "MSO", cast.operations.pk)


def test_who_holds_no_office_is_refused_in_none(cast: Cast) -> None:
    stranger = found("harbor").operations
    with pytest.raises(AuthorityRefused):
        open_site(actor=stranger, practice=cast.practice, name="X", city="X", opened_on=local_day())
    told = Act.objects.get(outcome="refused")
    assert (told.office, told.side, told.appointment) == ("", "", None)
