"""Acts: the wrapper around every service, the act being done, and the seal at its end.

    @service
    def appoint(*, actor, ...):
        ...lock...
        authority.exercise(...)     # rules, and opens the act
        ...write...                 # history rows carry the act's id
                                    # the wrapper seals the act, last, and commits

One act, one transaction, one entry in the ledger.
"""

import json
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from audit.context import circumstances
from audit.database import prepared

if TYPE_CHECKING:
    from django.db import models


class NoAct(RuntimeError):
    """A governed row was written outside an act."""


class Refused(Exception):
    """An act that authority does not allow. Carries the act of refusal, which the wrapper records."""

    def __init__(self, message: str, act: "Act") -> None:
        super().__init__(message)
        self.act = act


@dataclass(kw_only=True)
class Act:
    """An act in memory, until `audit.seal` stores it. Its fields are those of `audit.models.Act`."""

    verb: str
    capacity: str
    practice_id: UUID | None
    actor_id: UUID | None = None
    actor_name: str = ""
    office: str = ""
    office_name: str = ""
    side: str = ""
    appointment_id: int | None = None
    right: str = ""
    reason: str = ""
    object_type: str = ""
    object_id: str = ""
    outcome: str = "done"
    parts: dict[str, str] = field(default_factory=dict)
    id: UUID = field(default_factory=uuid4)
    opened_at: datetime = field(default_factory=timezone.now)
    rows: list[tuple[str, int | str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        known = circumstances()
        self.request, self.via, self.flag = known.request, known.via, known.flag
        self.occurred_at = known.occurred_at

    def about(self, row: "models.Model", *, key: object = None) -> None:
        """Name the object of the act; its number where it has one, else its primary key."""
        self.object_type = row._meta.label_lower
        self.object_id = str(key if key is not None else row.pk)

    def touch(self, table: str, key: int | str) -> None:
        """A history row or a record was written: the seal commits to its content."""
        self.rows.append((table, key))

    def attach(self, name: str, content: object) -> None:
        """Add a payload to the act; the header will commit to it."""
        self.parts[name] = (
            content
            if isinstance(content, str)
            else json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
        )

    def sealed_form(self) -> str:
        """What `audit.seal` takes."""
        return json.dumps(
            {
                "id": str(self.id),
                "practice": str(self.practice_id) if self.practice_id else None,
                "verb": self.verb,
                "outcome": self.outcome,
                "capacity": self.capacity,
                "actor": str(self.actor_id) if self.actor_id else None,
                "actor_name": self.actor_name,
                "office": self.office,
                "office_name": self.office_name,
                "side": self.side,
                "appointment": self.appointment_id,
                "right": self.right,
                "object_type": self.object_type,
                "object_id": self.object_id,
                "reason": self.reason,
                "occurred_at": self.occurred_at.isoformat() if self.occurred_at else None,
                "request": self.request,
                "via": self.via,
                "flag": self.flag,
                "parts": self.parts,
                "rows": self.rows,
            }
        )


_current: ContextVar[Act | None] = ContextVar("act", default=None)
_last_seal: ContextVar[tuple[int, int] | None] = ContextVar("last_seal", default=None)


def current() -> Act:
    """The act being done.

    Raises NoAct outside a service, or before its authority was established.
    """
    act = _current.get()
    if act is None:
        raise NoAct("A governed row changes only inside an act: call the service, after authority.exercise.")
    return act


def open_act(act: Act) -> Act:
    """Begin the act of this transaction. A second one is refused: one act, one transaction."""
    if not connection.in_atomic_block:
        raise NoAct("An act is opened inside a service.")
    if _current.get() is not None:
        raise NoAct("This transaction already has its act.")
    _current.set(act)
    return act


def record[M: "models.Model"](model: type[M], **values: Any) -> M:
    """Insert a row of a `Recorded` model into the current act."""
    act = current()
    row = model(act_id=act.id, **values)
    row.save(force_insert=True)
    act.touch(model._meta.db_table, row.pk)
    return row


def seal(act: Act) -> None:
    """Store the act, its parts and its entry, as the last statement of the transaction."""
    with prepared() as cursor:
        cursor.execute("select log, index from audit.seal(%s::jsonb)", [act.sealed_form()])
        log, index = cursor.fetchone()
    _last_seal.set((log, index))


def last_seal() -> tuple[int, int] | None:
    """Log and number of the newest entry that this request, command or job sealed."""
    return _last_seal.get()


def service[**P, R](write: Callable[P, R]) -> Callable[P, R]:
    """Make a function one act: one durable transaction, sealed at its end; a refusal is recorded in its own.

    Raises whatever the service raises, after the rollback; NoAct when the service opened no act.
    """

    @wraps(write)
    def governed(*args: P.args, **kwargs: P.kwargs) -> R:
        token = _current.set(None)
        try:
            try:
                with transaction.atomic(durable=True):
                    result = write(*args, **kwargs)
                    seal(current())
            except Refused as refusal:
                with transaction.atomic(durable=True):
                    seal(refusal.act)
                raise
        finally:
            _current.reset(token)
        return result

    return governed
