"""What a paper is made of: a file judged before anything is locked, and rows written inside the current act."""

import hashlib
import unicodedata
from dataclasses import dataclass

from django.conf import settings

from audit.acts import current, record
from audit.documents.base import FileRefused
from audit.documents.foreign import Kind
from audit.documents.incoming import check_in_child
from audit.models import Document
from audit.services.documents import write_document
from decisions.models import Paper, PaperVersion, PaperWithdrawal, Proposal
from decisions.models.base import by
from decisions.rendering import ask_for_preview
from decisions.services.rules import RuleBroken, said
from governance.authority import moment
from governance.models import Appointment, Practice

KIND = "paper"
LONGEST_NAME = 120
"""Characters of a file's name that are kept, without its ending."""


@dataclass(frozen=True, kw_only=True)
class PaperFile:
    """A file as it came, with what its content turned out to be, or with the rule it breaks."""

    data: bytes
    name: str
    kind: Kind | None
    refusal: str = ""

    def accepted(self) -> Kind:
        """What the file is. Raises RuleBroken when it is refused."""
        if self.kind is None:
            raise RuleBroken("file", f"File: {self.refusal}.")
        return self.kind

    def titled(self, title: str) -> str:
        """The title as typed, on one line; without one, the file's name."""
        return " ".join(title.split())[:200] or self.name.rpartition(".")[0].replace("_", " ")

    def replaces(self, last: Document, number: int) -> None:
        """Raises RuleBroken when the file is refused, or is the very one that stands as this version."""
        words = self.accepted().words
        if hashlib.sha256(self.data).hexdigest() == last.sha256:
            raise RuleBroken("file", f"File: this {words} is the same, byte for byte, as version {number}.")


def judged(data: bytes, name: str) -> PaperFile:
    """Judge a file by its size and content, in a child process; its name is kept without a folder and rightly ended."""
    if len(data) > settings.PAPER_MEGABYTES << 20:
        return PaperFile(data=data, name=name, kind=None, refusal=f"it is larger than {settings.PAPER_MEGABYTES} MB")
    try:
        kind = check_in_child(data, title="paper")
    except FileRefused as refused:
        return PaperFile(data=data, name=name, kind=None, refusal=str(refused))
    return PaperFile(data=data, name=plain_name(name, kind), kind=kind)


def plain_name(name: str, kind: Kind) -> str:
    """The last part of the name, in letters that can be shown, with the ending of what the file is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    stem = last.rpartition(".")[0] or last
    shown = "".join(char for char in stem if char.isprintable() and char not in '"<>:|?*').strip(" .")
    return f"{shown[:LONGEST_NAME] or 'paper'}.{kind.ending}"


def write_paper(
    *, practice: Practice, proposal: Proposal | None, author: Appointment, file: PaperFile, title: str
) -> PaperVersion:
    """A new paper with its first version, inside the current act. Raises RuleBroken."""
    file.accepted()
    paper = record(Paper, practice=practice, proposal=proposal)
    return _write(paper, number=1, author=author, file=file, title=title, note="")


def write_version(*, paper: Paper, author: Appointment, file: PaperFile, title: str, note: str) -> PaperVersion:
    """The next version of a paper, inside the current act; the earlier ones stay. Raises RuleBroken."""
    last = standing(paper)
    file.replaces(last.document, last.number)
    said(note=note)
    return _write(paper, number=last.number + 1, author=author, file=file, title=title or last.title, note=note.strip())


def write_withdrawal(*, paper: Paper, author: Appointment, reason: str) -> PaperWithdrawal:
    """The paper is no longer relied on, inside the current act; its versions stay. Raises RuleBroken."""
    last = standing(paper)
    said(reason=reason)
    current().attach("withdrawn", {"title": last.title, "version": last.number, "sha256": last.document.sha256})
    return record(PaperWithdrawal, paper=paper, reason=reason.strip(), made_at=moment(), **by(author))


def standing(paper: Paper) -> PaperVersion:
    """The version that stands. Raises RuleBroken once the paper is withdrawn."""
    last = paper.versions.select_related("document").first()
    assert last
    if PaperWithdrawal.objects.filter(paper=paper).exists():
        raise RuleBroken("paper", f"Paper: “{last.title}” is withdrawn already.")
    return last


def _write(paper: Paper, *, number: int, author: Appointment, file: PaperFile, title: str, note: str) -> PaperVersion:
    kind = file.accepted()
    title = file.titled(title)
    document = write_document(
        data=file.data,
        title=title,
        kind=KIND,
        object_type=Paper._meta.label_lower,
        object_id=f"{paper.pk}/{number}",
        compartment="open",
        practice_id=paper.practice_id,
        media_type=kind.media_type,
    )
    current().attach("paper", {"title": title, "version": number, "file": file.name, "sha256": document.sha256})
    version = record(
        PaperVersion,
        paper=paper,
        number=number,
        title=title,
        file_name=file.name,
        note=note,
        document=document,
        made_at=moment(),
        **by(author),
    )
    ask_for_preview(version)
    return version
