"""Closed items: what everybody may know of them, and in tables of their own what only the entitled may.

`ClosedSession` and `Designated` are open rows: that it was held, when, and counsel's word. All others here are
`Closed`: no timeline, search, pack or page of the open record reads them, and no open row refers to one.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from audit.markup import sealed_as_typed
from audit.models import Document
from audit.models.base import Governed, Recorded
from decisions.models.base import ByAppointment
from governance.choices import Side
from governance.models import Account, Person
from meetings.choices import Designation, Part
from meetings.models.meetings import AgendaItem
from meetings.models.room import Attendance
from meetings.models.signed import Affirmed, Signed
from meetings.rules.tally import Result


class ClosedSession(Governed):
    """A closed session under an item: when it began and ended, and what was reported out of it."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="closed_sessions")
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    reported_out = models.TextField(blank=True)

    class Meta:
        ordering = ["began_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("began_at")),
                name="meetings_closed_session_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["item"], condition=Q(ended_at__isnull=True), name="meetings_one_closed_session_at_a_time"
            ),
        ]


class Designated(Recorded, ByAppointment):
    """What the PC's counsel says of the protection of a closed part. The newest counts."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="designations")
    designation = models.CharField(max_length=12, choices=Designation)
    designated_at = models.DateTimeField()

    class Meta:
        ordering = ["-designated_at", "-pk"]


class Closed(Recorded):
    """A row of a closed compartment."""

    closed: ClassVar[bool] = True
    lies_in: ClassVar[str] = "matter"
    """The column with the key of the part in which a row lies."""

    class Meta:
        abstract = True


class Matter(Closed):
    """What a closed item is about."""

    lies_in: ClassVar[str] = "pk"
    item = models.OneToOneField(AgendaItem, models.PROTECT, related_name="matter")
    subject = models.CharField(max_length=200)
    presenter = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return str(self.item)


class Naming(Closed):
    """Somebody named on a closed item: concerned, invited, assigned, to record it, or to whom it is released."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="namings")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    part = models.CharField(max_length=10, choices=Part)
    reason = models.TextField(blank=True)
    named_at = models.DateTimeField()

    class Meta:
        ordering = ["named_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "person", "part"], condition=~Q(part="recorder"), name="meetings_named_once_as_such"
            ),
            models.CheckConstraint(condition=~Q(part="released") | ~Q(reason=""), name="meetings_released_with_reason"),
        ]


class Stay(Closed):
    """Who was in the room when a closed session began: whether they stayed, and by which rule."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="stays")
    session = models.ForeignKey(ClosedSession, models.PROTECT, related_name="stays")
    attendance = models.ForeignKey(Attendance, models.PROTECT, related_name="+")
    stayed = models.BooleanField()
    rule = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "attendance"], name="meetings_stays_once"),
            models.CheckConstraint(condition=~Q(rule=""), name="meetings_stays_by_a_rule"),
        ]


class Resolution(Closed):
    """A motion in closed session with its roll call and result, recorded at once and never changed."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="resolutions")
    session = models.ForeignKey(ClosedSession, models.PROTECT, related_name="resolutions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    mover = models.ForeignKey(Attendance, models.PROTECT, related_name="+")
    seconder = models.ForeignKey(Attendance, models.PROTECT, null=True, related_name="+")
    votes = models.JSONField()
    """A list of attendance, name, office and choice."""
    result = models.CharField(max_length=20, choices=Result.choices())
    votes_for = models.PositiveSmallIntegerField()
    votes_against = models.PositiveSmallIntegerField()
    abstentions = models.PositiveSmallIntegerField()
    needed = models.PositiveSmallIntegerField(null=True)
    sentence = models.TextField()
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="meetings_resolution_number"),
            models.CheckConstraint(
                condition=Q(seconder__isnull=True) | ~Q(seconder=models.F("mover")),
                name="meetings_resolution_seconded_by_another",
            ),
        ]


class ClosedDraft(models.Model):
    """The record of a closed part being typed: no record itself, deleted when the part is signed."""

    closed: ClassVar[bool] = True
    lies_in: ClassVar[str] = "matter"

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="draft")
    text = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    saved_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)


class ClosedVersion(Closed, Affirmed):
    """The record of a closed part as the named recorder attests it."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    facts = models.JSONField()
    canonical = models.TextField()
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="meetings_closed_version_number"),
            models.UniqueConstraint(fields=["id", "matter", "sha256"], name="meetings_closed_version_and_hash"),
        ]

    @property
    def as_typed(self) -> bool:
        """Whether its signer was shown the text as it was typed: not so before the record had its own text format."""
        return sealed_as_typed(self.canonical)


class ClosedSignature(Closed, Signed):
    """The chair's signature under the record of a closed part, in words as under open minutes."""

    matter = models.OneToOneField(Matter, models.PROTECT, related_name="signature")
    version = models.OneToOneField(ClosedVersion, models.PROTECT, related_name="signature")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(side=Side.PC), name="meetings_closed_part_signed_by_the_pc"),
        ]


class ClosedAmendment(Closed, ByAppointment):
    """A correction of a signed closed record: added beside it by its recorder or a chair who stayed, never in it."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="amendments")
    signature = models.ForeignKey(ClosedSignature, models.PROTECT, related_name="amendments")
    number = models.PositiveSmallIntegerField()
    text = models.TextField("what is corrected")
    reason = models.TextField()
    canonical = models.TextField()
    sha256 = models.CharField(max_length=64)
    meaning = models.TextField()
    printed_name = models.CharField(max_length=160)
    office_name = models.CharField(max_length=80)
    license_status = models.CharField(max_length=200, blank=True)
    """Of a chair who signs; empty for the recorder, who attests."""
    amended_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="meetings_closed_amendment_number"),
            models.CheckConstraint(condition=~Q(reason="") & ~Q(text=""), name="meetings_closed_amendment_says_why"),
        ]


class ClosedOpening(Closed, ByAppointment):
    """One opening of a closed part after its session: by whom, by which rule, for what; `file` where one was taken."""

    matter = models.ForeignKey(Matter, models.PROTECT, related_name="openings")
    rule = models.CharField(max_length=120)
    purpose = models.TextField()
    file = models.BooleanField(default=False)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    """The file that was taken, where one was."""
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(purpose=""), name="meetings_closed_part_opened_for_a_purpose"),
            models.CheckConstraint(
                condition=Q(document__isnull=True) | Q(file=True), name="meetings_closed_file_taken"
            ),
        ]
