"""The decision-rights catalogue: which side holds which right, who inside it decides, on what basis in law."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from audit.models.base import Governed, Recorded
from governance.choices import CatalogueState, Exerciser, OtherSide, Side
from governance.models.people import Person
from governance.models.practices import Practice
from governance.offices import offices_that_exercise


class CatalogueQuerySet(models.QuerySet["CatalogueVersion"]):
    def ruling(self, practice: Practice, at: datetime | None = None) -> Self:
        """The version that rules on a moment, as a queryset of one."""
        moment = at or timezone.now()
        return self.filter(practice=practice, effective_from__lte=moment).order_by("-effective_from")[:1]


class CatalogueVersion(Governed):
    """One version of a practice's catalogue: the starter, a draft for counsel, or one that somebody proposed.

    It rules from `effective_from`, which a proposed version has not; adopting gives it.
    """

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="catalogues")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=CatalogueState, default=CatalogueState.STARTER)
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="drafted from")
    summary = models.TextField(blank=True)
    amended_under = models.CharField("its successor is adopted under", max_length=8, default="DR-34")
    """The right under which the next version is adopted: the catalogue itself names it."""
    proposed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    effective_from = models.DateTimeField(null=True)
    adopted_on = models.DateField(null=True, blank=True)
    closing_reason = models.TextField(blank=True)

    objects = CatalogueQuerySet.as_manager()

    class Meta:
        ordering = ["practice", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="governance_catalogue_number"),
            models.UniqueConstraint(fields=["practice", "effective_from"], name="governance_catalogue_one_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(state=CatalogueState.STARTER, effective_from__isnull=False, adopted_on__isnull=True)
                | models.Q(state=CatalogueState.ADOPTED, effective_from__isnull=False, adopted_on__isnull=False)
                | models.Q(
                    state__in=[CatalogueState.PROPOSED, CatalogueState.SET_ASIDE],
                    effective_from__isnull=True,
                    adopted_on__isnull=True,
                ),
                name="governance_catalogue_rules_once_adopted",
            ),
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
    reserved = models.BooleanField("reserved to physicians by law", default=False)
    """A reserved right stays with the PC in every later version; the database sees to it."""

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["catalogue", "code"], name="governance_right_once_a_version"),
            models.UniqueConstraint(fields=["id", "holder"], name="governance_right_and_holder"),
            models.CheckConstraint(
                condition=models.Q(holder=Side.PC) | models.Q(reserved=False),
                name="governance_right_reserved_to_the_pc",
            ),
            models.CheckConstraint(
                condition=models.Q(holder=Side.MSO, exercised_by=[Exerciser.MSO])
                | models.Q(holder=Side.PC)
                & ~models.Q(exercised_by=[])
                & ~models.Q(exercised_by__contains=[Exerciser.MSO]),
                name="governance_right_exercised_by_its_holder",
            ),
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
