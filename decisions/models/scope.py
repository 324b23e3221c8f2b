"""Scope of services: which service line is authorized at which site, since when, by which approval."""

from django.db import models
from django.db.models import Q

from audit.models.base import Governed, Recorded
from decisions.models.base import ByAppointment
from decisions.rules.workflow import AuthorizationState
from governance.choices import Side
from governance.models import Practice, Site
from governance.models.scoped import ScopedQuerySet


class Service(Governed):
    """A service line of the practice."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="services")
    name = models.CharField(max_length=120)

    class Meta:
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["practice", "name"], name="decisions_service_named_once")]

    def __str__(self) -> str:
        return self.name


class Authorization(Governed):
    """A service line at a site. Nothing is live without the go-live of an approved revision."""

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, related_name="authorizations")
    site = models.ForeignKey(Site, models.PROTECT, related_name="authorizations")
    proposal = models.ForeignKey("decisions.Proposal", models.PROTECT, related_name="authorizations")
    state = models.CharField(max_length=12, choices=AuthorizationState.choices())
    go_live = models.ForeignKey("decisions.GoLive", models.PROTECT, null=True, related_name="authorizations")
    since = models.DateTimeField()
    review_on = models.DateField(null=True)

    objects = ScopedQuerySet["Authorization"].as_manager()

    class Meta:
        ordering = ["service__name", "site__name"]
        constraints = [
            models.UniqueConstraint(fields=["service", "site"], name="decisions_service_once_a_site"),
            models.CheckConstraint(
                condition=Q(state=AuthorizationState.APPROVED) | Q(go_live__isnull=False),
                name="decisions_nothing_live_without_go_live",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} at {self.site}"


class ScopeEvent(Recorded, ByAppointment):
    """A stop, a resumption or a retirement: acts of the physicians alone (DR-21, DR-23)."""

    class Kind(models.TextChoices):
        STOPPED = "stopped", "Stopped"
        RESUMED = "resumed", "Resumed"
        RETIRED = "retired", "Retired"

    authorization = models.ForeignKey(Authorization, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=8, choices=Kind)
    reason = models.TextField()
    happened_at = models.DateTimeField()

    class Meta:
        ordering = ["-happened_at"]
        constraints = [
            models.CheckConstraint(condition=Q(side=Side.PC), name="decisions_scope_event_by_the_pc"),
            models.CheckConstraint(condition=~Q(reason=""), name="decisions_scope_event_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.authorization}"
