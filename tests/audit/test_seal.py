"""The seal: numbers without gaps, one act to a transaction, honest times, and the same bytes as the Python side."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.acts import Act, NoAct, open_act, seal, service
from audit.context import occurring
from audit.ledger.canonical import MAX_INTEGER, canonical
from audit.ledger.merkle import Frontier, leaf_hash
from audit.models import Act as SealedAct
from audit.models import Entry, Head, Log
from governance import authority
from governance.authority import AuthorityRefused
from governance.models import Person, Practice
from tests.cast import Cast
from tests.conftest import Database

THREADS, ACTS = 4, 50


@service
def remark(*, actor: Person, practice: Practice) -> None:
    """An act that writes nothing but itself."""
    authority.take_part(actor=actor, practice=practice, verb="remark.made", reason="–")


@service
def overreach(*, actor: Person, practice: Practice) -> None:
    authority.exercise(actor=actor, practice=practice, right="DR-01", verb="remark.made")


def numbers(log: Log) -> list[int]:
    return list(Entry.objects.filter(log=log).order_by("index").values_list("index", flat=True))


def test_numbers_have_no_gap_under_concurrency(cast: Cast) -> None:
    log = Log.objects.get(practice=cast.practice.pk)
    before = Head.objects.get(log=log).size

    def many(_: int) -> None:
        try:
            for _ in range(ACTS):
                remark(actor=cast.director, practice=cast.practice)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(many, range(THREADS)))
    head = Head.objects.get(log=log)
    assert head.size == before + THREADS * ACTS
    assert numbers(log) == list(range(head.size))
    tree = Frontier()
    for entry in Entry.objects.filter(log=log).order_by("index"):
        assert bytes(entry.leaf) == leaf_hash(entry.header.encode())
        tree.push(bytes(entry.leaf))
    assert bytes(head.root) == tree.root()
    assert bytes(head.frontier) == b"".join(tree.hashes)


def test_a_refusal_is_an_entry_and_a_failure_is_none(cast: Cast) -> None:
    log = Log.objects.get(practice=cast.practice.pk)
    before = Head.objects.get(log=log).size
    with pytest.raises(AuthorityRefused):
        overreach(actor=cast.operations, practice=cast.practice)
    assert SealedAct.objects.latest("recorded_at").outcome == "refused"

    @service
    def fails() -> None:
        authority.take_part(actor=cast.director, practice=cast.practice, verb="remark.made")
        raise ValueError("text: is empty")

    with pytest.raises(ValueError, match="text: is empty"):
        fails()
    remark(actor=cast.director, practice=cast.practice)
    assert numbers(log) == list(range(before + 2))


def test_one_act_to_a_transaction(cast: Cast) -> None:
    @service
    def two() -> None:
        authority.take_part(actor=cast.director, practice=cast.practice, verb="remark.made")
        authority.take_part(actor=cast.director, practice=cast.practice, verb="remark.made")

    with pytest.raises(NoAct, match="already has its act"):
        two()

    def system() -> Act:
        return Act(verb="document.sealed", capacity="system", practice_id=cast.practice.pk)

    with transaction.atomic():
        seal(system())
        with pytest.raises(ProgrammingError, match="has sealed its act already"), transaction.atomic():
            seal(system())

    @service
    def none() -> None:
        pass

    with pytest.raises(NoAct):
        none()
    with pytest.raises(NoAct, match="inside a service"):
        open_act(system())


def test_a_service_does_not_nest(cast: Cast) -> None:
    @service
    def outer() -> None:
        remark(actor=cast.director, practice=cast.practice)

    with pytest.raises(RuntimeError, match="durable"):
        outer()


def test_claimed_times(cast: Cast) -> None:
    past = timezone.now()
    with occurring(past, flag="demonstration"):
        remark(actor=cast.director, practice=cast.practice)
    act = SealedAct.objects.latest("recorded_at")
    assert (act.occurred_at, act.flag) == (past, "demonstration")
    assert act.recorded_at > past
    with (
        occurring(timezone.now() + timedelta(hours=1), flag="back-entry"),
        pytest.raises(IntegrityError, match="future"),
    ):
        remark(actor=cast.director, practice=cast.practice)
    with pytest.raises(ValueError, match="only under the flag"), occurring(past, flag="whim"):
        pass
    unflagged = Act(verb="document.sealed", capacity="system", practice_id=cast.practice.pk)
    unflagged.occurred_at = past
    with pytest.raises(IntegrityError, match="needs the demonstration or back-entry flag"), transaction.atomic():
        seal(unflagged)


def test_header_names_the_office_and_no_person(cast: Cast) -> None:
    remark(actor=cast.director, practice=cast.practice)
    header = Entry.objects.get(act__verb="remark.made").header
    facts = json.loads(header)
    assert facts["actor"] == str(cast.director.pk)
    assert facts["office"]
    assert facts["grant"].isdigit()
    assert "Marsh" not in header
    assert header == canonical(facts)


def test_a_field_that_headers_do_not_know_is_refused(owner: psycopg.Connection) -> None:
    row = owner.execute("select id from audit_log where kind = 'practice'").fetchone()
    assert row
    with pytest.raises(psycopg.errors.CheckViolation, match="a header knows not all of these fields"):
        owner.execute("select audit.append(%s, %s::jsonb)", [row[0], json.dumps({"verb": "tried", "mood": "good"})])


# PostgreSQL's text holds no NUL.
TEXT = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))
KEYS = st.text(st.characters(max_codepoint=0x7E, min_codepoint=0x20), min_size=1)
SCALARS = st.none() | st.booleans() | st.integers(-MAX_INTEGER, MAX_INTEGER) | TEXT
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner), max_leaves=12)


@given(value=VALUES)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_sql_writes_what_rfc8785_writes(owner: psycopg.Connection, value: Any) -> None:
    (written,) = owner.execute("select audit.canonical(%s::jsonb)", [json.dumps(value)]).fetchone() or ("",)
    assert written == canonical(value)


@pytest.fixture
def owner(house: Database) -> Any:
    with house.connect("owner") as found:
        yield found
