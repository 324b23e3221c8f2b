"""The packet of one closed item: what it is about and its papers, in one PDF for who is entitled. In no open packet."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from audit.documents.base import PAGE_OF, Attached, Leaf
from audit.documents.in_ledger import read_checkpoint
from audit.services.jobs import Rendering
from audit.services.places import CLOSED_KIND
from decisions.rendering import part_made
from meetings.models import ClosedPaper, Matter
from meetings.packet import as_leaf, original
from meetings.selectors.compartments import outside
from meetings.selectors.papers import first_release


def closed_packet(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """The packet that these arguments of `meetings.services.closed_packets.ask_for_closed_packet` describe.

    The title says no more than the agenda does, for titles of documents are open.
    """
    matter = Matter.objects.select_related("item__meeting__practice", "item__meeting__body").get(pk=arguments["matter"])
    meeting = matter.item.meeting
    release = meeting.releases.get(number=arguments["release"])
    rows = ClosedPaper.objects.select_related("document", "person", "appointment").in_bulk(arguments["papers"])
    released = first_release(meeting)
    leaves: list[Leaf] = []
    attached: list[Attached] = []
    papers: list[dict[str, Any]] = []
    with timezone.override(meeting.practice.zone):
        for key in arguments["papers"]:
            version = rows[key]
            paper = as_leaf(version, part_made(version, meeting.practice), released)
            attached += original(paper, "paper")
            header = "" if paper["own_header"] else f"Closed · {version.title}"
            leaves.append(Leaf(title=version.title, pdf=paper["pdf"], header=header))
            papers.append({**paper, "leaf": len(leaves) + 1, "page": PAGE_OF.format(len(leaves) + 1)})
        front = render_to_string(
            "meetings/packet_closed.html",
            {
                "matter": matter,
                "item": matter.item,
                "meeting": meeting,
                "practice": meeting.practice,
                "release": release,
                "outside": outside(matter.item),
                "papers": papers,
                "checkpoint": read_checkpoint(checkpoint_note),
                "arguments": arguments,
            },
        )
        called = meeting.practice.local(meeting.starts_at)
    return Rendering(
        title=f"Packet of a closed item, {meeting.body}, {called:%-d %B %Y}, agenda version {release.number}",
        kind=CLOSED_KIND,
        object_type=Matter._meta.label_lower,
        object_id=f"{matter.pk}/packet/{release.number}",
        compartment=matter.item.compartment,
        practice_id=meeting.practice_id,
        leaves=[Leaf(title="Cover and papers", html=front), *leaves],
        attachments=attached,
    )
