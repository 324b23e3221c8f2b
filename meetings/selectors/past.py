"""Meetings entered afterwards, with who entered them and when."""

from dataclasses import dataclass
from datetime import datetime

from audit.models import Act
from governance.models import Person, Practice
from meetings.choices import PastState
from meetings.models import PastMeeting


@dataclass(frozen=True)
class Entered:
    """A meeting held before, with the act that entered it."""

    meeting: PastMeeting
    act: Act

    @property
    def confirmed(self) -> bool:
        return self.meeting.state == PastState.CONFIRMED

    @property
    def at(self) -> datetime:
        """When it was entered; the demonstration's clock where that entered it."""
        return self.act.occurred_at


def entered_by(meeting: PastMeeting) -> Act:
    """The act that entered it, the same that sealed its scan."""
    return Act.objects.select_related("entry").get(pk=meeting.scan.act_id)


def past_meetings(practice: Practice, person: Person | None) -> list[Entered]:
    """Those that stand, the latest first; with `person`, only what exists for that person. Two queries."""
    every = PastMeeting.objects.visible_to(person) if person else PastMeeting.objects.all()
    rows = list(
        every.filter(practice=practice).exclude(state=PastState.WITHDRAWN).select_related("practice", "body", "scan")
    )
    acts = Act.objects.in_bulk([row.scan.act_id for row in rows])
    return [Entered(row, acts[row.scan.act_id]) for row in rows]
