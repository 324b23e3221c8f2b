"""The circumstances of an act: from which request it comes, through which door, and when it is said to have happened.

Services never see a request; the middleware, a command or the worker opens the circumstances around them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import uuid4


@dataclass(frozen=True)
class Circumstances:
    """Request id, door (web, command, worker), a claimed time with the flag that permits it, and the office stated."""

    request: str = ""
    via: str = "command"
    occurred_at: datetime | None = None
    flag: str = ""
    notes: dict[str, object] = field(default_factory=dict, compare=False)
    """What the person declared on the way here, by name of the payload that the acts of this request carry."""
    appointment: int | None = None
    """The appointment in which the person states to act; asked of who holds offices on both sides."""


_current: ContextVar[Circumstances | None] = ContextVar("circumstances", default=None)


def circumstances() -> Circumstances:
    """What is known now; a bare shell is a command with a fresh request id."""
    return _current.get() or Circumstances(request=uuid4().hex)


@contextmanager
def acting(*, via: str, request: str = "") -> Iterator[None]:
    """Everything done inside comes through this door, under one request id."""
    token = _current.set(Circumstances(request=request or uuid4().hex, via=via))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def occurring(at: datetime, *, flag: str) -> Iterator[None]:
    """Acts inside claim to have happened at `at`. The flag (`demonstration`, `back-entry`) is recorded and shown.

    The database accepts a claimed time only with a flag, and the demonstration flag only in a demonstration practice.
    """
    if flag not in {"demonstration", "back-entry"}:
        raise ValueError("A past time is accepted only under the flag 'demonstration' or 'back-entry'.")
    token = _current.set(replace(circumstances(), occurred_at=at, flag=flag))
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def stating(appointment: int) -> Iterator[None]:
    """Acts inside are done in this office of the person's, and in no other of them."""
    token = _current.set(replace(circumstances(), appointment=appointment))
    try:
        yield
    finally:
        _current.reset(token)
