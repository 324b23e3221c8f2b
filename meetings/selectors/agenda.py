"""What the pages of an agenda show beside its items."""

from collections.abc import Sequence
from dataclasses import dataclass

from meetings.models import AgendaItem, Meeting


@dataclass(frozen=True)
class Time:
    """The minutes given to items, against the length of the meeting."""

    given: int
    length: int
    untimed: int
    """Items without a time."""

    @property
    def over(self) -> int:
        """Minutes by which the items exceed the meeting."""
        return max(0, self.given - self.length)


def time_of(meeting: Meeting, items: Sequence[AgendaItem]) -> Time:
    """The time budget of an agenda. No query."""
    given = [item.budget for item in items if item.budget]
    return Time(sum(given), meeting.length, len(items) - len(given))
