"""The body's approval of minutes, by a motion."""

from django.db import models
from django.db.models import Q

from audit.models.base import Recorded
from decisions.models.base import ByAppointment
from meetings.models.meetings import Meeting
from meetings.models.minutes import MinutesVersion
from meetings.models.room import Motion


class Approval(Recorded, ByAppointment):
    """A carried motion approves the minutes of a meeting: one exact version, at a later meeting; or, at that meeting
    itself, the minutes as read, with their wording left to the chair. Then there is no version yet."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="approvals")
    version = models.OneToOneField(MinutesVersion, models.PROTECT, null=True, related_name="approval")
    sha256 = models.CharField(max_length=64, blank=True)
    motion = models.OneToOneField(Motion, models.PROTECT, related_name="approves")
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(version__isnull=True, sha256="") | Q(version__isnull=False) & ~Q(sha256=""),
                name="meetings_approval_of_a_version_or_as_read",
            ),
            models.UniqueConstraint(
                fields=["meeting"], condition=Q(version__isnull=True), name="meetings_approved_as_read_once"
            ),
        ]

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What was approved, in words; reads meeting and version."""
        if self.version is None:
            return "The minutes of this meeting are approved as read; their wording is left to the chair."
        held = self.meeting.practice.local(self.meeting.starts_at)
        return f"The minutes of {held:%-d %B %Y} are approved in version {self.version.number}."
