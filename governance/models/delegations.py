"""Delegation: one physician exercises a named right for another, for a period, and what was done that way."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from audit.models.base import Governed, Recorded
from governance.models.offices import Period
from governance.models.people import Person
from governance.models.practices import Practice


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def in_force(self, at: datetime | None = None) -> Self:
        """Delegations that have begun and not ended at a moment (now, unless given)."""
        moment = at or timezone.now()
        return self.filter(starts_at__lte=moment, ends_at__gt=moment)


class Delegation(Governed):
    """One right that a physician lets another physician exercise, for a stated period. It ends by time alone."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="delegations")
    delegator = models.ForeignKey(Person, models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(Person, models.PROTECT, related_name="delegations_held")
    code = models.CharField("right", max_length=8)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField()
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    end_reason = models.TextField(blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        ordering = ["practice", "-starts_at", "code"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gte=F("starts_at")), name="governance_delegation_period"),
            models.CheckConstraint(condition=~Q(delegator=F("delegate")), name="governance_delegation_to_another"),
            models.CheckConstraint(condition=~Q(reason=""), name="governance_delegation_with_reason"),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, end_reason="") | Q(ended_by__isnull=False) & ~Q(end_reason=""),
                name="governance_delegation_ended_with_reason",
            ),
            ExclusionConstraint(
                name="governance_delegated_once",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("delegator", RangeOperators.EQUAL),
                    ("code", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}, {self.delegator} to {self.delegate}"


class DelegatedAct(Recorded):
    """Says of an act that it was done as a delegate. Without it the database takes no act on another's right."""

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="acts")

    def __str__(self) -> str:
        return f"as delegate of {self.delegation.delegator}"
