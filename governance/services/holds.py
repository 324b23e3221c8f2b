"""Legal holds: placed and lifted by each side's counsel, acknowledged by whoever keeps what they ask for."""

from django.db.models import Model

from audit import custody
from audit.acts import current, record, service
from governance.authority import moment, take_part
from governance.choices import Office, Side
from governance.mail import post
from governance.models import Hold, HoldAcknowledgement, Person, Practice
from governance.models.scoped import Numbered, next_number
from governance.offices import SIDE
from governance.selectors.holds import side_in, told_of_lifting

KEEPERS = frozenset({Office.PC_COUNSEL, Office.MSO_COUNSEL})
"""Who places and lifts holds, each on the records of the own side. The catalogue has no right for it."""
OWN_RECORDS = {Side.PC: None, Side.MSO: frozenset({"", "decisions.operationalitem"})}
"""The objects that a side may hold: PC counsel any of the practice's record, MSO counsel the company's own."""
SHORTEST_REASON = 10


class HoldRefused(ValueError):
    """What was asked contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@service
def place_hold(
    *,
    actor: Person,
    practice: Practice,
    matter: str,
    reason: str,
    held: Model | None = None,
) -> Hold:
    """Place a hold on all records of the own side, or on one object `held`.

    Raises AuthorityRefused, HoldRefused.
    """
    practice, side = _enter(actor, practice, "hold.placed", reason)
    if not matter.strip():
        raise HoldRefused("matter", "Matter: name what the hold is for.")
    _stated(reason)
    label = held._meta.label_lower if held is not None else ""
    allowed = OWN_RECORDS[side]
    if allowed is not None and label not in allowed:
        raise HoldRefused("matter", "MSO counsel places holds on the management company's own records only.")
    if not custody.is_ready():
        raise HoldRefused("matter", custody.NO_KEY)
    hold = Hold.objects.create(
        practice=practice,
        **next_number(Hold, practice, practice.local(moment()).year, side=side),
        side=side,
        matter=matter.strip(),
        reason=reason.strip(),
        object_type=label,
        object_id=str(held.pk) if held is not None else "",
        object_name=_named(held) if held is not None else "",
        placed_by=actor,
        placed_at=moment(),
    )
    current().about(hold, key=hold.code)
    return hold


@service
def acknowledge_hold(*, actor: Person, hold: Hold) -> HoldAcknowledgement:
    """Say that one has read a hold of the own side and keeps what it asks for. Whoever has is told when it is lifted.

    Raises AuthorityRefused, HoldRefused.
    """
    practice = Practice.objects.select_for_update(no_key=True).get(pk=hold.practice_id)
    take_part(
        actor=actor,
        practice=practice,
        verb="hold.acknowledged",
        offices=[office for office in Office if SIDE[office] == hold.side],
        attempted="Legal hold",
    )
    hold = Hold.objects.select_for_update(no_key=True, of=("self",)).get(pk=hold.pk)
    current().about(hold, key=hold.code)
    if hold.lifted_at is not None:
        raise HoldRefused("", f"{hold.code} has been lifted. There is nothing to acknowledge.")
    if hold.acknowledgements.filter(person=actor).exists():
        raise HoldRefused("", f"You have acknowledged {hold.code} already.")
    return record(HoldAcknowledgement, hold=hold, person=actor, acknowledged_at=moment())


@service
def lift_hold(*, actor: Person, hold: Hold, reason: str) -> Hold:
    """Lift a hold of the own side. That destroys nothing: what was kept is disposed of later, by an act of its own.

    Counsel of that side and the custodians who acknowledged the hold are mailed. Raises AuthorityRefused, HoldRefused.
    """
    practice, side = _enter(actor, hold.practice, "hold.lifted", reason)
    hold = Hold.objects.select_for_update(no_key=True, of=("self",)).get(pk=hold.pk)
    if hold.side != side:
        raise HoldRefused("reason", "Counsel of the side that placed a hold lifts it.")
    current().about(hold, key=hold.code)
    _stated(reason)
    if hold.lifted_at is not None:
        raise HoldRefused("reason", f"{hold.code} is lifted already.")
    hold.lifted_at, hold.lift_reason = moment(), reason.strip()
    hold.save()
    post(kind="hold_lifted", practice=practice, people=told_of_lifting(hold), arguments={"hold": hold.pk})
    return hold


def _enter(actor: Person, practice: Practice, verb: str, reason: str) -> tuple[Practice, Side]:
    """Lock the practice, so that holds, scrubs and disposals come one by one, and open the act, for one side."""
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    ruling = take_part(
        actor=actor,
        practice=practice,
        verb=verb,
        offices=KEEPERS,
        reason=reason.strip(),
        attempted="Legal hold",
    )
    assert ruling.appointment
    return practice, side_in(ruling.appointment)


def _named(held: Model) -> str:
    """What the held object is called: its kind and number, else its own name."""
    kind = str(held._meta.verbose_name).capitalize()
    return (f"{kind} {held.code}" if isinstance(held, Numbered) else f"{kind}: {held}")[:200]


def _stated(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise HoldRefused("reason", f"Reason: write at least {SHORTEST_REASON} characters. It is kept in the record.")
