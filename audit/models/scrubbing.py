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
