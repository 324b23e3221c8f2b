"""Papers under a closed item: rows of its closed part, tied to no open item and found by no reader of open papers."""

from django.db import models
from django.db.models import Q

from audit.documents.foreign import KINDS
from audit.models import Document
from decisions.models.base import ByAppointment
from meetings.models.closed import Closed, Matter

_WORDS = {kind.media_type: kind.words for kind in KINDS.values()}


class ClosedPaper(Closed, ByAppointment):
    """One version of a paper: title, name and note lie here; the file's open row says that a file was recorded."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="papers")
    paper = models.PositiveSmallIntegerField()
    """Which paper of the matter it is, through all its versions."""
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=160)
    note = models.TextField("what changed", blank=True)
    document = models.OneToOneField(Document, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["paper", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "paper", "number"], name="meetings_closed_paper_version"),
            models.CheckConstraint(condition=Q(number=1) | ~Q(note=""), name="meetings_closed_paper_says_what_changed"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"

    @property
    def file_kind(self) -> str:
        """What the file is, in words: "PDF", "Word document"."""
        return _WORDS.get(self.document.media_type, "File")


class ClosedPaperWithdrawal(Closed, ByAppointment):
    """A paper under a closed item is no longer relied on, and why. Its versions stay."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="paper_withdrawals")
    paper = models.PositiveSmallIntegerField()
    reason = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "paper"], name="meetings_closed_paper_withdrawn_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="meetings_closed_paper_withdrawn_with_reason"),
        ]
