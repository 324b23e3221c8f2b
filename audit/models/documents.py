"""Sealed documents and the jobs that render them."""

from django.db import models

from audit.models.base import Recorded


class Document(Recorded):
    """A file sealed into the record: its hash is in the ledger, its bytes in the content-addressed store."""

    practice = models.UUIDField(null=True, db_index=True)
    kind = models.TextField()
    title = models.TextField()
    object_type = models.TextField()
    object_id = models.TextField()
    compartment = models.TextField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.TextField()
    sealed_at = models.DateTimeField()
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="replacements")
    """The document whose bytes a scrub dropped, and in whose place this one stands."""

    class Meta:
        indexes = [models.Index(fields=["object_type", "object_id"])]

    def __str__(self) -> str:
        return self.title


class Job(models.Model):
    """A document to be rendered. No record: a job is leased, retried and forgotten; its result is a Document.

    `key` makes it idempotent: the same object at the same state is rendered once.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Being rendered"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    key = models.TextField(unique=True)
    practice = models.UUIDField(null=True, db_index=True)
    act = models.UUIDField(null=True)
    """The act that asked for it; the document prints a checkpoint that covers it."""
    renderer = models.TextField()
    arguments = models.JSONField(default=dict)
    state = models.TextField(choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["practice"], condition=~models.Q(state="done"), name="audit_job_underway"),
        ]

    def __str__(self) -> str:
        return self.key
