"""Changing an item before its meeting: what it says, its place, and taking it off."""

from collections.abc import Iterable
from typing import Literal

from audit.acts import service
from audit.workflow import next_state
from decisions.services.rules import RuleBroken, said
from governance.models import Person
from meetings.choices import Compartment
from meetings.models import AgendaItem, Meeting
from meetings.rules.workflow import BEFORE_SESSION, ITEM, ItemEvent
from meetings.services.base import enter_meeting, require_state
from meetings.services.item_values import checked, is_sourced, is_standing, named, require_consent, timed

WITHDRAWN_FROM = 20_000
"""Where items that were withdrawn are counted, behind every place of an agenda."""


def _enter(actor: Person, item: AgendaItem, verb: str, reason: str = "") -> tuple[Meeting, AgendaItem]:
    meeting, _ = enter_meeting(actor, item.meeting, verb, reason=reason, attempted=item.title)
    require_state(meeting, *BEFORE_SESSION)
    found = meeting.items.select_related("meeting").filter(pk=item.pk).first()
    if found is None:
        raise RuleBroken("item", f"“{item.title}” is not on this agenda any more.")
    return meeting, found


@service
def edit_item(
    *,
    actor: Person,
    item: AgendaItem,
    topic: str,
    title: str,
    purpose: str,
    right: str = "",
    presenter: str = "",
    presenter_person: Person | None = None,
    budget: int | None = None,
    consent: bool = False,
) -> AgendaItem:
    """Change what an item says before the meeting; a released agenda is released anew afterwards.

    A standing topic, a proposal and a corrective action keep topic, title, purpose and right. Raises AuthorityRefused,
    RuleBroken.
    """
    meeting, item = _enter(actor, item, "agenda.item_edited")
    _require_open(item)
    if is_standing(item) or is_sourced(item):
        item.presenter, item.presenter_person = named(meeting.practice, presenter, presenter_person)
        item.budget = timed(budget)
    else:
        values = checked(
            meeting.practice,
            topic=topic,
            title=title,
            purpose=purpose,
            right=right,
            presenter=presenter,
            presenter_person=presenter_person,
            budget=budget,
        )
        same = meeting.items.filter(topic=values["topic"], title=values["title"]).exclude(pk=item.pk)
        if same.exists():
            raise RuleBroken("title", f"Title: the agenda holds “{values['title']}” under this topic already.")
        for name, value in values.items():
            setattr(item, name, value)
    item.consent = consent
    if consent:
        require_consent(item)
    item.save()
    return item


@service
def withdraw_item(*, actor: Person, item: AgendaItem, reason: str) -> AgendaItem:
    """Take an item off the agenda before the meeting; it does not come back by itself, and its reason is kept.

    A standing topic is never taken off. Raises AuthorityRefused, RuleBroken.
    """
    meeting, item = _enter(actor, item, "agenda.item_withdrawn", reason)
    said(reason=reason)
    _require_open(item)
    if is_standing(item):
        raise RuleBroken("reason", f"“{item.title}” is a standing topic; it is minuted, or deferred with a reason.")
    item.state = next_state(ITEM, item.state, ItemEvent.WITHDRAW)
    item.withdrawal_reason = reason.strip()
    item.position = WITHDRAWN_FROM + AgendaItem.every.filter(meeting=meeting, position__gt=WITHDRAWN_FROM).count() + 1
    item.save()
    _number(meeting.items.order_by("position"))
    return item


@service
def move_item(*, actor: Person, item: AgendaItem, direction: Literal["up", "down"]) -> AgendaItem:
    """Change places with the item before or behind. Raises AuthorityRefused, RuleBroken."""
    meeting, item = _enter(actor, item, "agenda.item_moved")
    position = item.position + (1 if direction == "down" else -1)
    if not 1 <= position <= meeting.items.count():
        raise RuleBroken("direction", f"“{item.title}” is {'first' if direction == 'up' else 'last'} already.")
    return _put(meeting, item, position)


@service
def place_item(*, actor: Person, item: AgendaItem, position: int) -> AgendaItem:
    """Put an item at a place, counted from 1; the others close up. Raises AuthorityRefused, RuleBroken."""
    meeting, item = _enter(actor, item, "agenda.item_moved")
    places = meeting.items.count()
    if not 1 <= position <= places:
        raise RuleBroken("position", f"Position: the agenda has places 1 to {places}, not {position}.")
    return _put(meeting, item, position)


def _put(meeting: Meeting, item: AgendaItem, position: int) -> AgendaItem:
    others = [one for one in meeting.items.order_by("position") if one.pk != item.pk]
    _number([*others[: position - 1], item, *others[position - 1 :]])
    item.refresh_from_db()
    return item


def _require_open(item: AgendaItem) -> None:
    if item.compartment != Compartment.OPEN:
        raise RuleBroken("item", "A closed item says here only that it exists; its own page says the rest.")


def _number(items: Iterable[AgendaItem]) -> None:
    """Number items from 1 in this order, inside the current act."""
    for position, item in enumerate(list(items), start=1):
        if item.position != position:
            item.position = position
            item.save()
