"""The record itself: logs, their heads, entries, acts and parts.

No process inserts here but through `audit.seal` (audit/sql/seal.sql); the application reads.
"""

from django.db import models


class XidField(models.BigIntegerField):
    """PostgreSQL's 64-bit transaction id. It repeats after a restore: never an identity, only a seal's mark."""

    def db_type(self, connection: object) -> str:
        return "xid8"


class Log(models.Model):
    """One append-only RFC 6962 log: of a practice, of the installation, or of the other logs' checkpoints."""

    class Kind(models.TextChoices):
        PRACTICE = "practice", "Practice"
        INSTALLATION = "installation", "Installation"
        SITE = "site", "Checkpoints of all logs"

    kind = models.CharField(max_length=12, choices=Kind)
    practice = models.UUIDField(null=True, unique=True)
    origin = models.TextField(unique=True)
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=~models.Q(kind="practice"), name="audit_log_one_of_a_kind"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="practice", practice__isnull=False)
                | (~models.Q(kind="practice") & models.Q(practice__isnull=True)),
                name="audit_log_practice_of_its_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.origin


class Head(models.Model):
    """The size, root and frontier of a log; locked while an entry is appended."""

    log = models.OneToOneField(Log, models.PROTECT, primary_key=True)
    size = models.BigIntegerField()
    root = models.BinaryField()
    frontier = models.BinaryField()
    """The roots of the perfect subtrees, large to small, 32 bytes each."""
    last_at = models.DateTimeField()


class Entry(models.Model):
    """One leaf: the header text exactly as hashed, and its RFC 6962 leaf hash."""

    log = models.ForeignKey(Log, models.PROTECT, db_index=False)
    index = models.BigIntegerField()
    header = models.TextField()
    leaf = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "index"], name="audit_entry_number")]
        ordering = ["log", "index"]


class Act(models.Model):
    """The unit of governance: who, in which office, by which right, did what, to which rows, why and when.

    Persons, practices, appointments and rights are ids without foreign key, with names as text: the record
    outlives what it speaks of.
    """

    class Outcome(models.TextChoices):
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"

    class Capacity(models.TextChoices):
        DECIDES = "decides", "Decides"
        TAKES_PART = "takes part", "Takes part"
        SYSTEM = "system", "System"
        FOUNDING = "founding", "Founding"

    id = models.UUIDField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT)
    practice = models.UUIDField(null=True)
    verb = models.TextField()
    outcome = models.TextField(choices=Outcome)
    capacity = models.TextField(choices=Capacity)
    actor = models.UUIDField(null=True)
    actor_name = models.TextField()
    office = models.TextField()
    office_name = models.TextField()
    side = models.TextField()
    appointment = models.BigIntegerField(null=True)
    right = models.TextField()
    object_type = models.TextField()
    object_id = models.TextField()
    reason = models.TextField()
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    xid = XidField()
    request = models.TextField()
    via = models.TextField()
    flag = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["practice", "outcome", "-occurred_at"]),
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["practice", "right"]),
            models.Index(fields=["practice", "-entry"]),
            models.Index(fields=["xid"]),
        ]
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return f"{self.verb} by {self.actor_name or 'the system'}"


class Part(models.Model):
    """A payload kept apart from the header, which holds only its salted commitment.

    Leaving a part out, or scrubbing it, keeps every proof valid.
    """

    act = models.ForeignKey(Act, models.PROTECT, related_name="parts", db_index=False)
    name = models.TextField()
    salt = models.BinaryField(null=True)
    body = models.TextField(null=True)  # noqa: DJ001 (null is the mark of a scrubbed part)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["act", "name"], name="audit_part_name")]


class Checkpoint(models.Model):
    """A signed note over a log's size and root, made by the checkpointer alone (C2SP tlog-checkpoint)."""

    log = models.ForeignKey(Log, models.PROTECT)
    size = models.BigIntegerField()
    note = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "size"], name="audit_checkpoint_of_a_size")]
        ordering = ["log", "-size"]
        get_latest_by = "size"
