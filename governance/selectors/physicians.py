"""How many physicians a practice has: with exactly one, the proposer must decide (as governance.physicians in SQL)."""

from datetime import datetime

from governance.models import Appointment, Practice
from governance.offices import PHYSICIANS


def physicians(practice: Practice, at: datetime) -> int:
    """The number of persons who hold a physician's office of the practice at a moment."""
    return (
        Appointment.objects.in_force(at)
        .filter(practice=practice, office__in=PHYSICIANS)
        .values("person")
        .distinct()
        .order_by()
        .count()
    )
