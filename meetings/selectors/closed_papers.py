"""Papers and files of one closed part, for who is entitled to it: ask `selectors.compartments` before."""

from dataclasses import dataclass
from datetime import datetime

from audit.models import Document, Job
from audit.services.places import undropped
from meetings.models import ClosedPaper, ClosedPaperWithdrawal, Matter
from meetings.selectors.papers import first_release

CLOSED_PACKET = "closed_packet"
"""The renderer of a closed item's packet."""


@dataclass(frozen=True, kw_only=True)
class ShownPaper:
    """A paper under a closed item with its versions, the newest first."""

    versions: list[ClosedPaper]
    withdrawal: ClosedPaperWithdrawal | None
    released_at: datetime | None

    @property
    def newest(self) -> ClosedPaper:
        """The version that stands."""
        return self.versions[0]

    @property
    def late(self) -> bool:
        """Whether it came after the agenda was released."""
        return self.released_at is not None and self.newest.made_at > self.released_at


def papers_of(matter: Matter) -> list[ShownPaper]:
    """The papers under a closed item, the withdrawn ones too. Three queries."""
    withdrawn = {one.paper: one for one in matter.paper_withdrawals.select_related("person", "appointment")}
    by_paper: dict[int, list[ClosedPaper]] = {}
    for version in matter.papers.select_related("document", "person", "appointment"):
        by_paper.setdefault(version.paper, []).append(version)
    released = first_release(matter.item.meeting)
    return [
        ShownPaper(versions=versions, withdrawal=withdrawn.get(paper), released_at=released)
        for paper, versions in by_paper.items()
    ]


def standing(matter: Matter) -> dict[int, ClosedPaper]:
    """The newest version of each paper that is not withdrawn, by its number."""
    return {one.newest.paper: one.newest for one in papers_of(matter) if not one.withdrawal}


def files_of(matter: Matter) -> dict[int, tuple[Document, str]]:
    """The files of a part that can be taken, by their keys, each with what it is in words: the sealed record first,
    then the packet, then the papers. Five queries."""
    rows = undropped(
        Document.objects.filter(practice=matter.item.meeting.practice_id, object_type=Matter._meta.label_lower).filter(
            object_id__regex=rf"^{matter.pk}(/|$)"
        )
    ).order_by("-pk")
    of = {row.pk: row for row in rows}
    kinds: dict[str, list[Document]] = {}
    for row in of.values():
        kinds.setdefault(_kind(row), []).append(row)
    found = {}
    for kind in ("amended", "record", "packet"):
        for row in kinds.get(kind, [])[:1]:
            made = matter.item.meeting.practice.moment(row.sealed_at)
            found[row.pk] = (row, f"{_WORDS[kind]}, {made}")
    for shown in papers_of(matter):
        for paper in shown.versions:
            file = _newest(of, paper)
            if file:
                found[file.pk] = (file, f"{paper.title}, version {paper.number}, {paper.file_kind}")
    return found


_WORDS = {
    "record": "The sealed record",
    "amended": "The sealed record with what amends it",
    "packet": "The packet of this item",
}


def packet_being_made(matter: Matter) -> str:
    """What is to be said of the packet while it is made, or when making it failed; empty else."""
    job = Job.objects.filter(renderer=CLOSED_PACKET, arguments__matter=matter.pk).order_by("-asked_at", "-pk").first()
    if job is None or job.state == Job.State.DONE:
        return ""
    if job.state == Job.State.FAILED:
        return "The packet of this item could not be made; putting or withdrawing a paper makes it again."
    return "The packet of this item is being made."


def _kind(document: Document) -> str:
    return [*document.object_id.split("/"), "record"][1]


def _newest(of: dict[int, Document], paper: ClosedPaper) -> Document | None:
    """The file of a paper, or what took its place after a scrub."""
    key = f"{paper.matter_id}/paper/{paper.paper}/{paper.number}"
    return next((row for row in of.values() if row.object_id == key), None)
