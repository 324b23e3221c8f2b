"""Who is expected at a meeting: the members by their seats, the chairs, the recording secretary, the PC's counsel."""

from datetime import datetime

from governance.choices import Office
from governance.models import Appointment, Body
from governance.offices import CHAIRS
from meetings.choices import Role
from meetings.models import Attendance, Meeting

_NAMED_AS = (Office.MEDICAL_DIRECTOR, Office.ALTERNATE_CHAIR, Office.SUPERVISING_PHYSICIAN, Office.PHYSICIAN)
"""The office by which a member is named, before the seat itself."""


def write_seats(meeting: Meeting, at: datetime) -> list[Attendance]:
    """Expect everybody who now holds an office at this table and is not expected yet; inside the current act."""
    known = set(meeting.attendances.values_list("person_id", flat=True))
    held: dict[object, list[Appointment]] = {}
    for appointment in Appointment.objects.in_force(at).filter(practice=meeting.practice).select_related("person"):
        held.setdefault(appointment.person_id, []).append(appointment)
    added = []
    for person_id, appointments in held.items():
        role = _role(meeting.body, {appointment.office for appointment in appointments})
        if role and person_id not in known:
            shown = _shown(meeting.body, role, appointments)
            added.append(
                Attendance.objects.create(
                    meeting=meeting,
                    person=shown.person,
                    name=str(shown.person),
                    office=shown.get_office_display(),
                    side=shown.side,
                    role=role,
                )
            )
    return added


def holds_seat(attendance: Attendance, body: Body, at: datetime) -> bool:
    """Whether a member still holds the seat of the body."""
    seats = Appointment.objects.in_force(at).filter(practice=body.practice_id, office=body.seat)
    return seats.filter(person=attendance.person_id).exists()


def _role(body: Body, offices: set[str]) -> Role | None:
    if body.seat in offices:
        return Role.MEMBER
    if offices & CHAIRS:
        return Role.GUEST
    if Office.RECORDING_SECRETARY in offices:
        return Role.SECRETARY
    return Role.COUNSEL if Office.PC_COUNSEL in offices else None


def _shown(body: Body, role: Role, appointments: list[Appointment]) -> Appointment:
    order: tuple[Office, ...] = {
        Role.SECRETARY: (Office.RECORDING_SECRETARY,),
        Role.COUNSEL: (Office.PC_COUNSEL,),
    }.get(role, (*_NAMED_AS, body.seat))
    fitting = [appointment for appointment in appointments if appointment.office in order]
    return min(fitting, key=lambda appointment: order.index(Office(appointment.office)))
