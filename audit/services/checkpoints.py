"""Signed checkpoints: made by a process of its own whose key web and worker cannot read, awaited by a request.

A log that contradicts what the checkpointer signed before is never signed again; it says so and goes on with the
others. It keeps its last note of each log in a folder outside the database, and writes it before publishing it.
"""

import json
import logging
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import psycopg
from django.conf import settings
from django.db.models import OuterRef, QuerySet

from audit.acts import last_seal
from audit.ledger import note
from audit.ledger.merkle import Frontier, leaf_hash
from audit.models import Checkpoint
from audit.services.keys import state_folder, trusted_keys, write_whole

log = logging.getLogger(__name__)

POLL = 0.025
"""Seconds between two looks for the awaited checkpoint."""


class Inconsistent(Exception):
    """A log contradicts what was signed before, or itself; it must not be signed."""


# ---- for every process ----------------------------------------------------------------------------------


def kept_notes() -> dict[str, str]:
    """The newest note of each log in the checkpoint folder, by the log's origin."""
    texts = [path.read_text("utf-8") for path in sorted(Path(settings.CHECKPOINT_FOLDER).glob("*/latest.txt"))]
    return {text.partition("\n")[0]: text for text in texts}


def checkpoints(practice: UUID | OuterRef | None) -> QuerySet[Checkpoint]:
    """The checkpoints of a practice's log, the newest first; of the installation's log for None."""
    kind = "practice" if practice else "installation"
    return Checkpoint.objects.filter(log__kind=kind, log__practice=practice).order_by("-size")


def newest(practice: UUID | None) -> Checkpoint | None:
    """The newest checkpoint of a practice's log; of the installation's log for None."""
    return checkpoints(practice).first()


def wait_for_checkpoint(seconds: float | None = None) -> Checkpoint | None:
    """The first checkpoint that covers the newest act of this request, waited for after its commit.

    Waits at most `seconds`, or settings.CHECKPOINT_WAIT; None when it did not come by then, or nothing was sealed.
    """
    sealed = last_seal()
    if sealed is None:
        return None
    until = time.monotonic() + (settings.CHECKPOINT_WAIT if seconds is None else seconds)
    covering = Checkpoint.objects.filter(log_id=sealed[0], size__gt=sealed[1]).order_by("size")
    while (found := covering.first()) is None and time.monotonic() < until:
        time.sleep(POLL)
    return found


def covered(checkpoint: Checkpoint | None) -> str:
    """By what an act is proven, in words: "covered by checkpoint 12"."""
    return f"covered by checkpoint {checkpoint.size}" if checkpoint else "checkpoint pending"


def recorded_sentence() -> str:
    """The sentence after an act that waits for its checkpoint: "Recorded; covered by checkpoint 12." """
    return f"Recorded; {covered(wait_for_checkpoint())}."


# ---- for the checkpointer -------------------------------------------------------------------------------


def make_checkpoints(connection: psycopg.Connection, signer: note.Signer) -> list[note.Checkpoint]:
    """Sign every log whose head moved since its last checkpoint, the site log last; what was signed.

    `connection` is the checkpointer's login, in autocommit. A log that must not be signed is logged as an error.
    """
    made = []
    # The site log comes second: it receives, and may only come to be by, the checkpoints of the others.
    for site in (False, True):
        logs = connection.execute(
            "select id, coalesce(practice::text, kind), origin from audit_log where (kind = 'site') = %s order by id",
            [site],
        ).fetchall()
        for log_id, name, origin in logs:
            try:
                checkpoint = _checkpoint(connection, signer, log_id=log_id, name=name, origin=origin)
            except (Inconsistent, note.NoteError) as error:
                log.error("NOT SIGNED: %s: %s", origin, error)
            except psycopg.OperationalError:
                raise  # the connection is gone, for all logs
            except Exception:
                # Whatever one log's rows, notes or state file provoke, the others are signed.
                log.exception("NOT SIGNED: %s", origin)
            else:
                made += [checkpoint] if checkpoint else []
    return made


