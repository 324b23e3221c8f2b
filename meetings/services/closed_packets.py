"""The packet of a closed item is asked for inside the act that changes what it shows; the worker makes it."""

from audit.models import Job
from meetings.models import Matter, Meeting
from meetings.rules.workflow import MeetingState
from meetings.selectors.closed_papers import CLOSED_PACKET, standing
from meetings.selectors.compartments import matters_of
from meetings.services.packet_jobs import ask_for_contents

SHOWN = (MeetingState.AGENDA_RELEASED, MeetingState.IN_SESSION)
"""States of a meeting in which its packets follow what changes."""


def ask_for_closed_packet(matter: Matter) -> Job | None:
    """Have the packet of a closed item made with the papers it has now, once the agenda that names it is released."""
    meeting = matter.item.meeting
    release = meeting.releases.first()
    if release is None or meeting.state not in SHOWN:
        return None
    if matter.item_id not in {entry.get("item") for entry in release.content["items"]}:
        return None
    arguments = {
        "matter": matter.pk,
        "release": release.number,
        "papers": [paper.pk for paper in standing(matter).values()],
    }
    return ask_for_contents(CLOSED_PACKET, meeting.practice_id, arguments, of="matter")


def ask_for_closed_packets(meeting: Meeting) -> None:
    """The packets of all closed items of a meeting, inside the act that releases its agenda."""
    for matter in matters_of(meeting):
        ask_for_closed_packet(matter)
