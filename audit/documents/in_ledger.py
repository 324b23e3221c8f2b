"""Where a sealed file stands in the ledger, for its last page: the act's entry and the checkpoint printed."""

from typing import Any

from audit.ledger.note import Checkpoint


def read_checkpoint(note: str) -> Checkpoint | None:
    """Origin, size and root of a signed note, for print; its signatures are judged by whoever verifies it."""
    return Checkpoint.parse(note[: note.index("\n\n") + 1]) if note else None


def in_ledger(entry: int, note: str) -> dict[str, Any]:
    """What templates/audit/_in_ledger.html takes: `entry`, `note`, its `checkpoint`, and whether this is `covered`."""
    checkpoint = read_checkpoint(note)
    covered = checkpoint is not None and checkpoint.size > entry
    return {"entry": entry, "note": note, "checkpoint": checkpoint, "covered": covered}
