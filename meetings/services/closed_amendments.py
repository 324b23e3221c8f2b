"""A signed closed record is amended beside it: attested by its recorder, or signed by a chair who stayed."""

import hashlib

from audit.acts import record, service
from audit.ledger.canonical import canonical
from audit.services import jobs
from decisions.models.base import by
from decisions.services.rules import RuleBroken, said
from governance.authority import moment
from governance.models import Person
from governance.offices import CHAIRS
from meetings.models import AgendaItem, ClosedAmendment, ClosedSignature, Matter
from meetings.selectors.compartments import recorder_of
from meetings.services.closed_base import RECORDERS, enter_part
from meetings.services.closed_record import RENDERER
from meetings.services.minutes import cleaned

RECORDER_ATTESTS = "I recorded this closed part and attest this correction of its record as true."
CHAIR_SIGNS = "I was in this closed session and sign this correction of its record as true."


def meaning_for(person: Person, matter: Matter, *, chairs: bool) -> str:
    """The sentence that this person affirms to amend the record; empty for who may not."""
    if person == recorder_of(matter):
        return RECORDER_ATTESTS
    stayed = chairs and matter.stays.filter(stayed=True, attendance__person=person).exists()
    return CHAIR_SIGNS if stayed else ""


@service
def amend_closed_record(*, actor: Person, item: AgendaItem, text: str, reason: str, meaning: str) -> ClosedAmendment:
    """Correct a signed closed record beside it, never in it; a new file of the part prints both.

    Raises AuthorityRefused, RuleBroken.
    """
    matter = Matter.objects.filter(item=item).first()
    recorder = matter is not None and recorder_of(matter) == actor
    meeting, matter, ruling = enter_part(
        actor, item, "closed_record.amended", offices=RECORDERS if recorder else CHAIRS, licensed=not recorder
    )
    signature = ClosedSignature.objects.filter(matter=matter).first()
    if signature is None:
        raise RuleBroken("text", "Text: only a signed record is amended; attest a new version instead.")
    wanted = meaning_for(actor, matter, chairs=True)
    if not wanted:
        raise RuleBroken("text", "The record is amended by its recorder, or by a chair who was in the closed session.")
    if meaning != wanted:
        raise RuleBroken("meaning", "Meaning: affirm the sentence that says what you sign.")
    said(text=text, reason=reason)
    text, reason, number = cleaned(text), reason.strip(), matter.amendments.count() + 1
    sealed = canonical({"amends": signature.sha256, "number": number, "text": text, "reason": reason})
    assert ruling.appointment
    amendment = record(
        ClosedAmendment,
        **by(ruling.appointment),
        matter=matter,
        signature=signature,
        number=number,
        text=text,
        reason=reason,
        canonical=sealed,
        sha256=hashlib.sha256(sealed.encode()).hexdigest(),
        meaning=meaning,
        printed_name=str(actor),
        office_name=ruling.appointment.get_office_display(),
        license_status=ruling.license.sentence if ruling.license and not recorder else "",
        amended_at=moment(),
    )
    jobs.ask(
        key=f"{RENDERER}:{signature.sha256}/{number}",
        renderer=RENDERER,
        practice_id=meeting.practice_id,
        arguments={"matter": matter.pk, "amendments": number},
    )
    return amendment
