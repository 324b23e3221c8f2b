"""The consent agenda: items that one motion takes together, unless a member takes one off."""

from collections.abc import Iterable
from typing import Protocol


class OnConsent(Protocol):
    """What is asked of an item."""

    position: int
    title: str


def consent_text(items: Iterable[OnConsent]) -> str:
    """The motion by which these items are taken; it names each, so that nothing is taken that was not put."""
    return "To take the consent agenda: " + "; ".join(f"item {one.position}, {one.title}" for one in items) + "."
