"""What a meeting packet holds, and how far the making of one has come."""

from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef

from audit.models import Document, Job
from audit.services.jobs import underway
from decisions.rendering import PREVIEW
from meetings.models import AgendaItem, AgendaRelease, Meeting
from meetings.selectors.papers import papers_by_item

RENDERER = "packet"
COMPARTMENTS = ("open",)
"""A packet is made for each of these."""


def items_in(meeting: Meeting, release: AgendaRelease, compartment: str) -> list[tuple[dict[str, Any], AgendaItem]]:
    """The items that the packet of a compartment holds, in order: each as it was released, with its row.

    This is the one place that decides what a packet shows. A closed item stands in the open packet with the neutral
    title that the agenda gives it, and with nothing under it.
    """
    rows = meeting.items.select_related("proposal", "right", "corrective_action__owner").in_bulk()
    return [(entry, rows[entry["item"]]) for entry in release.content["items"] if entry.get("item") in rows]


def contents_of(meeting: Meeting, release: AgendaRelease, compartment: str) -> list[dict[str, Any]]:
    """The items of a packet by key, each with the versions of papers that stand under it now."""
    items = [item for _, item in items_in(meeting, release, compartment)]
    papers = papers_by_item(meeting, items)
    return [
        {
            "item": item.pk,
            "versions": [paper.newest.pk for paper in papers.get(item.pk, []) if not paper.withdrawal],
        }
        for item in items
    ]


@dataclass(frozen=True, kw_only=True)
class Packets:
    """The packets of a meeting, the newest first; `job` makes the next one, or failed to."""

    sealed: list[dict[str, Any]]
    job: Job | None
    done: int = 0
    """Papers that are ready to be joined."""
    of: int = 0

    @property
    def pending(self) -> bool:
        return self.job is not None and self.job.state in (Job.State.WAITING, Job.State.RUNNING)

    @property
    def failed(self) -> bool:
        return self.job is not None and self.job.state == Job.State.FAILED

    @property
    def progress(self) -> str:
        """How many papers are ready, in words."""
        return f"{self.done} of {self.of} papers" if self.of else ""

    @property
    def steps(self) -> int:
        """Steps of the making: each paper, and joining them."""
        return self.of + 1


def packets_of(meeting: Meeting) -> Packets:
    """The packets sealed, and the progress of the one being made. Two queries, three while one is made."""
    found = (
        Document.objects.filter(
            practice=meeting.practice_id,
            kind=RENDERER,
            object_type=AgendaRelease._meta.label_lower,
            object_id__startswith=f"{meeting.code}/",
        )
        .order_by("-pk")
        .values("sha256", "size", "sealed_at", "object_id")
    )
    sealed = [{**one, "agenda_version": one["object_id"].rpartition("/")[2]} for one in found]
    newest = (
        Job.objects.filter(practice=meeting.practice_id, renderer=RENDERER, arguments__meeting=meeting.pk)
        .order_by("-asked_at", "-pk")
        .first()
    )
    if newest is None or newest.state == Job.State.DONE:
        return Packets(sealed=sealed, job=None)
    keys = [f"{PREVIEW}/{key}" for item in newest.arguments["items"] for key in item["versions"]]
    waiting = Job.objects.filter(key__in=keys).exclude(state__in=[Job.State.DONE, Job.State.FAILED]).count()
    return Packets(sealed=sealed, job=newest, done=len(keys) - waiting, of=len(keys))


PAPERS_UNDERWAY = {"underway": underway(practice=OuterRef("practice_id"), renderer__in=[RENDERER, PREVIEW])}
"""For a page that shows what is being made for the meetings of a practice: it changes with that."""
