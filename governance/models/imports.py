"""A file that was uploaded and is looked at before it is imported."""

from datetime import datetime
from typing import Self

from django.db import models

from governance.models.people import Person
from governance.models.practices import Practice


class ImportDraftQuerySet(models.QuerySet["ImportDraft"]):
    def standing(self, at: datetime) -> Self:
        """Those that have not expired."""
        return self.filter(expires_at__gt=at)


class ImportDraft(models.Model):
    """The rows of an uploaded file, of one person. No record: replaced by the next upload, gone once imported.

    What was previewed is what is imported: both read these lines. `about` names what the file is
    for, such as a meeting.
    """

    class Kind(models.TextChoices):
        ROSTER = "roster", "Roster"
        AGENDA = "agenda", "Agenda"
        ACTIONS = "actions", "Past corrective actions"

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    about = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    lines = models.JSONField()
    """Pairs of a row's number in the file and its cells; the heading first."""
    month_first = models.BooleanField(null=True)
    said = models.JSONField(default=list)
    """Sentences on how the file was read, such as from which sheet."""
    letters_unknown = models.BooleanField(default=False)
    """Whether the file does not say its encoding and the person has not either: the lines are held byte for byte."""
    uploaded_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    objects = ImportDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "person", "kind", "about"], name="governance_one_import_a_kind")
        ]

    def __str__(self) -> str:
        return self.name
