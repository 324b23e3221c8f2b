"""What a verification finds, counts and concludes."""

from dataclasses import dataclass, field
from uuid import UUID


class Unusable(Exception):
    """The ledger cannot be judged; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One damage. `entry` is the number of the damaged entry in its log, where there is one."""

    log: str
    kind: str
    text: str
    entry: int | None = None

    def __str__(self) -> str:
        place = f"{self.log}: " if self.log else ""
        return f"{place}entry {self.entry}: {self.text}" if self.entry is not None else f"{place}{self.text}"


@dataclass
class Report:
    """What was found, what was counted, and what can still be relied on."""

    findings: list[Finding] = field(default_factory=list)
    holds: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    entries: int = 0
    parts: int = 0
    scrubbed: int = 0
    documents: int = 0
    dropped: int = 0
    rows: int = 0
    accesses: int = 0

    @property
    def first(self) -> Finding | None:
        """The damage to the lowest entry, or the first without an entry."""
        numbered = [finding for finding in self.findings if finding.entry is not None]
        return min(numbered, key=lambda finding: finding.entry or 0) if numbered else next(iter(self.findings), None)


@dataclass(frozen=True, kw_only=True)
class Log:
    """One log as the database lists it, with its head."""

    id: int
    kind: str
    practice: UUID | None
    origin: str
    size: int | None
    root: bytes | None
    frontier: bytes | None
