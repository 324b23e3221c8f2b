"""The line against raw SQL under the application's role: what the services would never do, the database refuses."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.utils import timezone

from governance.choices import Office
from governance.models import Appointment, DecisionRight, Person
from governance.offices import APPOINTED_UNDER, EXERCISES, GRANTS
from tests.cast import Cast
from tests.conftest import Database


@pytest.fixture
def app(house: Database) -> Iterator[psycopg.Connection]:
    with psycopg.connect(house.urls["app"]) as connection:
        yield connection


def office(person: Person, name: str) -> Appointment:
    return Appointment.objects.get(person=person, office=name)


def act_of(appointment: Appointment | None, practice: Any, **changes: Any) -> dict[str, Any]:
    """What a forger would hand to audit.seal, in somebody's name."""
    return {
        "id": str(uuid4()),
        "practice": str(practice.pk) if practice else None,
        "verb": "forged",
        "outcome": "done",
        "capacity": "decides",
        "actor": str(appointment.person_id) if appointment else None,
        "actor_name": str(appointment.person) if appointment else "A forger",
        "office": appointment.office if appointment else "",
        "office_name": appointment.get_office_display() if appointment else "",
        "side": appointment.side if appointment else "",
        "appointment": appointment.pk if appointment else None,
        "right": "",
        "object_type": "",
        "object_id": "",
        "reason": "",
        "request": "",
        "via": "web",
        "flag": "",
        "parts": {},
        "rows": [],
        **changes,
    }


def seal(app: psycopg.Connection, act: dict[str, Any]) -> None:
    app.execute("select audit.seal(%s::jsonb)", [json.dumps(act)])
    app.commit()


def refused(app: psycopg.Connection, act: dict[str, Any], message: str) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match=message):
        seal(app, act)
    app.rollback()


def test_lawful_act_passes(cast: Cast, app: psycopg.Connection) -> None:
    seal(app, act_of(office(cast.director, Office.MEDICAL_DIRECTOR), cast.practice, right="DR-21"))


def test_mso_cannot_decide_a_right_of_the_pc(cast: Cast, app: psycopg.Connection) -> None:
    refused(app, act_of(office(cast.operations, Office.MSO_OPERATIONS), cast.practice, right="DR-21"), "held by the PC")


def test_pc_cannot_decide_a_right_of_the_mso(cast: Cast, app: psycopg.Connection) -> None:
    mine = office(cast.director, Office.MEDICAL_DIRECTOR)
    refused(app, act_of(mine, cast.practice, right="DR-38"), "held by the MSO")


def test_physician_cannot_decide_what_the_board_decides(cast: Cast, app: psycopg.Connection) -> None:
    refused(app, act_of(office(cast.physician, Office.PHYSICIAN), cast.practice, right="DR-34"), "not exercised")


def test_office_of_somebody_else_is_refused(cast: Cast, app: psycopg.Connection) -> None:
    other = office(cast.director, Office.MEDICAL_DIRECTOR)
    forged = act_of(other, cast.practice, right="DR-21", actor=str(cast.operations.pk))
    refused(app, forged, "no such appointment")


def test_no_office_at_all_is_refused(cast: Cast, app: psycopg.Connection) -> None:
    refused(app, act_of(None, cast.practice, actor=str(cast.director.pk), right="DR-21"), "no such appointment")


def test_a_right_that_is_in_no_catalogue_is_refused(cast: Cast, app: psycopg.Connection) -> None:
    mine = office(cast.director, Office.MEDICAL_DIRECTOR)
    refused(app, act_of(mine, cast.practice, right="DR-99"), "has no right DR-99")


def test_claimed_past_needs_a_flag(cast: Cast, app: psycopg.Connection) -> None:
    mine = office(cast.director, Office.MEDICAL_DIRECTOR)
    past = (timezone.now() - timedelta(minutes=1)).isoformat()
    with pytest.raises(psycopg.errors.CheckViolation, match="needs the demonstration or back-entry flag"):
        seal(app, act_of(mine, cast.practice, right="DR-21", occurred_at=past))
    app.rollback()


