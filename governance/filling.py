"""What an appointment and a license's verification must fulfil, by hand and imported alike. No database."""

from datetime import date, datetime

from governance.authority import moment
from governance.choices import LicenseStatus, Office, Side
from governance.models import Appointment, Practice, Verification
from governance.offices import LICENSED
from governance.selectors.licenses import LicenseState, in_force


class AppointmentRefused(ValueError):
    """The appointment or the verification contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def check_appointment(
    *,
    office: str,
    start: datetime,
    ends_at: datetime | None,
    now: datetime,
    license: LicenseState | None,
    other: Appointment | None,
) -> None:
    """Raise AppointmentRefused unless the office can be filled so.

    `license` is the person's as it stands on the first day, `other` an appointment that fills the office then.
    """
    named = Office(office).label
    if start < now:
        raise AppointmentRefused("starts_at", "First day: an appointment takes effect now or later, never in the past.")
    if office in LICENSED and license and not license.in_force:
        raise AppointmentRefused("person", f"{named}: {license.sentence}")
    if office in {Office.ALTERNATE_CHAIR, Office.AUDITOR} and ends_at is None:
        raise AppointmentRefused("ends_at", f"{named}: state the day on which the appointment ends.")
    if other:
        raise AppointmentRefused("office", f"{other.person} holds this office already; end that appointment first.")


def check_verification(
    *, practice: Practice, side: str, last: Verification | None, status: str, expires_on: date, verified_on: date
) -> None:
    """Raise AppointmentRefused unless this side may enter this of a license; `last` is its newest verification here."""
    if verified_on > practice.local(moment()).date():
        raise AppointmentRefused("verified_on", "Verified on: a register cannot have been read in the future.")
    if side == Side.PC:
        return
    if last is None or not in_force(last, practice, moment()):
        raise AppointmentRefused("number", f"License: {practice.name} itself enters a license that is not in force.")
    if status != LicenseStatus.ACTIVE:
        raise AppointmentRefused("status", f"Status: {practice.name} itself enters what takes a license's force.")
    if expires_on != last.expires_on:
        raise AppointmentRefused("expires_on", f"Expires on: {practice.name} itself enters another last day.")
    if verified_on < last.verified_on:
        raise AppointmentRefused("verified_on", f"Verified on: it was verified later already, on {last.verified_on}.")
