"""How a version of the catalogue comes into force: the draft, counsel's review, the PC's adoption."""

from django.db import models
from django.db.models import F, Q

from audit.models.base import Recorded
from governance.choices import Opinion, Side
from governance.models.catalogue import CatalogueVersion, DecisionRight
from governance.models.offices import Appointment
from governance.models.people import Person
from governance.models.practices import Practice


class CatalogueDraft(models.Model):
    """A version being written by one person, right by right. No record until it is submitted; then it is deleted."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    base = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="+")
    rights = models.JSONField()
    """The rights by code, each as `governance.catalogue.RightText` writes it."""
    amended_under = models.CharField(max_length=8)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "person"], name="governance_one_catalogue_draft")]

    def __str__(self) -> str:
        return f"Draft from version {self.base.number}"


class CatalogueReview(Recorded):
    """What the PC's counsel thinks of a version. Nothing is adopted without a review that clears it."""

    version = models.ForeignKey(CatalogueVersion, models.PROTECT, related_name="reviews")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="counsel")
    outcome = models.CharField(max_length=12, choices=Opinion)
    opinion = models.TextField()
    reviewed_at = models.DateTimeField()

    class Meta:
        verbose_name = "counsel's review"
        ordering = ["-reviewed_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(opinion=""), name="governance_review_with_opinion")]

    def __str__(self) -> str:
        return f"Review of {self.version}"


class CatalogueAdoption(Recorded):
    """The PC's decision by which a version comes into force."""

    version = models.OneToOneField(CatalogueVersion, models.PROTECT, related_name="adoption")
    right = models.ForeignKey(DecisionRight, models.PROTECT, related_name="+")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="adopted by")
    proposer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    holder = models.CharField(max_length=3, choices=Side, default=Side.PC)
    resolution = models.TextField()
    effective_from = models.DateTimeField()
    adopted_at = models.DateTimeField()
    sole_physician = models.BooleanField(default=False)
    """Who proposed it adopted it, being the practice's only physician."""

    class Meta:
        verbose_name = "adoption"
        constraints = [
            models.CheckConstraint(condition=Q(holder=Side.PC), name="governance_adoption_by_the_pc"),
            models.CheckConstraint(
                condition=Q(proposer__isnull=True) | ~Q(person=F("proposer")) | Q(sole_physician=True),
                name="governance_adoption_not_by_the_proposer",
            ),
        ]

    def __str__(self) -> str:
        return f"Adoption of {self.version}"
