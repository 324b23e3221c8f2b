"""Where a text was scrubbed: the one lawful exception to append-only, named place by place."""

from django.db import models

from audit.models.base import Recorded
from audit.models.ledger import XidField


class Scrubbing(Recorded):
    """One place that an act scrubbed: table, row and column, never the value. Only `audit.scrub` inserts here."""

    by_owner = True

    table_name = models.TextField()
    row_key = models.TextField()
    column_name = models.TextField()
    rows = models.JSONField()
    """Rows of the record whose text changed, as [table, key]; the act commits to what they are now."""
    parts = models.JSONField()
    """Parts that lost salt and body, as [act, name]."""
    xid = XidField()
    scrubbed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["table_name", "row_key"])]

    def __str__(self) -> str:
        return f"{self.column_name} of {self.table_name} {self.row_key}"


class Sequestered(Recorded):
    """What a scrub under a legal hold took out, encrypted: the row names the file in the store, never its content."""

    scrubbing = models.OneToOneField(Scrubbing, models.PROTECT, related_name="sequestered")
    practice = models.UUIDField(db_index=True)
    sha256 = models.CharField(max_length=64)
    """Address of the encrypted file."""
    size = models.BigIntegerField()
    key = models.CharField(max_length=16)
    """Which key opens it."""
    sequestered_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Sequestered value {self.pk}"


class Opening(Recorded):
    """One opening of a sequestered value; its act says by whom and why."""

    sequestered = models.ForeignKey(Sequestered, models.PROTECT, related_name="openings")
    opened_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Opening of {self.sequestered}"


class Destruction(Recorded):
    """The end of a sequestered value: its encrypted file is dropped once the last hold is lifted."""

    sequestered = models.OneToOneField(Sequestered, models.PROTECT, related_name="destruction")
    destroyed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Destruction of {self.sequestered}"