def test_claimed_past_before_the_appointment_is_refused(cast: Cast, app: psycopg.Connection) -> None:
    mine = office(cast.director, Office.MEDICAL_DIRECTOR)
    past = (timezone.now() - timedelta(days=400)).isoformat()
    refused(app, act_of(mine, cast.practice, right="DR-21", occurred_at=past, flag="back-entry"), "no such appointment")


def test_practice_is_founded_once(cast: Cast, app: psycopg.Connection) -> None:
    refused(app, act_of(None, cast.practice, capacity="founding"), "founded already")


def test_founding_names_a_practice(cast: Cast, app: psycopg.Connection) -> None:
    refused(app, act_of(None, None, capacity="founding"), "founded already")


def test_decision_in_the_name_of_another_office_is_refused(cast: Cast, app: psycopg.Connection) -> None:
    """An MSO act carries a decision row that names the Medical Director's office."""
    director = office(cast.director, Office.MEDICAL_DIRECTOR)
    right = DecisionRight.objects.get(code="DR-21")
    act = act_of(office(cast.operations, Office.MSO_OPERATIONS), cast.practice, right="DR-38")
    row = app.execute(
        "insert into decisions_decision (act_id, practice_id, year, number, appointment_id, side, person_id, right_id,"
        " holder, title, text, rationale, decided_at, body_name)"
        " values (%s, %s, 2026, 900, %s, 'PC', %s, %s, 'PC', 'forged', 'x', 'x', now(), '') returning id",
        [act["id"], cast.practice.pk, director.pk, director.person_id, right.pk],
    ).fetchone()
    assert row
    refused(app, act | {"rows": [["decisions_decision", row[0]]]}, "names another office than its act")


def test_decision_under_another_right_than_its_act_is_refused(cast: Cast, app: psycopg.Connection) -> None:
    mine = office(cast.physician, Office.PHYSICIAN)
    act = act_of(mine, cast.practice, right="DR-01")
    right = DecisionRight.objects.get(code="DR-34")
    row = app.execute(
        "insert into decisions_decision (act_id, practice_id, year, number, appointment_id, side, person_id, right_id,"
        " holder, title, text, rationale, decided_at, body_name)"
        " values (%s, %s, 2026, 901, %s, 'PC', %s, %s, 'PC', 'forged', 'x', 'x', now(), '') returning id",
        [act["id"], cast.practice.pk, mine.pk, mine.person_id, right.pk],
    ).fetchone()
    assert row
    refused(app, act | {"rows": [["decisions_decision", row[0]]]}, "the act decides DR-01, the row says DR-34")


def test_appointment_by_an_act_that_does_not_fill_it_is_refused(cast: Cast, app: psycopg.Connection) -> None:
    """MSO operations appoints itself a physician, with a history row that matches."""
    mine = office(cast.operations, Office.MSO_OPERATIONS)
    act = act_of(mine, cast.practice, right="DR-36")
    columns = "practice_id, person_id, office, side, starts_at, ends_at"
    made = app.execute(
        f"insert into governance_appointment ({columns}) values (%s, %s, 'physician', 'PC', now(), null)"
        f" returning id, {columns}",
        [cast.practice.pk, cast.operations.pk],
    ).fetchone()
    assert made
    past = app.execute(
        f"insert into governance_historicalappointment (id, {columns}, act_id, history_date, history_type,"
        " history_user_id, history_change_reason, actor_name, office_name, request)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s, now(), '+', %s, '', %s, %s, '') returning history_id",
        [*made, act["id"], cast.operations.pk, act["actor_name"], act["office_name"]],
    ).fetchone()
    assert past
    refused(app, act | {"rows": [["governance_historicalappointment", past[0]]]}, "filled by a decision under DR-07")


def test_tables_of_the_database_equal_those_of_the_code(house: Database) -> None:
    with house.connect("superuser") as connection:
        for name in Office:
            row = connection.execute(
                "select governance.exercises(%s), governance.appointed_under(%s), governance.office_name(%s),"
                " governance.sees(%s)",
                [name, name, name, name],
            ).fetchone()
            assert row
            assert set(row[0]) == {str(one) for one in EXERCISES.get(name, frozenset())}
            assert row[1] == APPOINTED_UNDER[name]
            assert row[2] == name.label
            assert set(row[3]) == GRANTS[name]
