"""Offices, permissions, persons and licenses against acts that have no business with them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from audit.acts import Act, open_act, record, service
from governance.authority import admitted, rule_on_right
from governance.choices import LicenseStatus, Office
from governance.filling import AppointmentRefused
from governance.models import (
    Appointment,
    CatalogueVersion,
    DecisionRight,
    License,
    Person,
    Practice,
    PracticeGrant,
    Verification,
)
from governance.offices import AUDIT, SEE, SEE_CONFIDENTIAL
from governance.selectors.licenses import license_state
from governance.services.appointments import appoint, end_appointment, enter_license
from governance.services.founding import FirstLicense, Founder, open_practice
from tests.attacks.forging import Write, back_entry, change, decide, forge, mistaken, refused
from tests.cast import Cast, found, local_day


def test_the_medical_director_is_not_turned_into_staff(cast: Cast) -> None:
    """Under DR-36 the MSO fills its own offices; the row it rewrites is the Medical Director's."""
    row = Appointment.objects.get(office=Office.MEDICAL_DIRECTOR)
    with refused("side, office of governance_appointment never changes"):
        decide(cast.executive, cast.practice, change(row, office=Office.MSO_OPERATIONS, side="MSO"), right="DR-36")


def test_an_appointment_does_not_begin_or_end_in_the_past(cast: Cast) -> None:
    past = timezone.now() - timedelta(days=30)
    row = Appointment.objects.get(person=cast.physician, office=Office.PHYSICIAN)
    with pytest.raises(AppointmentRefused, match="never in the past"):
        end_appointment(actor=cast.director, appointment=row, reason="Gone", ends_at=past)
    with pytest.raises(AppointmentRefused, match="never in the past"):
        appoint(
            actor=cast.director, practice=cast.practice, person=cast.physician, office=Office.SUPERVISING_PHYSICIAN,
            starts_at=past,
        )  # fmt: skip

    def backdate(_: Appointment) -> object:
        return Appointment.objects.create(
            practice=cast.practice, person=cast.operations, office=Office.RECORDING_SECRETARY, side="MSO",
            starts_at=past,
        )  # fmt: skip

    with refused("neither begins nor ends in the past"):
        decide(cast.executive, cast.practice, backdate, right="DR-36")
    with refused("mistakes entry, change or removal"):
        decide(cast.executive, cast.practice, mistaken("~", backdate), right="DR-36")
    ending = change(row, ends_at=timezone.now())
    for act in (
        lambda: appoint(
            actor=cast.director, practice=cast.practice, person=cast.physician, office=Office.SUPERVISING_PHYSICIAN
        ),
        lambda: end_appointment(actor=cast.director, appointment=row, reason="Gone"),
    ):
        with back_entry(), pytest.raises(AppointmentRefused, match="never entered for the past: it would judge anew"):
            act()
    with back_entry(), refused("an appointment is never entered for the past"):
        decide(cast.director, cast.practice, ending, right="DR-07", office=Office.MEDICAL_DIRECTOR)


@pytest.mark.parametrize("permission", [AUDIT, SEE_CONFIDENTIAL])
def test_no_permission_without_an_office_that_gives_it(cast: Cast, permission: str) -> None:
    with refused("permissions follow the appointments"):
        decide(cast.operations, cast.practice, granting(cast, permission))
    with refused("mistakes entry, change or removal"):
        decide(cast.operations, cast.practice, mistaken("~", granting(cast, permission)))


def granting(cast: Cast, permission: str, **values: Any) -> Write:
    """What gives the MSO's operations staff a permission, without asking anything."""
    wanted = Permission.objects.get(codename=permission)
    return lambda _: PracticeGrant.objects.create(
        user_id=cast.operations.account_id or 0, content_object=cast.practice, permission=wanted, **values
    )


