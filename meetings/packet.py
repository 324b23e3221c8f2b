"""The meeting packet (board book): cover, contents, each item's cover page with its papers behind it, in one PDF."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from audit import store
from audit.documents.base import PAGE_OF, Attached, Leaf
from audit.documents.finish import file_name
from audit.documents.in_ledger import read_checkpoint
from audit.services.jobs import Rendering
from decisions.models import PaperVersion, Revision
from decisions.rendering import dropped, part_of
from meetings.choices import Purpose, Topic
from meetings.models import AgendaItem, AgendaRelease, ClosedPaper, Meeting
from meetings.selectors.packets import RENDERER, items_in
from meetings.selectors.papers import first_release


def packet(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """The packet that these arguments of `meetings.services.packets.ask_for_packets` describe."""
    meeting = Meeting.objects.select_related("practice", "body").get(pk=arguments["meeting"])
    release = meeting.releases.get(number=arguments["release"])
    with timezone.override(meeting.practice.zone):
        leaves, attached = _leaves(meeting, release, arguments, checkpoint_note)
    called = meeting.practice.local(meeting.starts_at)
    return Rendering(
        title=f"Meeting packet, {meeting.body}, {called:%-d %B %Y}, agenda version {release.number}",
        kind=RENDERER,
        object_type=AgendaRelease._meta.label_lower,
        object_id=f"{meeting.code}/{release.number}",
        compartment=arguments["compartment"],
        practice_id=meeting.practice_id,
        leaves=leaves,
        attachments=attached,
    )


def _leaves(
    meeting: Meeting, release: AgendaRelease, arguments: dict[str, Any], note: str
) -> tuple[list[Leaf], list[Attached]]:
    laid = {one["item"]: one["versions"] for one in arguments["items"]}
    items = [pair for pair in items_in(meeting, release, arguments["compartment"]) if pair[1].pk in laid]
    versions = PaperVersion.objects.select_related("document", "paper__practice", "person", "appointment").in_bulk(
        [key for keys in laid.values() for key in keys]
    )
    released = first_release(meeting)
    page = {"meeting": meeting, "practice": meeting.practice, "release": release}
    texts = _texts(items)
    leaves: list[Leaf] = []
    attached: list[Attached] = []
    contents: list[dict[str, Any]] = []
    for number, (entry, item) in enumerate(items, start=1):
        papers = [_paper(versions[key], released) for key in laid[item.pk]]
        told = {
            **page, "number": number, "entry": entry, "item": item, "papers": papers,
            "topic": Topic(entry["topic"]).label, "purpose": Purpose(entry["purpose"]).label,
            "revision": texts.get((item.proposal_id, entry["revision"])), "lines": range(14),
        }  # fmt: skip
        title = f"{number}. {entry['title']}"
        leaves.append(Leaf(title=title, html=render_to_string("meetings/packet_item.html", told)))
        contents.append({**told, "leaf": len(leaves) + 1, "papers": []})
        for paper in papers:
            version = paper["version"]
            attached += original(paper, f"item-{number}")
            leaves.append(
                Leaf(
                    title=version.title, pdf=paper["pdf"], level=2,
                    header="" if paper["own_header"] else f"Item {number} · {version.title}",
                )
            )  # fmt: skip
            contents[-1]["papers"].append({**paper, "leaf": len(leaves) + 1, "page": PAGE_OF.format(len(leaves) + 1)})
        contents[-1]["page"] = PAGE_OF.format(contents[-1]["leaf"])
    checkpoint = read_checkpoint(note)
    front = render_to_string(
        "meetings/packet_front.html", {**page, "contents": contents, "checkpoint": checkpoint, "arguments": arguments}
    )
    return [Leaf(title="Cover and contents", html=front), *leaves], attached


def original(paper: dict[str, Any], prefix: str) -> list[Attached]:
    """The file of a PDF that could not be joined; an Office file comes with the page that stands for it."""
    version: PaperVersion | ClosedPaper = paper["version"]
    document = version.document
    if paper["shown"] or paper["dropped"] or paper["own_header"]:
        return []
    return [
        Attached(
            name=f"{prefix}-{version.pk}-{file_name(version.file_name)}",
            data=store.get(document.sha256),
            description=version.title,
            mime=document.media_type,
            relationship="Source",
        )
    ]


def _paper(version: PaperVersion, released: datetime | None) -> dict[str, Any]:
    return as_leaf(version, part_of(version), released)


def as_leaf(version: PaperVersion | ClosedPaper, part: tuple[bytes, bool], released: datetime | None) -> dict[str, Any]:
    """A paper as a packet takes it: its pages, and whether they are its own, came late, or were dropped."""
    pdf, shown = part
    media = version.document.media_type
    return {
        "version": version,
        "late": released is not None and version.made_at > released,
        "shown": shown,
        "dropped": dropped(version.document),
        # A picture, and the page that stands for an Office file, are set by us; an Office file's own pages are not.
        "own_header": media.startswith("image/") or (not shown and media != "application/pdf"),
        "pdf": pdf,
    }


def _texts(items: list[tuple[dict[str, Any], AgendaItem]]) -> dict[tuple[Any, Any], Revision]:
    """The revisions of proposals that the agenda names."""
    wanted = defaultdict(set)
    for entry, item in items:
        if item.proposal_id:
            wanted[item.proposal_id].add(entry["revision"])
    found = Revision.objects.filter(proposal__in=list(wanted)).select_related("person", "appointment")
    return {(one.proposal_id, one.number): one for one in found if one.number in wanted[one.proposal_id]}
