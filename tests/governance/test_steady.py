"""A page stands until the record moves, and not a moment longer; who may see it is ruled anew each time."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from audit.models import Head, Job
from audit.services.access import seal_waiting
from audit.services.checkpoints import make_checkpoints
from audit.services.keys import load_signer
from decisions.services.log import record_decision
from governance.choices import Office
from governance.models import Appointment
from governance.services.appointments import end_appointment
from governance.services.packs import request_pack
from tests.cast import Cast, local_day
from tests.conftest import Database
from tests.sign_in import sign_in

DESK = "/p/riverside/"
LOG = "/p/riverside/decisions/"
RIGHTS = "/p/riverside/rights/"
BOUNDARY = "/p/riverside/boundary/"
AUDIT_ROOM = "/p/riverside/audit/"
STANDING = 4
"""Queries of a page that stands: session, sign-in, admission, and the note of who looked."""


def decide(cast: Cast, title: str) -> None:
    record_decision(
        actor=cast.director, practice=cast.practice, right="DR-16", title=title, text="Adopted.", rationale="Read."
    )


def queries(client: Client, path: str) -> tuple[int, str]:
    with CaptureQueriesContext(connection) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured), response.content.decode()


@pytest.mark.parametrize("path", [DESK, LOG, RIGHTS, BOUNDARY, AUDIT_ROOM])
def test_second_look_costs_admission_alone_and_shows_the_same(cast: Cast, path: str) -> None:
    client = sign_in(Client(), cast.director)
    client.get(path)
    first, page = queries(client, path + "?a=1")
    again, same = queries(client, path + "?a=1")
    assert again == STANDING < first
    assert same == page


def test_an_act_is_seen_at_once(cast: Cast) -> None:
    client = sign_in(Client(), cast.director)
    client.get(LOG)
    assert "Cold chain protocol" not in client.get(LOG).content.decode()
    decide(cast, "Cold chain protocol")
    assert "Cold chain protocol" in client.get(LOG).content.decode()


def test_nobody_is_shown_what_was_kept_for_another(cast: Cast) -> None:
    director, staff = sign_in(Client(), cast.director), sign_in(Client(), cast.operations)
    for client in (director, staff, director, staff):
        client.get(DESK)
    assert "Stop a service" in director.get(DESK).content.decode()
    assert "Stop a service" not in staff.get(DESK).content.decode()


def test_an_appointment_that_ends_closes_a_kept_page(cast: Cast) -> None:
    client = sign_in(Client(), cast.pc_counsel)
    client.get(LOG)
    assert client.get(LOG).status_code == 200
    office = Appointment.objects.get(person=cast.pc_counsel, office=Office.PC_COUNSEL)
    end_appointment(actor=cast.director, appointment=office, reason="New counsel.")
    assert client.get(LOG).status_code == 404


def test_an_appointment_that_ends_by_the_clock_closes_a_kept_page(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """No act moves the root here: admission alone tells."""
    for appointment in Appointment.objects.filter(person=cast.alternate, ends_at__isnull=True):
        end_appointment(actor=cast.director, appointment=appointment, reason="Leaves the board.")
    client = sign_in(Client(), cast.alternate)
    client.get(DESK)
    assert client.get(DESK).status_code == 200
    later = timezone.now() + timedelta(days=400)
    monkeypatch.setattr("governance.models.offices.timezone", SimpleNamespace(now=lambda: later))
    assert client.get(DESK).status_code == 404


def test_a_batch_of_accesses_leaves_kept_pages_standing(cast: Cast, house: Database) -> None:
    """Looking is sealed each minute; nothing that a page shows depends on it."""
    client = sign_in(Client(), cast.director)
    client.get(LOG)
    client.get(LOG)
    before, _ = queries(client, LOG)
    size = Head.objects.get(log__practice=cast.practice.pk).size
    with house.connect("checkpointer") as checkpointer:
        assert seal_waiting(checkpointer) > 0
    assert Head.objects.get(log__practice=cast.practice.pk).size > size
    after, _ = queries(client, LOG)
    assert after == before


def test_the_audit_room_moves_with_what_no_act_moves(
    cast: Cast, house: Database, tmp_path: Path, settings: Any
) -> None:
    """A pack comes along and a checkpoint is signed without an act; both are shown at once."""
    settings.CHECKPOINT_FOLDER = str(tmp_path / "checkpoints")
    settings.CHECKPOINT_KEY_FOLDER = str(tmp_path / "checkpointer")
    client = sign_in(Client(), cast.director)
    today = local_day()
    job = request_pack(actor=cast.director, practice=cast.practice, purpose="Yearly review", start=today, end=today)
    client.get(AUDIT_ROOM)
    client.get(AUDIT_ROOM)
    assert queries(client, AUDIT_ROOM)[0] == STANDING
    Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, attempts=3)
    fresh, page = queries(client, AUDIT_ROOM)
    assert fresh > STANDING
    assert "Rendering failed 3 times" in page
    assert queries(client, AUDIT_ROOM)[0] == STANDING
    with house.connect("checkpointer") as checkpointer:
        make_checkpoints(checkpointer, load_signer(new_key=True))
    assert queries(client, AUDIT_ROOM)[0] > STANDING
    assert queries(client, AUDIT_ROOM)[0] == STANDING
