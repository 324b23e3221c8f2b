"""Written consents: a resolution that every member of a body signs, in place of a meeting."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from audit.models.base import Governed, Recorded
from decisions.models import Decision
from decisions.models.base import ByAppointment
from governance.choices import Exerciser, Side
from governance.models import DecisionRight, Person
from governance.models.scoped import Numbered, ScopedQuerySet
from governance.offices import SEE_CONFIDENTIAL
from meetings.choices import Answer
from meetings.models.signed import Signed
from meetings.rules.consents import ConsentState

BODIES = (Exerciser.BOARD, Exerciser.COMMITTEE, Exerciser.SHAREHOLDERS)


class WrittenConsentQuerySet(ScopedQuerySet["WrittenConsent"]):
    """What lies before a body is the PC's own matter; the decision that it becomes stands in the log for all."""

    def visible_to(self, person: Person | None, permission: str = SEE_CONFIDENTIAL) -> Self:
        return super().visible_to(person, permission)


class WrittenConsent(Governed, Numbered, ByAppointment):
    """The text of a resolution before the members of a body. It never changes; the last consent makes it a decision."""

    PREFIX: ClassVar[str] = "WC"

    body = models.CharField(max_length=16, choices=[(one.value, one.label) for one in BODIES])
    right = models.ForeignKey(DecisionRight, models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    text = models.TextField("resolution")
    rationale = models.TextField()
    sha256 = models.CharField(max_length=64)
    """Of title, text and rationale as the members read them (`meetings.services.consents.hash_of`)."""
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=ConsentState.choices(), default=ConsentState.OPEN)
    closing_reason = models.TextField(blank=True)
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="consent")

    objects = WrittenConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "year", "number"], name="meetings_consent_number"),
            models.CheckConstraint(condition=Q(side=Side.PC), name="meetings_consent_of_the_pc"),
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("opened_at")), name="meetings_consent_has_time"),
            models.CheckConstraint(
                condition=Q(state="adopted", decision__isnull=False) | (~Q(state="adopted") & Q(decision__isnull=True)),
                name="meetings_adopted_consent_is_a_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declined", "withdrawn"]) | ~Q(closing_reason=""),
                name="meetings_consent_closed_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class ConsentAnswer(Recorded, Signed):
    """One member's signature under exactly this text, or the refusal to sign it."""

    consent = models.ForeignKey(WrittenConsent, models.PROTECT, related_name="answers")
    answer = models.CharField(max_length=8, choices=Answer)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ["signed_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["consent", "person"], name="meetings_answers_once"),
            models.CheckConstraint(condition=Q(side=Side.PC), name="meetings_answer_of_the_pc"),
            models.CheckConstraint(condition=~Q(meaning=""), name="meetings_answer_with_meaning"),
            models.CheckConstraint(
                condition=~Q(answer=Answer.DECLINES) | ~Q(reason=""), name="meetings_declined_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.printed_name} {self.get_answer_display().lower()}"
