"""What a member says to a notice that was short (Corp. Code 307(a)(3))."""

from django.db import models
from django.db.models import Q

from audit.models.base import Recorded
from decisions.models.base import ByAppointment
from governance.choices import Side
from meetings.choices import Role, Said
from meetings.models.room import Attendance


class NoticeAnswer(Recorded, ByAppointment):
    """A member waives notice, in writing and in person, or protests that it was lacking.

    It holds for the time for which the meeting was called, and for no other. A protest made in the room may be recorded
    for the member by whoever records there; person and appointment are theirs then.
    """

    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="notice_answers")
    role = models.CharField(max_length=10, default=Role.MEMBER, editable=False)
    said = models.CharField(max_length=8, choices=Said)
    starts_at = models.DateTimeField()
    meaning = models.TextField()
    printed_name = models.CharField(max_length=160)
    office_name = models.CharField(max_length=80)
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["answered_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["attendance", "starts_at", "said"], name="meetings_notice_answered_once"),
            models.CheckConstraint(condition=Q(role=Role.MEMBER), name="meetings_only_members_have_notice"),
            models.CheckConstraint(condition=~Q(said=Said.WAIVES) | Q(side=Side.PC), name="meetings_waiver_of_the_pc"),
            models.CheckConstraint(condition=~Q(meaning=""), name="meetings_notice_answer_with_meaning"),
        ]

    def __str__(self) -> str:
        return f"{self.printed_name} {self.get_said_display().lower()}"
