"""What no table declares: another office that writes it, a row of another practice behind it, another moment."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from audit.acts import record
from audit.models import Document
from audit.registry import Kind, tables
from decisions.models import CorrectiveAction, PaperVersion
from decisions.services.paper_files import judged, write_paper
from decisions.services.papers import attach_to_proposal
from decisions.services.proposing import write_proposal
from governance import declared
from governance.authority import moment
from governance.choices import Office
from governance.models import Appointment, Person, Site
from governance.services.appointments import appoint, invite
from meetings.models import AgendaItem, Meeting, Naming, PastMeeting
from meetings.services.closed import put_closed_item
from tests.attacks.forging import change, decide, forge, refused
from tests.cast import Cast, found
from tests.conftest import Database
from tests.decisions.paper_files import image
from tests.meetings import gathering
from tests.meetings.gathering import seat

TEXT: dict[str, Any] = {
    "kind": "operational", "title": "Forged", "summary": "s", "clinical_effect": "c", "operations": "o",
}  # fmt: skip
OFFICES = tuple(map(str, Office))


def administrator(cast: Cast, office: str, by: Person) -> Person:
    person = invite(actor=by, practice=cast.practice, name="Pat Admin", email=f"{office}@riverside.example")
    appoint(actor=by, practice=cast.practice, person=person, office=office)
    return person


@pytest.mark.parametrize(("office", "by"), [(Office.ADMINISTRATOR, "executive"), (Office.PC_ADMINISTRATOR, "director")])
def test_no_administrator_proposes(cast: Cast, office: str, by: str) -> None:
    person = administrator(cast, office, getattr(cast, by))
    with refused("not written from this office"):
        forge(person, cast.practice, lambda own: write_proposal(practice=cast.practice, author=own, **TEXT))


def test_nobody_proposes_who_only_records_or_reads(cast: Cast) -> None:
    for person in (cast.secretary, cast.pc_counsel, cast.mso_counsel):
        with refused("not written from this office"):
            forge(person, cast.practice, lambda own: write_proposal(practice=cast.practice, author=own, **TEXT))


def test_the_secretary_puts_no_paper_under_a_proposal(cast: Cast) -> None:
    """Under an item of the agenda the office does; a proposal's papers are of those who propose."""
    lying, file = gathering.proposal(cast), judged(image(), "Letter.png")
    with refused("not written from this office"):
        forge(
            cast.secretary, cast.practice,
            lambda own: write_paper(
                practice=cast.practice, author=own, file=file, title="Letter", proposal=lying
            ),
        )  # fmt: skip


def test_the_secretary_closes_no_corrective_action(cast: Cast) -> None:
    with refused("not written from this office|the act decides"):
        forge(
            cast.secretary, cast.practice,
            lambda _: CorrectiveAction.objects.create(
                practice=cast.practice, year=2026, number=1, title="x", root_cause="x", action="x", strength="strong",
                owner=cast.operations, verifier=cast.physician, due_on=timezone.localdate(), measure="x",
                opened_at=moment(), state="window", window_ends_on=timezone.localdate(),
            ),
        )  # fmt: skip


def test_a_scan_is_of_the_own_practice(cast: Cast) -> None:
    other = found("harbor")
    attach_to_proposal(actor=other.operations, proposal=gathering.proposal(other), data=image(), name="Theirs.png")
    theirs = Document.objects.filter(practice=other.practice.pk).order_by("-pk").first()
    assert theirs
    with refused("another practice"):
        forge(
            cast.secretary, cast.practice,
            lambda own: PastMeeting.objects.create(
                practice=cast.practice, body=cast.body, held_at=cast.practice.founded_at - timedelta(days=90),
                place="x", mode="in person", chair="c", chair_office="President", scan=theirs,
            ),
        )  # fmt: skip


def test_a_paper_carries_no_file_of_another_practice(cast: Cast) -> None:
    other = found("harbor")
    attach_to_proposal(actor=other.operations, proposal=gathering.proposal(other), data=image(), name="Theirs.png")
    theirs = PaperVersion.objects.get(document__practice=other.practice.pk)
    attach_to_proposal(actor=cast.operations, proposal=gathering.proposal(cast), data=image(), name="Ours.png")
    ours = PaperVersion.objects.get(document__practice=cast.practice.pk).paper
    with refused("another practice|the file that its own act recorded"):
        forge(
            cast.operations, cast.practice,
            lambda own: record(
                PaperVersion, paper=ours, number=2, title="x", file_name="x", document=theirs.document,
                made_at=moment(), appointment=own, person=own.person, side=own.side,
            ),
        )  # fmt: skip


def test_nobody_of_another_practice_is_named(cast: Cast, meeting: Meeting) -> None:
    """A stranger presents, or records a closed part: a person is of a practice by an office or an invitation."""
    stranger = found("harbor").physician
    item = meeting.items.filter(topic="compliance").get()
    with refused("another practice"):
        forge(cast.secretary, cast.practice, change(item, presenter_person=stranger))
    matter = put_closed_item(
        actor=cast.director, meeting=meeting, compartment="peer review", subject="x", recorder=cast.physician
    )
    with refused("another practice"):
        forge(
            cast.director, cast.practice,
            lambda _: record(Naming, matter=matter, person=stranger, part="recorder", reason="", named_at=moment()),
            office=Office.MEDICAL_DIRECTOR,
        )  # fmt: skip


def test_a_naming_is_of_its_moment(cast: Cast, meeting: Meeting) -> None:
    matter = put_closed_item(
        actor=cast.director, meeting=meeting, compartment="peer review", subject="x", recorder=cast.physician
    )
    for away in (timedelta(days=3650), timedelta(days=-30), timedelta(minutes=6)):
        at = timezone.now() + away

        def name(_: Appointment, at: datetime = at) -> object:
            return record(Naming, matter=matter, person=cast.physician, part="recorder", reason="", named_at=at)

        with refused("not the moment"):
            forge(cast.director, cast.practice, name, office=Office.MEDICAL_DIRECTOR)


