"""The access log: who looked at what, who signed in, who failed to. Sealed into the ledger in batches.

Rows come through `audit.note_access` alone (audit/sql/access.sql), which takes the time from the database's clock and
locks no head; `audit.seal_access`, called by the checkpointer, seals what is waiting.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from audit.models.ledger import Entry


class AccessKind(models.TextChoices):
    """What was done."""

    VIEW = "view", "Looked at"
    SEARCH = "search", "Searched"
    EXPORT = "export", "Exported"
    SIGN_IN = "sign-in", "Signed in"
    FAILED_SIGN_IN = "failed sign-in", "Failed to sign in"
    SIGN_OUT = "sign-out", "Signed out"
    TIME_OUT = "time-out", "Signed out after an idle time"
    LOCK_OUT = "lock-out", "Kept out after too many failures"
    INVITATION = "invitation accepted", "Accepted an invitation"
    PASSWORD = "password set", "Set a password"
    ADDRESS = "address changed", "Changed the e-mail address"
    FACTOR_ADDED = "factor added", "Added a factor"
    FACTOR_REMOVED = "factor removed", "Removed a factor"
    CALENDAR = "calendar address", "Made or took back a calendar address"
    SIGN_ON = "sign-on tied", "Tied or untied an identity provider"
    STORED = "sign-in changed", "Changed what is stored of a sign-in"
    """Noted by the database for itself, beside what a page notes of the same change, or alone where no page made it."""


class AccessEvent(models.Model):
    """One access. Holds ids and names of addresses, nothing a person typed."""

    Kind = AccessKind

    at = models.DateTimeField()
    practice = models.UUIDField(null=True)
    actor = models.UUIDField(null=True)
    account = models.BigIntegerField(null=True)
    kind = models.TextField(choices=AccessKind)
    path = models.TextField()
    """Name of the address, as `governance:right`."""
    object = models.TextField()
    """What the address names below the practice, as `DR-07`; of a sign-in or factor its kind, as `password totp`."""
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
                condition=models.Q(kind__in=AccessKind.values),
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
