"""The attacks that take more than one statement: insert, reorder, swap, rewrite, replay, and the clock.

docs/attacks.md lists every attack with its test and what is said.
"""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.utils import timezone

from audit.database import close_connections
from audit.ledger.canonical import canonical
from audit.ledger.merkle import leaf_hash
from audit.models import Act, Entry, Head, Log
from tests.audit.test_verify_ledger import cut, last, set_head
from tests.cast import Cast, found
from tests.conftest import Database, point_to

Verify = Callable[..., tuple[int, str]]
Tamper = Callable[..., None]


@pytest.fixture
def log(cast: Cast, act: Any, sign: Any) -> Log:
    """The practice's log, all of it under a checkpoint."""
    for name in ("Barstow", "Needles", "Baker"):
        act(name)
    sign()
    return Log.objects.get(practice=cast.practice.pk)


def entries(log: Log) -> list[Entry]:
    return list(Entry.objects.filter(log=log).order_by("index"))


def rewritten(log: Log, headers: list[str], ids: list[int]) -> list[str]:
    """Statements that number these entries anew, with every leaf and the head computed anew."""
    leaves = [leaf_hash(header.encode()) for header in headers]
    return [
        f"update audit_entry set index = -1 - index where log_id = {log.pk}",
        *(
            f"update audit_entry set index = {index}, log_id = {log.pk}, header = '{header}', leaf = '\\x{leaf.hex()}'"
            f" where id = {key}"
            for index, (key, header, leaf) in enumerate(zip(ids, headers, leaves, strict=True))
        ),
        set_head(log, leaves),
    ]


def numbered(header: str, index: int, **changed: object) -> str:
    return canonical({**json.loads(header), "index": index, **changed})


@pytest.mark.parametrize("careful", [False, True])
def test_an_entry_is_inserted(careful: bool, log: Log, house: Database, tamper: Tamper, verify: Verify) -> None:
    """With every number and hash behind it computed anew, only the checkpoint knows."""
    rows = entries(log)
    tamper(
        "insert into audit_entry (log_id, index, header, leaf)"
        f" select log_id, 1000, header, leaf from audit_entry where id = {rows[3].pk}"
    )
    planted = Entry.objects.get(log=log, index=1000)
    order = [*rows[:3], planted, *rows[3:]]
    headers = [row.header for row in order]
    if careful:
        headers = [numbered(header, index) for index, header in enumerate(headers)]
        headers[3] = numbered(headers[3], 3, id=str(uuid4()))
    tamper(*rewritten(log, headers, [row.pk for row in order]))
    code, said = verify()
    assert code == 1
    assert "states another root" in said
    assert "entry 3: its act is missing" in said
    assert ("entry 4: it was sealed as entry 3" in said) is not careful


@pytest.mark.parametrize("careful", [False, True])
def test_entries_are_reordered(careful: bool, log: Log, tamper: Tamper, verify: Verify) -> None:
    rows = entries(log)
    order = [*rows[:3], rows[4], rows[3], *rows[5:]]
    headers = [numbered(row.header, index) if careful else row.header for index, row in enumerate(order)]
    tamper(*rewritten(log, headers, [row.pk for row in order]))
    code, said = verify()
    assert code == 1
    assert "at least one entry was changed, removed or put in another place" in said
    assert ("entry 3: it was sealed as entry 4" in said) is not careful
    if careful:
        assert re.search(r"entry 4: its time \S+ lies before the time of an earlier entry", said)


@pytest.mark.parametrize("careful", [False, True])
def test_entries_of_two_practices_are_swapped(
    careful: bool, log: Log, sign: Any, tamper: Tamper, verify: Verify
) -> None:
    other = Log.objects.get(practice=found("hesperia").practice.pk)
    sign()
    ours, theirs = entries(log), entries(other)
    tamper(f"update audit_entry set index = 5000 where id in ({ours[3].pk})")
    for kept, rows, stranger in ((log, ours, theirs[3]), (other, theirs, ours[3])):
        order = [*rows[:3], stranger, *rows[4:]]
        headers = [row.header for row in order]
        if careful:
            headers[3] = numbered(headers[3], 3, log=kept.origin)
        tamper(*rewritten(kept, headers, [row.pk for row in order]))
    code, said = verify()
    assert code == 1
    assert said.count("states another root") >= 2
    assert (f"{log.origin}: entry 3: it was sealed as entry 3 of {other.origin}" in said) is not careful


def test_truncated_and_written_anew(
    log: Log, act: Any, house: Database, tamper: Tamper, verify: Verify, sign: Any
) -> None:
    """The services themselves write the new entries: every hash is right, and it is another history."""
    size = last(log) + 1
    cut(house, tamper, log, size - 3)
    for name in ("Ludlow", "Amboy", "Essex", "Goffs"):
        act(name)
    assert Head.objects.get(log=log).size > size
    code, said = verify()
    assert code == 1
    assert f"the checkpoint folder of {size} entries states another root" in said
    assert log.origin not in {note.origin for note in sign()}


