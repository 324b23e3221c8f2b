"""Submitted, returned, signed and amended minutes: who may, what is kept, and that none of it changes."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import psycopg
import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from audit.acts import record, service
from audit.ledger.canonical import canonical, parse_canonical
from audit.models import Act, Job
from audit.workflow import IllegalTransition
from decisions.models.base import by
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused, moment, take_part
from governance.choices import LicenseStatus
from governance.models import Account, Appointment, License
from governance.services.appointments import end_appointment, enter_license, invite
from meetings.facts import record_facts
from meetings.models import Amendment, Attendance, Minutes, MinutesVersion, Motion, Signature, WorkingDraft
from meetings.services.amendments import amend_minutes
from meetings.services.minutes import (
    MEANING,
    return_minutes,
    save_draft,
    sign_minutes,
    submit_minutes,
)
from tests.cast import Cast, resolve
from tests.conftest import Database
from tests.meetings.gathering import carried, meeting_now
from tests.meetings.minuted import held, house

__all__ = ["house"]

pytestmark = pytest.mark.usefixtures("house")


def submitted(cast: Cast) -> MinutesVersion:
    return submit_minutes(actor=cast.secretary, minutes=held(cast), revision=1)


def signed(cast: Cast) -> Signature:
    version = submitted(cast)
    return sign_minutes(actor=cast.director, minutes=version.minutes, version=version, meaning=MEANING)


def test_a_version_is_hashed_over_its_canonical_record(cast: Cast) -> None:
    version = submitted(cast)
    version.refresh_from_db()
    record = parse_canonical(version.canonical)
    assert record == {
        "facts": record_facts(version.minutes.meeting),
        "text": version.text,
        "papers": [paper for item in version.facts["items"] for paper in item["papers"]],
        "text_format": 2,
    }
    assert canonical(record) == version.canonical
    assert hashlib.sha256(version.canonical.encode()).hexdigest() == version.sha256
    assert (version.number, version.minutes.state) == (1, "submitted")
    act = Act.objects.get(pk=version.act_id)
    assert (act.verb, act.right, act.object_id, act.office) == (
        "minutes.submitted", "DR-30", "MIN-2020-10", "recording_secretary",
    )  # fmt: skip


def test_what_was_saved_since_is_not_submitted_unread(cast: Cast) -> None:
    minutes = held(cast)
    save_draft(account=cast.director.account, minutes=minutes, text="Newer", revision=1)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken, match="saved again") as stale:
        submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    assert stale.value.field == "text"
    assert not minutes.versions.exists()


def test_returned_minutes_are_written_on_and_submitted_as_a_new_version(cast: Cast) -> None:
    first = submitted(cast)
    minutes = first.minutes
    with pytest.raises(RuleBroken) as blank:
        return_minutes(actor=cast.director, minutes=minutes, reason=" ")
    assert blank.value.field == "reason"
    return_minutes(actor=cast.director, minutes=minutes, reason="Item 2 lacks the sample.")
    act = Act.objects.get(verb="minutes.returned")
    assert act.reason == "Item 2 lacks the sample."
    save_draft(account=cast.secretary.account, minutes=minutes, text=first.text + "More.", revision=1)  # type: ignore[arg-type]
    second = submit_minutes(actor=cast.secretary, minutes=minutes, revision=2)
    assert (second.number, second.sha256 == first.sha256) == (2, False)
    with pytest.raises(RuleBroken, match="2 is the newest"):
        sign_minutes(actor=cast.director, minutes=minutes, version=first, meaning=MEANING)
    assert sign_minutes(actor=cast.director, minutes=minutes, version=second, meaning=MEANING).sha256 == second.sha256


def test_the_signature_keeps_name_office_license_and_meaning(cast: Cast) -> None:
    signature = signed(cast)
    minutes = Minutes.objects.get(pk=signature.minutes_id)
    assert (minutes.state, minutes.signature_id) == ("signed", signature.pk)
    assert (signature.printed_name, signature.office_name, signature.side) == (
        "Elena Marsh, MD", "Medical Director", "PC",
    )  # fmt: skip
    assert signature.license_number == "A-riverside-1"
    assert "in force, verified" in signature.license_status
    assert signature.meaning == MEANING
    assert not WorkingDraft.objects.exists()
    job = Job.objects.get(renderer="minutes")
    assert (job.key, job.renderer, job.arguments) == (
        f"minutes:{signature.sha256}", "minutes", {"minutes": minutes.pk},
    )  # fmt: skip
    assert job.act == signature.act_id
    with pytest.raises(IllegalTransition):
        sign_minutes(actor=cast.director, minutes=minutes, version=signature.version, meaning=MEANING)
    with pytest.raises(IllegalTransition):
        return_minutes(actor=cast.director, minutes=minutes, reason="Too late")


def test_without_the_meaning_nothing_is_signed(cast: Cast) -> None:
    version = submitted(cast)
    with pytest.raises(RuleBroken) as refusal:
        sign_minutes(actor=cast.director, minutes=version.minutes, version=version, meaning="Seen")
    assert refusal.value.field == "meaning"
    assert not Signature.objects.exists()


def test_who_may_not_sign_is_refused_and_the_refusal_recorded(cast: Cast) -> None:
    version = submitted(cast)
    root = invite(actor=cast.director, practice=cast.practice, name="Root", email="root@example.com")
    Account.objects.filter(person=root).update(is_superuser=True, is_staff=True)
    others = [
        cast.secretary, cast.operations, cast.executive, cast.mso_counsel, cast.pc_counsel, cast.physician,
        cast.alternate, root,
    ]  # fmt: skip
    for person in others:
        with pytest.raises(AuthorityRefused):
            sign_minutes(actor=person, minutes=version.minutes, version=version, meaning=MEANING)
    assert not Signature.objects.exists()
    refusals = Act.objects.filter(verb="minutes.signed", outcome="refused")
    assert {act.actor for act in refusals} == {person.pk for person in others}
    assert WorkingDraft.objects.exists()


def test_a_license_that_lapsed_signs_nothing(cast: Cast) -> None:
    version = submitted(cast)
    license = License.objects.get(person=cast.director)
    today = cast.practice.local(timezone.now()).date()
    enter_license(
        actor=cast.physician,
        practice=cast.practice,
        person=cast.director,
        number=license.number,
        board=license.board,
        expires_on=today + timedelta(days=30),
        verified_on=today,
        verified_by="Samuel Ortiz, MD",
        source="Board register",
        status=LicenseStatus.LAPSED,
    )
    with pytest.raises(AuthorityRefused, match="is lapsed"):
        sign_minutes(actor=cast.director, minutes=version.minutes, version=version, meaning=MEANING)
    with pytest.raises(AuthorityRefused):
        amend_minutes(actor=cast.director, minutes=version.minutes, motion=None, text="x", reason="y")


def test_an_office_that_ended_signs_nothing(cast: Cast) -> None:
    version = submitted(cast)
    held_office = Appointment.objects.get(person=cast.director, office="medical_director")
    end_appointment(actor=cast.director, appointment=held_office, reason=resolve(cast.practice, "Elena Marsh resigns"))
    with pytest.raises(AuthorityRefused, match="Medical Director"):
        sign_minutes(actor=cast.director, minutes=version.minutes, version=version, meaning=MEANING)


def test_amendments_are_carried_by_a_later_meeting_and_sealed_anew(cast: Cast) -> None:
    minutes = held(cast)
    early = Motion.objects.get(kind="main", result="carried")
    version = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    amend = partial(amend_minutes, actor=cast.director, minutes=minutes, text="Fifty charts.", reason="Read wrongly.")
    with pytest.raises(RuleBroken, match="only signed minutes are amended"):
        amend(motion=early)
    signature = sign_minutes(actor=cast.director, minutes=minutes, version=version, meaning=MEANING)
    for motion in (None, early):
        with pytest.raises(RuleBroken, match="carried in a later meeting") as refusal:
            amend(motion=motion)
        assert refusal.value.field == "motion"
    meeting = meeting_now(cast)
    later = carried(cast, meeting)
    with pytest.raises(AuthorityRefused):
        amend(actor=cast.secretary, motion=later)
    assert (amend(motion=later).number, later.amends_minutes.minutes) == (1, minutes)
    with pytest.raises(RuleBroken, match="amends no others"):
        amend(motion=later)
    for forged in (None, early):
        with pytest.raises(DatabaseError, match="amended by a motion that carried in a later meeting"):
            _amend_by_hand(cast, minutes, forged)
    assert amend(motion=carried(cast, meeting, "To add a page.")).number == 2
    assert sorted(Job.objects.filter(renderer="minutes").values_list("key", flat=True)) == [
        f"minutes:{signature.sha256}{part}" for part in ("", ":amendment:1", ":amendment:2")
    ]


@service
def _amend_by_hand(cast: Cast, minutes: Minutes, motion: Motion | None) -> None:
    """What a chair would write past the service."""
    take_part(actor=cast.director, practice=cast.practice, verb="minutes.forged", offices={"medical_director"})
    office = Appointment.objects.get(person=cast.director, office="medical_director")
    record(
        Amendment, **by(office), minutes=minutes, motion=motion, number=2, text="x", reason="y",
        printed_name=str(cast.director), office_name="Medical Director", amended_at=moment(),
    )  # fmt: skip


def _by_orm(model: type, change: dict[str, object]) -> Callable[[Cast], None]:
    @service
    def write(cast: Cast) -> None:
        take_part(actor=cast.director, practice=cast.practice, verb="minutes.forged")
        row = model.objects.first()  # type: ignore[attr-defined]
        for name, value in change.items():
            setattr(row, name, value)
        row.save()

    return write


def test_no_model_changes_what_was_signed(cast: Cast) -> None:
    """Inside a proper act, through the ORM: the minutes and every row under them refuse."""
    signature = signed(cast)
    changes: list[tuple[type, dict[str, object]]] = [
        (Minutes, {"version": 9}),
        (MinutesVersion, {"text": "Forged"}),
        (Signature, {"printed_name": "Forged"}),
        (Attendance, {"name": "Forged"}),
    ]
    for model, change in changes:
        with pytest.raises(DatabaseError):
            _by_orm(model, change)(cast)
    assert Signature.objects.get().printed_name == signature.printed_name
    with pytest.raises(DatabaseError), transaction.atomic():
        Minutes.objects.update(version=9)


SQL = [
    "update meetings_minutes set state = 'draft', signature_id = null",
    "delete from meetings_minutes",
    "update meetings_minutesversion set text = 'Forged'",
    "delete from meetings_minutesversion",
    "update meetings_signature set printed_name = 'Forged'",
    "delete from meetings_signature",
    "truncate meetings_signature cascade",
    "update meetings_amendment set text = 'Forged'",
    "update meetings_agendaitem set account = 'Forged' where state = 'handled'",
    "insert into meetings_presence (attendance_id, mode, arrived_at) select id, 'remote', now() from"
    " meetings_attendance where role = 'counsel'",
    "update meetings_attendance set standing = 'absent'",
    "update meetings_motion set votes_for = 3",
    "delete from meetings_vote",
    "update meetings_meeting set place = 'Elsewhere'",
]


@pytest.mark.parametrize("login", ["app", "owner"])
def test_no_login_changes_what_was_signed(cast: Cast, house: Database, login: str) -> None:
    signature = signed(cast)
    motion = carried(cast, meeting_now(cast))
    amend_minutes(actor=cast.director, minutes=signature.minutes, motion=motion, text="Fifty charts.", reason="Wrong.")
    with house.connect(login) as connection:
        for statement in SQL:
            with pytest.raises(psycopg.Error) as refusal:
                connection.execute(statement)
            assert refusal.value.sqlstate in {"42501", "23514"}, statement
    assert Signature.objects.get().sha256 == signature.sha256


def test_a_signature_is_of_the_pc(cast: Cast, house: Database) -> None:
    """What a forger with the application's login would try: the other side."""
    version = submitted(cast)
    insert = (
        "insert into meetings_signature (minutes_id, version_id, sha256, meaning, printed_name, office_name,"
        " license_number, license_status, signed_at, side, appointment_id, person_id, act_id)"
        " select %s, %s, %s, 'm', 'n', 'o', 'l', 's', now(), %s, id, person_id, gen_random_uuid()"
        " from governance_appointment where office = 'medical_director'"
    )
    with (
        house.connect("app") as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="meetings_signed_by_the_pc"),
    ):
        connection.execute(insert, [version.minutes_id, version.pk, version.sha256, "MSO"])
    assert not Signature.objects.exists()


def test_a_signature_under_another_hash_is_refused_even_inside_an_act(cast: Cast) -> None:
    version = submitted(cast)
    appointment = Appointment.objects.get(person=cast.director, office="medical_director")

    @service
    def forge() -> None:
        take_part(actor=cast.director, practice=cast.practice, verb="minutes.forged", offices={"medical_director"})
        record(
            Signature,
            **by(appointment),
            minutes=version.minutes,
            version=version,
            sha256="0" * 64,
            meaning=MEANING,
            printed_name=str(cast.director),
            office_name="Medical Director",
            license_number="A",
            license_status="in force",
            signed_at=timezone.now(),
        )

    with pytest.raises(IntegrityError, match="meetings_signature_of_this_text"):
        forge()
    assert not Signature.objects.exists()
