"""Comparing acts, parts, rows and files with what the entries commit to."""

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import UUID

from psycopg import Connection, sql
from psycopg.rows import dict_row

from audit import store
from audit.ledger.canonical import CanonicalError, canonical, commitment
from audit.registry import Kind, tables

LEFT = "after/"
SNAPSHOTS = ("row/", LEFT)
"""Parts that hold a row as it was sealed, or as a scrub left it."""


class Counts(Protocol):
    """What is counted while rows are compared."""

    parts: int
    scrubbed: int
    documents: int
    dropped: int
    rows: int
    remarks: list[str]


class Rows:
    """The acts, parts and rows of a run of entries, each table read once."""

    def __init__(self, connection: Connection, entries: Sequence[int]) -> None:
        with connection.cursor(row_factory=dict_row) as cursor:
            acts = cursor.execute("select * from audit_act where entry_id = any(%s)", [list(entries)]).fetchall()
            self.acts = {act["entry_id"]: act for act in acts}
            parts = cursor.execute(
                "select act_id, name, salt, body from audit_part where act_id = any(%s) order by name",
                [[act["id"] for act in acts]],
            ).fetchall()
        self.parts: dict[UUID, dict[str, tuple[bytes | None, str | None]]] = {}
        wanted: dict[str, list[str]] = {}
        for part in parts:
            self.parts.setdefault(part["act_id"], {})[part["name"]] = (part["salt"], part["body"])
            if part["name"].startswith(SNAPSHOTS) and part["name"].count("/") >= 2:
                _, table, key = part["name"].split("/", 2)
                wanted.setdefault(table, []).append(key)
        kept = {table.name: table.key for table in tables() if table.kind in {Kind.HISTORY, Kind.RECORDED}}
        kept["audit_act"] = "id"
        """An act's row is sealed again after its reason was scrubbed."""
        self.scrubbed = {
            (act, name)
            for act, name in connection.execute(
                "select (p ->> 0)::uuid, p ->> 1 from audit_scrubbing s, jsonb_array_elements(s.parts) p"
                " where (p ->> 0)::uuid = any(%s)"
                " and not exists (select from audit_restoration r where r.scrubbing_id = s.id)",
                [[act["id"] for act in acts]],
            ).fetchall()
        }
        self.taken_back = {
            act
            for (act,) in connection.execute(
                "select s.act_id from audit_scrubbing s join audit_restoration r on r.scrubbing_id = s.id"
                " where s.act_id = any(%s)",
                [[act["id"] for act in acts]],
            ).fetchall()
        }
        """Scrubs that were taken back: what they left of a row is no state of it any more."""
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}
        for table, keys in wanted.items():
            if table in kept:
                found = connection.execute(
                    sql.SQL(
                        "select t.{key}::text, to_jsonb(t)::text from {table} t where t.{key}::text = any(%s)"
                    ).format(key=sql.Identifier(kept[table]), table=sql.Identifier(table)),
                    [keys],
                ).fetchall()
                self.rows.update({(table, key): _exact(text) for key, text in found})


def act_of_entry(header: dict[str, Any], rows: Rows, entry: int, counts: Counts) -> Iterator[tuple[str, str]]:
    """Each damage to the act of an entry, as kind and words."""
    act = rows.acts.get(entry)
    if act is None:
        yield "act", "its act is missing"
        return
    differing = sorted(name for name, value in _as_header(act, header).items() if header.get(name) != value)
    if differing:
        yield "act", f"its act says something else than the header: {', '.join(differing)}"
    commitments = header.get("parts", {})
    parts = rows.parts.get(act["id"], {})
    for name in sorted(commitments.keys() - parts.keys()):
        yield "part", f"its part {name} is missing"
    for name in sorted(parts.keys() - commitments.keys()):
        yield "part", f"the part {name} was added"
    for name in sorted(commitments.keys() & parts.keys()):
        counts.parts += 1
        salt, body = parts[name]
        if salt is None and body is None:
            if (act["id"], name) in rows.scrubbed:
                counts.scrubbed += 1
            else:
                yield "part", f"its part {name} was emptied, and no scrub names it"
            continue
        if not _committed(commitments[name], salt, body):
            yield "part", f"its part {name} was changed"
            continue
        if name == "facts" and body != _facts(act):
            yield "act", "its act names another person, office or reason than was sealed"
        if name.startswith(SNAPSHOTS) and not (name.startswith(LEFT) and act["id"] in rows.taken_back):
            table, key = name.split("/", 2)[1:]
            counts.rows += 1
            difference = _difference(_exact(body or "{}"), rows.rows.get((table, key)))
            if difference:
                yield "row", f"row {key} of {table} {difference}"


