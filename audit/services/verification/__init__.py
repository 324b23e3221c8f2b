"""Reading the whole record again: every hash recomputed, every row compared with what its act committed to.

Everything is read in one snapshot. A stored hash is never believed: headers are hashed again, roots are
computed from the leaves, and checkpoints are compared with those roots.
"""

from collections.abc import Callable
from uuid import UUID

from psycopg import Connection

from audit import guards
from audit.ledger import note
from audit.services.verification.access import verify_accesses
from audit.services.verification.entries import verify_log, verify_site
from audit.services.verification.notes import kept_elsewhere, notes_of, outside_note, verify_known
from audit.services.verification.report import Finding, Log, Report, Unusable
from audit.services.verification.rows import verify_documents, verify_sequestered, verify_tables

__all__ = ["Finding", "Report", "Unusable", "find_practice", "verify"]


def verify(
    connection: Connection,
    *,
    keys: list[note.VerifierKey],
    practice: UUID | None = None,
    against: str | None = None,
    kept: dict[str, str] | None = None,
    progress: Callable[[str], None] = lambda line: None,
) -> Report:
    """Verify everything, or one practice's record, in one snapshot.

    `keys` are the trusted public keys, `against` a note kept elsewhere, `kept` the notes of the checkpoint folder by
    origin. Raises Unusable when the ledger cannot be judged at all.
    """
    report = Report()
    with connection.transaction():
        connection.execute("set transaction isolation level repeatable read, read only")
        connection.execute("set local timezone to 'UTC'")
        logs = _logs(connection, practice)
        outside = outside_note(against, keys, logs, report)
        for log in logs:
            progress(f"Reading {log.origin}, {log.size or 0} entries")
            notes = notes_of(connection, log, keys, report)
            for source, text in [("the checkpoint folder", (kept or {}).get(log.origin)), *outside.get(log.origin, [])]:
                if text:
                    kept_elsewhere(log, source, text, keys, notes, report)
            verify_log(connection, log, notes, report, progress)
        if practice is None:
            verify_known(logs, kept or {}, keys, report)
            verify_site(connection, logs, report)
        progress("Comparing every row with its history and its act")
        for text in verify_tables(connection, practice, report):
            report.findings.append(Finding(log="", kind="row", text=text))
        progress("Comparing the access log with what was sealed of it")
        for text in verify_accesses(connection, practice, report):
            report.findings.append(Finding(log="", kind="access", text=text))
        progress("Reading the sealed documents again")
        for text in verify_documents(connection, practice, report):
            report.findings.append(Finding(log="", kind="document", text=text))
        for text in verify_sequestered(connection, practice, report):
            report.findings.append(Finding(log="", kind="sequestered", text=text))
        progress("Comparing grants, triggers and functions with the code")
        report.findings += [Finding(log="", kind="guard", text=text) for text in guards.deviations(connection)]
    return report


def find_practice(connection: Connection, wanted: str) -> UUID:
    """The practice of this id, or the one founded under this short name. Raises Unusable."""
    row = connection.execute(
        "select practice from audit_log where practice::text = %(wanted)s union select practice from audit_act"
        " where verb = 'practice.opened' and outcome = 'done' and object_id = %(wanted)s",
        {"wanted": wanted},
    ).fetchone()
    if row is None:
        raise Unusable(f"--practice: there is no practice {wanted!r}.")
    found: UUID = row[0]
    return found


def _logs(connection: Connection, practice: UUID | None) -> list[Log]:
    rows = connection.execute(
        "select l.id, l.kind, l.practice, l.origin, h.size, h.root, h.frontier"
        " from audit_log l left join audit_head h on h.log_id = l.id"
        " where %(practice)s::uuid is null or l.practice = %(practice)s order by l.kind = 'site', l.id",
        {"practice": practice},
    ).fetchall()
    if not rows:
        raise Unusable("There is no ledger in this database.")
    names = ("id", "kind", "practice", "origin", "size", "root", "frontier")
    return [Log(**dict(zip(names, row, strict=True))) for row in rows]
