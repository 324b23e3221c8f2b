"""Corrective actions: root cause, owner, due date, evidence, and a check whether they worked."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.models.base import Governed, Recorded
from decisions.models.base import ByAppointment
from decisions.models.log import Decision
from decisions.rules.strength import Strength
from decisions.rules.workflow import ActionState
from governance.models import Person
from governance.models.scoped import Numbered, ScopedQuerySet


class CorrectiveAction(Governed, Numbered):
    """Something to be put right. The verifier of its effect is never its owner."""

    PREFIX: ClassVar[str] = "CA"

    title = models.CharField(max_length=200)
    root_cause = models.TextField()
    action = models.TextField("what will be done")
    strength = models.CharField(max_length=14, choices=Strength.choices())
    owner = models.ForeignKey(Person, models.PROTECT, related_name="corrective_actions")
    due_on = models.DateField()
    measure = models.CharField("measure of effect", max_length=300)
    verifier = models.ForeignKey(Person, models.PROTECT, related_name="verifications_due")
    state = models.CharField(max_length=20, choices=ActionState.choices(), default=ActionState.OPEN)
    window_ends_on = models.DateField(null=True, blank=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    decision = models.ForeignKey(Decision, models.PROTECT, null=True, blank=True, related_name="actions")

    objects = ScopedQuerySet["CorrectiveAction"].as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "year", "number"], name="decisions_action_number"),
            models.CheckConstraint(condition=~Q(owner=F("verifier")), name="decisions_verifier_is_not_owner"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(state=ActionState.CLOSED), name="decisions_action_closed_at"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ActionReview(Recorded, ByAppointment):
    """An entry in an action's account: evidence, a review at a meeting, a verification, a reopening."""

    class Kind(models.TextChoices):
        EVIDENCE = "evidence", "Evidence submitted"
        WINDOW = "window", "Effectiveness window started"
        REVIEWED = "reviewed", "Reviewed"
        EFFECTIVE = "effective", "Verified effective"
        INEFFECTIVE = "ineffective", "Verified ineffective"

    corrective_action = models.ForeignKey(CorrectiveAction, models.PROTECT, related_name="reviews")
    kind = models.CharField(max_length=12, choices=Kind)
    note = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.note[:60]}"


class PastAction(Recorded):
    """A corrective action that was opened before it was entered here: when that was is claimed, and it says so."""

    corrective_action = models.OneToOneField(CorrectiveAction, models.PROTECT, related_name="past")
    result = models.TextField(blank=True)
    """What came of it, where it is closed."""

    class Meta:
        verbose_name = "past corrective action"

    def __str__(self) -> str:
        return f"{self.corrective_action.code}, entered afterwards"
