"""What waits for a person: the shape in which every app reports it to the desk."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """One thing that needs a person: what it is, what to do about it, by when.

    `weight` orders what is due on the same day or has no day: lower comes first.
    """

    code: str
    title: str
    detail: str
    url: str
    action: str
    due: date | None = None
    weight: int = 50
    remind: bool = False
    """Whether a mail reminds of it while it waits."""
