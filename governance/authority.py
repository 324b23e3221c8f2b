"""The one place that answers: may this person do this here, now?

A ruling is made from the appointments in force, the catalogue in force and the license in force at one moment, read
together, never cached. The database checks every sealed act again by the same rules (governance/sql/guards.sql).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils import timezone

from audit.acts import Act, Refused, open_act, record
from audit.context import circumstances
from governance.choices import Office, OtherSide, Side
from governance.factors import factors
from governance.models import (
    Appointment,
    CatalogueVersion,
    DecisionRight,
    DelegatedAct,
    Delegation,
    Person,
    Practice,
    PracticeGrant,
)
from governance.offices import DELEGATORS, GRANTS, LICENSED, MEMBERS, PHYSICIANS, RANK, offices_that_exercise
from governance.selectors.delegations import delegation_held
from governance.selectors.licenses import LicenseState
from governance.selectors.standing import standing


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """Allowed, in which office; or refused, with the right, its holder and basis, and the way forward."""

    allowed: bool
    practice: Practice
    person: Person
    appointment: Appointment | None
    right: DecisionRight | None = None
    license: LicenseState | None = None
    delegation: Delegation | None = None
    """By which a right is exercised that none of the person's own offices does; then "as delegate of …"."""
    rule: str = ""
    """Which rule refused: no office, other side, not this office, license, unknown right."""
    sentence: str = ""
    way_forward: str = ""
    may_propose: bool = False

    @property
    def judges(self) -> list[tuple[Person, str]]:
        """Whoever judges, none of whom may judge an own matter: the person, and whoever's delegate the person is.

        Each with the words by which the person is told: "you", or the name of the physician in whose place.
        """
        if self.delegation is None:
            return [(self.person, "you")]
        behind = self.delegation.delegator
        return [(self.person, "you"), (behind, f"{behind}, in whose place you decide,")]


class AuthorityRefused(Refused):
    """Authority refused. Its act of refusal is recorded by the service wrapper; `ruling` says why and what next."""

    def __init__(self, ruling: Ruling, act: Act) -> None:
        super().__init__(ruling.sentence, act)
        self.ruling = ruling


def moment() -> datetime:
    """When the act is judged: the time it claims to have happened, else now."""
    return circumstances().occurred_at or timezone.now()


def never_for_the_past(what: str) -> str:
    """The rule that an act entered afterwards breaks when it makes rules for others, in words; empty for an act of now.

    What was done meanwhile was judged by what stood then, and the database refuses what would judge it anew.
    """
    if circumstances().flag != "back-entry":
        return ""
    return f"{what} is never entered for the past: it would judge anew what was done meanwhile. Enter it from now on."


def offices_of(person: Person, practice: Practice, at: datetime | None = None) -> list[Appointment]:
    """The person's appointments in force here, the highest office first."""
    return _ranked(Appointment.objects.in_force(at or moment()).filter(person=person, practice=practice))


def admitted(
    account: int | None, slug: str, *permissions: str, also: Mapping[str, Any] | None = None
) -> list[Appointment]:
    """The offices in which a sign-in may see a practice now, with person and practice; none, and nothing exists for it.

    Any of the permissions admits. Each office knows whether its holder has a second factor (`has_factor`), and what
    `also` asks for beside it, by name. One query whatever the answer, so that an answer tells nothing by its time.
    """
    grants = PracticeGrant.objects.filter(
        user_id=account, content_object=OuterRef("practice_id"), permission__codename__in=permissions
    ).values("permission__codename")
    found = (
        Appointment.objects.in_force()
        .filter(practice__slug=slug, person__account_id=account or 0)
        .annotate(granted=ArraySubquery(grants), has_factor=Exists(factors(account)), **(also or {}))
        .exclude(granted=[])
        .select_related("person", "practice__access_rules")
    )
    held = _ranked(found)
    given = {name for one in held for name in one.granted}  # type: ignore[attr-defined]
    return held if any(given & GRANTS[Office(one.office)] for one in held) else []


def _ranked(appointments: Iterable[Appointment]) -> list[Appointment]:
    return sorted(appointments, key=lambda appointment: RANK.index(Office(appointment.office)))


def on_both_sides(appointments: Iterable[Appointment]) -> bool:
    """Whether one person's offices lie on both sides of the line; such a person acts in one stated office at a time."""
    return len({appointment.side for appointment in appointments}) > 1


