"""One log, entry by entry."""

import json
from collections.abc import Callable
from itertools import batched
from typing import Any

from psycopg import Connection

from audit.ledger.canonical import CanonicalError, parse_canonical
from audit.ledger.merkle import Frontier, leaf_hash
from audit.services.verification.access import batch_of_entry
from audit.services.verification.notes import Notes
from audit.services.verification.plain import Told, told
from audit.services.verification.report import Finding, Log, Report
from audit.services.verification.rows import Rows, act_of_entry

BATCH = 500
"""Entries looked at closely together, with their acts, parts and rows."""


def verify_log(connection: Connection, log: Log, notes: Notes, report: Report, progress: Callable[[str], None]) -> None:
    """Every entry of a log in order: number, header, leaf, act, parts, rows; then roots, head and checkpoints."""
    tree, bad, clock = Frontier(), set[int](), ""
    good, agrees = 0, True
    """Up to this size signed checkpoints agree with the leaves."""

    def damage(entry: int | None, kind: str, text: str) -> None:
        report.findings.append(Finding(log=log.origin, kind=kind, text=text, entry=entry))
        if entry is not None:
            bad.add(entry)

    if log.size is None:
        damage(None, "head", "its head is missing")
    expected, waiting = 0, list[bytes]()
    """Leaves not in the tree yet: together they cost less."""
    for batch in told(connection, log):
        looked = _look(connection, [entry for entry in batch if not entry.plain])
        for entry in batch:
            index = entry.number
            if index != expected:
                gap = f"to {index - 1} are missing" if index - 1 > expected else "is missing"
                damage(expected, "gap", f"this entry {gap}")
            expected = index + 1
            report.entries += 1
            waiting.append(bytes(entry.leaf))
            if entry.plain:
                report.parts += entry.parts
                report.rows += entry.rows
                clock = _clock({"at": entry.at}, clock, index, damage)
            else:
                rows, header = looked[entry.id]
                if leaf_hash(header.encode()) != entry.leaf:
                    damage(index, "header", "the header is not the one that was sealed: its hash differs from its leaf")
                facts = _header(header, log, index, damage)
                clock = _clock(facts, clock, index, damage)
                if "access" in facts:
                    for text in batch_of_entry(connection, facts, entry.id, report):
                        damage(index, "access", text)
                elif facts and log.kind != "site":
                    for kind, text in act_of_entry(facts, rows, entry.id, report):
                        damage(index, kind, text)
            if agrees and tree.size + len(waiting) in notes:
                tree.extend(waiting)
                waiting.clear()
                agrees = _compare(notes[tree.size], tree, good, damage)
                good = tree.size if agrees else good
        tree.extend(waiting)
        waiting.clear()
        progress(f"  {expected} of {log.size or expected} entries")
    for size in sorted(size for size in notes if size > tree.size):
        damage(min(expected, size), "cut", f"missing: a checkpoint covers {size} entries, the log has {tree.size}")
    if log.size is not None and (log.size, log.root) != (tree.size, tree.root()):
        text = f"its head states {log.size} entries and a root that its {tree.size} entries do not give"
        damage(None, "head", text)
    elif log.frontier is not None and log.frontier != b"".join(tree.hashes):
        damage(None, "head", "its head's frontier is not that of its entries; the next entry would break the tree")
    report.holds.append(_holds(log, tree.size, good, bad))


def _look(connection: Connection, entries: list[Told]) -> dict[int, tuple[Rows, str]]:
    """What a close look at these entries needs: acts, parts and rows, and the header."""
    looked: dict[int, tuple[Rows, str]] = {}
    for batch in batched((entry.id for entry in entries), BATCH, strict=False):
        rows = Rows(connection, batch)
        headers = connection.execute("select id, header from audit_entry where id = any(%s)", [list(batch)]).fetchall()
        looked.update({entry: (rows, header) for entry, header in headers})
    return looked


type Damage = Callable[[int | None, str, str], None]


def _header(header: str, log: Log, index: int, damage: Damage) -> dict[str, Any]:
    """The header's fields; empty, and reported, when it is not as the ledger writes it."""
    try:
        facts = parse_canonical(header)
    except CanonicalError as error:
        damage(index, "header", f"the header is not as the ledger writes it: {error}")
        return {}
    if not isinstance(facts, dict) or not isinstance(facts.get("at"), str):
        damage(index, "header", "the header is not as the ledger writes it: it has no time")
        return {}
    if (facts.get("log"), facts.get("index")) != (log.origin, index):
        damage(index, "moved", f"it was sealed as entry {facts.get('index')} of {facts.get('log')}")
    return facts


def _clock(facts: dict[str, Any], last: str, index: int, damage: Damage) -> str:
    """Times rise, or the step back is marked in the header."""
    at: str = facts.get("at", last)
    if at < last and facts.get("clock") != "stepped back":
        damage(index, "clock", f"its time {at} lies before the time of an earlier entry, {last}")
    return max(at, last)


def _compare(found: list[tuple[str, bytes]], tree: Frontier, good: int, damage: Damage) -> bool:
    """Whether the tree so far has the root that every checkpoint of its size states."""
    for source, stated in found:
        if stated != tree.root():
            text = (
                f"from here up to entry {tree.size - 1} at least one entry was changed, removed or put in another"
                f" place, and the rest computed anew: {source} of {tree.size} entries states another root"
            )
            damage(good, "rewritten", text)
            return False
    return True


def _holds(log: Log, size: int, good: int, bad: set[int]) -> str:
    """What of this log can still be relied on."""
    damaged = sorted(entry for entry in bad if entry < good)
    if not good:
        return f"{log.origin}: no checkpoint vouches for any of its {size} entries."
    but = f", except {_listed(damaged)}" if damaged else ""
    later = f" The {size - good} later ones no checkpoint covers." if size > good else ""
    return f"{log.origin}: entries 0 to {good - 1} are as a signed checkpoint states them{but}.{later}"


def _listed(numbers: list[int]) -> str:
    shown = ", ".join(map(str, numbers[:10]))
    return f"{shown} and {len(numbers) - 10} more" if len(numbers) > 10 else shown


def verify_site(connection: Connection, logs: list[Log], report: Report) -> None:
    """Each checkpoint of another log is one entry of the site log, and the other way round."""
    site = next((log for log in logs if log.kind == "site"), None)
    kept = {
        text
        for (text,) in connection.execute(
            "select c.note from audit_checkpoint c join audit_log l on l.id = c.log_id where l.kind <> 'site'"
        ).fetchall()
    }
    entered: list[tuple[int, str]] = []
    if site:
        headers = connection.execute(
            'select "index", header from audit_entry where log_id = %s order by "index"', [site.id]
        ).fetchall()
        for index, header in headers:
            try:
                entered.append((index, json.loads(header).get("note", "")))
            except ValueError:
                continue  # reported above, with the log itself
    name = site.origin if site else "site"
    missing = kept - {text for _, text in entered}
    for text in sorted(missing):
        origin, size, *_ = text.split("\n")
        finding = f"the checkpoint of {origin} over {size} entries was never entered here"
        report.findings.append(Finding(log=name, kind="site", text=finding))
    for index, text in entered:
        if text not in kept:
            finding = "the checkpoint entered here is missing from the checkpoints"
            report.findings.append(Finding(log=name, kind="site", entry=index, text=finding))