def test_a_governed_row_claims_no_moment_either(cast: Cast, meeting: Meeting) -> None:
    """The columns of a row that changes: what it said stays, what it says anew is now."""
    with refused("adjourned_at of meetings_historicalmeeting is not the moment"):
        forge(
            cast.director, cast.practice, change(meeting, adjourned_at=timezone.now() + timedelta(days=365)),
            office=Office.MEDICAL_DIRECTOR,
        )  # fmt: skip
    meeting.refresh_from_db()
    forge(cast.director, cast.practice, change(meeting, closing_note="Late."), office=Office.MEDICAL_DIRECTOR)


@pytest.fixture
def owner(house: Database) -> Iterator[psycopg.Connection]:
    with house.connect("owner") as connection:
        yield connection


def kept() -> dict[str, type[models.Model]]:
    """Every table whose rows an act commits to, found otherwise than the guard finds it."""
    model_of = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return {one.name: model_of[one.name] for one in tables() if one.kind in {Kind.HISTORY, Kind.RECORDED}}


def test_every_table_says_who_writes_it(owner: psycopg.Connection) -> None:
    for table in kept():
        told = owner.execute("select governance.writers(%s)", [table]).fetchone()
        assert told
        assert told[0], f"{table}: nobody is declared to write it"
        assert set(told[0]) <= set(OFFICES), table
    assert owner.execute("select governance.writers('governance_account')").fetchone() == (None,)
    known = {model._meta.db_table for model in apps.get_models()}
    assert set(declared.writers()) <= known


def test_every_moment_is_that_of_its_act_unless_it_says_otherwise(owner: psycopg.Connection, cast: Cast) -> None:
    """Each column of each table that an act may write, ten years ahead and ten years back."""
    now = timezone.now()
    asked = set()
    for table, model in kept().items():
        ids = [field for field in model._meta.concrete_fields if field.column == "id"]
        key: Any = str(uuid4()) if ids and isinstance(ids[0], models.UUIDField) else 0
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.DateTimeField):
                continue
            column = str(field.column)
            kind = declared.moments()[table].get(column, "act")
            for years, wrong in ((10, {"act", "past"}), (-10, {"act", "ahead"})):
                said = (now + timedelta(days=365 * years)).isoformat()
                history = {"history_type": "+", "history_date": now.isoformat()} if "_historical" in table else {}
                refused_so = judge(owner, {"id": key, "act_id": str(uuid4()), **history, column: said}, table)
                assert refused_so == (kind in wrong), f"{table}.{column}, {years} years, is {kind}"
            asked.add((table, column, kind))
    assert len(asked) > 80
    assert {kind for _, _, kind in asked} == {"act", "past", "ahead", "judged", "planned"}


def judge(owner: psycopg.Connection, row: dict[str, Any], table: str) -> bool:
    """Whether the guard refuses this row for its moments."""
    try:
        owner.execute(
            "select governance.judge_moments(jsonb_populate_record(null::public.audit_act, jsonb_build_object("
            "'occurred_at', now(), 'recorded_at', now())), %s::jsonb, %s)",
            [json.dumps(row), table],
        )
    except psycopg.errors.InsufficientPrivilege as error:
        return "is not the moment of its act" in str(error)
    return False


def test_every_reference_is_followed(owner: psycopg.Connection, cast: Cast) -> None:
    """Each foreign key of each table, to a row that is of no practice: refused, whatever the column is called."""
    open_to_all = {"auth_permission", "governance_account", "governance_license", "audit_act", "audit_entry"}
    asked = 0
    for table, model in kept().items():
        for field in model._meta.concrete_fields:
            if not isinstance(field, models.ForeignKey) or field.name == "history_user":
                continue
            if field.related_model._meta.db_table in open_to_all:
                continue
            uuid = isinstance(field.target_field, models.UUIDField)
            row = {field.column: str(uuid4()) if uuid else 987654321}
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match=f"another practice.*{field.column}"):
                owner.execute(
                    "select governance.guard_references(jsonb_populate_record(null::public.audit_act,"
                    " jsonb_build_object('practice', %s::text)), %s::jsonb, %s)",
                    [str(cast.practice.pk), json.dumps(row), table],
                )
            asked += 1
    assert asked > 150


def test_a_site_of_another_practice_is_no_site_here(cast: Cast) -> None:
    theirs = Site.objects.get(practice=found("harbor").practice, flagship=True)

    def write(own: Appointment) -> object:
        proposal = write_proposal(practice=cast.practice, author=own, **TEXT)
        proposal.site = theirs
        proposal.save()
        return proposal

    with refused("another practice|never changes"):
        forge(cast.operations, cast.practice, write)


def test_an_item_of_another_practice_is_no_item_here(cast: Cast, meeting: Meeting) -> None:
    other = found("harbor")
    gathering.series(other)
    theirs = gathering.planned(other).items.first()
    with refused("another practice|never changes"):
        forge(cast.secretary, cast.practice, change(meeting, current_item=theirs))
    assert AgendaItem.objects.filter(meeting__practice=other.practice).exists()


def test_the_medical_director_decides_nothing_in_the_room_for_another(cast: Cast, meeting: Meeting) -> None:
    """The control: what is of this practice, at this moment, from this office is written."""
    forge(cast.secretary, cast.practice, change(seat(meeting, cast.secretary), standing="excused"))
    decide(
        cast.director, cast.practice, change(cast.flagship, city="Redlands"), right="DR-21",
        office=Office.MEDICAL_DIRECTOR,
    )  # fmt: skip
