"""The scope of services: which service line is authorized at which site, since when, by which decision."""

from dataclasses import dataclass

from django.db.models import Prefetch

from decisions.models import Authorization, Decision, Determination, ScopeEvent, Service
from decisions.rules.workflow import AuthorizationState, ProposalState
from governance.models import Practice, Site


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A service line at a site; without an authorization it is not authorized there."""

    site: Site
    authorization: Authorization | None = None
    decision: Decision | None = None
    word: str = "Not authorized"
    last: ScopeEvent | None = None


@dataclass(frozen=True, kw_only=True)
class Line:
    """A service line with a cell for each site."""

    service: Service
    cells: list[Cell]


def scope_of(practice: Practice) -> tuple[list[Site], list[Line]]:
    """Sites and service lines of a practice. Five queries, however many there are."""
    sites = list(practice.sites.all())
    authorizations = Authorization.objects.select_related("proposal", "go_live", "site", "service").prefetch_related(
        Prefetch("events", ScopeEvent.objects.select_related("person").order_by("happened_at"), to_attr="moves")
    )
    services = list(
        Service.objects.filter(practice=practice).prefetch_related(Prefetch("authorizations", authorizations))
    )
    approvals = Determination.objects.filter(
        proposal__practice=practice, outcome=Determination.Outcome.APPROVED
    ).select_related("decision")
    deciding = {(one.proposal_id, one.revision_number): one.decision for one in approvals}
    lines = []
    for service in services:
        by_site = {one.site_id: one for one in service.authorizations.all()}
        lines.append(Line(service=service, cells=[_cell(site, by_site.get(site.pk), deciding) for site in sites]))
    return sites, lines


def _cell(site: Site, row: Authorization | None, deciding: dict[tuple[int, int], Decision | None]) -> Cell:
    if row is None:
        return Cell(site=site)
    revision = row.go_live.revision_number if row.go_live else row.proposal.revision
    moves: list[ScopeEvent] = row.moves  # type: ignore[attr-defined]
    return Cell(
        site=site,
        authorization=row,
        decision=deciding.get((row.proposal_id, revision)),
        word=state_word(row),
        last=moves[-1] if moves else None,
    )


def state_word(row: Authorization) -> str:
    """The state in words; an approval that an edit voided or its proposer withdrew is none."""
    if row.state == AuthorizationState.APPROVED and row.proposal.state != ProposalState.APPROVED:
        return f"Approval void: proposal {row.proposal.get_state_display()}"
    return {
        AuthorizationState.APPROVED: "Approved, not live",
        AuthorizationState.LIVE: "Live",
        AuthorizationState.SUSPENDED: "Stopped",
        AuthorizationState.RETIRED: "Retired",
    }[AuthorizationState(row.state)]
