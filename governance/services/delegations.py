"""Delegating a right from a physician to a physician, for a period, and ending that early."""

from collections.abc import Collection
from datetime import datetime

from audit.acts import current, service
from governance.authority import moment, never_for_the_past, offices_of, right_in_force, take_part
from governance.choices import Side
from governance.models import DecisionRight, Delegation, Person, Practice
from governance.offices import PHYSICIANS
from governance.selectors.delegations import exercises_alone, is_physician
from governance.selectors.licenses import license_state


class DelegationRefused(ValueError):
    """The delegation contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@service
def delegate(
    *,
    actor: Person,
    practice: Practice,
    delegate: Person,
    rights: Collection[str],
    ends_at: datetime,
    reason: str,
    starts_at: datetime | None = None,
) -> list[Delegation]:
    """Let another physician exercise these rights, which the actor holds by an own office, until `ends_at`.

    One row for each right, all by one act. Raises AuthorityRefused, DelegationRefused.
    """
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    codes = sorted(set(rights))
    take_part(
        actor=actor,
        practice=practice,
        verb="delegation.made",
        offices=PHYSICIANS,
        licensed=True,
        right=codes[0] if len(codes) == 1 else "",
        reason=reason.strip(),
        attempted=f"{', '.join(codes)} to {delegate}",
    )
    if rule := never_for_the_past("A delegation"):
        raise DelegationRefused("starts_at", f"First day: {rule}")
    now = moment()
    start = starts_at or now
    _may_receive(delegate, actor, practice, now)
    if not codes:
        raise DelegationRefused("rights", "Rights: name at least one.")
    for code in codes:
        _may_give(actor, practice, code, now)
    if start < now:
        raise DelegationRefused("starts_at", "First day: a delegation takes effect now or later, never in the past.")
    if ends_at <= start:
        raise DelegationRefused("ends_at", "Last day: a delegation ends after it begins.")
    if not reason.strip():
        raise DelegationRefused("reason", "Reason: say why; it stands in the record.")
    for other in Delegation.objects.filter(
        practice=practice, delegator=actor, code__in=codes, starts_at__lt=ends_at, ends_at__gt=start
    ).select_related("delegate"):
        raise DelegationRefused(
            "rights", f"Rights: {other.code} is delegated to {other.delegate} in a part of that time; end that first."
        )
    made = [
        Delegation.objects.create(
            practice=practice,
            delegator=actor,
            delegate=delegate,
            code=code,
            starts_at=start,
            ends_at=ends_at,
            reason=reason.strip(),
        )
        for code in codes
    ]
    current().about(made[0])
    return made


@service
def end_delegation(*, actor: Person, delegation: Delegation, reason: str) -> Delegation:
    """End a delegation before its time, now; either of the two physicians may. Raises AuthorityRefused,
    DelegationRefused."""
    delegation = Delegation.objects.select_for_update(no_key=True, of=("self",)).get(pk=delegation.pk)
    take_part(
        actor=actor,
        practice=delegation.practice,
        verb="delegation.ended",
        offices=PHYSICIANS,
        right=delegation.code,
        reason=reason.strip(),
        attempted=str(delegation),
        about=delegation,
    )
    if rule := never_for_the_past("The end of a delegation"):
        raise DelegationRefused("reason", rule)
    now = moment()
    if actor.pk not in {delegation.delegator_id, delegation.delegate_id}:
        raise DelegationRefused(
            "reason", f"This delegation is ended by {delegation.delegator} or by {delegation.delegate}."
        )
    if delegation.ends_at <= now:
        raise DelegationRefused("reason", "This delegation has ended already.")
    if not reason.strip():
        raise DelegationRefused("reason", "Reason: say why; it stands in the record.")
    delegation.ends_at = max(now, delegation.starts_at)
    delegation.ended_by, delegation.end_reason = actor, reason.strip()
    delegation.save()
    return delegation


def _may_receive(delegate: Person, actor: Person, practice: Practice, now: datetime) -> None:
    if delegate.pk == actor.pk:
        raise DelegationRefused("delegate", "To: a right is delegated to another physician.")
    if not is_physician(offices_of(delegate, practice, now)):
        raise DelegationRefused(
            "delegate", f"To: {delegate} is no physician in office here; nothing is delegated across the line."
        )
    state = license_state(delegate, practice, now)
    if not state.in_force:
        raise DelegationRefused("delegate", f"To: {state.sentence}")


def _may_give(actor: Person, practice: Practice, code: str, now: datetime) -> None:
    right: DecisionRight | None = right_in_force(practice, code, now)
    if right is None:
        raise DelegationRefused("rights", f"Rights: the catalogue in force has no right {code}.")
    if right.holder != Side.PC:
        raise DelegationRefused("rights", f"Rights: {code} is the management company's, not yours to give.")
    if not exercises_alone(offices_of(actor, practice, now), right):
        raise DelegationRefused(
            "rights",
            f"Rights: {code} is exercised by the {right.deciders}; you hold it through no own physician's office, and "
            "what is held as a delegate, director or shareholder is not delegated.",
        )
