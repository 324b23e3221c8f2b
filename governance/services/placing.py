"""The rows of an appointment and of a license's verification, written inside the current act: by hand and imported."""

from datetime import date, datetime

from django.conf import settings
from django.utils.module_loading import import_string

from audit.acts import current, record
from governance.authority import Ruling
from governance.filling import AppointmentRefused
from governance.models import Appointment, License, Person, Practice, Verification
from governance.services.founding import LicenseOfAnother, licensed_as
from governance.services.grants import place


def require_decided(ruling: Ruling, person: Person, office: str, reason: str, *, ending: bool = False) -> None:
    """Raise AppointmentRefused where one of several members fills or ends an office without the body's decision.

    The reason cites a decision that names the person; it carries one beginning and one end of this office.
    """
    changes = Appointment.history.filter(practice=ruling.practice, person=person, office=office)
    spent = changes.filter(history_type="~" if ending else "+").values_list("act__reason", flat=True)
    if missing := import_string(settings.RESOLUTIONS)(ruling, reason, spent=spent, naming=person.name):
        raise AppointmentRefused("reason", f"Reason: {missing}")


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
