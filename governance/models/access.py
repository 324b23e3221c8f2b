"""How people come in: a practice's rules for signing in, invitations, and what all web processes share."""

import uuid
from datetime import datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from audit.models.base import Governed
from governance.models.people import Person
from governance.models.practices import Practice

IDLE_MINUTES = (5, 240)
INVITATION_DAYS = (1, 30)
REMINDER_DAYS = (1, 31)


class AccessRules(Governed):
    """What a practice asks of who signs in, and whether it reminds them of meetings.

    Changed by its administrators, who decide nothing by it.
    """

    practice = models.OneToOneField(Practice, models.PROTECT, primary_key=True, related_name="access_rules")
    second_factor = models.BooleanField("Second factor required", default=True)
    idle_minutes = models.PositiveSmallIntegerField(
        "Idle time, in minutes",
        default=30,
        validators=[MinValueValidator(IDLE_MINUTES[0]), MaxValueValidator(IDLE_MINUTES[1])],
    )
    invitation_days = models.PositiveSmallIntegerField(
        "Days an invitation holds",
        default=7,
        validators=[MinValueValidator(INVITATION_DAYS[0]), MaxValueValidator(INVITATION_DAYS[1])],
    )

    reminders = models.BooleanField("Reminders of meetings by mail", default=True)
    reminder_days = models.PositiveSmallIntegerField(
        "Days before a meeting",
        default=7,
        validators=[MinValueValidator(REMINDER_DAYS[0]), MaxValueValidator(REMINDER_DAYS[1])],
    )
    """From how many days before a meeting on who has not answered its invitation is reminded."""

    class Meta:
        verbose_name_plural = "access rules"
        constraints = [
            models.CheckConstraint(
                condition=Q(reminder_days__range=REMINDER_DAYS), name="governance_rules_reminder_days"
            ),
            models.CheckConstraint(condition=Q(idle_minutes__range=IDLE_MINUTES), name="governance_rules_idle_minutes"),
            models.CheckConstraint(
                condition=Q(invitation_days__range=INVITATION_DAYS), name="governance_rules_invitation_days"
            ),
        ]

    def __str__(self) -> str:
        return f"Rules of access of {self.practice}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime) -> Self:
        """Invitations that may still be accepted at that moment, as far as the record tells."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=at)


class Invitation(Governed):
    """A person was asked in. The link in the mail lets them set a password: once, until it expires or is revoked.

    Nothing secret is kept: the link is a keyed hash over this row's key and the state of the account, which the first
    password changes (governance.invitations).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="invitations")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["practice", "-sent_at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("sent_at")), name="governance_invitation_expires_later"
            ),
            models.UniqueConstraint(
                fields=["practice", "person"],
                condition=Q(revoked_at__isnull=True),
                name="governance_invitation_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.person}"


class Shared(models.Model):
    """What all web processes share for a while, as Django's database cache keeps it: counts of failed sign-ins."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "governance_shared"

    def __str__(self) -> str:
        return self.cache_key
