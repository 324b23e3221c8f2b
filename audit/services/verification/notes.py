"""Checkpoints as witnesses: those of the database, of the checkpoint folder, and one kept elsewhere."""

from psycopg import Connection

from audit.ledger import note
from audit.services.verification.report import Finding, Log, Report, Unusable

Notes = dict[int, list[tuple[str, bytes]]]
"""By size: where a checkpoint of that size comes from, and the root it states."""


def notes_of(connection: Connection, log: Log, keys: list[note.VerifierKey], report: Report) -> Notes:
    """The log's checkpoints whose signature is good; the others are findings."""
    found: Notes = {}
    rows = connection.execute(
        "select size, note from audit_checkpoint where log_id = %s order by size", [log.id]
    ).fetchall()
    if rows and not keys:
        raise Unusable("There are checkpoints, but no trusted key: keys.txt is missing from CHECKPOINT_FOLDER.")
    for size, text in rows:
        try:
            checkpoint = note.open_note(text, keys, origin=log.origin)
        except note.NoteError as error:
            report.findings.append(
                Finding(log=log.origin, kind="checkpoint", text=f"the checkpoint of {size} entries is false: {error}")
            )
            continue
        if checkpoint.size != size:
            text = f"the checkpoint listed for {size} entries is one of {checkpoint.size}"
            report.findings.append(Finding(log=log.origin, kind="checkpoint", text=text))
        found.setdefault(checkpoint.size, []).append(("its checkpoint", checkpoint.root))
    return found


def outside_note(
    against: str | None, keys: list[note.VerifierKey], logs: list[Log], report: Report
) -> dict[str, list[tuple[str, str]]]:
    """The note given with --against, by its log."""
    if against is None:
        return {}
    try:
        claimed = note.Checkpoint.parse(against.rpartition("\n\n")[0] + "\n")
    except note.NoteError as error:
        raise Unusable(f"--against: this is not a checkpoint: {error}") from None
    if claimed.origin in {log.origin for log in logs}:
        return {claimed.origin: [("the checkpoint you kept", against)]}
    try:
        note.open_note(against, keys)
    except note.NoteError:
        raise Unusable(f"--against: the checkpoint is of {claimed.origin}, which is not among these logs.") from None
    report.findings.append(_log_missing(claimed.origin, claimed.size))
    return {}


def kept_elsewhere(
    log: Log, source: str, text: str, keys: list[note.VerifierKey], notes: Notes, report: Report
) -> None:
    """Compare a note kept outside the database: the log must be at least as long, and the same."""
    try:
        checkpoint = note.open_note(text, keys, origin=log.origin)
    except note.NoteError as error:
        report.findings.append(Finding(log=log.origin, kind="checkpoint", text=f"{source} is not vouched for: {error}"))
        try:
            checkpoint = note.Checkpoint.parse(text.rpartition("\n\n")[0] + "\n")
        except note.NoteError:
            return
    if checkpoint.size > (log.size or 0):
        report.findings.append(
            Finding(
                log=log.origin,
                kind="cut",
                entry=log.size or 0,
                text=f"missing: {source} covers {checkpoint.size} entries, the log has {log.size or 0}."
                " It was cut, or the database was rolled back",
            )
        )
    else:
        notes.setdefault(checkpoint.size, []).append((source, checkpoint.root))


def verify_known(logs: list[Log], kept: dict[str, str], keys: list[note.VerifierKey], report: Report) -> None:
    """No log is gone that the checkpoint folder knows."""
    here = {log.origin for log in logs}
    for origin, text in sorted(kept.items()):
        if origin not in here:
            try:
                size = note.open_note(text, keys).size
            except note.NoteError:
                report.remarks.append(f"The checkpoint folder holds a note of {origin} that no trusted key signed.")
                continue
            report.findings.append(_log_missing(origin, size))


def _log_missing(origin: str, size: int) -> Finding:
    text = f"this log is not here, though this installation signed {size} entries of it"
    return Finding(log=origin, kind="log missing", text=text)
