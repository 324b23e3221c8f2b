"""The agenda of a meeting until it is opened."""

from datetime import datetime
from typing import Any

from audit.acts import record, service
from audit.workflow import next_state
from decisions.services.rules import RuleBroken
from governance.authority import moment
from governance.models import Person
from meetings.choices import Purpose, Topic
from meetings.models import AgendaItem, AgendaRelease, Meeting
from meetings.rules.workflow import BEFORE_SESSION, MEETING, MeetingEvent, MeetingState
from meetings.selectors.notice import shortness
from meetings.services.agenda_items import Draft, wanted, write_items
from meetings.services.base import enter_meeting, require_state
from meetings.services.item_values import checked, require_consent
from meetings.services.notices import Notice, write_notices
from meetings.services.packets import ask_for_packets
from meetings.services.seating import write_seats


@service
def refresh_agenda(*, actor: Person, meeting: Meeting) -> list[AgendaItem]:
    """Take up what has come due since, newer revisions, and people newly in office. Returns the items it touched.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, meeting, "agenda.refreshed")
    require_state(meeting, *BEFORE_SESSION)
    write_seats(meeting, moment())
    return write_items(meeting, wanted(meeting))


@service
def add_item(
    *,
    actor: Person,
    meeting: Meeting,
    topic: str,
    title: str,
    purpose: str = Purpose.DISCUSSION,
    presenter: str = "",
    right: str = "",
    presenter_person: Person | None = None,
    budget: int | None = None,
    consent: bool = False,
) -> AgendaItem:
    """Put a point on the agenda; an item for decision names the right under which it is decided.

    In session it comes last. Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, meeting, "agenda.item_added", attempted=title)
    require_state(meeting, *BEFORE_SESSION, MeetingState.IN_SESSION)
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
    if meeting.state == MeetingState.IN_SESSION:
        values["topic"] = Topic.OTHER
    draft = Draft(**values, consent=consent)
    added = write_items(meeting, [draft])
    if not added:
        raise RuleBroken("title", f"Title: the agenda holds “{draft.title}” under this topic already.")
    if consent:
        require_consent(added[0])
    return added[0]


def agenda_content(meeting: Meeting) -> dict[str, Any]:
    """The agenda as it would be released: time, place and items. A late paper changes the packet, not the agenda."""
    items = list(meeting.items.select_related("right", "proposal", "corrective_action").order_by("position"))
    return {
        "body": meeting.body.name,
        "starts_at": meeting.practice.local(meeting.starts_at).isoformat(),
        "place": meeting.place,
        "mode": meeting.mode,
        "link": meeting.link,
        "length": meeting.length,
        "notice_days": meeting.notice_days,
        **(
            {"special": meeting.special, "reason": meeting.call_reason, "notice_hours": meeting.notice_hours}
            if meeting.special
            else {}
        ),
        "items": [
            {
                "item": item.pk,
                "position": item.position,
                "topic": item.topic,
                "title": item.title,
                "purpose": item.purpose,
                "presenter": item.presenter,
                "right": item.right.code if item.right else "",
                "proposal": item.proposal.code if item.proposal else "",
                "revision": item.revision_number,
                "corrective_action": item.corrective_action.code if item.corrective_action else "",
                "carried": item.carried_from_id is not None,
                "consent": item.consent,
                "minutes": item.budget,
                "late": item.late,
            }
            for item in items
        ],
    }


@service
def release_agenda(*, actor: Person, meeting: Meeting) -> AgendaRelease:
    """The chair releases the agenda: the notice of the meeting. A changed agenda is released as a new version.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, _ = enter_meeting(actor, meeting, "agenda.released", chair=True)
    require_state(meeting, *BEFORE_SESSION)
    return write_release(meeting, moment())


def write_release(meeting: Meeting, at: datetime) -> AgendaRelease:
    """Release the agenda as it stands, with notices and packet, inside the current act. Raises RuleBroken."""
    content, last = agenda_content(meeting), meeting.releases.first()
    if last and last.content == content:
        raise RuleBroken("agenda", f"Agenda: nothing differs from version {last.number}.")
    if meeting.state == MeetingState.PLANNED:
        meeting.state = next_state(MEETING, meeting.state, MeetingEvent.RELEASE_AGENDA)
    meeting.notice_at = at
    meeting.save()
    write_notices(meeting, Notice.AMENDED if last else Notice.RELEASED)
    short = shortness(meeting, at)
    release = record(
        AgendaRelease,
        meeting=meeting,
        number=last.number + 1 if last else 1,
        content=content,
        released_at=at,
        short_by=short.days,
        short_hours=short.hours,
    )
    ask_for_packets(meeting)
    return release
