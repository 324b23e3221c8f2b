"""Legal holds: what counsel orders to be preserved, whatever else would remove it."""

from typing import Self

from django.db import models
from django.db.models import Q

from audit.models.base import Governed
from governance.models.people import Person
from governance.models.practices import Practice
from governance.models.scoped import Numbered, ScopedQuerySet


class HoldQuerySet(ScopedQuerySet["Hold"]):
    def standing(self, practice: Practice) -> Self:
        """The holds of a practice that nobody has lifted."""
        return self.filter(practice=practice, lifted_at__isnull=True)


class Hold(Governed, Numbered):
    """A hold on the whole practice, or on one object, which the act's object names. It ends only by being lifted.

    While any hold stands in a practice, nothing that a scrub takes out there is destroyed: it is sequestered.
    """

    PREFIX = "LH"

    matter = models.CharField(max_length=200)
    reason = models.TextField()
    object_type = models.TextField(blank=True, editable=False)
    """Label of the held object's model in lower case; empty for the whole practice."""
    object_id = models.TextField(blank=True, editable=False)
    object_name = models.CharField("holds", max_length=200, blank=True, editable=False)
    placed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.TextField(blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at"]
        verbose_name = "legal hold"
        constraints = [
            models.UniqueConstraint(fields=["practice", "year", "number"], name="governance_hold_number"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_reason="") | (Q(lifted_at__isnull=False) & ~Q(lift_reason="")),
                name="governance_hold_lifted_with_reason",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(matter=""), name="governance_hold_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.matter}"
