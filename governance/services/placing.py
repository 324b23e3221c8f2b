"""The rows of an appointment and of a license's verification, written inside the current act: by hand and imported."""

from datetime import date, datetime

from audit.acts import current, record
from governance.filling import AppointmentRefused
from governance.models import Appointment, License, Person, Practice, Verification
from governance.services.founding import LicenseOfAnother, licensed_as
from governance.services.grants import place


def write_appointment(
    *, practice: Practice, person: Person, office: str, start: datetime, ends_at: datetime | None
) -> Appointment:
    """Fill the office, with the permissions that go with it, inside the current act."""
    current()
    return place(practice=practice, person=person, office=office, starts_at=start, ends_at=ends_at)


def write_verification(
    *,
    person: Person,
    number: str,
    board: str,
    status: str,
    expires_on: date,
    verified_on: date,
    verified_by: str,
    source: str,
) -> License:
    """Enter what a register said of the person's license, inside the current act. Raises AppointmentRefused."""
    try:
        licensed = licensed_as(person, number, board)
    except LicenseOfAnother as taken:
        raise AppointmentRefused("number", str(taken)) from taken
    record(
        Verification,
        license=licensed,
        status=status,
        expires_on=expires_on,
        verified_on=verified_on,
        verified_by=verified_by,
        source=source,
    )
    return licensed
