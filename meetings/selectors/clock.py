"""The meeting's clock: how long each item has taken, and when a coming or going was recorded. Both from the history."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meetings.models import Meeting, Presence

CLAIMED = timedelta(seconds=90)
"""From how far apart on the time claimed and the time recorded are both shown."""


@dataclass(frozen=True)
class Spent:
    """How long an item was called: `before` in seconds, and `since` when it is called now."""

    before: int = 0
    since: datetime | None = None

    def minutes(self, now: datetime) -> int:
        """Whole minutes up to a moment."""
        running = (now - self.since).total_seconds() if self.since else 0
        return int((self.before + running) // 60)


def spent(meeting: Meeting) -> dict[int, Spent]:
    """For each item that was called, how long it was."""
    rows = (
        Meeting.history.filter(id=meeting.pk, opened_at__isnull=False)
        .order_by("history_id")
        .values_list("current_item_id", "act__occurred_at")
    )
    found: dict[int, Spent] = {}
    called, since = None, None
    for item, at in rows:
        if item == called:
            continue
        if called is not None and since is not None:
            found[called] = Spent(found.get(called, Spent()).before + int((at - since).total_seconds()))
        called, since = item, at
    if called is not None:
        found[called] = Spent(found.get(called, Spent()).before, since)
    return found


@dataclass(frozen=True)
class Entered:
    """When an arrival or a departure was recorded, where that is not the time it is recorded for."""

    arrival: datetime | None = None
    departure: datetime | None = None


def entered(meeting: Meeting) -> dict[int, Entered]:
    """For each stay whose times were claimed afterwards, when they were recorded."""
    rows = (
        Presence.history.filter(attendance__meeting_id=meeting.pk)
        .order_by("history_id")
        .values_list("id", "arrived_at", "left_at", "act__occurred_at")
    )
    first: dict[int, datetime | None] = {}
    last: dict[int, datetime | None] = {}
    for stay, arrived_at, left_at, at in rows:
        if stay not in first:
            first[stay] = at if at - arrived_at > CLAIMED else None
        if left_at and stay not in last:
            last[stay] = at if at - left_at > CLAIMED else None
    return {stay: Entered(first[stay], last.get(stay)) for stay in first if first[stay] or last.get(stay)}