def test_an_old_backup_is_replayed(log: Log, act: Any, house: Database, verify: Verify, sign: Any) -> None:
    """First as it was; then continued until it is longer than what was signed."""
    close_connections()
    backup = f"{house.name}_backup"
    house.cluster.create_database(backup, template=house.name)
    for name in ("Ludlow", "Amboy"):
        act(name)
    sign()
    size = last(log) + 1
    try:
        point_to(house.cluster.urls(backup))
        code, said = verify()
        assert code == 1
        assert f"covers {size} entries, the log has {size - 2}. It was cut, or the database was rolled back" in said
        for name in ("Essex", "Goffs", "Kelso"):
            act(name)
        code, said = verify()
        assert code == 1
        assert f"the checkpoint folder of {size} entries states another root" in said
    finally:
        point_to(house.urls)
        house.cluster.drop_database(backup)


@pytest.mark.parametrize("again", ["", "enable trigger user", "enable always trigger brightline_append_only"])
def test_the_owner_disables_a_trigger_and_edits(again: str, log: Log, house: Database, verify: Verify) -> None:
    with house.connect("owner") as owner:
        owner.execute("alter table audit_part disable trigger user")
        owner.execute(
            "update audit_part set body = replace(body, 'Marsh', 'Marsch') where name = 'facts' and act_id ="
            " (select a.id from audit_act a join audit_entry e on e.id = a.entry_id"
            f" where e.log_id = {log.pk} and e.index = 3)"
        )
        if again:
            owner.execute(f"alter table audit_part {again}")
    code, said = verify()
    assert code == 1
    assert "entry 3: its part facts was changed" in said
    named = "brightline_append_only on audit_part is not enabled ALWAYS" in said
    assert named is not again.startswith("enable always")
    assert "brightline_append_only_all on audit_part is not enabled ALWAYS" in said


def test_the_clock_is_set_back(log: Log, act: Any, tamper: Tamper, verify: Verify) -> None:
    """The entry says so itself, and stays good; the record does not pretend that time went on."""
    entry = entries(log)[-1]
    tomorrow = timezone.now() + timedelta(days=1)
    tamper(f"update audit_head set last_at = '{tomorrow.isoformat()}' where log_id = {log.pk}")
    act("Ludlow")
    marked = json.loads(Entry.objects.get(log=log, index=entry.index + 1).header)
    assert marked["clock"] == "stepped back"
    assert "clock" not in json.loads(entry.header)
    assert verify()[0] == 0


def test_an_earlier_time_without_the_mark_is_found(log: Log, act: Any, tamper: Tamper, verify: Verify) -> None:
    act("Ludlow")
    rows = entries(log)
    late = Act.objects.get(entry=rows[-1]).recorded_at - timedelta(days=1)
    headers = [row.header for row in rows]
    headers[-1] = numbered(headers[-1], len(rows) - 1, at=late.strftime("%Y-%m-%dT%H:%M:%S.%fZ"))
    tamper(*rewritten(log, headers, [row.pk for row in rows]))
    code, said = verify()
    assert code == 1
    assert re.search(rf"entry {len(rows) - 1}: its time \S+ lies before the time of an earlier entry", said)


def test_two_sessions_take_the_same_number(log: Log, house: Database, verify: Verify) -> None:
    """Even the owner's own insert waits for the other session, and is refused."""
    taken = Head.objects.get(log=log).size
    insert = "insert into audit_entry (log_id, index, header, leaf) values (%s, %s, '{}', sha256('x'))"
    with house.connect("owner") as first, house.connect("owner") as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute(insert, [log.pk, taken])
            waiting = pool.submit(second.execute, insert, [log.pk, taken])
        with pytest.raises(psycopg.errors.UniqueViolation, match="audit_entry_number"):
            waiting.result(30)
    code, said = verify()
    assert code == 1
    assert "its head states" in said


def test_two_sessions_seal_the_same_act(cast: Cast, house: Database) -> None:
    act = json.dumps(
        {
            "id": str(uuid4()), "practice": str(cast.practice.pk), "verb": "document.sealed", "outcome": "done",
            "capacity": "system", "actor": None, "actor_name": "", "office": "", "office_name": "", "side": "",
            "appointment": None, "right": "", "object_type": "", "object_id": "", "reason": "", "occurred_at": None,
            "request": "r", "via": "command", "flag": "", "parts": {}, "rows": [],
        }
    )  # fmt: skip
    seal = "select log, index from audit.seal(%s::jsonb)"
    with house.connect("app") as first, house.connect("app") as second, ThreadPoolExecutor(1) as pool:
        with first.transaction():
            first.execute(seal, [act])
            waiting = pool.submit(second.execute, seal, [act])
        with pytest.raises(psycopg.errors.UniqueViolation):
            waiting.result(30)
    assert Act.objects.filter(verb="document.sealed").count() == 1
