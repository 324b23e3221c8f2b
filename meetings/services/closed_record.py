"""The record of a closed part: typed and attested by whom the chair named, signed by the chair who was in the session.

Afterwards the part is opened by an act, each time, by those who are entitled; to others it is released by the PC.
"""

import hashlib

from django.core.exceptions import PermissionDenied
from django.db import transaction

from audit.acts import record, service
from audit.ledger.canonical import canonical
from audit.markup import SEALED_WITH
from audit.models import Document
from audit.services import jobs
from decisions.models.base import by
from decisions.services.rules import RuleBroken, said
from governance.authority import moment
from governance.models import Account, Person
from governance.offices import CHAIRS, MEMBERS
from meetings.choices import Part
from meetings.closed_facts import closed_facts, closed_text
from meetings.models import (
    AgendaItem,
    ClosedDraft,
    ClosedOpening,
    ClosedSignature,
    ClosedVersion,
    Matter,
    Meeting,
    Naming,
)
from meetings.selectors.closed_papers import files_of
from meetings.selectors.compartments import ground_of, matters_of, may_release, outside, recorder_of
from meetings.services.base import lock_meeting, running_session
from meetings.services.closed import write_naming
from meetings.services.closed_base import RECORDERS, enter_part
from meetings.services.minutes import cleaned
from meetings.services.signing import affirmed_as, signed_as

ATTESTED = "I recorded this closed part myself and attest that it is a true record of it."
SIGNED = "I approve this record of the closed part as true; my signature seals it."
RENDERER = "closed"
SHORTEST_PURPOSE = 10
"""Characters in which a purpose can be said."""


def draft_of(matter: Matter) -> ClosedDraft:
    """What is being typed of a closed part; before anybody typed, drafted from its facts."""
    draft: ClosedDraft = ClosedDraft.objects.get(matter=matter)
    if not draft.text:
        draft.text = closed_text(closed_facts(matter))
    return draft


def save_closed_draft(*, account: Account, item: AgendaItem, text: str, revision: int) -> ClosedDraft:
    """Save what is typed of a closed part. No act. Raises PermissionDenied for all but its recorder, RuleBroken."""
    with transaction.atomic():
        meeting = lock_meeting(item.meeting)
        matter = matters_of(meeting).get(item=item)
        person = Person.objects.filter(account=account).first()
        if person is None or person != recorder_of(matter) or not ground_of(person, matter):
            raise PermissionDenied("A closed part is recorded by whom the chair named, and by nobody else.")
        _require_unsigned(meeting, matter)
        draft = ClosedDraft.objects.select_for_update(no_key=True).get(matter=matter)
        if draft.revision != revision:
            raise RuleBroken("text", "Text: it was saved from another page since; copy yours, reload, then go on.")
        draft.text, draft.revision, draft.saved_by = cleaned(text), revision + 1, account
        draft.save()
        return draft


@service
def attest_closed_record(*, actor: Person, item: AgendaItem, revision: int, meaning: str) -> ClosedVersion:
    """The named recorder attests the text of the draft: it enters the record as a version with its facts.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, matter, ruling = enter_part(actor, item, "closed_record.attested", offices=RECORDERS)
    if actor != recorder_of(matter):
        raise RuleBroken("text", "This part is recorded and attested by whom the chair named, and by nobody else.")
    _require_unsigned(meeting, matter)
    draft = draft_of(matter)
    if draft.revision != revision:
        raise RuleBroken("text", "Text: it was saved again since you opened it; read it, then attest.")
    said(text=draft.text)
    facts, text = closed_facts(matter), cleaned(draft.text)
    sealed = canonical({"facts": facts, "text": text, **SEALED_WITH})
    sha256 = hashlib.sha256(sealed.encode()).hexdigest()
    return record(
        ClosedVersion,
        **affirmed_as(ruling, sha256=sha256, meaning=meaning, wanted=ATTESTED, what="you attest"),
        matter=matter,
        number=matter.versions.count() + 1,
        text=text,
        facts=facts,
        canonical=sealed,
        submitted_at=moment(),
    )


@service
def sign_closed_record(*, actor: Person, item: AgendaItem, version: int, meaning: str) -> ClosedSignature:
    """A chair who stayed in the closed session signs the newest attested version; its file is sealed by itself.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, matter, ruling = enter_part(actor, item, "closed_record.signed", offices=CHAIRS, licensed=True)
    _require_unsigned(meeting, matter)
    newest = matter.versions.first()
    if newest is None or newest.number != version:
        raise RuleBroken("version", "Version: another one is the newest; read and sign that one.")
    if not matter.stays.filter(stayed=True, attendance__person=actor).exists():
        raise RuleBroken("version", "The record is signed by a chair who was in the closed session.")
    signature = record(
        ClosedSignature,
        **signed_as(ruling, sha256=newest.sha256, meaning=meaning, wanted=SIGNED),
        matter=matter,
        version=newest,
    )
    ClosedDraft.objects.filter(matter=matter).delete()
    jobs.ask(
        key=f"closed:{newest.sha256}",
        renderer=RENDERER,
        practice_id=meeting.practice_id,
        arguments={"matter": matter.pk},
    )
    return signature


@service
def open_closed_part(
    *, actor: Person, item: AgendaItem, purpose: str, document: Document | None = None
) -> ClosedOpening:
    """Open a closed part after its session, or take one of its files: an act each time, with its purpose.

    Raises AuthorityRefused, RuleBroken.
    """
    verb = "closed_record.taken" if document else "closed_part.opened"
    _, matter, ruling = enter_part(actor, item, verb, offices=MEMBERS)
    if document and document.pk not in files_of(matter):
        raise RuleBroken("document", "File: this closed part holds no such file.")
    if len(purpose.strip()) < SHORTEST_PURPOSE:
        raise RuleBroken("purpose", f"Purpose: say it in at least {SHORTEST_PURPOSE} characters.")
    assert ruling.appointment
    return record(
        ClosedOpening,
        **by(ruling.appointment),
        matter=matter,
        rule=ground_of(actor, matter),
        purpose=purpose.strip(),
        file=document is not None,
        document=document,
        opened_at=moment(),
    )


@service
def release_closed_part(*, actor: Person, item: AgendaItem, person: Person, reason: str) -> Naming:
    """Release a closed part to a person of the PC: counsel, a successor. By the Medical Director; where that one is
    concerned, by the alternate chair. Never to the management company, nor to who is concerned.

    Raises AuthorityRefused, RuleBroken.
    """
    meeting, matter, _ = enter_part(actor, item, "closed_part.released", offices=CHAIRS, licensed=True, entitled=False)
    if not may_release(actor, meeting.practice, matter):
        raise RuleBroken("person", "A closed part is released by the Medical Director who is not concerned in it.")
    said(reason=reason)
    if person == actor:
        raise RuleBroken("person", "Person: nobody releases a closed part to themselves; another chair does.")
    if matter.namings.filter(person=person, part=Part.CONCERNED).exists():
        raise RuleBroken("person", f"Person: this part is never released to {person}.")
    if ground_of(person, matter):
        raise RuleBroken("person", f"Person: the part is open to {person} already.")
    return write_naming(matter, person, Part.RELEASED, reason.strip())


def _require_unsigned(meeting: Meeting, matter: Matter) -> None:
    if not outside(matter.item).held or running_session(meeting):
        raise RuleBroken("text", "Text: the record is written after the return to open session.")
    if ClosedSignature.objects.filter(matter=matter).exists():
        raise RuleBroken("text", "Text: the record of this part is signed and never changes.")
