"""Appointing to offices and ending appointments, under the right that the catalogue names for each office."""

from datetime import date, datetime

from audit.acts import current, record, service
from governance.authority import exercise, moment, take_part
from governance.choices import LicenseStatus, Office
from governance.models import Appointment, License, Person, Practice, Site, Verification
from governance.offices import APPOINTED_UNDER, LICENSED, MEMBERS
from governance.selectors.licenses import license_state
from governance.services.founding import Founder, enter_person
from governance.services.grants import place, settle_grants


class AppointmentRefused(ValueError):
    """The appointment contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@service
def appoint(
    *,
    actor: Person,
    practice: Practice,
    person: Person,
    office: str,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    reason: str = "",
) -> Appointment:
    """Appoint a person to an office of the practice for a period.

    Decided under `APPOINTED_UNDER[office]`. Raises AuthorityRefused, AppointmentRefused.
    """
    exercise(
        actor=actor,
        practice=practice,
        right=APPOINTED_UNDER[Office(office)],
        verb="appointment.made",
        reason=reason,
        attempted=f"{person} as {Office(office).label}",
    )
    start = starts_at or moment()
    if office in LICENSED and not license_state(person, practice, start).in_force:
        raise AppointmentRefused("person", f"{Office(office).label}: {license_state(person, practice, start).sentence}")
    if office in {Office.ALTERNATE_CHAIR, Office.AUDITOR} and ends_at is None:
        raise AppointmentRefused("ends_at", f"{Office(office).label}: state the day on which the appointment ends.")
    held = Appointment.objects.filter(practice=practice, office=office)
    if office != Office.MEDICAL_DIRECTOR:
        held = held.filter(person=person)
    other = held.in_force(start).select_related("person").first()
    if other:
        raise AppointmentRefused("office", f"{other.person} holds this office already; end that appointment first.")
    appointment = place(practice=practice, person=person, office=office, starts_at=start, ends_at=ends_at)
    current().about(appointment)
    return appointment


@service
def end_appointment(
    *, actor: Person, appointment: Appointment, reason: str, ends_at: datetime | None = None
) -> Appointment:
    """End an appointment; its permissions go with it. Raises AuthorityRefused, AppointmentRefused."""
    appointment = Appointment.objects.select_for_update(no_key=True).get(pk=appointment.pk)
    exercise(
        actor=actor,
        practice=appointment.practice,
        right=APPOINTED_UNDER[Office(appointment.office)],
        verb="appointment.ended",
        reason=reason,
        attempted=str(appointment),
        about=appointment,
    )
    at = ends_at or moment()
    if appointment.ends_at and appointment.ends_at <= at:
        raise AppointmentRefused("ends_at", "This appointment has ended already.")
    appointment.ends_at = at
    appointment.save()
    settle_grants(appointment.practice, appointment.person)
    return appointment


@service
def invite(*, actor: Person, practice: Practice, name: str, email: str, credentials: str = "") -> Person:
    """Enter a person with a sign-in; the person sets the password by the invitation. Raises AuthorityRefused."""
    take_part(actor=actor, practice=practice, verb="person.invited", attempted=name)
    person = enter_person(Founder(name=name, email=email, credentials=credentials))
    current().about(person)
    return person


@service
def enter_license(
    *,
    actor: Person,
    practice: Practice,
    person: Person,
    number: str,
    board: str,
    expires_on: date,
    verified_on: date,
    verified_by: str,
    source: str,
    status: str = LicenseStatus.ACTIVE,
) -> License:
    """Enter a clinician's license, or a new verification of one already known (primary source named)."""
    take_part(
        actor=actor,
        practice=practice,
        verb="license.verified",
        right="DR-09",
        offices=MEMBERS,
        attempted=f"{person}, {number}",
    )
    licensed, _ = License.objects.get_or_create(person=person, number=number, board=board)
    record(
        Verification,
        license=licensed,
        status=status,
        expires_on=expires_on,
        verified_on=verified_on,
        verified_by=verified_by,
        source=source,
    )
    current().about(licensed)
    return licensed


@service
def open_site(*, actor: Person, practice: Practice, name: str, city: str, opened_on: date) -> Site:
    """Enter a site of the practice; a new site is the PC's decision (DR-21)."""
    exercise(actor=actor, practice=practice, right="DR-21", verb="site.opened", attempted=name)
    site = Site.objects.create(practice=practice, name=name, city=city, opened_on=opened_on)
    current().about(site)
    return site