def stated_among(appointments: list[Appointment], appointment: int | None) -> list[Appointment]:
    """The offices that count now: all, or, where they lie on both sides, only the one that is stated, if any is."""
    if not on_both_sides(appointments):
        return appointments
    return [held for held in appointments if held.pk == appointment]


def right_in_force(practice: Practice, code: str, at: datetime | None = None) -> DecisionRight | None:
    """The right of that code in the catalogue that rules on the moment."""
    version = CatalogueVersion.objects.ruling(practice, at or moment())
    return DecisionRight.objects.filter(catalogue__in=version.values("pk"), code=code).first()


def rule_on_right(*, person: Person, practice: Practice, code: str, at: datetime | None = None) -> Ruling:
    """Whether this person may decide this right here at that moment, and in which office."""
    found = standing(person, practice, code, at or moment())
    right, held = found.right, stated_among(_ranked(found.appointments), circumstances().appointment)
    first = held[0] if held else None
    refuse: dict[str, Any] = {"allowed": False, "practice": practice, "person": person, "right": right}
    if not held:
        return Ruling(**refuse, appointment=None, **_without_office(found.appointments))
    if right is None:
        return Ruling(
            **refuse,
            appointment=first,
            rule="unknown right",
            sentence=f"The catalogue in force has no right {code}.",
            way_forward="Choose a right of the catalogue.",
        )
    through = offices_that_exercise(right.exercised_by)
    fitting = [appointment for appointment in held if appointment.office in through]
    delegation = _delegation(person, practice, right, held, fitting, at or moment())
    if delegation:
        fitting = [appointment for appointment in held if appointment.office in PHYSICIANS]
    if fitting:
        chosen = fitting[0]
        if right.holder == Side.PC:
            state = found.license
            if not state.in_force:
                return Ruling(
                    **refuse,
                    appointment=chosen,
                    license=state,
                    rule="license",
                    sentence=f"{right.code} needs a physician's license in force. {state.sentence}",
                    way_forward="Have the license verified with the board, then try again.",
                )
            return Ruling(
                allowed=True,
                practice=practice,
                person=person,
                appointment=chosen,
                right=right,
                license=state,
                delegation=delegation,
            )
        return Ruling(allowed=True, practice=practice, person=person, appointment=chosen, right=right)
    own_side = [appointment for appointment in held if appointment.side == right.holder]
    if own_side:
        return Ruling(
            **refuse,
            appointment=own_side[0],
            rule="not this office",
            sentence=f"{right.code} is decided by the {right.deciders}, not by the {own_side[0].get_office_display()}.",
            way_forward=f"Put it to the {right.deciders}.",
            may_propose=True,
        )
    holder = practice.name if right.holder == Side.PC else practice.mso_name
    return Ruling(
        **refuse,
        appointment=first,
        rule="other side",
        sentence=f"{right.code} is held by {holder}, and your side cannot decide it.",
        way_forward=_way_forward(right),
        may_propose=right.holder == Side.PC,
    )


def _without_office(held: Collection[Appointment]) -> dict[str, Any]:
    """Why nobody acts: no office is held, or offices on both sides are and none is stated."""
    if held:
        return {
            "rule": "no office stated",
            "sentence": "You hold offices on both sides, and none of them is stated for this act.",
            "way_forward": "State in which office you act, then try again.",
        }
    return {
        "rule": "no office",
        "sentence": "You hold no office in force in this practice.",
        "way_forward": "Whoever holds the right of appointment can appoint you.",
    }


def _delegation(
    person: Person,
    practice: Practice,
    right: DecisionRight,
    held: Iterable[Appointment],
    own: Iterable[Appointment],
    at: datetime,
) -> Delegation | None:
    """What lets a physician exercise another's right; asked only where no own office does so but as one of a body."""
    if any(one.office in DELEGATORS for one in own) or not any(one.office in PHYSICIANS for one in held):
        return None
    return delegation_held(person, practice, right, at)