def test_a_permission_once_taken_does_not_come_back_as_a_change(cast: Cast) -> None:
    """An auditor of a day keeps nothing: neither the old row anew nor a history that calls it a change."""
    held = appoint(
        actor=cast.director, practice=cast.practice, person=cast.operations, office=Office.AUDITOR,
        ends_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    old = PracticeGrant.objects.get(user_id=cast.operations.account_id, permission__codename=AUDIT).pk
    end_appointment(actor=cast.director, appointment=held, reason="Done")
    assert not PracticeGrant.objects.filter(pk=old).exists()
    with refused("mistakes entry, change or removal"):
        decide(
            cast.operations, cast.practice, mistaken("~", granting(cast, AUDIT, pk=old)), office=Office.MSO_OPERATIONS
        )


def test_no_permission_is_taken_from_an_office_in_force(cast: Cast) -> None:
    """The Medical Director is shut out: every page of the practice is gone for her."""
    grant = PracticeGrant.objects.get(user_id=cast.director.account_id, permission__codename="see_practice")
    with refused("permissions follow the appointments"):
        decide(cast.operations, cast.practice, lambda _: grant.delete())


def test_what_an_ended_office_saw_its_holder_sees_no_more(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """An auditor whose period is over and who works for the MSO now; his grants were never taken away."""
    grants = {one.permission.codename for one in PracticeGrant.objects.filter(user_id=cast.operations.account_id)}
    assert grants == {"see_practice"}
    ends = timezone.now() + timedelta(days=1)
    appoint(
        actor=cast.director, practice=cast.practice, person=cast.operations, office=Office.AUDITOR,
        ends_at=ends,
    )  # fmt: skip
    assert PracticeGrant.objects.filter(user_id=cast.operations.account_id, permission__codename=AUDIT).exists()
    assert Practice.objects.visible_to(cast.operations, AUDIT).exists()
    monkeypatch.setattr(timezone, "now", lambda: ends + timedelta(minutes=1))
    assert admitted(cast.operations.account_id, cast.practice.slug, SEE)
    assert not admitted(cast.operations.account_id, cast.practice.slug, AUDIT)
    assert not Practice.objects.visible_to(cast.operations, AUDIT).exists()


def test_nobody_takes_over_the_person_of_another(cast: Cast) -> None:
    """With her account, the MSO's staff would sign in and be the Medical Director."""
    with refused("account_id of governance_person never changes"):
        forge(cast.operations, cast.practice, change(cast.director, account=None))
    with refused("name of governance_person never changes"):
        forge(cast.operations, cast.practice, change(cast.operations, name="Elena Marsh"))


def license_of(person: Person) -> License:
    return License.objects.get(person=person)


def verification(actor: Person, cast: Cast, person: Person, **changes: Any) -> License:
    known = license_of(person)
    last = known.verifications.first()
    assert last
    return enter_license(
        **{
            "actor": actor, "practice": cast.practice, "person": person, "number": known.number, "board": known.board,
            "expires_on": last.expires_on, "verified_on": cast.practice.local(timezone.now()).date(),
            "verified_by": "Dana Cole", "source": "Register", **changes,
        }
    )  # fmt: skip


KNOCKED_OUT: list[dict[str, Any]] = [
    {"status": LicenseStatus.SURRENDERED},
    {"status": LicenseStatus.LAPSED},
    {"expires_on": date(2020, 1, 1)},
]


@pytest.mark.parametrize("lie", KNOCKED_OUT)
def test_the_mso_does_not_knock_a_physician_out(cast: Cast, lie: dict[str, Any]) -> None:
    with pytest.raises(AppointmentRefused, match="itself enters"):
        verification(cast.operations, cast, cast.director, **lie)
    assert license_state(cast.director, cast.practice, timezone.now()).in_force
    known, today = license_of(cast.director), cast.practice.local(timezone.now()).date()
    values = {"status": "active", "expires_on": today + timedelta(days=700), **lie}
    with refused("entered by the PC"):
        forge(
            cast.operations, cast.practice,
            lambda _: record(Verification, license=known, verified_on=today, verified_by="x", source="x", **values),
        )  # fmt: skip


def test_the_mso_fabricates_no_physician(cast: Cast) -> None:
    today = cast.practice.local(timezone.now()).date()
    with pytest.raises(AppointmentRefused, match="itself enters a license"):
        enter_license(
            actor=cast.operations, practice=cast.practice, person=cast.operations, number="A-1", board="Board",
            expires_on=today + timedelta(days=9), verified_on=today, verified_by="Dana Cole", source="Register",
        )  # fmt: skip
    with refused("a license is entered by the PC"):
        forge(
            cast.operations, cast.practice,
            lambda _: License.objects.create(person=cast.operations, number="A-1", board="Board"),
        )  # fmt: skip
    with refused("person_id of governance_license never changes"):
        decide(
            cast.director, cast.practice, change(license_of(cast.physician), person=cast.operations), right="DR-21",
            office=Office.MEDICAL_DIRECTOR,
        )  # fmt: skip


def test_the_mso_does_not_revive_a_license(cast: Cast) -> None:
    verification(cast.director, cast, cast.physician, status=LicenseStatus.SUSPENDED)
    with pytest.raises(AppointmentRefused, match="not in force"):
        verification(cast.operations, cast, cast.physician)
    assert not license_state(cast.physician, cast.practice, timezone.now()).in_force


def test_the_mso_repeats_what_the_register_said(cast: Cast) -> None:
    verification(cast.operations, cast, cast.physician)
    assert license_state(cast.physician, cast.practice, timezone.now()).in_force


def test_no_register_is_read_in_the_future(cast: Cast) -> None:
    """A suspension dated ahead would take force by itself on its day."""
    ahead = local_day() + timedelta(days=30)
    with pytest.raises(AppointmentRefused, match="in the future"):
        verification(cast.director, cast, cast.physician, verified_on=ahead)
    with refused("verified today or earlier"):
        forge(
            cast.director, cast.practice,
            lambda _: record(
                Verification, license=license_of(cast.physician), status="suspended", expires_on=ahead,
                verified_on=ahead, verified_by="x", source="x",
            ),
            office=Office.MEDICAL_DIRECTOR,
        )  # fmt: skip


def test_the_founding_of_a_practice_reaches_into_no_other(cast: Cast) -> None:
    """Whoever founds a practice of his own adds a right of the MSO to the catalogue of another."""
    theirs = CatalogueVersion.objects.get(practice=cast.practice)

    def act() -> Practice:
        own = Practice(slug="own", name="Own", mso_name="Own", founded_at=timezone.now())
        open_act(Act(verb="practice.opened", capacity="founding", practice_id=own.pk, actor_name="Dana Cole"))
        own.save(force_insert=True)
        return own

    @service
    def extend() -> None:
        act()
        record(
            DecisionRight, catalogue=theirs, code="DR-41", name="Everything", category="x", holder="MSO",
            exercised_by=["mso"], other_side="none", basis="x", confirmed=True,
        )  # fmt: skip

    @service
    def knock_out() -> None:
        act()
        record(
            Verification, license=license_of(cast.director), status="surrendered", expires_on=date(2030, 1, 1),
            verified_on=cast.practice.local(timezone.now()).date(), verified_by="x", source="x",
        )  # fmt: skip

    with refused("another practice"):
        extend()
    knock_out()
    assert license_state(cast.director, cast.practice, timezone.now()).in_force


def test_another_practice_neither_takes_a_license_nor_gives_it_back(cast: Cast) -> None:
    """It enters what it likes of a person of ours; here counts what was verified here."""
    other = found("lakeside")
    verification(other.director, cast, cast.director, practice=other.practice, status=LicenseStatus.SURRENDERED)
    assert license_state(cast.director, cast.practice, timezone.now()).in_force
    assert not license_state(cast.director, other.practice, timezone.now()).in_force
    decide(cast.director, cast.practice, lambda _: None, right="DR-16", office=Office.MEDICAL_DIRECTOR)
    verification(cast.director, cast, cast.physician, status=LicenseStatus.SUSPENDED)
    verification(other.director, cast, cast.physician, practice=other.practice)
    assert not rule_on_right(person=cast.physician, practice=cast.practice, code="DR-01").allowed
    with refused("no physician's license is in force"):
        decide(cast.physician, cast.practice, lambda _: None, right="DR-01", office=Office.PHYSICIAN)


def test_the_mso_repeats_nothing_that_another_practice_read(cast: Cast) -> None:
    verification(cast.director, cast, cast.physician, status=LicenseStatus.SUSPENDED)
    other = found("lakeside")
    verification(other.director, cast, cast.physician, practice=other.practice)
    with pytest.raises(AppointmentRefused, match="not in force"):
        verification(cast.operations, cast, cast.physician)
    known, today = license_of(cast.physician), cast.practice.local(timezone.now()).date()
    last = known.verifications.first()
    assert last
    with refused("entered by the PC"):
        forge(
            cast.operations, cast.practice,
            lambda _: record(
                Verification, license=known, status="active", expires_on=last.expires_on, verified_on=today,
                verified_by="x", source="x",
            ),
        )  # fmt: skip


def test_a_second_practice_is_founded(cast: Cast) -> None:
    assert found("lakeside").practice.slug == "lakeside"


def test_a_second_practice_of_the_same_physician_is_founded(cast: Cast) -> None:
    """One license, verified by each practice for itself; another's number is taken by nobody."""
    today, known = local_day(), license_of(cast.director)
    assert cast.director.account
    first: dict[str, Any] = {
        "operator": "Test operator", "resolution": "Resolution", "name": "Lakeside, P.C.", "mso_name": "Mission",
        "body_name": "Board", "body_kind": "board", "authorized": 1, "flagship": "Lakeside", "city": "Lakeside",
        "license": FirstLicense(
            number=known.number, board=known.board, expires_on=today + timedelta(days=90), verified_on=today,
            verified_by="Test operator", source="Register",
        ),
        "executive": Founder(name="Max Orr", email="orr@lakeside.example"),
    }  # fmt: skip
    own = Founder(name="Elena Marsh", email=cast.director.account.email, credentials="MD")
    second = open_practice(slug="lakeside", shareholder=own, **first)
    assert license_of(cast.director) == known
    assert rule_on_right(person=cast.director, practice=second, code="DR-32").allowed
    with pytest.raises(ValueError, match="on record for another person"):
        open_practice(slug="harbor", shareholder=Founder(name="Noor Hale", email="hale@lakeside.example"), **first)
