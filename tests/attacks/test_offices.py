"""Offices by raw SQL: what the constraints of appointments refuse when no service and no trigger stands before them."""

import threading

import psycopg
import pytest

from governance.choices import Office
from governance.models import Appointment
from governance.services.appointments import AppointmentRefused, appoint, end_appointment, invite
from tests.cast import Cast, resolve
from tests.conftest import Database

OFFICE_BY_SQL = (
    "insert into governance_appointment (practice_id, person_id, office, side, starts_at)"
    " values (%s, %s, %s, 'PC', now())"
)


def test_an_auditor_needs_an_end(cast: Cast, house: Database) -> None:
    person = invite(actor=cast.director, practice=cast.practice, name="Ann Bell", email="bell@riverside.example")
    with pytest.raises(AppointmentRefused, match="state the day") as problem:
        appoint(actor=cast.director, practice=cast.practice, person=person, office=Office.AUDITOR)
    assert problem.value.field == "ends_at"
    with house.connect("app") as raw, pytest.raises(psycopg.errors.CheckViolation, match="for_a_stated_period"):
        raw.execute(OFFICE_BY_SQL, [cast.practice.pk, person.pk, "auditor"])


@pytest.mark.parametrize(
    ("constraint", "office", "people"),
    [
        ("governance_one_medical_director", "medical_director", ("physician", "alternate")),
        ("governance_office_held_once", "committee_member", ("physician", "physician")),
    ],
)
def test_offices_do_not_overlap_in_two_transactions_at_once(
    cast: Cast, house: Database, constraint: str, office: str, people: tuple[str, str]
) -> None:
    """Below every service, and where no trigger runs: the second waits for the first, and then breaks."""
    end_appointment(
        actor=cast.director,
        appointment=Appointment.objects.get(office=Office.MEDICAL_DIRECTOR),
        reason=resolve(cast.practice, "Elena Marsh retires"),
    )
    first, second = (getattr(cast, name).pk for name in people)
    with house.connect("app") as raw, pytest.raises(psycopg.DatabaseError):
        raw.execute(OFFICE_BY_SQL, [cast.practice.pk, first, office])
    with house.connect("superuser") as one, house.connect("superuser") as other:
        one.execute("alter table governance_appointment disable trigger user")
        for connection in (one, other):
            connection.execute("set session_replication_role = replica")
            connection.execute("set statement_timeout = '20s'")
        waiting: list[BaseException] = []

        def insert_second() -> None:
            try:
                other.execute(OFFICE_BY_SQL, [cast.practice.pk, second, office])
            except psycopg.errors.ExclusionViolation as violation:
                waiting.append(violation)

        with one.transaction():
            one.execute(OFFICE_BY_SQL, [cast.practice.pk, first, office])
            thread = threading.Thread(target=insert_second)
            thread.start()
            await_lock(house, other.info.backend_pid)
        thread.join(20)
        assert [violation.diag.constraint_name for violation in waiting] == [constraint]  # type: ignore[attr-defined]


def await_lock(house: Database, backend: int) -> None:
    """Until this connection waits for another's transaction."""
    with house.connect("superuser") as watching:
        for _ in range(2000):
            if watching.execute("select pg_blocking_pids(%s) <> '{}'", [backend]).fetchone() == (True,):
                return
    raise AssertionError("the second insert did not wait for the first")
