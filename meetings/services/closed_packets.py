"""The packet of a closed item is asked for inside the act that changes what it shows; the worker makes it."""

import hashlib
import json

from audit.models import Job
from audit.services import jobs
from meetings.models import Matter, Meeting
from meetings.rules.workflow import MeetingState
from meetings.selectors.closed_papers import standing
from meetings.selectors.compartments import matters_of

CLOSED_PACKET = "closed_packet"
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
    digest = hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()[:24]
    return jobs.ask(
        key=f"{CLOSED_PACKET}/{digest}",
        renderer=CLOSED_PACKET,
        practice_id=meeting.practice_id,
        arguments=arguments,
    )


def ask_for_closed_packets(meeting: Meeting) -> None:
    """The packets of all closed items of a meeting, inside the act that releases its agenda."""
    for matter in matters_of(meeting):
        ask_for_closed_packet(matter)
