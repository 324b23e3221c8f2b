"""The demonstration's clock: each act is done at its own moment of the past, under the demonstration flag."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from audit.context import occurring

ZONE = ZoneInfo("America/Los_Angeles")
MONTHS = 14


def first_of(day: date, months: int = 0) -> date:
    """The first day of the month that lies `months` after the month of `day`."""
    count = day.year * 12 + day.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


class Diary:
    """Moves forward only. Acts that follow one another are half a minute apart unless told otherwise."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.today = now.astimezone(ZONE).date()
        self.at = datetime.min.replace(tzinfo=ZONE)

    def month(self, index: int) -> date:
        """The first day of the demonstration's month 0 to 13; 13 is the current month."""
        return first_of(self.today, index - MONTHS + 1)

    def day(self, index: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
        """A moment on a day of a month, on the practice's clock."""
        return datetime.combine(self.month(index).replace(day=day), time(hour, minute), ZONE)

    @contextmanager
    def on(self, moment: datetime) -> Iterator[None]:
        """Acts inside happen at this moment; a moment before the last act's is an error of the story."""
        if moment < self.at:
            raise ValueError(f"The story goes back from {self.at} to {moment}.")
        self.at = moment
        with occurring(moment, flag="demonstration"):
            yield

    @contextmanager
    def next(self, minutes: float = 0.5) -> Iterator[None]:
        """Acts inside happen shortly after the last ones."""
        with self.on(self.at + timedelta(minutes=minutes)):
            yield

    def past(self, moment: datetime) -> bool:
        """Whether the story may tell this moment yet."""
        return moment < self.now