def _way_forward(right: DecisionRight) -> str:
    if right.holder == Side.MSO:
        return "The management company decides this; raise it with its operations staff or at the meeting."
    return {
        OtherSide.NONE: "Your side has no part in this decision. You may put the facts to the physicians: propose it.",
        OtherSide.INFORMED: "You will be informed. You may put the facts to the physicians: propose it.",
        OtherSide.ADVISES: "You may advise: propose it, and the physicians decide.",
        OtherSide.CONSULTED: "You will be consulted: propose it, and the physicians decide.",
        OtherSide.EXECUTES: "You may carry it out once the physicians have decided: propose it.",
    }[OtherSide(right.other_side)]


def rule_on_part(
    *, person: Person, practice: Practice, offices: Collection[str], at: datetime | None = None, licensed: bool = False
) -> Ruling:
    """Whether this person may take part in an act that decides no right, through one of these offices.

    `licensed` asks for a physician's license in force of whoever does it in an office that needs one.
    """
    found = standing(person, practice, "", at or moment())
    held = stated_among(_ranked(found.appointments), circumstances().appointment)
    fitting = [appointment for appointment in held if appointment.office in offices]
    refuse: dict[str, Any] = {"allowed": False, "practice": practice, "person": person}
    if not held:
        return Ruling(**refuse, appointment=None, **_without_office(found.appointments))
    if not fitting:
        names = " or ".join(office.label for office in sorted(map(Office, offices), key=RANK.index))
        return Ruling(
            **refuse,
            appointment=held[0],
            rule="not this office",
            sentence=f"This is done by the {names}.",
            way_forward="Ask one of them.",
        )
    state = found.license if licensed and fitting[0].office in LICENSED else None
    if state and not state.in_force:
        return Ruling(
            **refuse,
            appointment=fitting[0],
            license=state,
            rule="license",
            sentence=f"This needs a physician's license in force. {state.sentence}",
            way_forward="Have the license verified with the board, then try again.",
        )
    return Ruling(allowed=True, practice=practice, person=person, appointment=fitting[0], license=state)


def exercise(
    *,
    actor: Person,
    practice: Practice,
    right: str,
    verb: str,
    reason: str = "",
    attempted: str = "",
    about: models.Model | None = None,
) -> Ruling:
    """Rule on a decision under a right and open its act.

    `attempted` is what a refusal keeps of the attempt (a title). Raises AuthorityRefused.
    """
    ruling = rule_on_right(person=actor, practice=practice, code=right)
    return _open(ruling, verb=verb, capacity="decides", right=right, reason=reason, attempted=attempted, about=about)


def take_part(
    *,
    actor: Person,
    practice: Practice,
    verb: str,
    offices: Collection[str] = MEMBERS,
    right: str = "",
    reason: str = "",
    attempted: str = "",
    about: models.Model | None = None,
    licensed: bool = False,
) -> Ruling:
    """Rule on an act that decides no right (propose, record, submit) and open it. `right` is cited.

    Raises AuthorityRefused.
    """
    ruling = rule_on_part(person=actor, practice=practice, offices=offices, licensed=licensed)
    return _open(ruling, verb=verb, capacity="takes part", right=right, reason=reason, attempted=attempted, about=about)


def _open(
    ruling: Ruling, *, verb: str, capacity: str, right: str, reason: str, attempted: str, about: models.Model | None
) -> Ruling:
    appointment = ruling.appointment
    act = Act(
        verb=verb,
        capacity=capacity,
        practice_id=ruling.practice.pk,
        actor_id=ruling.person.pk,
        actor_name=str(ruling.person),
        office=appointment.office if appointment else "",
        office_name=appointment.get_office_display() if appointment else "",
        side=appointment.side if appointment else "",
        appointment_id=appointment.pk if appointment else None,
        right=right,
        reason=reason,
    )
    for name, content in circumstances().notes.items():
        act.attach(name, content)
    if about is not None:
        act.about(about)
    if ruling.allowed:
        open_act(act)
        if ruling.delegation:
            record(DelegatedAct, delegation=ruling.delegation)
        return ruling
    act.outcome = "refused"
    act.attach(
        "refusal",
        {
            "rule": ruling.rule,
            "sentence": ruling.sentence,
            "way_forward": ruling.way_forward,
            "attempted": attempted,
            "holder": ruling.right.holder if ruling.right else "",
            "right_name": ruling.right.name if ruling.right else "",
            "basis": ruling.right.basis if ruling.right else "",
        },
    )
    raise AuthorityRefused(ruling, act)
