"""Appointments written down, with the guardian permissions they grant: the only place that touches either."""

from datetime import datetime

from django.contrib.auth.models import Permission

from governance.authority import moment
from governance.choices import Office
from governance.models import Appointment, Person, Practice, PracticeGrant
from governance.offices import GRANTS, SIDE


def place(
    *, practice: Practice, person: Person, office: str, starts_at: datetime, ends_at: datetime | None = None
) -> Appointment:
    """Write an appointment and its grants, inside the current act."""
    appointment = Appointment.objects.create(
        practice=practice, person=person, office=office, side=SIDE[Office(office)], starts_at=starts_at, ends_at=ends_at
    )
    settle_grants(practice, person)
    return appointment


def settle_grants(practice: Practice, person: Person) -> None:
    """Make the person's permissions on the practice exactly those of the appointments not yet ended."""
    if person.account_id is None:
        return
    offices = Appointment.objects.filter(practice=practice, person=person, ends_at__isnull=True).values_list(
        "office", flat=True
    ) | Appointment.objects.filter(practice=practice, person=person, ends_at__gt=moment()).values_list(
        "office", flat=True
    )
    wanted = {name for office in offices for name in GRANTS[Office(office)]}
    held = {
        grant.permission.codename: grant
        for grant in PracticeGrant.objects.filter(user_id=person.account_id, content_object=practice).select_related(
            "permission"
        )
    }
    for codename in sorted(wanted - held.keys()):
        permission = Permission.objects.get(content_type__app_label="governance", codename=codename)
        PracticeGrant.objects.create(user_id=person.account_id, content_object=practice, permission=permission)
    for codename in sorted(held.keys() - wanted):
        held[codename].delete()
