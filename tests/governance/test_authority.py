"""Who may decide, and who may not: rulings over people, offices, licenses and time."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.acts import current, service
from audit.models import Act
from governance.authority import AuthorityRefused, exercise, rule_on_right
from governance.choices import LicenseStatus, Office
from governance.models import Account, Appointment, License, Person, Practice, PracticeGrant, Site
from governance.offices import SEE
from governance.services.appointments import (
    AppointmentRefused,
    appoint,
    end_appointment,
    enter_license,
    invite,
    open_site,
)
from tests.cast import Cast, resolve
from tests.conftest import Database
from tests.sign_in import sign_in


def opens_a_site(cast: Cast, actor: Person) -> Site:
    """A decision under DR-21, which Medical Director or board takes."""
    return open_site(actor=actor, practice=cast.practice, name="Hemet", city="Hemet", opened_on=cast.flagship.opened_on)


def refusal_of(cast: Cast, actor: Person) -> AuthorityRefused:
    """The refusal of that decision, which leaves nothing but its own act."""
    sites = Site.objects.count()
    with pytest.raises(AuthorityRefused) as refusal:
        opens_a_site(cast, actor)
    assert Site.objects.count() == sites
    sealed = Act.objects.get(outcome=Act.Outcome.REFUSED, actor=actor.pk)
    assert (sealed.right, sealed.capacity) == ("DR-21", "decides")
    return refusal.value


def verify(cast: Cast, person: Person, status: str, *, expires: date, verified: date) -> None:
    known = License.objects.get(person=person)
    enter_license(
        actor=cast.director,
        practice=cast.practice,
        person=person,
        number=known.number,
        board=known.board,
        expires_on=expires,
        verified_on=verified,
        verified_by="Test",
        source="Board register",
        status=status,
    )


def today_in(practice: Practice) -> date:
    return practice.local(timezone.now()).date()


def test_who_holds_the_right_decides_it(cast: Cast) -> None:
    assert opens_a_site(cast, cast.director).name == "Hemet"
    act = Act.objects.filter(verb="site.opened").latest("recorded_at")
    assert (act.office, act.side, act.right) == (Office.MEDICAL_DIRECTOR, "PC", "DR-21")


def test_superuser_without_appointment_decides_and_sees_nothing(cast: Cast, client: Client) -> None:
    root = invite(actor=cast.director, practice=cast.practice, name="Root", email="root@riverside.example")
    Account.objects.filter(person=root).update(is_superuser=True, is_staff=True)
    assert refusal_of(cast, root).ruling.rule == "no office"
    sign_in(client, Person.objects.get(pk=root.pk))
    assert client.get(reverse("governance:matrix", args=[cast.practice.slug])).status_code == 404


@pytest.mark.parametrize("name", ["operations", "executive", "secretary", "mso_counsel"])
def test_management_side_decides_no_right_of_the_physicians(cast: Cast, name: str) -> None:
    ruling = refusal_of(cast, getattr(cast, name)).ruling
    assert ruling.rule == "other side"
    assert ruling.may_propose
    assert cast.practice.name in ruling.sentence


def test_physicians_decide_no_right_of_the_management_side(cast: Cast) -> None:
    ruling = rule_on_right(person=cast.director, practice=cast.practice, code="DR-40")
    assert (ruling.allowed, ruling.rule, ruling.may_propose) == (False, "other side", False)


def test_right_side_but_another_office(cast: Cast) -> None:
    ruling = refusal_of(cast, cast.pc_counsel).ruling
    assert ruling.rule == "not this office"
    assert "Medical Director or Board of directors" in ruling.sentence


def test_expired_appointment_gives_nothing(cast: Cast) -> None:
    for appointment in Appointment.objects.in_force().filter(person=cast.physician):
        end_appointment(actor=cast.director, appointment=appointment, reason="Left")
    assert refusal_of(cast, cast.physician).ruling.rule == "no office"


def test_appointment_to_come_gives_nothing_yet(cast: Cast) -> None:
    person = invite(actor=cast.executive, practice=cast.practice, name="Later", email="later@riverside.example")
    begins = timezone.now() + timedelta(days=3)
    appoint(actor=cast.executive, practice=cast.practice, person=person, office=Office.MSO_OPERATIONS, starts_at=begins)
    assert rule_on_right(person=person, practice=cast.practice, code="DR-40").rule == "no office"
    later = rule_on_right(person=person, practice=cast.practice, code="DR-40", at=begins + timedelta(hours=1))
    assert later.allowed


@pytest.mark.parametrize("status", [LicenseStatus.LAPSED, LicenseStatus.SUSPENDED, LicenseStatus.SURRENDERED])
def test_a_license_not_active_stops_physicians_rights(cast: Cast, status: str) -> None:
    today = today_in(cast.practice)
    verify(cast, cast.director, status, expires=today + timedelta(days=300), verified=today)
    refusal = refusal_of(cast, cast.director)
    assert refusal.ruling.rule == "license"
    assert str(status) in refusal.ruling.sentence


def test_an_expired_license_stops_physicians_rights(cast: Cast) -> None:
    today = today_in(cast.practice)
    verify(cast, cast.director, LicenseStatus.ACTIVE, expires=today - timedelta(days=1), verified=today)
    refusal = refusal_of(cast, cast.director)
    assert refusal.ruling.rule == "license"
    assert "expired" in refusal.ruling.sentence


def test_the_last_day_of_a_license_still_counts(cast: Cast) -> None:
    today = today_in(cast.practice)
    verify(cast, cast.director, LicenseStatus.ACTIVE, expires=today, verified=today)
    assert opens_a_site(cast, cast.director)


def test_a_stale_verification_stops_physicians_rights(cast: Cast) -> None:
    person = invite(actor=cast.director, practice=cast.practice, name="Old Check", email="old@riverside.example")
    today = today_in(cast.practice)
    limit = cast.practice.license_limit_days

    def check(days: int, number: str) -> Any:
        enter_license(
            actor=cast.director, practice=cast.practice, person=person, number=number,
            board="Medical Board of California", expires_on=today + timedelta(days=300),
            verified_on=today - timedelta(days=days), verified_by="Test", source="Board register",
        )  # fmt: skip

    check(limit + 1, "A-stale")
    with pytest.raises(AppointmentRefused, match="longer ago than this practice's limit of 120 days") as problem:
        appoint(actor=cast.director, practice=cast.practice, person=person, office=Office.DIRECTOR)
    assert problem.value.field == "person"
    check(limit, "A-stale")
    appoint(actor=cast.director, practice=cast.practice, person=person, office=Office.DIRECTOR)
    assert opens_a_site(cast, person)
    later = rule_on_right(person=person, practice=cast.practice, code="DR-21", at=timezone.now() + timedelta(days=2))
    assert (later.allowed, later.rule) == (False, "license")


def test_a_license_is_judged_by_its_newest_verification_not_by_the_last_entered(cast: Cast) -> None:
    today = today_in(cast.practice)
    verify(cast, cast.director, LicenseStatus.SUSPENDED, expires=today, verified=today - timedelta(days=40))
    assert opens_a_site(cast, cast.director)


@service
def _leave_a_grant_behind(*, actor: Person, practice: Practice, person: Person) -> None:
    """What a mistaken service could do: give a permission that no appointment carries."""
    from django.contrib.auth.models import Permission

    exercise(actor=actor, practice=practice, right="DR-36", verb="grant.left")
    permission = Permission.objects.get(content_type__app_label="governance", codename=SEE)
    PracticeGrant.objects.create(user_id=person.account_id or 0, content_object=practice, permission=permission)
    current().about(person)


def test_a_grant_left_behind_opens_nothing(cast: Cast, client: Client) -> None:
    page = reverse("governance:matrix", args=[cast.practice.slug])
    sign_in(client, cast.operations_2)
    assert client.get(page).status_code == 200
    end_appointment(actor=cast.executive, appointment=Appointment.objects.get(person=cast.operations_2), reason="Left")
    assert not PracticeGrant.objects.filter(user_id=cast.operations_2.account_id).exists()
    _leave_a_grant_behind(actor=cast.executive, practice=cast.practice, person=cast.operations_2)
    assert PracticeGrant.objects.filter(user_id=cast.operations_2.account_id).exists()
    assert client.get(page).status_code == 404
    assert not Practice.objects.visible_to(cast.operations_2).exists()


def test_an_appointment_without_its_grant_opens_nothing(cast: Cast, house: Database, client: Client) -> None:
    sign_in(client, cast.operations)
    with house.connect("superuser") as raw:
        raw.execute("set session_replication_role = replica")
        raw.execute("alter table governance_practicegrant disable trigger user")
        raw.execute("delete from governance_practicegrant where user_id = %s", [cast.operations.account_id])
    assert client.get(reverse("governance:matrix", args=[cast.practice.slug])).status_code == 404


def at_once(*works: Callable[[], Any]) -> list[Exception | None]:
    """Run each in a thread with a connection of its own; what each raised."""
    barrier, raised = threading.Barrier(len(works)), [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            work()
        except Exception as error:
            raised[place] = error  # type: ignore[call-overload]
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    return list(raised)


def test_one_medical_director_even_when_two_are_appointed_at_once(cast: Cast) -> None:
    old = Appointment.objects.get(office=Office.MEDICAL_DIRECTOR)
    end_appointment(actor=cast.director, appointment=old, reason=resolve(cast.practice, "Elena Marsh retires"))
    either = resolve(cast.practice, "Samuel Ortiz or Ruth Adeyemi succeeds")

    def name(person: Person) -> Callable[[], Any]:
        return lambda: appoint(
            actor=cast.director, practice=cast.practice, person=person, office=Office.MEDICAL_DIRECTOR, reason=either
        )

    raised = at_once(name(cast.physician), name(cast.alternate))
    assert sorted(error is None for error in raised) == [False, True], raised
    assert Appointment.objects.in_force().filter(office=Office.MEDICAL_DIRECTOR).count() == 1
    made = Act.objects.filter(verb="appointment.made", right="DR-31", outcome="done", actor=cast.director.pk)
    assert made.filter(object_id=str(Appointment.objects.latest("starts_at").pk)).count() == 1


def test_a_second_medical_director_is_refused_with_the_name_of_the_first(cast: Cast) -> None:
    with pytest.raises(AppointmentRefused, match="Elena Marsh, MD holds this office already") as problem:
        appoint(
            actor=cast.director, practice=cast.practice, person=cast.physician, office=Office.MEDICAL_DIRECTOR,
            reason=resolve(cast.practice, "Samuel Ortiz is Medical Director"),
        )  # fmt: skip
    assert problem.value.field == "office"


def test_the_alternate_chair_needs_an_end_and_ends_by_itself(cast: Cast) -> None:
    with pytest.raises(AppointmentRefused, match="state the day") as problem:
        appoint(
            actor=cast.director, practice=cast.practice, person=cast.physician, office=Office.ALTERNATE_CHAIR,
            reason=resolve(cast.practice, "Samuel Ortiz is alternate chair"),
        )  # fmt: skip
    assert problem.value.field == "ends_at"
    chair = Appointment.objects.get(office=Office.ALTERNATE_CHAIR)
    assert chair.ends_at is not None
    in_force = Appointment.objects.filter(pk=chair.pk)
    assert in_force.in_force(chair.ends_at - timedelta(seconds=1)).exists()
    assert not in_force.in_force(chair.ends_at).exists()


def test_management_cannot_name_or_remove_a_medical_director(cast: Cast) -> None:
    chair = Appointment.objects.get(office=Office.MEDICAL_DIRECTOR)
    with pytest.raises(AuthorityRefused):
        end_appointment(actor=cast.executive, appointment=chair, reason="We want another")
    chair.refresh_from_db()
    assert chair.ends_at is None
    refused = Act.objects.get(outcome="refused", actor=cast.executive.pk)
    assert (refused.right, refused.verb, refused.reason) == ("DR-31", "appointment.ended", "We want another")


def test_physicians_cannot_appoint_management_staff(cast: Cast) -> None:
    with pytest.raises(AuthorityRefused) as refusal:
        appoint(actor=cast.director, practice=cast.practice, person=cast.operations, office=Office.RECORDING_SECRETARY)
    assert refusal.value.ruling.rule == "other side"
