"""What those expected at a meeting say to the minutes circulated among them, and what becomes of it."""

from django.db import models
from django.db.models import Q

from audit.models.base import Recorded
from decisions.models.base import ByAppointment
from meetings.models.meetings import AgendaItem
from meetings.models.minutes import MinutesVersion


class Comment(Recorded, ByAppointment):
    """A comment on a circulated version, on an item of the agenda where it names one."""

    version = models.ForeignKey(MinutesVersion, models.PROTECT, related_name="comments")
    item = models.ForeignKey(AgendaItem, models.PROTECT, null=True, related_name="+")
    text = models.TextField()
    commented_at = models.DateTimeField()

    class Meta:
        ordering = ["commented_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="meetings_comment_with_text")]

    @property
    def place(self) -> str:
        """What it is about, in words."""
        return f"Item {self.item.position}, {self.item}" if self.item else "The minutes as a whole"

    def __str__(self) -> str:
        return f"{self.person} on {self.item}" if self.item else str(self.person)


class CommentAnswer(Recorded, ByAppointment):
    """Whether a comment was taken up into the draft; where it was not, why."""

    comment = models.OneToOneField(Comment, models.PROTECT, related_name="answer")
    taken_up = models.BooleanField()
    reason = models.TextField(blank=True)
    answered_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(taken_up=True) | ~Q(reason=""), name="meetings_not_taken_up_with_reason")
        ]