def verify_tables(connection: Connection, practice: UUID | None, counts: Counts) -> Iterator[str]:
    """Rows without act or part, and governed rows that are not as their newest history says."""
    for table in tables():
        if table.kind in {Kind.HISTORY, Kind.RECORDED}:
            query = sql.SQL(
                "select t.{key}::text, a.id is null from {table} t left join audit_act a on a.id = t.act_id"
                " where (%(practice)s::uuid is null or a.practice = %(practice)s or a.id is null) and not exists"
                " (select from audit_part p where p.act_id = a.id and p.name = 'row/' || {name} || '/' || t.{key})"
                " order by t.{key}"
            ).format(key=sql.Identifier(table.key), table=sql.Identifier(table.name), name=sql.Literal(table.name))
            for key, without in connection.execute(query, {"practice": practice}).fetchall():
                yield f"row {key} of {table.name} {'has no act' if without else 'was never sealed by its act'}"
        if table.kind is Kind.GOVERNED:
            query = sql.SQL(
                "select coalesce(t.{key}, h.{key})::text, t.{key} is null, h.past is null,"
                " (select string_agg(l.key, ', ' order by l.key) from jsonb_each(to_jsonb(t)) l"
                "  where l.value is distinct from h.past -> l.key)"
                " from {table} t full join (select distinct on ({key}) {key}, history_type, act_id, to_jsonb(x) as past"
                "  from {history} x order by {key}, history_id desc) h on h.{key} = t.{key}"
                " left join audit_act a on a.id = h.act_id"
                " where (%(practice)s::uuid is null or a.practice = %(practice)s or h.past is null)"
                " and case when t.{key} is null then h.history_type <> '-' else h.past is null"
                "  or exists (select from jsonb_each(to_jsonb(t)) l where l.value is distinct from h.past -> l.key) end"
                " order by 1"
            ).format(
                key=sql.Identifier(table.key), table=sql.Identifier(table.name), history=sql.Identifier(table.history)
            )
            for key, gone, unknown, differing in connection.execute(query, {"practice": practice}).fetchall():
                if gone:
                    yield f"row {key} of {table.name} is gone, though its history does not say so"
                elif unknown:
                    yield f"row {key} of {table.name} has no history"
                else:
                    yield f"row {key} of {table.name} is not as its newest history says: {differing}"


def verify_documents(connection: Connection, practice: UUID | None, counts: Counts) -> Iterator[str]:
    """Every sealed file, read from the store and hashed again; one that a scrub dropped is named, and must be gone."""
    for title, address, size, scrub, replaced in connection.execute(
        "select d.title, d.sha256, d.size, s.id, exists (select from audit_document r where r.replaces_id = d.id)"
        " from audit_document d left join audit_scrubbing s on s.table_name = 'audit_document'"
        " and s.row_key = d.id::text and s.column_name = 'bytes'"
        " and not exists (select from audit_restoration r where r.scrubbing_id = s.id)"
        " where %(practice)s::uuid is null or d.practice = %(practice)s order by d.id",
        {"practice": practice},
    ).fetchall():
        if scrub is not None:
            counts.dropped += 1
            waits = "" if replaced else "; its redacted file is not sealed yet"
            still = "; its bytes still lie in the store and go when the worker starts" if store.holds(address) else ""
            counts.remarks.append(f"Document {title!r} was dropped by scrub {scrub}, its hash stays{waits}{still}.")
            continue
        counts.documents += 1
        try:
            data = store.get(address)
        except (store.StoreError, ValueError) as error:
            yield f"document {title!r}: {error}"
            continue
        if len(data) != size:
            yield f"document {title!r}: it has {len(data)} bytes, not {size}"


def verify_sequestered(connection: Connection, practice: UUID | None, counts: Counts) -> Iterator[str]:
    """Every value that a scrub took out: its encrypted file must be there, and gone once it was destroyed."""
    for key, address, destroyed in connection.execute(
        "select s.id, s.sha256, d.id is not null from audit_sequestered s"
        " left join audit_destruction d on d.sequestered_id = s.id"
        " where %(practice)s::uuid is null or s.practice = %(practice)s order by s.id",
        {"practice": practice},
    ).fetchall():
        if destroyed:
            if store.holds(address):
                counts.remarks.append(f"Sequestered value {key} was destroyed, yet its file still lies in the store.")
            continue
        try:
            store.get(address)
        except (store.StoreError, ValueError) as error:
            yield f"sequestered value {key}: {error}"


def _as_header(act: dict[str, Any], header: dict[str, Any]) -> dict[str, Any]:
    """What the header must say for this act; None stands for a field that is left out."""
    claimed = act["occurred_at"] != act["recorded_at"] or "occurred" in header
    return {
        "id": str(act["id"]),
        "practice": str(act["practice"]) if act["practice"] else None,
        "verb": act["verb"],
        "outcome": act["outcome"],
        "capacity": act["capacity"],
        "actor": str(act["actor"]) if act["actor"] else None,
        "office": act["office"] or None,
        "side": act["side"] or None,
        "grant": str(act["appointment"]) if act["appointment"] is not None else None,
        "right": act["right"] or None,
        "object": {"type": act["object_type"], "id": act["object_id"]} if act["object_type"] else None,
        "occurred": _time(act["occurred_at"]) if claimed else None,
        "at": _time(act["recorded_at"]),
        "request": act["request"],
        "via": act["via"],
        "flag": act["flag"] or None,
    }


def _facts(act: dict[str, Any]) -> str:
    return canonical({name: act[name] for name in ("actor_name", "office_name", "reason")})


def _time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _committed(stated: Any, salt: bytes | None, body: str | None) -> bool:
    if salt is None or body is None:
        return False
    try:
        return commitment(bytes(salt), body).hex() == stated
    except CanonicalError:
        return False


def _exact(text: str) -> dict[str, Any]:
    """A row as PostgreSQL writes it, decimals kept as written. A text that is no object is no row."""
    value = json.loads(text, parse_float=str)
    return value if isinstance(value, dict) else {}


def _difference(sealed: dict[str, Any], row: dict[str, Any] | None) -> str:
    """How a row differs from what was sealed; empty when it does not. A column added since is no difference."""
    if row is None:
        return "is missing"
    changed = sorted(name for name, value in sealed.items() if name not in row or row[name] != value)
    return f"was changed: {', '.join(changed)}" if changed else ""
