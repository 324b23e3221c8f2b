"""Appending to Merkle logs, against the same rows plus one plain insert of the header; and two hammering clients."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from typing import Any
from uuid import uuid4

import psycopg

from audit.services.verification import verify
from bench.run import Result, Size, measure
from config.installation import PROJECT
from tests.cast import found, recall

WRITERS = (1, 4, 16)
LOGS = 16
AIMS = {(1, 1): "aim 0.9", (16, 16): "aim 0.6"}
"""By writers and logs."""
HEADER = (
    '{"actor": "00000000-0000-0000-0000-000000000007", "capacity": "decides", "grant": "12",'
    ' "object": {"id": "1", "type": "governance.site"}, "office": "medical_director", "outcome": "done",'
    ' "practice": "00000000-0000-0000-0000-000000000003", "right": "DR-21", "side": "PC", "verb": "site.renamed"}'
)
ROW = "insert into bench_row (body) values (repeat('x', 560))"
PLAIN = "insert into bench_header (log_id, header) values (%s, (%s::jsonb)::text)"
APPEND = "select audit.append(%s, %s::jsonb)"


@measure
def appends(database: Any, size: Size) -> list[Result]:
    """One row and one append in a transaction, against the row and a plain insert of the header; in turns."""
    results = []
    with database.connect("owner") as owner:
        owner.execute("create table bench_row (id bigserial primary key, body text)")
        owner.execute("create table bench_header (id bigserial primary key, log_id bigint, header text)")
        logs = [_log(owner) for _ in range(LOGS)]
    try:
        for count in (1, LOGS):
            for writers in WRITERS:
                if count > writers == 1:
                    continue
                rates: dict[str, list[float]] = {PLAIN: [], APPEND: []}
                for _ in range(size.rounds):
                    for statement, seen in rates.items():
                        seen.append(_rate(database, statement, logs[:count], writers, size.seconds))
                append = median(rates[APPEND])
                # A slow moment of the machine hits both turns of a round.
                ratio = median(a / p for a, p in zip(rates[APPEND], rates[PLAIN], strict=True))
                where = "one log" if count == 1 else "sixteen logs"
                name = f"{writers} writer{'s' if writers > 1 else ''}, {where}"
                results += [
                    Result(name=f"appends, {name}", value=append, unit="per second"),
                    Result(
                        name=f"appends against plain, {name}",
                        value=ratio,
                        unit="times",
                        note=AIMS.get((writers, count), ""),
                    ),
                ]
    finally:
        with database.connect("owner") as owner:
            owner.execute("drop table bench_row, bench_header")
    return results


def _log(owner: psycopg.Connection) -> int:
    row = owner.execute("select audit.open_log('practice', %s, 'bench')", [uuid4()]).fetchone()
    assert row
    return int(row[0])


def _rate(database: Any, statement: str, logs: list[int], writers: int, length: float) -> float:
    """Transactions per second of all writers together."""
    ready = threading.Barrier(writers)

    def write(number: int) -> tuple[int, float]:
        log, done = logs[number % len(logs)], 0
        with database.connect("owner") as connection:
            connection.prepare_threshold = 0
            ready.wait()
            begin = time.monotonic()
            while time.monotonic() < begin + length:
                with connection.transaction():
                    connection.execute(ROW)
                    connection.execute(statement, [log, HEADER])
                done += 1
            return done, time.monotonic() - begin

    with ThreadPoolExecutor(writers) as pool:
        written = list(pool.map(write, range(writers)))
    return sum(done for done, _ in written) / max(seconds for _, seconds in written)


@measure
def hammer(database: Any, size: Size) -> list[Result]:
    """Two clients, each a process, write 2,000 acts each: on one practice, then on two; every log verifies."""
    first = recall().practice.slug
    second = found("hammered").practice.slug
    results = []
    for slugs in ([first, first], [first, second]):
        environment = os.environ | {"DATABASE_URL": database.urls["app"], "DJANGO_SETTINGS_MODULE": "bench.settings"}
        begin = time.perf_counter()
        clients = [
            subprocess.Popen([sys.executable, "-m", "bench.writer", slug, str(size.acts)], cwd=PROJECT, env=environment)
            for slug in slugs
        ]
        codes = [client.wait() for client in clients]
        if any(codes):
            raise RuntimeError("A client could not write.")
        seconds = time.perf_counter() - begin
        name = "one log" if slugs[0] == slugs[1] else "two logs"
        results.append(Result(name=f"acts of two clients, {name}", value=2 * size.acts / seconds, unit="per second"))
    with database.connect("reader") as reader:
        report = verify(reader, keys=[])
        gapless = reader.execute(
            "select count(*) from (select log_id from audit_entry group by log_id"
            """ having min("index") <> 0 or max("index") + 1 <> count(*)) gaps"""
        ).fetchone()
    if report.findings or gapless != (0,):
        raise RuntimeError(f"The record is damaged: {report.first}, {gapless} logs with gaps")
    results.append(Result(name="entries afterwards, without a gap, all verified", value=report.entries, unit="entries"))
    return results
