"""The entries of a log, each with whether it is plainly in order; told by PostgreSQL itself, set by set.

An entry is plain when its header hashes to its leaf and is, letter by letter, what the ledger writes for the act and
the parts that are stored (so it is canonical, of this log and number, and every commitment fits), and when every row
that the act committed to reads as it was sealed. This way only ever finds that everything fits: whatever is not plain
(a batch of accesses, a scrub, a clock that stepped back, damage) the caller looks at closely, and names.
"""

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import NamedTuple

import psycopg
from psycopg import Connection, sql

from audit.registry import Kind, tables
from audit.services.verification.report import Log

CHUNK = 5_000
"""Entries told with one query."""


class Told(NamedTuple):
    """One entry. `at` is its act's time as a header writes it, empty without an act."""

    id: int
    number: int
    leaf: bytes
    at: str
    parts: int
    rows: int
    plain: bool


_MOMENT = """to_char({} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def _member(name: str, value: str, when: str = "") -> str:
    """A member of the header with a comma behind it, as arguments of concat; nothing unless `when`."""
    return _optional(f"""'"{name}":', to_json({value}), ','""", when)


def _literal(name: str, value: str, when: str = "") -> str:
    """The same for an id, a number or a time, whose text stands for itself in JSON: to_json would cost more."""
    return _optional(f"""'"{name}":"', {value}, '",'""", when)


def _optional(member: str, when: str) -> str:
    return f"case when {when} then concat({member}) end" if when else member


# One call that writes all members: joined with || the text so far would be copied for each of them.
_HEADER = ", ".join(
    [
        "'{'",
        _literal("actor", "a.actor", "a.actor is not null"),
        _literal("at", "a.at"),
        _member("capacity", "a.capacity"),
        _member("flag", "a.flag", "a.flag <> ''"),
        _literal("grant", "a.appointment", "a.appointment is not null"),
        _literal("id", "a.id"),
        """'"index":', e.index, ','""",
        _member("log", "%(origin)s::text"),
        """case when a.object_type <> '' then concat('"object":{"id":', to_json(a.object_id), ',"type":',"""
        """ to_json(a.object_type), '},') end""",
        _literal("occurred", _MOMENT.format("a.occurred_at"), "a.occurred_at <> a.recorded_at"),
        _member("office", "a.office", "a.office <> ''"),
        _member("outcome", "a.outcome"),
        """'"parts":{', p.commitments, '},'""",
        _literal("practice", "a.practice", "a.practice is not null"),
        _member("request", "a.request"),
        _member("right", 'a."right"', """a."right" <> ''"""),
        _member("side", "a.side", "a.side <> ''"),
        """'"v":1,'""",
        _member("verb", "a.verb"),
        """'"via":', to_json(a.via), '}'""",
    ]
)

_FACTS = """'{"actor_name":' || to_json(a.actor_name)::text || ',"office_name":' || to_json(a.office_name)::text
    || ',"reason":' || to_json(a.reason)::text || '}'"""

# `offset 0` has each act found by its entry, however many acts there are (else all of them are read for each chunk),
# and its time written once.
_QUERY = f"""
    select e.id, e.index, e.leaf, coalesce(a.at, ''), p.parts, p.rows,
      coalesce(sha256('\\x00'::bytea || convert_to(e.header, 'UTF8')) = e.leaf and p.facts is not false
        and e.header = concat({_HEADER}), false), a.id
    from audit_entry e
    left join lateral (
      select b.*, {_MOMENT.format("b.recorded_at")} as at from audit_act b where b.entry_id = e.id offset 0) a on true
    left join lateral (
      select count(*) as parts, count(*) filter (where q.name like 'row/%%' or q.name like 'after/%%') as rows,
        bool_and(q.body = {_FACTS}) filter (where q.name = 'facts') as facts,
        string_agg(to_json(q.name)::text || ':"' || case when length(q.salt) = 32 then encode(sha256(
          convert_to(E'brightline.part/1\\n', 'UTF8') || q.salt || convert_to(q.body, 'UTF8')), 'hex') else '' end
          || '"', ',' order by q.name collate "C") as commitments
      from audit_part q where q.act_id = a.id) p on true
    where e.log_id = %(log)s and e.index >= %(first)s and (%(end)s::bigint is null or e.index < %(end)s)
    order by e.index
