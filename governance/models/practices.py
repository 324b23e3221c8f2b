"""A practice: the professional corporation with the management company that supports it, its sites and bodies."""

import uuid
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.dateformat import format as written

from audit.models.base import Governed
from governance.choices import ApprovedBy, BodyKind, Investor, Office
from governance.models.offices import Appointment, PracticeGrant
from governance.models.people import Person
from governance.offices import SEE, offices_granting


class PracticeQuerySet(models.QuerySet["Practice"]):
    def visible_to(self, person: Person | None, permission: str = SEE) -> Self:
        """Practices on which this person holds the permission and an appointment in force; else nothing exists."""
        return self.filter(may_see(person, OuterRef("pk"), permission))


def may_see(person: Person | None, practice: Any, permission: str = SEE) -> models.Q:
    """The condition under which a practice's rows exist for a person: a grant, and an office in force that gives it.

    Neither is enough alone: a grant left behind by an office that ended opens nothing, whatever other office is held.
    """
    if person is None:
        return models.Q(pk__in=[])
    return models.Q(
        Exists(
            Appointment.objects.in_force().filter(
                person=person, practice=practice, office__in=offices_granting(permission)
            )
        )
        & Exists(
            PracticeGrant.objects.filter(
                user_id=person.account_id, content_object=practice, permission__codename=permission
            )
        )
    )


class Practice(Governed):
    """One PC and its MSO. `investor` decides whether reports say that HSC 1191 applies or serves as a yardstick."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField("professional corporation", max_length=160)
    mso_name = models.CharField("management company", max_length=160)
    time_zone = models.CharField(max_length=60, default="America/Los_Angeles")
    investor = models.CharField(max_length=20, choices=Investor, default=Investor.NOT_STATED)
    license_limit_days = models.PositiveIntegerField(default=120)
    """A license verified longer ago than this gives no authority."""
    demonstration = models.BooleanField(default=False)
    founded_at = models.DateTimeField()

    objects = PracticeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        permissions = [
            ("see_practice", "See the open record"),
            ("see_confidential", "See what is clinical confidential"),
            ("see_privileged", "See what is attorney-client"),
            ("audit_practice", "Use the audit room"),
            ("administer_practice", "Send invitations and keep the rules of signing in"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def local(self, at: datetime) -> datetime:
        """A moment on the practice's wall clock."""
        return timezone.localtime(at, self.zone)

    def moment(self, at: datetime) -> str:
        """A moment on that clock in words: "24 Nov 2026, 5:30 p.m." """
        return written(self.local(at), "j M Y, P")


class Site(Governed):
    """Where care is given: the flagship or a satellite."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="sites")
    name = models.CharField(max_length=120)
    city = models.CharField(max_length=80)
    flagship = models.BooleanField(default=False)
    opened_on = models.DateField()

    class Meta:
        ordering = ["-flagship", "name"]
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="governance_site_named_once")]

    def __str__(self) -> str:
        return self.name


class Body(Governed):
    """The body that meets: its type, its authorized number and its quorum, which are counsel's data.

    `quorum` empty means a majority of the authorized number (Corp. Code 307(a)(7)).
    `interested_counts`: an interested director counts for quorum though he does not vote (310(c)).
    `special_notice`: hours of notice that a special meeting needs; 48 by electronic means (307(a)(2)).
    """

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="bodies")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12, choices=BodyKind)
    authorized = models.PositiveSmallIntegerField("authorized number")
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)
    interested_counts = models.BooleanField(default=True)
    minutes_approved_by = models.CharField(max_length=8, choices=ApprovedBy, default=ApprovedBy.CHAIR)
    special_notice = models.PositiveSmallIntegerField("notice of a special meeting in hours", default=48)

    class Meta:
        verbose_name_plural = "bodies"
        constraints = [
            models.CheckConstraint(condition=models.Q(special_notice__lte=720), name="governance_body_special_notice"),
            models.CheckConstraint(condition=models.Q(authorized__gte=1), name="governance_body_authorized"),
            models.CheckConstraint(
                condition=models.Q(quorum__isnull=True) | models.Q(quorum__gte=1, quorum__lte=models.F("authorized")),
                name="governance_body_quorum_within_authorized",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def seat(self) -> Office:
        """The office whose holders are members of this body."""
        return {
            BodyKind.BOARD: Office.DIRECTOR,
            BodyKind.COMMITTEE: Office.COMMITTEE_MEMBER,
            BodyKind.ADVISORY: Office.PHYSICIAN,
        }[BodyKind(self.kind)]
