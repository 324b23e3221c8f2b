"""Papers under a closed item: put by a chair or, on the PC side, by its recorder; found by who is entitled alone.

The acts say only that something was written in the closed part; title, name and note lie in its own rows.
"""

from audit.acts import record, service
from audit.models import Document
from audit.services.documents import write_document
from audit.services.places import CLOSED_KIND
from decisions.models.base import by
from decisions.services.paper_files import PaperFile, judged
from decisions.services.rules import RuleBroken, said
from governance.authority import Ruling, moment
from governance.models import Person
from governance.offices import CHAIRS
from meetings.models import AgendaItem, ClosedPaper, ClosedPaperWithdrawal, Matter
from meetings.rules.compartments import PC_OFFICES
from meetings.rules.workflow import TAKES_PAPERS, ItemState
from meetings.selectors.closed_papers import standing
from meetings.selectors.compartments import recorder_of
from meetings.services.closed_base import enter_part
from meetings.services.closed_packets import ask_for_closed_packet

WRITTEN = "closed_part.written"
FILE_TITLE = "Paper of a closed part"
"""All that the open row of such a file says."""


@service
def put_closed_paper(*, actor: Person, item: AgendaItem, data: bytes, name: str, title: str = "") -> ClosedPaper:
    """Put a file under a closed item, in its closed part. Raises AuthorityRefused, RuleBroken."""
    file = judged(data, name)
    matter, ruling = _enter(actor, item)
    paper = max(matter.papers.values_list("paper", flat=True), default=0) + 1
    return _write(matter, ruling, file, paper=paper, number=1, title=title, note="")


@service
def replace_closed_paper(
    *, actor: Person, item: AgendaItem, paper: int, data: bytes, name: str, note: str, title: str = ""
) -> ClosedPaper:
    """Put a new version in the place of a paper; the old one stays. Raises AuthorityRefused, RuleBroken."""
    file = judged(data, name)
    matter, ruling = _enter(actor, item)
    last = _standing(matter, paper)
    file.replaces(last.document, last.number)
    said(note=note)
    return _write(
        matter, ruling, file, paper=paper, number=last.number + 1, title=title or last.title, note=note.strip()
    )


@service
def withdraw_closed_paper(*, actor: Person, item: AgendaItem, paper: int, reason: str) -> ClosedPaperWithdrawal:
    """Say that a paper is no longer relied on; nothing is deleted. Raises AuthorityRefused, RuleBroken."""
    matter, ruling = _enter(actor, item)
    _standing(matter, paper)
    said(reason=reason)
    assert ruling.appointment
    withdrawn = record(
        ClosedPaperWithdrawal,
        **by(ruling.appointment),
        matter=matter,
        paper=paper,
        reason=reason.strip(),
        made_at=moment(),
    )
    ask_for_closed_packet(matter)
    return withdrawn


def may_put(person: Person, matter: Matter, *, chairs: bool, pc: bool) -> bool:
    """Whether the page offers the forms: to a chair, and to the recorder on the PC side, until the item is settled."""
    takes = matter.item.meeting.state in TAKES_PAPERS and matter.item.state == ItemState.OPEN
    return takes and (chairs or (pc and person == recorder_of(matter)))


def _enter(actor: Person, item: AgendaItem) -> tuple[Matter, Ruling]:
    matter = Matter.objects.filter(item=item).first()
    recorder = matter is not None and recorder_of(matter) == actor
    meeting, matter, ruling = enter_part(actor, item, WRITTEN, offices=PC_OFFICES if recorder else CHAIRS)
    if meeting.state not in TAKES_PAPERS or matter.item.state != ItemState.OPEN:
        raise RuleBroken("file", f"File: item {matter.item.position} is settled already; its papers stay.")
    return matter, ruling


def _standing(matter: Matter, paper: int) -> ClosedPaper:
    found = standing(matter).get(paper)
    if found is None:
        raise RuleBroken("paper", "Paper: no paper of that number stands under this item.")
    return found


def _write(
    matter: Matter, ruling: Ruling, file: PaperFile, *, paper: int, number: int, title: str, note: str
) -> ClosedPaper:
    assert ruling.appointment
    document = _sealed(matter, file, paper, number)
    made = record(
        ClosedPaper,
        **by(ruling.appointment),
        matter=matter,
        paper=paper,
        number=number,
        title=file.titled(title),
        file_name=file.name,
        note=note,
        document=document,
        made_at=moment(),
    )
    ask_for_closed_packet(matter)
    return made


def _sealed(matter: Matter, file: PaperFile, paper: int, number: int) -> Document:
    kind = file.accepted()
    return write_document(
        data=file.data,
        title=FILE_TITLE,
        kind=CLOSED_KIND,
        object_type=Matter._meta.label_lower,
        object_id=f"{matter.pk}/paper/{paper}/{number}",
        compartment=matter.item.compartment,
        practice_id=matter.item.meeting.practice_id,
        media_type=kind.media_type,
    )
