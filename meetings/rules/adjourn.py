"""What stands in the way of adjournment."""

from collections.abc import Iterable
from dataclasses import dataclass

from meetings.rules.workflow import ItemState


@dataclass(frozen=True, slots=True)
class Item:
    """An agenda item as adjournment sees it; ``name`` is what the page calls it, e.g. "4. Credentialing"."""

    name: str
    state: ItemState
    reason: str = ""


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An item that keeps the meeting open, and why."""

    item: Item
    sentence: str


class AdjournmentRefused(ValueError):
    """The meeting has open items; ``open_items`` holds them."""

    def __init__(self, open_items: tuple[OpenItem, ...]) -> None:
        self.open_items = open_items
        reasons = " ".join(entry.sentence for entry in open_items)
        super().__init__(f"The meeting cannot adjourn: {reasons}")


def open_items(items: Iterable[Item]) -> tuple[OpenItem, ...]:
    """Items neither handled nor deferred with a reason, in their order; empty when it may adjourn."""
    return tuple(OpenItem(item, sentence) for item in items if (sentence := _obstacle(item)))


def require_settled(items: Iterable[Item]) -> None:
    """Raise AdjournmentRefused naming every open item."""
    if remaining := open_items(items):
        raise AdjournmentRefused(remaining)


def _obstacle(item: Item) -> str:
    if item.state == ItemState.OPEN:
        return f"“{item.name}” is neither handled nor deferred."
    if item.state == ItemState.DEFERRED and not item.reason.strip():
        return f"“{item.name}” is deferred without a reason."
    return ""
