"""The papers of a meeting, by item: an item's own, and those of the proposal it takes up."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from decisions.models import Paper
from decisions.selectors.papers import Shown, shown, with_versions
from meetings.models import AgendaItem, ItemPaper, Meeting


def papers_by_item(meeting: Meeting, items: Iterable[AgendaItem]) -> dict[int, list[Shown]]:
    """The papers under each of these items, by the item's key; the withdrawn ones too.

    Of a meeting that is adjourned, as they lay before it. Five queries however many there are, two when there is none.
    """
    items = list(items)
    keys = [item.pk for item in items]
    under: dict[int, list[int]] = defaultdict(list)
    for item_key, paper_key in ItemPaper.objects.filter(item__in=keys).values_list("item", "paper"):
        under[item_key].append(paper_key)
    lying = Paper.objects.filter(Q(item_papers__item__in=keys) | Q(proposal__agenda_items__in=keys)).distinct()
    papers = list(with_versions(lying))
    if not papers:
        return {}
    known = shown(papers, until=meeting.adjourned_at, released_at=first_release(meeting))
    found = {
        item.pk: [
            one
            for one in known
            if one.paper.pk in under[item.pk] or (item.proposal_id and one.paper.proposal_id == item.proposal_id)
        ]
        for item in items
    }
    return {key: lie for key, lie in found.items() if lie}


def lay_out(meeting: Meeting, items: list[AgendaItem]) -> None:
    """Give each item its papers, as `shown_papers`, for a template."""
    found = papers_by_item(meeting, items)
    for item in items:
        setattr(item, "shown_papers", found.get(item.pk, []))  # noqa: B010 - for the template alone


def first_release(meeting: Meeting) -> datetime | None:
    """When the agenda was first released: what is put under it afterwards comes late."""
    return meeting.releases.order_by("number").values_list("released_at", flat=True).first()
