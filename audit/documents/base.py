"""The values that documents are made from, and the one error they fail with."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
"""The project folder: fonts are cached below its ``var/``, the stylesheet lies below its ``static/``."""

RELATIONSHIPS = frozenset({"Source", "Data", "Alternative", "Supplement", "Unspecified"})
"""How an attached file may relate to its document (ISO 19005-3, 6.8)."""

_MIME = re.compile(r"[a-z]+/[a-z0-9.+-]+")


class RenderError(Exception):
    """A document could not be made; the message says which and why, in words for an operator."""


class FileRefused(ValueError):
    """A file from elsewhere breaks a rule; the message is the rule, in words for whoever chose the file."""


class LimitReached(RenderError):
    """It would have taken more memory or time than it may."""


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A file embedded in a PDF, as PDF/A-3 allows for any format.

    Raises `ValueError` for a name with a folder in it, an unknown relationship or a malformed media type.
    """

    name: str
    data: bytes
    description: str
    mime: str
    relationship: str = "Data"

    def __post_init__(self) -> None:
        if not self.name or self.name != self.name.strip() or set(self.name) & set("/\\\0"):
            raise ValueError(f"attachment name {self.name!r} must be a plain file name")
        if self.relationship not in RELATIONSHIPS:
            raise ValueError(
                f"relationship of {self.name} is {self.relationship!r}, "
                f"must be one of {', '.join(sorted(RELATIONSHIPS))}"
            )
        if not _MIME.fullmatch(self.mime):
            raise ValueError(f"media type of {self.name} is {self.mime!r}, must look like text/csv")


def is_pdf(data: bytes) -> bool:
    """Whether the bytes begin as a PDF; scanners and mail gateways put a mark of Unicode or blank lines before it."""
    return data[:64].removeprefix(b"\xef\xbb\xbf").lstrip(b"\x00\t\n\x0c\r ").startswith(b"%PDF-")


PAGE_OF = "[[page {}]]"
"""In the HTML of a book's front: the page on which the leaf of that number begins; the front itself is 1."""


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One part of a book: `html` to be rendered, or `pdf`, a part of ours. `header` is printed over its pages.

    `level` 2 hangs its bookmark under the last one of level 1.
    """

    title: str
    html: str = ""
    pdf: bytes = b""
    level: int = 1
    header: str = ""


def whole_second(moment: datetime) -> datetime:
    """`moment` in UTC without fractions, the precision of dates in a PDF; `ValueError` without a zone."""
    if moment.tzinfo is None:
        raise ValueError(f"date of a document {moment!r} has no time zone")
    return moment.astimezone(UTC).replace(microsecond=0)


def checkpoint_attached(note: str) -> list[Attached]:
    """The signed checkpoint that a document's pages print, as a file of it; none where none is printed."""
    if not note:
        return []
    return [
        Attached(
            name="checkpoint.txt",
            data=note.encode(),
            description="The signed checkpoint of the ledger that is printed",
            mime="text/plain",
            relationship="Supplement",
        )
    ]
