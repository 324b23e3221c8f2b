"""Noting accesses, and sealing them in batches. No page view waits for the ledger."""

import json
from collections.abc import Iterable
from uuid import UUID

import psycopg
from django.db import connection

from audit.context import circumstances
from audit.models import AccessKind


def note(
    *,
    kind: AccessKind,
    practice: UUID | None = None,
    actor: UUID | None = None,
    account: int | None = None,
    path: str = "",
    object_id: str = "",
    status: int | None = None,
    fields: Iterable[str] = (),
    length: int | None = None,
    address: str = "",
) -> None:
    """Enter one access into the access log, in one statement; the fields are those of `AccessEvent`.

    Raises django.db.Error when it cannot be noted: what leaves no trace is not shown.
    """
    event = {
        "kind": kind,
        "practice": str(practice) if practice else None,
        "actor": str(actor) if actor else None,
        "account": account,
        "path": path,
        "object": object_id,
        "status": status,
        "request": circumstances().request,
        "fields": " ".join(sorted(fields)),
        "length": length,
        "address": address,
    }
    with connection.cursor() as cursor:
        cursor.execute("select audit.note_access(%s::jsonb)", [json.dumps(event)])


def seal_waiting(checkpointer: psycopg.Connection) -> int:
    """Seal every waiting access, one entry for each log that has some; how many rows.

    `checkpointer` is the checkpointer's login, in autocommit.
    """
    total = 0
    while True:
        row = checkpointer.execute("select audit.seal_access()").fetchone()
        if row is None or row[0] is None:
            return total
        total += row[0]
