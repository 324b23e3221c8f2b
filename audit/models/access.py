"""The access log: who looked at what, who signed in, who failed to. Sealed into the ledger in batches.

Rows come through `audit.note_access` alone (audit/sql/access.sql), which takes the time from the database's clock and
locks no head; `audit.seal_access`, called by the checkpointer, seals what is waiting.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.models.ledger import Entry


class AccessEvent(models.Model):
    """One access. Holds ids and names of addresses, nothing a person typed."""

    class Kind(models.TextChoices):
        VIEW = "view", "Looked at"
        SEARCH = "search", "Searched"
        EXPORT = "export", "Exported"
        SIGN_IN = "sign-in", "Signed in"
        FAILED_SIGN_IN = "failed sign-in", "Failed to sign in"
        SIGN_OUT = "sign-out", "Signed out"

    at = models.DateTimeField()
    practice = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    account = models.BigIntegerField(null=True)
    kind = models.TextField(choices=Kind)
    path = models.TextField()
    """Name of the address, as `governance:right`."""
    object = models.TextField()
    """What the address names below the practice, as `DR-07`."""
    status = models.SmallIntegerField(null=True)
    request = models.TextField()
    fields = models.TextField()
    """Names of the fields by which a list was narrowed, never what stood in them."""
    length = models.IntegerField(null=True)
    """How many characters were searched for."""
    address = models.TextField()
    """Of a failed sign-in: the keyed hash of the address that was typed."""

    class Meta:
        indexes = [models.Index(fields=["practice", "-at"]), models.Index(fields=["actor", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["view", "search", "export", "sign-in", "failed sign-in", "sign-out"],
                ),
                name="audit_access_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.path}"


class AccessBatch(models.Model):
    """Which rows one ledger entry seals, and their leaf hashes, whose root the entry states."""

    entry = models.OneToOneField(Entry, models.PROTECT, related_name="+")
    ids = ArrayField(models.BigIntegerField())
    leaves = models.BinaryField()
    """32 bytes for each row, in the order of `ids`: they tell which row was changed."""
