"""The seal itself: what it commits to is what stands in the tables, under the names and times that are true."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from audit.acts import current, record
from decisions.models import Decision
from decisions.models.base import by
from governance.authority import right_in_force
from governance.choices import Office
from governance.models import Appointment, Site
from tests.attacks.forging import decide, forge, refused
from tests.cast import Cast, local_day
from tests.conftest import Database


def test_the_body_of_a_row_is_not_handed_to_the_seal(cast: Cast, house: Database) -> None:
    """The MSO appoints itself Medical Director; the part under the row's name tells of a recording secretary."""
    own = Appointment.objects.get(person=cast.executive)
    act = {
        "id": str(uuid4()), "practice": str(cast.practice.pk), "verb": "appointment.made", "outcome": "done",
        "capacity": "decides", "actor": str(cast.executive.pk), "actor_name": str(cast.executive),
        "office": own.office, "office_name": own.get_office_display(), "side": own.side, "appointment": own.pk,
        "right": "DR-36", "object_type": "", "object_id": "", "reason": "", "request": "", "via": "web", "flag": "",
        "rows": [],
    }  # fmt: skip
    columns = "practice_id, person_id, office, side, starts_at, ends_at"
    with psycopg.connect(house.urls["app"]) as app:
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
            [*made, act["id"], own.person_id, act["actor_name"], act["office_name"]],
        ).fetchone()
        assert past
        tale = {"practice_id": act["practice"], "office": "recording_secretary", "history_type": "+"}
        act["parts"] = {f"row/governance_historicalappointment/{past[0]}": json.dumps(tale)}
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="never handed to it"):
            app.execute("select audit.seal(%s::jsonb)", [json.dumps(act)])


def test_facts_are_not_handed_to_the_seal(cast: Cast) -> None:
    with refused("never handed to it"):
        forge(cast.operations, cast.practice, lambda _: current().attach("facts", {"actor_name": "Elena Marsh, MD"}))


def test_no_history_is_newer_than_all_that_follow(cast: Cast) -> None:
    """A key far ahead would stay the newest history of a row, and nobody could ever change the row again."""

    def freeze(_: Appointment) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into governance_historicalsite select (h).* from (select jsonb_populate_record(h,"
                " jsonb_build_object('history_id', 9000000000000000000, 'act_id', %s::text)) h"
                " from governance_historicalsite h limit 1) one",
                [str(current().id)],
            )

    with refused("comes from its sequence"):
        decide(cast.director, cast.practice, freeze, right="DR-21", office=Office.MEDICAL_DIRECTOR)


@pytest.mark.parametrize("lie", [{"actor_name": "Elena Marsh, MD"}, {"office_name": "Medical Director"}])
def test_an_act_names_its_actor_and_office_as_they_are(cast: Cast, lie: dict[str, str]) -> None:
    with refused("names its actor or office otherwise"):
        forge(cast.operations, cast.practice, lambda _: None, **lie)
    with refused("names its actor or office otherwise"):
        forge(cast.operations, cast.practice, lambda _: None, outcome="refused", **lie)


def test_the_system_bears_no_name(cast: Cast) -> None:
    nobody: dict[str, Any] = {"actor_id": None, "appointment_id": None, "office": "", "office_name": "", "side": ""}
    with refused("a system act has no actor"):
        forge(cast.operations, cast.practice, lambda _: None, capacity="system", actor_name="Elena Marsh, MD", **nobody)


def test_an_act_is_done_or_refused(cast: Cast) -> None:
    """Another word would be an act that no page and no pack shows."""
    with refused("done or refused"):
        forge(cast.operations, cast.practice, lambda _: None, outcome="hidden")


def test_a_row_names_the_office_of_its_act(cast: Cast) -> None:
    def write(_: Appointment) -> None:
        current().office_name = "Medical Director"
        Site.objects.create(practice=cast.practice, name="Hemet", city="Hemet", opened_on=local_day())
        current().office_name = "PC counsel"

    with refused("names its actor otherwise|changed by a decision"):
        forge(cast.pc_counsel, cast.practice, write)


def test_a_record_is_of_the_moment_of_its_act(cast: Cast) -> None:
    """A decision dated back three months, without the flag that shows it."""
    right = right_in_force(cast.practice, "DR-38")
    assert right
    with refused("is not the moment of its act"):
        decide(
            cast.operations, cast.practice,
            lambda office: record(
                Decision, practice=cast.practice, year=2026, number=900, right=right, holder="MSO", title="x", text="x",
                rationale="x", decided_at=timezone.now() - timedelta(days=90), **by(office),
            ),
        )  # fmt: skip
