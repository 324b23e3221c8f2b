"""The meeting packet is asked for inside the act that changes what it shows; the worker makes it."""

from audit.acts import service
from audit.models import Job
from decisions.models import Proposal
from decisions.services.rules import RuleBroken
from governance.models import Person
from meetings.models import Meeting
from meetings.selectors.packets import COMPARTMENTS, RENDERER, contents_of
from meetings.services.base import enter_meeting
from meetings.services.closed_packets import SHOWN, ask_for_closed_packets
from meetings.services.packet_jobs import ask_for_contents


def ask_for_packets(meeting: Meeting, *, anew: bool = False) -> list[Job]:
    """Have the packets of a released agenda made with the papers it has now, inside the current act.

    Asked for the same contents again, the packet there is stands, unless it shall be made `anew`.
    """
    release = meeting.releases.first()
    if release is None or meeting.state not in SHOWN:
        return []
    ask_for_closed_packets(meeting)
    asked = []
    for compartment in COMPARTMENTS:
        arguments = {
            "meeting": meeting.pk,
            "release": release.number,
            "compartment": compartment,
            "items": contents_of(meeting, release, compartment),
        }
        asked.append(ask_for_contents(RENDERER, meeting.practice_id, arguments, of="meeting", anew=anew))
    return asked


def papers_of_proposal_changed(proposal: Proposal) -> None:
    """A proposal's papers changed: the packets of the meetings it lies before follow, inside the current act."""
    for meeting in Meeting.objects.filter(items__proposal=proposal, state__in=SHOWN).distinct():
        ask_for_packets(meeting)


@service
def make_packets_again(*, actor: Person, meeting: Meeting) -> list[Job]:
    """Have the packets made anew, where making one failed. Raises AuthorityRefused, RuleBroken."""
    meeting, _ = enter_meeting(actor, meeting, "agenda.packet_asked")
    asked = ask_for_packets(meeting, anew=True)
    if not asked:
        raise RuleBroken("meeting", f"The packet shows a released agenda until the meeting of {meeting.code} is over.")
    return asked
