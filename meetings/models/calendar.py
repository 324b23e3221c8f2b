"""Who comes, and the address from which a person's own calendar reads the meetings."""

from django.db import models

from audit.models.base import Governed
from governance.models import Person
from meetings.choices import Coming
from meetings.models.room import Attendance


class Reply(Governed):
    """A person's answer to the invitation, given by that person alone, for the time it was given for.

    A meeting that is called for another time is answered anew: what was said of the old time holds no longer.
    """

    attendance = models.OneToOneField(Attendance, models.PROTECT, related_name="reply")
    answer = models.CharField(max_length=10, choices=Coming)
    starts_at = models.DateTimeField()
    answered_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"{self.attendance}: {self.get_answer_display()}"


class CalendarFeed(models.Model):
    """The secret address of a person's calendar; only its hash is kept. No record: like a sign-in, of no practice."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, related_name="calendar_feed")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    """When a calendar last read it, to the hour."""

    def __str__(self) -> str:
        return f"Calendar of {self.person}"
