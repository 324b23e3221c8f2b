"""Reads about delegations: which one lets a person act, which rights can be given, what was done through each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from audit.models import Act
from governance.choices import Office, Side
from governance.models import Appointment, DecisionRight, DelegatedAct, Delegation, Person, Practice
from governance.offices import DELEGATORS, PHYSICIANS, offices_that_exercise
from governance.selectors.catalogue import catalogue_at
from governance.selectors.standing import standing


def delegation_held(person: Person, practice: Practice, right: DecisionRight, at: datetime) -> Delegation | None:
    """The delegation by which a person exercises the right: in force, and its delegator still holds it."""
    if right.holder != Side.PC:
        return None
    found = Delegation.objects.in_force(at).filter(practice=practice, delegate=person, code=right.code)
    for one in found.select_related("delegator").order_by("pk"):
        behind = standing(one.delegator, practice, right.code, at)
        if behind.license.in_force and exercises_alone(behind.appointments, right):
            return one
    return None


def exercises_alone(appointments: Iterable[Appointment], right: DecisionRight) -> bool:
    """Whether one of these offices is a physician's own and exercises the right, as delegating it requires."""
    through = set(offices_that_exercise(right.exercised_by)) & DELEGATORS
    return right.holder == Side.PC and any(one.office in through for one in appointments)


def delegable(person: Person, practice: Practice, at: datetime) -> list[DecisionRight]:
    """The rights that a person may delegate at a moment, license aside."""
    catalogue = catalogue_at(practice, at)
    held = list(Appointment.objects.in_force(at).filter(practice=practice, person=person, office__in=DELEGATORS))
    return [right for right in catalogue.rights if exercises_alone(held, right)] if catalogue and held else []


def possible_delegates(practice: Practice, at: datetime) -> "QuerySet[Person]":
    """The physicians in office, whose licenses the service asks for."""
    held = Appointment.objects.in_force(at).filter(practice=practice, office__in=PHYSICIANS)
    return Person.objects.filter(pk__in=held.values("person")).select_related("account").order_by("name")


@dataclass(frozen=True, kw_only=True)
class Given:
    """A delegation as a page shows it."""

    row: Delegation
    state: str
    """in force, to come, or ended."""
    acts: int


def delegations(
    practice: Practice, at: datetime, *, person: Person | None = None, code: str = "", standing_only: bool = False
) -> list[Given]:
    """Delegations of a practice, the newest first, with the number of acts done through each. Two queries."""
    rows = Delegation.objects.filter(practice=practice).select_related("delegator", "delegate", "ended_by")
    if person is not None:
        rows = rows.filter(delegator=person) | rows.filter(delegate=person)
    if code:
        rows = rows.filter(code=code)
    if standing_only:
        rows = rows.filter(ends_at__gt=at)
    found = list(rows.order_by("-starts_at", "code", "pk")[:SHOWN])
    acts: dict[int, int] = {}
    for key in DelegatedAct.objects.filter(delegation__in=found).values_list("delegation_id", flat=True):
        acts[key] = acts.get(key, 0) + 1
    return [Given(row=one, state=_state(one, at), acts=acts.get(one.pk, 0)) for one in found]


SHOWN = 100
"""Delegations that a page lists at most, the newest."""


def _state(one: Delegation, at: datetime) -> str:
    if one.ends_at <= at:
        return "ended"
    return "in force" if one.starts_at <= at else "to come"


def with_capacity(acts: "QuerySet[Act]") -> "QuerySet[Act]":
    """The acts, each with `acted_for`: the name of the physician whose delegate the actor was, or None."""
    behind = DelegatedAct.objects.filter(act=OuterRef("pk")).values("delegation__delegator__name")[:1]
    return acts.annotate(acted_for=Subquery(behind))


def is_physician(appointments: Iterable[Appointment]) -> bool:
    """Whether one of these offices is a physician's."""
    return any(Office(one.office) in PHYSICIANS for one in appointments)


def codes_delegated(person: Person, practice: Practice, at: datetime) -> set[str]:
    """The rights that delegations in force let a person exercise, for what a page offers; one query."""
    found = Delegation.objects.in_force(at).filter(practice=practice, delegate=person)
    return set(found.values_list("code", flat=True))
