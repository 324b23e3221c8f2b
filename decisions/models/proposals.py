"""Change proposals: revisions, what the physicians determined, the gate, the go-live."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from audit.models.base import Governed, Recorded
from decisions.models.base import ByAppointment
from decisions.models.log import Decision, OperationalItem
from decisions.models.scope import Service
from decisions.rules.gate import CheckState, Requirement
from decisions.rules.workflow import ProposalState
from governance.choices import Side
from governance.models import DecisionRight, Person, Site
from governance.models.scoped import Numbered, ScopedQuerySet


class Proposal(Governed, Numbered):
    """A change that only the physicians may allow: a service line, a site, or an operation with clinical effect."""

    PREFIX: ClassVar[str] = "CP"

    class Kind(models.TextChoices):
        NEW_SERVICE = "new service", "New service line"
        CHANGED_SERVICE = "changed service", "Changed service line"
        RETIRED_SERVICE = "retired service", "Retired service line"
        OPERATIONAL = "operational", "Operational change with clinical effect"
        CLINICAL = "clinical", "Clinical matter for the physicians"

    kind = models.CharField(max_length=16, choices=Kind)
    title = models.CharField(max_length=200)
    right = models.ForeignKey(DecisionRight, models.PROTECT, related_name="proposals")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="proposals")
    site = models.ForeignKey(Site, models.PROTECT, null=True, blank=True, related_name="proposals")
    state = models.CharField(max_length=10, choices=ProposalState.choices(), default=ProposalState.SUBMITTED)
    revision = models.PositiveSmallIntegerField(default=1)
    """The current revision; an edit after approval makes a new one and voids the approval."""
    from_item = models.OneToOneField(OperationalItem, models.PROTECT, null=True, blank=True, related_name="proposal")

    objects = ScopedQuerySet["Proposal"].as_manager()

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["practice", "year", "number"], name="decisions_proposal_number"),
            models.UniqueConstraint(fields=["id", "revision"], name="decisions_proposal_and_revision"),
            models.CheckConstraint(
                condition=~Q(kind__in=["new service", "changed service", "retired service"])
                | Q(service__isnull=False, site__isnull=False),
                name="decisions_proposal_names_service_and_site",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Revision(Recorded, ByAppointment):
    """One text of a proposal, as it was put to the physicians."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    summary = models.TextField("what is proposed")
    clinical_effect = models.TextField("effect on care")
    operations = models.TextField("how it will run")
    change_note = models.TextField("what changed", blank=True)
    screen = models.JSONField(default=dict)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="decisions_revision_number"),
            models.UniqueConstraint(fields=["proposal", "number", "person"], name="decisions_revision_and_author"),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number}"


class Determination(Recorded, ByAppointment):
    """What the physicians determined about one exact revision. Never by the MSO side, never by its proposer."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned"
        REFUSED = "refused", "Refused"

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="determinations")
    revision_number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    rationale = models.TextField()
    conditions = models.TextField(blank=True)
    proposer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sole_physician = models.BooleanField(default=False)
    """The practice had exactly one physician in office, so the proposer had to decide; shown wherever it is."""
    decision = models.OneToOneField(Decision, models.PROTECT, null=True, related_name="determination")
    opened_at = models.DateTimeField(null=True)
    """When the decider opened this revision, if before deciding: the time between shows how it was read."""
    decided_at = models.DateTimeField()

    class Meta:
        ordering = ["-decided_at"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "revision_number"], name="decisions_one_determination"),
            models.UniqueConstraint(
                fields=["proposal", "revision_number", "outcome"], name="decisions_determination_and_outcome"
            ),
            models.CheckConstraint(condition=Q(side=Side.PC), name="decisions_determination_by_the_pc"),
            models.CheckConstraint(
                condition=~Q(person=F("proposer")) | Q(sole_physician=True),
                name="decisions_determination_not_by_proposer",
            ),
            models.CheckConstraint(condition=~Q(rationale=""), name="decisions_determination_with_rationale"),
            models.CheckConstraint(
                condition=~Q(outcome="approved") | Q(decision__isnull=False), name="decisions_approval_is_a_decision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} revision {self.revision_number}"


class GateCheck(Recorded, ByAppointment):
    """One requirement of the go-live gate, met or waived, for one exact revision."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="checks")
    revision_number = models.PositiveSmallIntegerField()
    requirement = models.CharField(max_length=16, choices=Requirement.choices())
    state = models.CharField(max_length=8, choices=CheckState.choices())
    reason = models.TextField("evidence or reason")
    checked_at = models.DateTimeField()

    class Meta:
        ordering = ["requirement"]
        constraints = [
            models.UniqueConstraint(
                fields=["proposal", "revision_number", "requirement"], name="decisions_requirement_once"
            ),
            models.CheckConstraint(
                condition=Q(state=CheckState.MET) | Q(state=CheckState.WAIVED, side=Side.PC),
                name="decisions_waived_by_the_pc",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="decisions_check_with_reason"),
            models.CheckConstraint(
                condition=~Q(requirement=Requirement.APPROVAL), name="decisions_approval_is_no_check"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_requirement_display()}: {self.state}"


class GoLive(Recorded, ByAppointment):
    """The switch: the current revision, approved, with every requirement met or waived."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="go_live")
    revision_number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=8, default="approved", editable=False)
    live_at = models.DateTimeField()
    review_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["id", "proposal"], name="decisions_go_live_and_proposal"),
            models.CheckConstraint(condition=Q(outcome="approved"), name="decisions_go_live_of_an_approval"),
        ]

    def __str__(self) -> str:
        return f"Live since {self.live_at:%Y-%m-%d}"
