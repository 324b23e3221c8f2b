"""Comparing the access log with the batches that the ledger sealed."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg import Connection
from psycopg.rows import dict_row

from audit.ledger.canonical import CanonicalError, canonical
from audit.ledger.merkle import HASH_SIZE, leaf_hash, root
from audit.services.verification.report import Report


def batch_of_entry(connection: Connection, header: dict[str, Any], entry: int, report: Report) -> Iterator[str]:
    """Each damage to the batch of accesses that an entry seals. The entry's header itself is judged elsewhere."""
    stated = header["access"]
    row = connection.execute("select ids, leaves from audit_accessbatch where entry_id = %s", [entry]).fetchone()
    if row is None:
        yield "the list of the accesses it seals is missing"
        return
    ids, together = row
    leaves = [together[start : start + HASH_SIZE] for start in range(0, len(together), HASH_SIZE)]
    whole = len(together) % HASH_SIZE == 0 and len(ids) == len(leaves) == stated.get("count") and bool(leaves)
    if not whole or root(leaves).hex() != stated.get("root"):
        yield "the list of the accesses it seals was changed; which of its rows are as sealed cannot be told"
        return
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute("select * from audit_accessevent where id = any(%s)", [ids]).fetchall()
    rows = {access["id"]: access for access in found}
    for number, leaf in zip(ids, leaves, strict=True):
        report.accesses += 1
        if number not in rows:
            yield f"row {number} of the access log was removed"
        elif _leaf(rows[number]) != leaf:
            yield f"row {number} of the access log was changed"


def verify_accesses(connection: Connection, practice: UUID | None, report: Report) -> Iterator[str]:
    """Rows that no batch sealed and that do not wait for one; rows sealed twice; lists that no entry made."""
    one = {"practice": practice}
    for number, times in connection.execute(
        "with sealed as (select unnest(ids) as id from audit_accessbatch)"
        " select e.id, (select count(*) from sealed s where s.id = e.id) as times from audit_accessevent e"
        " where e.id in (select id from sealed group by id having count(*) > 1)"
        " and (%(practice)s::uuid is null or e.practice = %(practice)s) order by 1",
        one,
    ).fetchall():
        yield f"row {number} of the access log is listed in {times} batches"
    waiting = 0
    for number, waits in connection.execute(
        "select e.id, w.access is not null from audit_accessevent e"
        " left join (select unnest(ids) as id from audit_accessbatch) s on s.id = e.id"
        " left join audit.unsealed w on w.access = e.id"
        " where s.id is null and (%(practice)s::uuid is null or e.practice = %(practice)s) order by 1",
        one,
    ).fetchall():
        waiting += waits
        if not waits:
            yield f"row {number} of the access log was never sealed, nor does it wait to be"
    for (number,) in connection.execute(
        "select b.id from audit_accessbatch b join audit_entry e on e.id = b.entry_id"
        """ where strpos(e.header, '"access":{') = 0 order by 1"""
    ).fetchall():
        yield f"batch {number} of the access log was forged: its entry seals no accesses"
    if waiting:
        report.remarks.append(f"{waiting} accesses of the last minute wait to be sealed; nothing vouches for them yet.")


def _leaf(row: dict[str, Any]) -> bytes:
    """The leaf hash of a row, over its text as `audit.seal_access` writes it; empty for what no row may hold."""
    at: datetime = row["at"]
    text = {"v": 1, **{name: str(value) if isinstance(value, UUID) else value for name, value in row.items()}}
    text["at"] = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    try:
        return leaf_hash(canonical({name: value for name, value in text.items() if value is not None}).encode())
    except CanonicalError:
        return b""
