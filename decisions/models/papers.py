"""Papers: files put before the physicians, under a proposal here and under an agenda item in meetings."""

from django.db import models
from django.db.models import Q

from audit.documents.foreign import KINDS
from audit.models import Document
from audit.models.base import Recorded
from decisions.models.base import ByAppointment
from decisions.models.proposals import Proposal
from governance.models import Practice

_WORDS = {kind.media_type: kind.words for kind in KINDS.values()}


class Paper(Recorded):
    """A paper through all its versions; of a proposal, or of the agenda item that meetings tie it to."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="papers")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True, related_name="papers")

    def __str__(self) -> str:
        return f"Paper {self.pk}"


class PaperVersion(Recorded, ByAppointment):
    """One file of a paper, exactly as it was put; the hash of its bytes is in the document and in the ledger."""

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=160)
    note = models.TextField("what changed", blank=True)
    document = models.OneToOneField(Document, models.PROTECT, related_name="paper_version")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="decisions_paper_version_number"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(note=""), name="decisions_paper_replaced_with_note"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def file_kind(self) -> str:
        """What the file is, in words: "PDF", "Word document"."""
        return _WORDS.get(self.document.media_type, "File")


class PaperWithdrawal(Recorded, ByAppointment):
    """A paper is no longer relied on, and why. Its versions stay."""

    paper = models.OneToOneField(Paper, models.PROTECT, related_name="withdrawal")
    reason = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="decisions_paper_withdrawn_with_reason")]

    def __str__(self) -> str:
        return f"Withdrawn: {self.reason[:60]}"
