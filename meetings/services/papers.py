"""Papers under an item of the agenda: attached, replaced and withdrawn by whoever keeps the agenda."""

from audit.acts import record, service
from decisions.models import Paper, PaperVersion, PaperWithdrawal
from decisions.services.paper_files import judged, standing, write_paper, write_version, write_withdrawal
from decisions.services.rules import RuleBroken
from governance.authority import Ruling
from governance.models import Person
from meetings.choices import Compartment
from meetings.models import AgendaItem, ItemPaper
from meetings.rules.workflow import TAKES_PAPERS, ItemState
from meetings.services.base import enter_meeting, require_state
from meetings.services.packets import ask_for_packets


@service
def attach_to_item(*, actor: Person, item: AgendaItem, data: bytes, name: str, title: str = "") -> PaperVersion:
    """Put a file under an item of the agenda; after the release it is shown as late.

    Raises AuthorityRefused, RuleBroken.
    """
    file = judged(data, name)
    item, ruling = _enter(actor, item, "agenda.paper_attached", attempted=title or name)
    assert ruling.appointment
    made = write_paper(practice=item.meeting.practice, proposal=None, author=ruling.appointment, file=file, title=title)
    record(ItemPaper, item=item, paper=made.paper)
    ask_for_packets(item.meeting)
    return made


@service
def replace_item_paper(
    *, actor: Person, item: AgendaItem, paper: Paper, data: bytes, name: str, note: str, title: str = ""
) -> PaperVersion:
    """Put a new version in the place of an item's paper; the old one stays. Raises AuthorityRefused, RuleBroken."""
    file = judged(data, name)
    item, ruling = _enter_paper(actor, item, paper, "agenda.paper_replaced", reason=note)
    assert ruling.appointment
    made = write_version(paper=paper, author=ruling.appointment, file=file, title=title, note=note)
    ask_for_packets(item.meeting)
    return made


@service
def withdraw_item_paper(*, actor: Person, item: AgendaItem, paper: Paper, reason: str) -> PaperWithdrawal:
    """Say that an item's paper is no longer relied on; nothing is deleted. Raises AuthorityRefused, RuleBroken."""
    item, ruling = _enter_paper(actor, item, paper, "agenda.paper_withdrawn", reason=reason)
    assert ruling.appointment
    withdrawn = write_withdrawal(paper=paper, author=ruling.appointment, reason=reason)
    ask_for_packets(item.meeting)
    return withdrawn


def takes_papers(item: AgendaItem) -> bool:
    """Whether an item may take a paper: open to all, and not handled or deferred yet."""
    return item.compartment == Compartment.OPEN and item.state == ItemState.OPEN


def write_carried_papers(item: AgendaItem) -> None:
    """A carried item takes along what lay under the one it continues, inside the current act."""
    if item.carried_from is None:
        return
    for link in item.carried_from.item_papers.filter(paper__withdrawal=None).order_by("pk"):
        record(ItemPaper, item=item, paper_id=link.paper_id)


def _enter_paper(actor: Person, item: AgendaItem, paper: Paper, verb: str, *, reason: str) -> tuple[AgendaItem, Ruling]:
    last = paper.versions.latest("number")
    item, ruling = _enter(actor, item, verb, attempted=last.title, reason=reason)
    if not item.item_papers.filter(paper=paper).exists():
        raise RuleBroken("paper", f"Paper: “{last.title}” does not lie under item {item.position}.")
    standing(paper)
    return item, ruling


def _enter(
    actor: Person, item: AgendaItem, verb: str, *, attempted: str, reason: str = ""
) -> tuple[AgendaItem, Ruling]:
    """Lock the meeting and open an act on it; the item is still open."""
    meeting, ruling = enter_meeting(actor, item.meeting, verb, reason=reason.strip(), attempted=attempted)
    require_state(meeting, *TAKES_PAPERS)
    item = AgendaItem.objects.get(pk=item.pk, meeting=meeting)
    item.meeting = meeting
    if item.compartment != Compartment.OPEN:
        raise RuleBroken("item", f"Item {item.position} is closed: no paper that others could find lies under it.")
    if item.state != ItemState.OPEN:
        raise RuleBroken("item", f"Item {item.position}, “{item.title}”, is {item.state} already; its papers stay.")
    return item, ruling
