"""Stopping, resuming and retiring a service line at a site: acts of the physicians alone."""

from audit.acts import current, record, service
from audit.workflow import next_state
from decisions.models import Authorization, ScopeEvent
from decisions.models.base import by
from decisions.rules.workflow import SERVICE_AUTHORIZATION, AuthorizationEvent
from decisions.services.deciding import write_decision
from decisions.services.proposing import SERVICE_RIGHT
from decisions.services.rules import RuleBroken, hold, said
from governance.authority import exercise, moment
from governance.models import Person

STOP_RIGHT = "DR-23"


@service
def stop_service(*, actor: Person, authorization: Authorization, reason: str) -> ScopeEvent:
    """Stop a live service line at once (DR-23). Raises AuthorityRefused, RuleBroken, IllegalTransition."""
    return _move(actor, authorization, reason, STOP_RIGHT, AuthorizationEvent.SUSPEND, ScopeEvent.Kind.STOPPED)


@service
def resume_service(*, actor: Person, authorization: Authorization, reason: str) -> ScopeEvent:
    """Let a stopped service line run again (DR-21). Raises AuthorityRefused, RuleBroken, IllegalTransition."""
    return _move(actor, authorization, reason, SERVICE_RIGHT, AuthorizationEvent.RESUME, ScopeEvent.Kind.RESUMED)


@service
def retire_service(*, actor: Person, authorization: Authorization, reason: str) -> ScopeEvent:
    """Retire a service line at a site for good (DR-21). Raises AuthorityRefused, RuleBroken, IllegalTransition."""
    return _move(actor, authorization, reason, SERVICE_RIGHT, AuthorizationEvent.RETIRE, ScopeEvent.Kind.RETIRED)


def _move(
    actor: Person,
    authorization: Authorization,
    reason: str,
    right: str,
    event: AuthorizationEvent,
    kind: ScopeEvent.Kind,
) -> ScopeEvent:
    hold(authorization.practice)
    row = (
        Authorization.objects.select_for_update(no_key=True, of=("self",))
        .select_related("practice", "service", "site")
        .get(pk=authorization.pk)
    )
    ruling = exercise(
        actor=actor,
        practice=row.practice,
        right=right,
        verb=f"service.{kind}",
        reason=reason,
        attempted=f"{kind.label}: {row}",
    )
    assert ruling.appointment
    said(reason=reason)
    if row.go_live_id is None:
        raise RuleBroken("reason", f"{row} was never live; withdraw or refuse its proposal instead.")
    row.state = next_state(SERVICE_AUTHORIZATION, row.state, event)
    row.save()
    current().about(row)
    write_decision(ruling=ruling, title=f"{kind.label}: {row}"[:200], text=f"{row} is {kind}.", rationale=reason)
    return record(
        ScopeEvent, authorization=row, kind=kind, reason=reason, happened_at=moment(), **by(ruling.appointment)
    )
