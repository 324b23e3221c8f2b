"""Meetings held before the practice began here, entered afterwards with the scan of their signed minutes.

They are told apart from meetings that were run here in every list, and prove nothing by themselves.
"""

from django.db import models
from django.db.models import Q

from audit.models import Document
from audit.models.base import Governed, Recorded
from governance.models import Body, Practice
from governance.models.scoped import ScopedQuerySet
from meetings.choices import Mode, PastState, Role, Standing


class PastMeeting(Governed):
    """A meeting as its signed minutes tell it. Names and offices are text: nobody was in office here yet."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="past_meetings")
    body = models.ForeignKey(Body, models.PROTECT, related_name="past_meetings")
    held_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=200)
    mode = models.CharField(max_length=12, choices=Mode)
    chair = models.CharField(max_length=160)
    chair_office = models.CharField(max_length=80)
    secretary = models.CharField(max_length=160, blank=True)
    quorate = models.BooleanField(null=True)
    """What the minutes say of the quorum; None where they say nothing."""
    remark = models.TextField(blank=True)
    scan = models.OneToOneField(Document, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=PastState, default=PastState.ENTERED)
    reason = models.TextField("reason of the withdrawal", blank=True)

    objects = ScopedQuerySet["PastMeeting"].as_manager()

    class Meta:
        ordering = ["-held_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "held_at"], condition=~Q(state="withdrawn"), name="meetings_past_meeting_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(reason=""), name="meetings_past_withdrawn_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gt=models.F("held_at")),
                name="meetings_past_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body} of {self.practice.local(self.held_at):%-d %B %Y}"


class PastAttendance(Recorded):
    """Who the minutes say was there, or was not."""

    past = models.ForeignKey(PastMeeting, models.PROTECT, related_name="attendances")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=160)
    role = models.CharField(max_length=12, choices=Role)
    standing = models.CharField(max_length=12, choices=Standing)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["past", "position"], name="meetings_past_seat")]


class PastResult(Recorded):
    """A motion or decision with its result, as the minutes state it; the votes only where they count them."""

    past = models.ForeignKey(PastMeeting, models.PROTECT, related_name="results")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    result = models.CharField(
        max_length=8, choices=[("carried", "Carried"), ("failed", "Failed"), ("decided", "Decided")]
    )
    votes_for = models.PositiveSmallIntegerField(null=True)
    votes_against = models.PositiveSmallIntegerField(null=True)
    abstentions = models.PositiveSmallIntegerField(null=True)
    mover = models.CharField(max_length=160, blank=True)
    seconder = models.CharField(max_length=160, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["past", "position"], name="meetings_past_result")]
