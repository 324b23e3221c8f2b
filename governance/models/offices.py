"""Who holds which office of a practice, from when to when, and the licenses behind it."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from guardian.models import UserObjectPermissionBase

from audit.models.base import Governed, Recorded
from governance.choices import LicenseStatus, Office, Side
from governance.models.people import Person
from governance.offices import SIDE, exercised_through


class Period(Func):
    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def in_force(self, at: datetime | None = None) -> Self:
        """Appointments that have begun and not ended at a moment (now, unless given)."""
        moment = at or timezone.now()
        return self.filter(Q(starts_at__lte=moment) & (Q(ends_at__isnull=True) | Q(ends_at__gt=moment)))


class Appointment(Governed):
    """A person in an office of a practice for a period. Ended, never deleted."""

    practice = models.ForeignKey("governance.Practice", models.PROTECT, related_name="appointments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    office = models.CharField(max_length=24, choices=Office)
    side = models.CharField(max_length=3, choices=Side)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        ordering = ["practice", "office", "starts_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="governance_appointment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(*[Q(office=office, side=side) for office, side in SIDE.items()], _connector=Q.OR),
                name="governance_appointment_side_of_its_office",
            ),
            models.CheckConstraint(
                condition=~Q(office__in=[Office.ALTERNATE_CHAIR, Office.AUDITOR]) | Q(ends_at__isnull=False),
                name="governance_appointment_for_a_stated_period",
            ),
            models.UniqueConstraint(fields=["id", "side"], name="governance_appointment_and_side"),
            models.UniqueConstraint(fields=["id", "person"], name="governance_appointment_and_person"),
            ExclusionConstraint(
                name="governance_one_medical_director",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                condition=Q(office=Office.MEDICAL_DIRECTOR),
            ),
            ExclusionConstraint(
                name="governance_office_held_once",
                expressions=[
                    ("practice", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("office", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_office_display()}"

    @property
    def exercises(self) -> frozenset[str]:
        return frozenset(str(e) for e in exercised_through(self.office))


class License(Governed):
    """A clinician's license. Whether it is in force is told by its verifications and the clock, never by a job."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="licenses")
    kind = models.CharField(max_length=40, default="Physician and surgeon")
    physician = models.BooleanField(default=True)
    number = models.CharField(max_length=20)
    board = models.CharField(max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["board", "number"], name="governance_license_number")]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}, {self.board}"


class Verification(Recorded):
    """What a board's register said about a license on a day."""

    license = models.ForeignKey(License, models.PROTECT, related_name="verifications")
    status = models.CharField(max_length=12, choices=LicenseStatus)
    expires_on = models.DateField()
    verified_on = models.DateField()
    verified_by = models.CharField(max_length=120)
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["-verified_on", "-id"]
        indexes = [models.Index(fields=["license", "-verified_on", "-id"])]

    def __str__(self) -> str:
        return f"{self.get_status_display()} on {self.verified_on}"


class PracticeGrant(UserObjectPermissionBase, Governed):
    """guardian's permission of an account on a practice, given and taken by appointments alone."""

    removable = True
    content_object = models.ForeignKey("governance.Practice", models.PROTECT, related_name="grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
