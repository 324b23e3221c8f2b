"""Minutes: what is typed (no record), what is submitted, what is signed, and what amends it."""

from django.db import models
from django.db.models import Q

from audit.markup import sealed_as_typed
from audit.models.base import Governed, Recorded
from decisions.models.base import ByAppointment
from governance.choices import Side
from governance.models import Account
from meetings.models.meetings import AgendaItem, Meeting
from meetings.models.room import Motion
from meetings.models.signed import Affirmed, Signed
from meetings.rules.workflow import MinutesState


class Minutes(Governed):
    """The minutes of a meeting. Signed minutes never change; a correction is an amendment."""

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    state = models.CharField(max_length=10, choices=MinutesState.choices(), default=MinutesState.DRAFT)
    version = models.PositiveSmallIntegerField(default=0)
    """The newest version, submitted or circulated; 0 before the first."""
    signature = models.OneToOneField("meetings.Signature", models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name_plural = "minutes"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="signed", signature__isnull=False) | (~Q(state="signed") & Q(signature__isnull=True)),
                name="meetings_signed_minutes_have_a_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"Minutes, {self.meeting}"

    @property
    def code(self) -> str:
        return f"MIN-{self.meeting.code}"


class WorkingDraft(models.Model):
    """The text being typed: overwritten, kept out of history and ledger, deleted when the minutes are signed."""

    minutes = models.OneToOneField(Minutes, models.PROTECT, related_name="working_draft")
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)


class ItemDraft(models.Model):
    """What is being typed in one field of an item's forms, such as "account.account": no record, deleted with it."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="drafts")
    field = models.CharField(max_length=40)
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "field"], name="meetings_one_draft_a_field")]


class MinutesVersion(Recorded):
    """A text circulated for comment or submitted to the chair, with the record it stands on."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    facts = models.JSONField()
    canonical = models.TextField()
    """The canonical record: facts, text and hashes of papers, exactly as shown to the signer and hashed."""
    sha256 = models.CharField(max_length=64)
    submitted_at = models.DateTimeField()
    circulated_until = models.DateTimeField(null=True)
    """Until when it may be commented on; null of a version submitted to the chair. It then is no more than a draft."""

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="meetings_version_number"),
            models.UniqueConstraint(fields=["id", "minutes", "sha256"], name="meetings_version_and_hash"),
        ]

    @property
    def as_typed(self) -> bool:
        """Whether its signer was shown the text as it was typed: not so before the record had its own text format."""
        return sealed_as_typed(self.canonical)

    def __str__(self) -> str:
        return f"Version {self.number} of {self.minutes.code}"


class Attestation(Recorded, Affirmed):
    """The recording secretary of the meeting attests one version, before it is signed."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="attestations")
    version = models.OneToOneField(MinutesVersion, models.PROTECT, related_name="attestation")
    attested_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(meaning=""), name="meetings_attested_with_meaning")]

    def __str__(self) -> str:
        return f"{self.printed_name}, {self.office_name}"


class Signature(Recorded, Signed):
    """The chair's signature under one version."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="signatures")
    version = models.OneToOneField(MinutesVersion, models.PROTECT, related_name="signature")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side=Side.PC), name="meetings_signed_by_the_pc"),
            models.CheckConstraint(condition=~Q(meaning=""), name="meetings_signature_with_meaning"),
            models.UniqueConstraint(fields=["id", "minutes"], name="meetings_signature_and_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.printed_name}, {self.office_name}"


class Amendment(Recorded, ByAppointment):
    """A correction of signed minutes: decided by the body in a later meeting, added beside them by a chair."""

    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="amendments")
    motion = models.OneToOneField(Motion, models.PROTECT, null=True, related_name="amends_minutes")
    """The motion that carried it; null of what was amended before motions were asked for."""
    number = models.PositiveSmallIntegerField()
    text = models.TextField("what is corrected")
    reason = models.TextField()
    printed_name = models.CharField(max_length=160)
    office_name = models.CharField(max_length=80)
    amended_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="meetings_amendment_number"),
            models.CheckConstraint(condition=Q(side=Side.PC), name="meetings_amended_by_the_pc"),
            models.CheckConstraint(condition=~Q(reason=""), name="meetings_amendment_with_reason"),
        ]
