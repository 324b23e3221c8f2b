"""By whom: the columns with which a row names its decider, tied together by composite foreign keys.

(appointment, side) and (appointment, person) refer to the appointment as pairs, so a row can name neither a
side nor a person that the office does not have (decisions/sql/constraints.sql).
"""

from django.db import models

from governance.choices import Side
from governance.models import Appointment, Person


class ByAppointment(models.Model):
    """In which office, hence on which side and by whom, a row was made."""

    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    side = models.CharField(max_length=3, choices=Side)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        abstract = True


def by(appointment: Appointment) -> dict[str, object]:
    """The three columns for an appointment."""
    return {"appointment": appointment, "side": appointment.side, "person_id": appointment.person_id}