"""  # noqa: S608 (constants of this module)


def told(connection: Connection, log: Log) -> Iterator[list[Told]]:
    """Every entry of a log in order, in lists; several connections in one snapshot share the work of a long log.

    `connection` is in its transaction.
    """
    # By rank, not by number: a number far ahead must not make the way there long.
    starts = [
        start
        for (start,) in connection.execute(
            'select "index" from (select "index", row_number() over (order by "index") as n from audit_entry'
            " where log_id = %s) e where n %% %s = 1 order by 1",
            [log.id, CHUNK],
        ).fetchall()
    ]
    if not starts:
        return
    chunks = list(zip(starts, [*starts[1:], None], strict=True))
    with ExitStack() as stack:
        free: SimpleQueue[Connection] = SimpleQueue()
        workers = min(os.cpu_count() or 1, len(chunks))
        for reader in _beside(connection, workers, stack) if workers > 1 else [connection]:
            free.put(reader)

        def tell(chunk: tuple[int, int | None]) -> list[Told]:
            reader = free.get()
            try:
                return _chunk(reader, log, *chunk)
            finally:
                free.put(reader)

        pool = stack.enter_context(ThreadPoolExecutor(workers))
        waiting: list[Future[list[Told]]] = []
        for chunk in chunks:
            waiting.append(pool.submit(tell, chunk))
            if len(waiting) > workers:
                yield waiting.pop(0).result()
        while waiting:
            yield waiting.pop(0).result()


def _beside(connection: Connection, count: int, stack: ExitStack) -> Iterator[Connection]:
    """More connections of the same login that see what this one sees."""
    row = connection.execute("select pg_export_snapshot()").fetchone()
    assert row
    for _ in range(count):
        other = stack.enter_context(psycopg.connect(connection.info.dsn, password=connection.info.password))
        other.execute("set transaction isolation level repeatable read, read only")
        other.execute(sql.SQL("set transaction snapshot {}").format(sql.Literal(row[0])))
        other.execute("set local timezone to 'UTC'; set local enable_memoize to off")
        yield other


def _chunk(connection: Connection, log: Log, first: int, end: int | None) -> list[Told]:
    given = {"log": log.id, "origin": log.origin, "first": first, "end": end}
    found = connection.execute(_QUERY, given).fetchall()
    writing = [act for _, _, _, _, _, rows, plain, act in found if plain and rows]
    changed = _changed(connection, writing) if writing else set()
    return [
        Told(id=entry, number=index, leaf=leaf, at=at, parts=parts, rows=rows, plain=plain and act not in changed)
        for entry, index, leaf, at, parts, rows, plain, act in found
    ]


def _changed(connection: Connection, acts: list[object]) -> set[object]:
    """Which of these acts committed to a row that does not read, letter by letter, as it was sealed."""
    keys = {table.name: table.key for table in tables() if table.kind in {Kind.HISTORY, Kind.RECORDED}}
    changed: set[object] = set()
    named = connection.execute(
        "select split_part(name, '/', 2), array_agg(distinct act_id) from audit_part"
        " where act_id = any(%s) and (name like 'row/%%' or name like 'after/%%') group by 1",
        [acts],
    ).fetchall()
    for table, of_acts in named:
        if table not in keys:
            changed.update(of_acts)
            continue
        query = sql.SQL(
            "select p.act_id from audit_part p left join {table} t on t.{key} ="
            " case when p.name ~ '^(row|after)/[^/]+/[0-9]{{1,18}}$' then split_part(p.name, '/', 3)::bigint end"
            " where p.act_id = any(%s) and split_part(p.name, '/', 2) = %s"
            " and (p.name like 'row/%%' or p.name like 'after/%%') and to_jsonb(t)::text is distinct from p.body"
        ).format(table=sql.Identifier(table), key=sql.Identifier(keys[table]))
        changed.update(act for (act,) in connection.execute(query, [of_acts, table]).fetchall())
    return changed
