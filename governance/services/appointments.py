"""Appointing to offices and ending appointments, under the right that the catalogue names for each office."""

from datetime import date, datetime

from audit.acts import current, service
from governance.authority import exercise, moment, never_for_the_past, take_part
from governance.choices import LicenseStatus, Office
from governance.factors import rules_of
from governance.filling import AppointmentRefused, check_appointment, check_verification
from governance.models import Appointment, License, Person, Practice, Site
from governance.offices import APPOINTED_UNDER, INVITERS, LICENSED, MEMBERS
from governance.selectors.licenses import license_state
from governance.selectors.licenses import verified_by as verified_by_practice
from governance.services.founding import Founder, enter_person
from governance.services.grants import settle_grants
from governance.services.inviting import mail_invitation, write_invitation
from governance.services.placing import require_decided, write_appointment, write_verification


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
    ruling = exercise(
        actor=actor,
        practice=practice,
        right=APPOINTED_UNDER[Office(office)],
        verb="appointment.made",
        reason=reason,
        attempted=f"{person} as {Office(office).label}",
    )
    if rule := never_for_the_past("An appointment"):
        raise AppointmentRefused("starts_at", f"First day: {rule}")
    require_decided(ruling, person, office, reason)
    now = moment()
    start = starts_at or now
    held = Appointment.objects.filter(practice=practice, office=office)
    if office != Office.MEDICAL_DIRECTOR:
        held = held.filter(person=person)
    check_appointment(
        office=office,
        start=start,
        ends_at=ends_at,
        now=now,
        license=license_state(person, practice, start) if office in LICENSED else None,
        other=held.in_force(start).select_related("person").first(),
    )
    appointment = write_appointment(practice=practice, person=person, office=office, start=start, ends_at=ends_at)
    current().about(appointment)
    return appointment


@service
def end_appointment(
    *, actor: Person, appointment: Appointment, reason: str, ends_at: datetime | None = None
) -> Appointment:
    """End an appointment; its permissions go with it. Raises AuthorityRefused, AppointmentRefused."""
    appointment = Appointment.objects.select_for_update(no_key=True).get(pk=appointment.pk)
    ruling = exercise(
        actor=actor,
        practice=appointment.practice,
        right=APPOINTED_UNDER[Office(appointment.office)],
        verb="appointment.ended",
        reason=reason,
        attempted=str(appointment),
        about=appointment,
    )
    if rule := never_for_the_past("The end of an appointment"):
        raise AppointmentRefused("ends_at", f"Last day: {rule}")
    require_decided(ruling, appointment.person, appointment.office, reason, ending=True)
    now = moment()
    at = ends_at or now
    if at < now:
        raise AppointmentRefused("ends_at", "Last day: an appointment ends now or later, never in the past.")
    if appointment.ends_at and appointment.ends_at <= at:
        raise AppointmentRefused("ends_at", "This appointment has ended already.")
    appointment.ends_at = at
    appointment.save()
    settle_grants(appointment.practice, appointment.person)
    return appointment


@service
def invite(*, actor: Person, practice: Practice, name: str, email: str, credentials: str = "") -> Person:
    """Enter a person with a sign-in; the person sets the password by the invitation.

    Raises AuthorityRefused, NameOfAnother.
    """
    take_part(actor=actor, practice=practice, verb="person.invited", offices=INVITERS, attempted=name)
    person = enter_person(Founder(name=name, email=email, credentials=credentials), practice=practice)
    current().about(person)
    made = write_invitation(practice, person, days=rules_of(practice).invitation_days)
    mail_invitation(practice, person, made)
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
    """Enter a clinician's license, or a new verification of one already known (primary source named).

    It counts in this practice alone. Whatever gives or takes authority is entered by the PC. Staff of the MSO, who look
    licenses up at the board (DR-09: primary-source verification only), may repeat what stands: an active license in
    force, same last day.
    Raises AuthorityRefused, AppointmentRefused.
    """
    ruling = take_part(
        actor=actor,
        practice=practice,
        verb="license.verified",
        right="DR-09",
        offices=MEMBERS,
        attempted=f"{person}, {number}",
    )
    assert ruling.appointment
    last = verified_by_practice(practice).filter(license__person=person, license__number=number, license__board=board)
    check_verification(
        practice=practice,
        side=ruling.appointment.side,
        last=last.filter(verified_on__lte=practice.local(moment()).date()).first(),
        status=status,
        expires_on=expires_on,
        verified_on=verified_on,
    )
    licensed = write_verification(
        person=person,
        number=number,
        board=board,
        status=status,
        expires_on=expires_on,
        verified_on=verified_on,
        verified_by=verified_by,
        source=source,
    )
    current().about(licensed)
    return licensed


@service
def set_license_limit(*, actor: Person, practice: Practice, days: int, reason: str) -> Practice:
    """Set how many days a license's verification gives authority: the PC's decision (DR-09), never an administrator's.

    Raises AuthorityRefused, AppointmentRefused.
    """
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    exercise(
        actor=actor,
        practice=practice,
        right="DR-09",
        verb="license_limit.set",
        reason=reason,
        attempted=f"Licenses verified at most {days} days ago",
        about=practice,
    )
    if not 1 <= days <= 366:
        raise AppointmentRefused("license_limit_days", "License limit: from 1 to 366 days.")
    if practice.license_limit_days == days:
        raise AppointmentRefused("license_limit_days", "License limit: it is that already.")
    practice.license_limit_days = days
    practice.save()
    return practice


@service
def open_site(*, actor: Person, practice: Practice, name: str, city: str, opened_on: date) -> Site:
    """Enter a site of the practice; a new site is the PC's decision (DR-21)."""
    exercise(actor=actor, practice=practice, right="DR-21", verb="site.opened", attempted=name)
    site = Site.objects.create(practice=practice, name=name, city=city, opened_on=opened_on)
    current().about(site)
    return site
