"""How a proposal is written, locked and checked. Plain functions: they write inside whatever act proposes."""

from collections.abc import Mapping

from audit.acts import record
from audit.workflow import next_state
from decisions.models import Authorization, OperationalItem, Proposal, Revision, Service
from decisions.models.base import by
from decisions.rules.screen import CHANGE_RIGHT
from decisions.rules.workflow import PROPOSAL, AuthorizationState, ProposalEvent
from decisions.services.rules import RuleBroken, said
from governance.authority import moment, right_in_force
from governance.choices import Side
from governance.models import Appointment, DecisionRight, Practice, Site
from governance.models.scoped import next_number

SERVICE_RIGHT = "DR-21"
SERVICE_KINDS = frozenset({Proposal.Kind.NEW_SERVICE, Proposal.Kind.CHANGED_SERVICE, Proposal.Kind.RETIRED_SERVICE})


def write_proposal(
    *,
    practice: Practice,
    author: Appointment,
    kind: str,
    title: str,
    summary: str,
    clinical_effect: str,
    operations: str,
    service_name: str = "",
    site: Site | None = None,
    right: str = "",
    screen: Mapping[str, bool] | None = None,
    change_note: str = "",
    from_item: OperationalItem | None = None,
) -> Proposal:
    """Enter a submitted proposal with its first revision, inside the current act. Raises RuleBroken.

    One made `from_item`, an item pulled over the line, stands returned at once: the MSO says what it proposes.
    """
    if kind not in Proposal.Kind:
        raise RuleBroken("kind", f"Kind: there is no kind of proposal “{kind}”.")
    said(title=title, summary=summary, clinical_effect=clinical_effect, operations=operations)
    deciding = _deciding_right(practice, right_code(kind, right))
    line = _service_line(practice, kind, service_name, site) if kind in SERVICE_KINDS else None
    at = moment()
    state = next_state(PROPOSAL, PROPOSAL.initial, ProposalEvent.SUBMIT)
    if from_item:
        state = next_state(PROPOSAL, state, ProposalEvent.RETURN)
    proposal = Proposal.objects.create(
        practice=practice,
        **next_number(Proposal, practice, practice.local(at).year),
        kind=kind,
        title=title,
        right=deciding,
        service=line,
        site=site if line else None,
        state=state,
        from_item=from_item,
    )
    record(
        Revision,
        proposal=proposal,
        number=1,
        summary=summary,
        clinical_effect=clinical_effect,
        operations=operations,
        change_note=change_note,
        screen=dict(screen or {}),
        made_at=at,
        **by(author),
    )
    return proposal


def right_code(kind: str, named: str) -> str:
    if kind in SERVICE_KINDS:
        return SERVICE_RIGHT
    return named if kind == Proposal.Kind.CLINICAL else CHANGE_RIGHT


def _deciding_right(practice: Practice, code: str) -> DecisionRight:
    right = right_in_force(practice, code)
    if right is None:
        raise RuleBroken("right", "Right: choose the right of the catalogue under which the physicians decide.")
    if right.holder != Side.PC:
        raise RuleBroken("right", f"Right: {code} is {practice.mso_name}'s own; nothing is to be proposed under it.")
    return right


def _service_line(practice: Practice, kind: str, name: str, site: Site | None) -> Service:
    said(service_name=name)
    if site is None or site.practice_id != practice.pk:
        raise RuleBroken("site", "Site: choose the site of this practice at which the service is given.")
    name = name.strip()
    line = Service.objects.filter(practice=practice, name__iexact=name).first()
    held = Authorization.objects.filter(service=line, site=site).first() if line else None
    begun = held is not None and held.state in {AuthorizationState.LIVE, AuthorizationState.SUSPENDED}
    if kind == Proposal.Kind.NEW_SERVICE and held and begun:
        raise RuleBroken("service_name", f"Service: {held} is {held.get_state_display()} already; propose a change.")
    if kind != Proposal.Kind.NEW_SERVICE and not begun:
        raise RuleBroken("service_name", f"Service: {name} is not given at {site}; propose it as a new service line.")
    return line or Service.objects.create(practice=practice, name=name)


def lock(proposal: Proposal) -> Proposal:
    """The proposal as it stands, its row locked."""
    return (
        Proposal.objects.select_for_update(no_key=True, of=("self",))
        .select_related("practice", "right", "service", "site")
        .get(pk=proposal.pk)
    )


def must_be_current(proposal: Proposal, revision: int) -> None:
    """Raise RuleBroken unless `revision` is the current one: nobody acts on a text that has been replaced."""
    if revision != proposal.revision:
        raise RuleBroken(
            "revision",
            f"Revision: you had revision {revision} before you, and {proposal.code} now stands at revision "
            f"{proposal.revision}. Read what changed, then decide again.",
        )