def _checkpoint(
    connection: psycopg.Connection, signer: note.Signer, *, log_id: int, name: str, origin: str
) -> note.Checkpoint | None:
    """Sign one log if it moved."""
    folder = Path(settings.CHECKPOINT_FOLDER) / name
    head = connection.execute("select size, root from audit_head where log_id = %s", [log_id]).fetchone()
    if head is None:
        raise Inconsistent("its head is missing")
    size, root = head
    last, text = _last(connection, folder, log_id=log_id, origin=origin)
    if last and size < last.size:
        raise Inconsistent(f"it has {size} entries, but {last.size} were signed: the database was cut or rolled back")
    if last and size == last.size:
        if root != last.root:
            raise Inconsistent(f"its root over {size} entries is not the one that was signed: history was rewritten")
        # Published here when a crash came between writing the note and publishing it.
        connection.execute("select audit.keep_checkpoint(%s, %s, %s)", [log_id, size, text])
        return None
    if size == 0:
        return None
    state = state_folder() / f"{name}.json"
    frontier = _frontier(connection, state, log_id=log_id, last=last)
    for leaf in _leaves(connection, log_id=log_id, start=frontier.size, end=size):
        frontier.push(leaf)
    if frontier.size != size or frontier.root() != root:
        raise Inconsistent(
            f"its head states another root over {size} entries than its entries give after what was signed:"
            " history was rewritten"
        )
    checkpoint = note.Checkpoint(origin=origin, size=size, root=root)
    signed = note.sign(checkpoint.text(), [signer])
    write_whole(folder / f"{size}.txt", signed)
    write_whole(folder / "latest.txt", signed)
    write_whole(state, json.dumps({"size": size, "hashes": [digest.hex() for digest in frontier.hashes]}))
    connection.execute("select audit.keep_checkpoint(%s, %s, %s)", [log_id, size, signed])
    return checkpoint


def _last(
    connection: psycopg.Connection, folder: Path, *, log_id: int, origin: str
) -> tuple[note.Checkpoint | None, str]:
    """What was signed last: as kept in the folder, or, when the folder was lost, as the database says."""
    texts = [(folder / "latest.txt").read_text("utf-8")] if (folder / "latest.txt").exists() else []
    texts += [
        text
        for (text,) in connection.execute(
            "select note from audit_checkpoint where log_id = %s order by size desc limit 1", [log_id]
        ).fetchall()
    ]
    kept = [(note.open_note(text, trusted_keys(), origin=origin), text) for text in texts]
    return max(kept, key=lambda pair: pair[0].size, default=(None, ""))


def _frontier(connection: psycopg.Connection, state: Path, *, log_id: int, last: note.Checkpoint | None) -> Frontier:
    """The tree that was signed last: from the checkpointer's own state, else from the entries; its root is proven."""
    if last is None:
        return Frontier()
    try:
        kept = json.loads(state.read_text("utf-8"))
        frontier = Frontier(kept["size"], [bytes.fromhex(digest) for digest in kept["hashes"]])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        frontier = Frontier()
    if frontier.size == last.size and frontier.root() == last.root:
        return frontier
    frontier = Frontier()
    for leaf in _leaves(connection, log_id=log_id, start=0, end=last.size):
        frontier.push(leaf)
    if frontier.root() != last.root:
        raise Inconsistent(f"its first {last.size} entries are not those that were signed: history was rewritten")
    return frontier


def _leaves(connection: psycopg.Connection, *, log_id: int, start: int, end: int) -> Iterator[bytes]:
    """The leaf hashes of a run of entries, computed from their headers. Raises Inconsistent."""
    expected = start
    with connection.transaction(), connection.cursor("leaves") as cursor:
        cursor.execute(
            "select index, header, leaf from audit_entry"
            " where log_id = %s and index >= %s and index < %s order by index",
            [log_id, start, end],
        )
        for index, header, leaf in cursor:
            if index != expected:
                raise Inconsistent(f"entry {expected} is missing")
            if leaf_hash(header.encode()) != leaf:
                raise Inconsistent(f"the header of entry {index} is not the one of its leaf")
            expected += 1
            yield leaf
