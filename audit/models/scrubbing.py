"""Where a text was scrubbed: the one lawful exception to append-only, named place by place.

A scrub hides at once and destroys nothing: what it took out is sequestered, until a second person confirms the scrub or
takes it back; and what a confirmed scrub keeps goes only by a later act.
"""

from typing import Self

from django.db import models

from audit.models.base import Recorded
from audit.models.ledger import XidField


class ScrubbingQuerySet(models.QuerySet["Scrubbing"]):
    def standing(self) -> Self:
        """Those that nobody took back."""
        return self.filter(restoration__isnull=True)

    def undecided(self) -> Self:
        """Those that wait for a second person: what they took out is kept, neither confirmed nor taken back."""
        decided = Confirmation.objects.filter(scrub=models.OuterRef("act"))
        return self.standing().filter(~models.Exists(decided), sequestered__isnull=False)


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
    remains = models.TextField(default="", blank=True)
    """What is left of a payload, which has no row of its own; empty elsewhere."""
    xid = XidField()
    scrubbed_at = models.DateTimeField()

    objects = ScrubbingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["table_name", "row_key"])]

    def __str__(self) -> str:
        return f"{self.column_name} of {self.table_name} {self.row_key}"

    @property
    def where(self) -> str:
        """The place in words: which text of which row."""
        if self.column_name == "bytes":
            return f"Sealed file {self.row_key}"
        column, table = self.column_name.replace("_", " ").capitalize(), self.table_name.partition("_")[2]
        return f"{column} of {table} {self.row_key}"


class Confirmation(Recorded):
    """A second person agreed with a scrub: from now on it is only a matter of time and of holds when its text goes."""

    scrub = models.OneToOneField("audit.Act", models.DO_NOTHING, related_name="+")
    """The act that scrubbed."""
    practice = models.UUIDField(db_index=True)
    confirmed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Confirmation of scrub {self.scrub_id}"


class Restoration(Recorded):
    """One place of a scrub that was taken back: its text stands again. Only `audit.restore` inserts here."""

    by_owner = True

    scrubbing = models.OneToOneField(Scrubbing, models.PROTECT, related_name="restoration")
    xid = XidField()
    restored_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Restoration of {self.scrubbing}"


class Sequestered(Recorded):
    """What a scrub took out, encrypted: the row names the file in the store, never its content."""

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
    """The end of a sequestered value, by an act of disposal: its encrypted file is dropped."""

    sequestered = models.OneToOneField(Sequestered, models.PROTECT, related_name="destruction")
    destroyed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Destruction of {self.sequestered}"
