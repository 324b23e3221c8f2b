"""What was decided between meetings, before the next one (settings.AGENDA_SOURCES): to be ratified and filed there."""

from collections.abc import Iterator
from datetime import date

from decisions.agenda import AgendaEntry
from decisions.models import Decision
from governance.models import Practice
from meetings.models import AgendaItem, Meeting
from meetings.rules.workflow import MeetingState

TOPIC, PURPOSE = "other", "discussion"
TITLE = "Decided between meetings: "
LENGTH = 200


def decided_between(practice: Practice, meeting_month: date) -> Iterator[AgendaEntry]:
    """Every decision taken outside a meeting, by one physician or by written consent, that no meeting has had yet.

    It reaches back over the last meeting to the one before: what was decided after an agenda was made is not lost.
    """
    held = Meeting.objects.filter(practice=practice, state=MeetingState.ADJOURNED).order_by("-adjourned_at")
    before = list(held.filter(special=0).values_list("adjourned_at", flat=True)[:2])
    taken = Decision.objects.filter(practice=practice, item_decision=None)
    if before:
        taken = taken.filter(decided_at__gt=before[-1])
    had = AgendaItem.objects.filter(meeting__in=held, title__startswith=TITLE)
    known = set(had.values_list("title", flat=True))
    for decision in taken.order_by("decided_at", "pk"):
        title = f"{TITLE}{decision}"[:LENGTH]
        if title not in known:
            yield AgendaEntry(topic=TOPIC, title=title, purpose=PURPOSE)
