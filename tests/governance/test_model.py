"""Authority against a plain model of its rules, over random offices, licenses, delegations, versions and dates.

The model below is written from the rules as the domain states them, over plain values; it reads no table of the code.
What the database says when an act is sealed must be the same.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import Error, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.context import stating
from governance.authority import rule_on_right
from governance.models import (
    Appointment,
    CatalogueVersion,
    DecisionRight,
    DelegatedAct,
    Delegation,
    License,
    Person,
    Practice,
    Verification,
)
from tests.conftest import Database, point_to

PC_OFFICES = {
    "pc_shareholder": {"shareholders"}, "pc_director": {"board"}, "pc_officer": set(),
    "committee_member": {"committee"}, "medical_director": {"medical_director", "physician"},
    "physician": {"physician"}, "supervising_physician": {"supervising_physician", "physician"},
    "alternate_chair": set(), "pc_counsel": set(), "auditor": set(),
}  # fmt: skip
MSO_OFFICES = {
    "mso_operations": {"mso"}, "mso_executive": {"mso"}, "recording_secretary": set(), "mso_counsel": set(),
    "administrator": set(),
}  # fmt: skip
GIVE = {"medical_director", "physician", "supervising_physician"}
RECEIVE = GIVE | {"alternate_chair"}
DAYS, LIMIT, CODES = 10, 4, ("DR-01", "DR-02", "DR-03")
START = date(2026, 3, 2)
PC_DECIDERS = ["shareholders", "board", "committee", "medical_director", "physician", "supervising_physician"]


@dataclass(frozen=True)
class Held:
    person: int
    office: str
    start: int
    end: int | None


@dataclass(frozen=True)
class Verified:
    person: int
    on: int
    expires: int
    active: bool


@dataclass(frozen=True)
class Gave:
    giver: int
    to: int
    code: str
    start: int
    end: int


@dataclass(frozen=True)
class Right:
    holder: str
    by: frozenset[str]


@dataclass(frozen=True)
class World:
    """Three people over ten days: two versions of the catalogue, the second from a day on."""

    offices: list[Held]
    licenses: list[Verified]
    given: list[Gave]
    versions: list[dict[str, Right]]
    second_from: int

    def offices_of(self, person: int, day: int) -> set[str]:
        return {
            one.office for one in self.offices
            if one.person == person and one.start <= day and (one.end is None or day < one.end)
        }  # fmt: skip

    def licensed(self, person: int, day: int) -> bool:
        told = [one for one in self.licenses if one.person == person and one.on <= day]
        if not told:
            return False
        last = max(told, key=lambda one: (one.on, self.licenses.index(one)))
        return last.active and last.expires >= day and last.on + LIMIT >= day

    def counted(self, person: int, day: int, stated: str) -> set[str]:
        """The offices that count: all, or, where they lie on both sides, the one stated."""
        offices = self.offices_of(person, day)
        if offices & PC_OFFICES.keys() and offices & MSO_OFFICES.keys():
            return offices & {stated}
        return offices

    def allowed(self, person: int, code: str, day: int, stated: str) -> bool:
        right = self.versions[day >= self.second_from].get(code)
        if right is None:
            return False
        offices = self.counted(person, day, stated)
        if right.holder == "MSO":
            return any(MSO_OFFICES.get(office, set()) & right.by for office in offices)
        if not self.licensed(person, day):
            return False
        if any(PC_OFFICES.get(office, set()) & right.by for office in offices):
            return True
        return bool(offices & RECEIVE) and any(self.stands(one, person, code, right, day) for one in self.given)

    def stands(self, one: Gave, person: int, code: str, right: Right, day: int) -> bool:
        """Whether a delegation to this person carries the right on a day."""
        own = self.offices_of(one.giver, day) & GIVE
        return (
            (one.to, one.code) == (person, code)
            and one.start <= day < one.end
            and self.licensed(one.giver, day)
            and any(PC_OFFICES[office] & right.by for office in own)
        )


days = st.integers(0, DAYS)
people = st.integers(0, 2)
questions = st.tuples(people, st.sampled_from(CODES), days, st.integers(0, 5))
"""Who asks for which right on which day, stating which of the offices held."""
rights = st.one_of(
    st.just(Right("MSO", frozenset({"mso"}))),
    st.builds(Right, st.just("PC"), st.frozensets(st.sampled_from(PC_DECIDERS), min_size=1, max_size=2)),
)
versions = st.dictionaries(st.sampled_from(CODES), rights, min_size=2)


def apart(rows: list[Any], key: Any) -> list[Any]:
    """The rows without those that overlap an earlier one of the same key, which the database would refuse."""
    kept: list[Any] = []
    for row in rows:
        end = row.end if row.end is not None else DAYS + 99
        clear = all(
            key(row) != key(other) or end <= other.start or (other.end is not None and other.end <= row.start)
            for other in kept
        )
        if end > row.start and clear:
            kept.append(row)
    return kept


@st.composite
def worlds(draw: st.DrawFn) -> World:
    often = st.sampled_from([*sorted(GIVE), *PC_OFFICES, *MSO_OFFICES])
    offices = draw(st.lists(st.builds(Held, people, often, days, st.none() | days), max_size=7))
    offices = [one for one in offices if one.end is not None or one.office not in {"alternate_chair", "auditor"}]
    offices = apart(offices, lambda one: "md" if one.office == "medical_director" else (one.person, one.office))
    licenses = draw(st.lists(st.builds(Verified, people, days, days, st.booleans()), max_size=6))
    whole = [Verified(one, 3, DAYS, True) for one in draw(st.sets(people))]
    given = draw(st.lists(st.builds(Gave, people, people, st.sampled_from(CODES), days, days), max_size=4))
    given = apart([one for one in given if one.giver != one.to], lambda one: (one.giver, one.code))
    return World(offices, [*licenses, *whole], given, [draw(versions), draw(versions)], draw(days))


def at(day: int) -> datetime:
    """The beginning of a day of the model."""
    return datetime(START.year, START.month, START.day, tzinfo=UTC) + timedelta(days=day)


def noon(day: int) -> datetime:
    return at(day) + timedelta(hours=12)


def write(world: World) -> tuple[Practice, list[Person]]:
    """The world as rows, in a transaction that is rolled back: what a commit would check is not asked."""
    practice = Practice(
        id=uuid4(), slug=f"m{uuid4().hex[:10]}", name="Model", mso_name="M", time_zone="UTC", founded_at=at(-9),
        license_limit_days=LIMIT, demonstration=True,
    )  # fmt: skip
    Practice.objects.bulk_create([practice])
    persons = Person.objects.bulk_create([Person(id=uuid4(), name=f"Person {n}") for n in range(3)])
    Appointment.objects.bulk_create(
        Appointment(
            practice=practice, person=persons[one.person], office=one.office,
            side="PC" if one.office in PC_OFFICES else "MSO", starts_at=at(one.start),
            ends_at=at(one.end) if one.end is not None else None,
        )
        for one in world.offices
    )  # fmt: skip
    act = uuid4()
    held = License.objects.bulk_create(License(person=one, number=f"{one.pk.hex[:12]}", board="B") for one in persons)
    Verification.objects.bulk_create(
        Verification(
            act_id=act, license=held[one.person], status="active" if one.active else "suspended",
            expires_on=at(one.expires).date(), verified_on=at(one.on).date(), verified_by="x", source="x",
        )
        for one in world.licenses
    )  # fmt: skip
    insert_act(id=act, practice=practice.pk, capacity="founding", occurred_at=at(-9))
    Delegation.objects.bulk_create(
        Delegation(
            practice=practice, delegator=persons[one.giver], delegate=persons[one.to], code=one.code,
            starts_at=at(one.start), ends_at=at(one.end), reason="x",
        )
        for one in world.given
    )  # fmt: skip
    for number, (begins, texts) in enumerate(((at(-9), world.versions[0]), (at(world.second_from), world.versions[1]))):
        version = CatalogueVersion(practice=practice, number=number + 1, effective_from=begins)
        CatalogueVersion.objects.bulk_create([version])
        DecisionRight.objects.bulk_create(
            DecisionRight(
                act_id=uuid4(), catalogue=version, code=code, name=code, category="x", holder=right.holder,
                exercised_by=sorted(right.by), other_side="none", basis="x", confirmed=True,
            )
            for code, right in texts.items()
        )  # fmt: skip
    return practice, persons


def insert_act(**values: Any) -> None:
    """A row of audit_act as the seal inserts it; the guard of acts judges it at once."""
    row = {
        "id": uuid4(), "entry_id": -(uuid4().int % 10**15), "verb": "x", "outcome": "done", "actor": None,
        "actor_name": "", "office": "", "office_name": "", "side": "", "appointment": None, "right": "",
        "object_type": "", "object_id": "", "reason": "", "recorded_at": at(0), "request": "", "via": "", "flag": "",
        **values,
    }  # fmt: skip
    names = ", ".join(f'"{name}"' for name in row)
    with connection.cursor() as cursor:
        cursor.execute(
            f"insert into audit_act ({names}, xid) values ({', '.join(['%s'] * len(row))}, pg_current_xact_id())",
            list(row.values()),
        )


def sealed(practice: Practice, held: Appointment, code: str, when: datetime, delegation: Delegation | None) -> bool:
    """Whether the database takes an act that decides the right in that office, said to be done as that delegate."""
    act = uuid4()
    try:
        with transaction.atomic():
            if delegation:
                DelegatedAct.objects.bulk_create([DelegatedAct(act_id=act, delegation=delegation)])
            insert_act(
                id=act, practice=practice.pk, capacity="decides", actor=held.person_id, actor_name=str(held.person),
                office=held.office, office_name=held.get_office_display(), side=held.side, appointment=held.pk,
                right=code, occurred_at=when,
            )  # fmt: skip
    except Error:
        return False
    return True


@pytest.fixture
def as_superuser(house: Database) -> Iterator[None]:
    """Rows of the model's world are nobody's acts: only the superuser writes them, and only until the rollback."""
    point_to({**house.urls, "app": house.cluster.superuser_url(house.name)})
    yield
    point_to(house.urls)


type Question = tuple[int, str, int, int]


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds(), asked=st.lists(questions, min_size=4, max_size=8))
def test_authority_is_what_the_rules_say(
    as_superuser: None, world: World, asked: list[tuple[int, str, int, int]]
) -> None:
    with transaction.atomic():
        practice, persons = write(world)
        for number, code, day, which in asked:
            person, when = persons[number], noon(day)
            own = list(Appointment.objects.in_force(when).filter(person=person).select_related("person").order_by("pk"))
            stated = own[which % len(own)] if own else None
            with stating(stated.pk) if stated else nullcontext():
                ruling = rule_on_right(person=person, practice=practice, code=code, at=when)
            expected = world.allowed(number, code, day, stated.office if stated else "")
            assert ruling.allowed == expected, (number, code, day, ruling)
            if ruling.allowed:
                assert ruling.appointment
                assert ruling.right
                assert ruling.appointment.side == ruling.right.holder, "no office decides across the line"
                assert sealed(practice, ruling.appointment, code, when, ruling.delegation)
            else:
                counted = world.counted(number, day, stated.office if stated else "")
                for held in [one for one in own if one.office in counted]:
                    for delegation in (None, *Delegation.objects.filter(practice=practice, delegate=person)):
                        assert not sealed(practice, held, code, when, delegation)
        transaction.set_rollback(True)
