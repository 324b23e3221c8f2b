"""The decision-rights catalogue: which side holds which right, who inside it decides, on what basis in law."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from audit.models.base import Governed, Recorded
from governance.choices import Exerciser, OtherSide, Side
from governance.models.practices import Practice
from governance.offices import offices_that_exercise


class CatalogueQuerySet(models.QuerySet["CatalogueVersion"]):
    def ruling(self, practice: Practice, at: datetime | None = None) -> Self:
        """The version that rules on a moment, as a queryset of one."""
        moment = at or timezone.now()
        return self.filter(practice=practice, effective_from__lte=moment).order_by("-effective_from")[:1]


class CatalogueVersion(Governed):
    """One version of a practice's catalogue. It is a draft for counsel until counsel has adopted it."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="catalogues")
    number = models.PositiveSmallIntegerField()
    effective_from = models.DateTimeField()
    adopted_on = models.DateField(null=True, blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        ordering = ["practice", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="governance_catalogue_number"),
            models.UniqueConstraint(fields=["practice", "effective_from"], name="governance_catalogue_one_at_a_time"),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


class DecisionRight(Recorded):
    """One right of a catalogue version; a changed right is a new version's row."""

    catalogue = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="rights")
    code = models.CharField(max_length=8)
    name = models.CharField(max_length=200)
    category = models.CharField(max_length=40)
    holder = models.CharField(max_length=3, choices=Side)
    exercised_by = ArrayField(models.CharField(max_length=24, choices=Exerciser))
    other_side = models.CharField(max_length=12, choices=OtherSide)
    other_side_note = models.CharField(max_length=200, blank=True)
    basis = models.CharField(max_length=300)
    confirmed = models.BooleanField()

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="governance_right_once_a_version"),
            models.UniqueConstraint(fields=["id", "holder"], name="governance_right_and_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def deciders(self) -> str:
        """Who decides, in words: "Medical Director or Board of directors"."""
        return " or ".join(str(Exerciser(one).label) for one in self.exercised_by)

    @property
    def offices(self) -> list[str]:
        return [str(office.label) for office in offices_that_exercise(self.exercised_by)]
