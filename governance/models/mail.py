"""The outbox: who is to be mailed, about what, and what became of it."""

from django.db import models

from governance.models.people import Person
from governance.models.practices import Practice


class Mail(models.Model):
    """A mail to a person, asked for inside an act and sent after it by the worker. No record: it holds no text.

    What a mail says is composed when it is sent, from what then stands (governance.mail), so no secret and no word of
    the record lies here. `key` makes it idempotent: what was asked for twice is sent once.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        DROPPED = "dropped", "Not needed any more"
        FAILED = "failed", "Not delivered"

    key = models.TextField(unique=True)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="mails")
    person = models.ForeignKey(Person, models.PROTECT, related_name="mails")
    kind = models.TextField()
    """One of settings.MAILS."""
    arguments = models.JSONField(default=dict)
    """Keys of rows, for whoever composes it."""
    state = models.TextField(choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    """Not sent before; while it is being sent, when it may be taken up again."""
    error = models.TextField(blank=True)
    """Why it could not be sent the last time: the kind of failure and the server's code, no address and no text."""
    asked_at = models.DateTimeField(auto_now_add=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="governance_mail_waiting"),
            models.Index(fields=["practice", "-asked_at"], name="governance_mail_asked"),
        ]

    def __str__(self) -> str:
        return self.key
