"""What it costs to read the record again: a million entries with their acts and parts, from the database."""

import os
import resource
import threading
import time
from typing import Any
from uuid import uuid4

import psycopg

from audit.ledger.merkle import Frontier
from audit.services.verification import verify
from bench.packs import hashing, peak
from bench.run import Result, Size, measure
from tests.cast import recall

GUARDED = ("audit_entry", "audit_act", "audit_part", "audit_head")

ENTRIES = """
    with made as (
      select n, gen_random_uuid() as id, sha256(uuid_send(gen_random_uuid())) as salt,
        date_trunc('microseconds', clock_timestamp()) as at,
        '{"actor_name":"Elena Marsh, MD","office_name":"Medical Director","reason":"Reason ' || n || '"}' as facts
      from generate_series(%(first)s::bigint, %(last)s) n
    ), written as (
      select *, audit.canonical(jsonb_build_object('v', 1, 'log', %(origin)s::text, 'index', n, 'id', id, 'at',
        audit.timestamp_text(at), 'practice', %(practice)s::uuid, 'verb', 'remark.made', 'outcome', 'done', 'capacity',
        'takes part', 'actor', %(practice)s::uuid, 'office', 'medical_director', 'side', 'PC', 'grant', '12', 'request',
        replace(id::text, '-', ''), 'via', 'web', 'parts', jsonb_build_object('facts', encode(sha256(convert_to(
        E'brightline.part/1\\n', 'UTF8') || salt || convert_to(facts, 'UTF8')), 'hex')))) as header from made
    ), entries as (
      insert into audit_entry (log_id, index, header, leaf)
      select %(log)s, n, header, sha256('\\x00'::bytea || convert_to(header, 'UTF8')) from written order by n
      returning id, index
    ), acts as (
      insert into audit_act (id, entry_id, practice, verb, outcome, capacity, actor, actor_name, office, office_name,
        side, appointment, "right", object_type, object_id, reason, occurred_at, recorded_at, xid, request, via, flag)
      select w.id, e.id, %(practice)s, 'remark.made', 'done', 'takes part', %(practice)s, 'Elena Marsh, MD',
        'medical_director', 'Medical Director', 'PC', 12, '', '', '', 'Reason ' || n, at, at, pg_current_xact_id(),
        replace(w.id::text, '-', ''), 'web', ''
      from written w join entries e on e.index = w.n
    )
    insert into audit_part (act_id, name, salt, body) select id, 'facts', salt, facts from written
"""


@measure
def verification(database: Any, size: Size) -> list[Result]:
    """Verifying a log of 1,000,000 acts from the database, against hashlib once for each header on one core."""
    practice = uuid4()
    with database.connect("owner") as owner:
        headers = _fill(owner, practice, size.entries)
    first = hashing(headers)
    with database.connect("reader") as reader:
        # What is judged of every installation, however short its logs: grants, triggers, tables.
        begin = time.perf_counter()
        verify(reader, keys=[], practice=recall().practice.pk)
        start_up = time.perf_counter() - begin
        done = threading.Event()
        most: list[int] = []
        watch = threading.Thread(target=lambda: most.append(peak(os.getpid(), done)))
        watch.start()
        begin, spent = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        report = verify(reader, keys=[], practice=practice)
        seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_SELF)
        done.set()
        watch.join()
    if report.findings or report.entries != size.entries:
        raise RuntimeError(f"The record is damaged: {report.first}")
    clock = (first[0] + hashing(headers)[0]) / 2
    own = after.ru_utime - spent.ru_utime
    rate = size.entries / (seconds - start_up)
    note = f"{size.entries} entries with act and part; {own / size.entries * 1e6:.1f} µs of Python an entry"
    return [
        Result(name="database verification, start-up", value=start_up, unit="seconds", note="not in the rate"),
        Result(name="database entries verified", value=rate, unit="per second", note=note),
        Result(name="database verification against hashlib", value=rate * clock, unit="times", note="aim 0.2"),
        Result(name="database verification, peak memory of the verifier", value=most[0] / 1e6, unit="MB"),
    ]


def _fill(owner: psycopg.Connection, practice: object, count: int) -> list[bytes]:
    """Write a log of so many acts, past the guards as only an owner can, with a right head; some of its headers."""
    row = owner.execute("select audit.open_log('practice', %s, 'bench')", [practice]).fetchone()
    assert row
    log = row[0]
    origin = owner.execute("select origin from audit_log where id = %s", [log]).fetchone()
    assert origin
    given = {"log": log, "practice": practice, "origin": origin[0]}
    for table in GUARDED:
        owner.execute(f"alter table {table} disable trigger user")
    try:
        for first in range(0, count, 50_000):
            owner.execute(ENTRIES, given | {"first": first, "last": min(first + 50_000, count) - 1})
        tree = Frontier()
        with owner.transaction(), owner.cursor("leaves") as leaves:
            leaves.execute('select leaf from audit_entry where log_id = %s order by "index"', [log])
            while found := leaves.fetchmany(10_000):
                tree.extend(leaf for (leaf,) in found)
        owner.execute(
            "update audit_head set size = %s, root = %s, frontier = %s where log_id = %s",
            [tree.size, tree.root(), b"".join(tree.hashes), log],
        )
        owner.execute("analyze audit_entry, audit_act, audit_part")
    finally:
        for table in GUARDED:
            owner.execute(f"alter table {table} enable trigger user")
            for (name,) in owner.execute(
                "select tgname from pg_trigger where tgrelid = %s::regclass and not tgisinternal", [table]
            ).fetchall():
                owner.execute(f"alter table {table} enable always trigger {name}")
    found = owner.execute("select header from audit_entry where log_id = %s limit 10000", [log]).fetchall()
    return [header.encode() for (header,) in found]
