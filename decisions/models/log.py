"""The decision log and the operational log."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.models.base import Governed, Recorded
from decisions.models.base import ByAppointment
from governance.choices import Side
from governance.models import DecisionRight
from governance.models.scoped import Numbered, ScopedQuerySet


class Decision(Recorded, Numbered, ByAppointment):
    """A decision under a right of the catalogue. It is never edited: a later one supersedes it."""

    PREFIX: ClassVar[str] = "D"

    right = models.ForeignKey(DecisionRight, models.PROTECT, related_name="decisions")
    holder = models.CharField(max_length=3, choices=Side)
    title = models.CharField(max_length=200)
    text = models.TextField("decision")
    rationale = models.TextField()
    decided_at = models.DateTimeField()
    body_name = models.CharField(max_length=120, blank=True)
    """The body that took it, where a body did; else the office decided alone."""
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")

    objects = ScopedQuerySet["Decision"].as_manager()

    class Meta:
        ordering = ["-decided_at", "-id"]
        indexes = [models.Index(fields=["practice", "-decided_at"])]
        constraints = [
            models.UniqueConstraint(fields=["practice", "year", "number"], name="decisions_decision_number"),
            models.CheckConstraint(condition=Q(holder=F("side")), name="decisions_decision_by_the_holder"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class OperationalItem(Governed, Numbered, ByAppointment):
    """Something the MSO did under a right it holds. The Medical Director may pull it over the line."""

    PREFIX: ClassVar[str] = "OP"

    class Category(models.TextChoices):
        VENDOR = "vendor", "Vendor"
        FACILITIES = "facilities", "Facilities"
        SCHEDULING = "scheduling", "Scheduling system"
        STAFFING = "staffing", "Staffing logistics"
        DOCUMENTATION = "documentation", "Documentation and reporting"
        FINANCE = "finance", "Financial administration"
        TECHNOLOGY = "technology", "Technology and security"

    class State(models.TextChoices):
        LOGGED = "logged", "Logged"
        PULLED = "pulled", "Pulled over the line"

    right = models.ForeignKey(DecisionRight, models.PROTECT, related_name="operational_items")
    holder = models.CharField(max_length=3, choices=Side)
    category = models.CharField(max_length=16, choices=Category)
    title = models.CharField(max_length=200)
    detail = models.TextField()
    happened_on = models.DateField()
    screen = models.JSONField()
    """The seven answers of the clinical-effect screen; all are no, else it is a proposal."""
    state = models.CharField(max_length=8, choices=State, default=State.LOGGED)
    pull_reason = models.TextField(blank=True)

    objects = ScopedQuerySet["OperationalItem"].as_manager()

    class Meta:
        ordering = ["-happened_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "year", "number"], name="decisions_item_number"),
            models.CheckConstraint(condition=Q(holder=Side.MSO, side=Side.MSO), name="decisions_item_of_the_mso"),
            models.CheckConstraint(
                condition=Q(state="logged") | ~Q(pull_reason=""), name="decisions_item_pulled_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
