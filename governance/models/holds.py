"""Legal holds: what counsel orders to be preserved, whatever else would remove it."""

from typing import Any, Self

from django.db import models
from django.db.models import Q

from audit.models.base import Governed, Recorded
from governance.choices import Side
from governance.models.people import Person
from governance.models.practices import Practice
from governance.models.scoped import Numbered, ScopedQuerySet


class HoldQuerySet(ScopedQuerySet["Hold"]):
    def standing(self, practice: Practice) -> Self:
        """The holds of a practice that nobody has lifted, of either side. For rules; a page shows those of a side."""
        return self.filter(practice=practice, lifted_at__isnull=True)

    def of_side(self, side: str) -> Self:
        """The holds that one side placed: all that anybody of that side ever learns of."""
        return self.filter(side=side)


class Hold(Governed, Numbered):
    """A hold on the whole record, or on one object, which the act's object names. It ends only by being lifted.

    PC counsel places holds on the practice's record, MSO counsel on the management company's own. While any hold of
    either side stands in a practice, nothing that a scrub took out there is destroyed. Neither side learns of the
    other's holds.
    """

    PREFIX = "LH"
    OF_MSO = "MLH"
    """Each side counts its own: a gap in the numbers would tell of the other's."""

    side = models.TextField(choices=Side, default=Side.PC, editable=False)
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
            models.UniqueConstraint(fields=["practice", "side", "year", "number"], name="governance_hold_number"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lift_reason="") | (Q(lifted_at__isnull=False) & ~Q(lift_reason="")),
                name="governance_hold_lifted_with_reason",
            ),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(matter=""), name="governance_hold_with_reason"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="governance_hold_of_a_side"),
        ]

    @property
    def code(self) -> str:
        return super().code if self.side == Side.PC else f"{self.OF_MSO}-{self.year}-{self.number:03}"

    @classmethod
    def parse(cls, code: str) -> dict[str, Any]:
        ours = code.removeprefix("M")
        return {**super().parse(ours), "side": Side.PC if ours == code else Side.MSO}

    def __str__(self) -> str:
        return f"{self.code} {self.matter}"


class HoldAcknowledgement(Recorded):
    """A custodian has read a hold and keeps what it asks for; told when the hold is lifted."""

    hold = models.ForeignKey(Hold, models.PROTECT, related_name="acknowledgements")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    acknowledged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hold", "person"], name="governance_acknowledged_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person} acknowledged {self.hold.code}"
