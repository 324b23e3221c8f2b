"""What every act on a closed part begins with: the meeting locked, an act whose words say nothing of the matter."""

from collections.abc import Collection

from audit.acts import current
from decisions.services.rules import RuleBroken
from governance.authority import Ruling
from governance.choices import Office
from governance.models import Person
from meetings.models import AgendaItem, Matter, Meeting
from meetings.rules.compartments import PC_OFFICES
from meetings.selectors.compartments import grounds, matters_of
from meetings.services.base import enter

RECORDERS = PC_OFFICES | {Office.RECORDING_SECRETARY}
"""Offices through which a part may be recorded; who is named, and for which compartment, `may_be_named` says."""


def enter_part(
    actor: Person,
    item: AgendaItem,
    verb: str,
    *,
    offices: Collection[str],
    licensed: bool = False,
    entitled: bool = True,
) -> tuple[Meeting, Matter, Ruling]:
    """Lock the meeting and open an act on a closed item: its object is the matter, its words say nothing of it.

    Raises AuthorityRefused; RuleBroken for an open item, and for whom the part is closed to.
    """
    meeting, ruling = enter(
        actor, item.meeting, verb, offices=offices, licensed=licensed, about=item, attempted=item.title
    )
    matter = matters_of(meeting).filter(item=item).first()
    if matter is None:
        raise RuleBroken("item", "This item is open; it has no closed part.")
    current().about(matter)
    if entitled and matter.pk not in grounds(actor, [matter]):
        raise RuleBroken("item", "This closed part is not open to you.")
    return meeting, matter, ruling
