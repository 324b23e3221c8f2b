"""What the checks find, and the errors that end one."""

from __future__ import annotations

import collections
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

LARGEST = 1 << 30
"""Bytes that all compressed files of a pack may unfold to together; what grows beyond is an attack, not a record."""
MOST_FILES = 20_000
AT_ONCE = 1 << 18
"""Bytes that are read at a time."""


class Unusable(Exception):
    """The pack cannot be judged; the message names the part and says why."""


class Unbound(NamedTuple):
    """What is in the pack, and nothing in the ledger vouches for."""

    what: str
    why: str


class Findings(list[str]):
    """Lines of a report. However many there are, the first are kept and all are counted."""

    MOST = 1000

    def __init__(self) -> None:
        super().__init__()
        self.number = 0

    def append(self, line: str) -> None:
        self.number += 1
        if len(self) < self.MOST:
            super().append(line)

    def extend(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.append(line)


class Report:
    """What the checks found, in plain words."""

    def __init__(self) -> None:
        self.damage = Findings()
        self.holds = Findings()
        self.remarks = Findings()
        self.covered: list[str] = []
        self.withheld: Counter[str] = collections.Counter()
        """How many texts are left out for each reason, in the words of the reason."""
        self.unbound: list[Unbound] = []
        self.left_out: list[int] = []
        """Numbers of entries of which there is the hash alone."""
        self.unlisted: list[str] = []
        """Files that the manifest does not name."""
        self.signature = "not checked"
        """Of the checkpoint: "valid", "false", or "not checked" for want of the package `cryptography`."""
        self.own = ""
        """What of the reader's own the checkpoint was compared with; empty when its key came with the pack alone."""
        self.seal = "none"
        """Of the PDF: "none" where the pack is no PDF, else "valid", "false" or "not checked"."""

    def unverified(self) -> list[str]:
        """Why a pack without damage is less than VERIFIED; empty when nothing is left open."""
        why = []
        if not self.own:
            why.append("the key that signed it came in the same file")
        if self.signature != "valid" or self.seal == "not checked":
            why.append("signatures were not checked")
        if self.unbound:
            why.append("lists not bound to the ledger")
        if self.left_out:
            why.append(f"{count(len(self.left_out), 'entry', 'entries')} left out whole")
        if self.unlisted:
            why.append("files that the manifest does not list: " + some(self.unlisted))
        return why


def some(names: list[str], most: int = 5) -> str:
    """The first few of these names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 text, 2,345 texts."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
