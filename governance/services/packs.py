"""Audit packs asked for and documents downloaded: both are acts, each with its purpose."""

from datetime import date
from typing import Any

from audit.acts import current, service
from audit.models import Act, Document, Job
from audit.services.jobs import ask
from governance.authority import moment, offices_of, take_part
from governance.choices import Office
from governance.models import Person, Practice
from governance.offices import AUDIT, GRANTS
from governance.selectors.documents import compartment_of, offices_that_see, permissions_of

AUDITING = frozenset(office for office in Office if AUDIT in GRANTS[office])
"""Offices that may use the audit room."""

SHORTEST_PURPOSE = 10


class PackRefused(ValueError):
    """The request contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


def purpose_stated(purpose: str) -> str:
    """The purpose without surrounding space. Raises PackRefused when it says too little."""
    purpose = purpose.strip()
    if len(purpose) < SHORTEST_PURPOSE:
        raise PackRefused("purpose", f"State the purpose in at least {SHORTEST_PURPOSE} characters.")
    return purpose


@service
def request_pack(*, actor: Person, practice: Practice, start: date, end: date, purpose: str) -> Job:
    """Ask for the audit pack of a period, both days included; the worker renders it.

    It holds what the person may see at this moment. Raises AuthorityRefused, PackRefused.
    """
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    ruling = take_part(
        actor=actor,
        practice=practice,
        verb="pack.requested",
        offices=AUDITING,
        reason=purpose.strip(),
        attempted=f"Audit pack, {start} to {end}",
    )
    purpose_stated(purpose)
    if end < start:
        raise PackRefused("end", "The last day is before the first.")
    if end > practice.local(moment()).date():
        raise PackRefused("end", "The last day lies in the future.")
    act = current()
    number = 1 + Act.objects.filter(practice=practice.pk, verb="pack.requested", outcome="done").count()
    act.object_type, act.object_id = "audit.pack", f"PACK-{number:03}"
    sees = sorted(permissions_of(offices_of(actor, practice)))
    arguments: dict[str, Any] = {
        "practice": str(practice.pk),
        "code": act.object_id,
        "start": start.isoformat(),
        "end": end.isoformat(),
        "purpose": purpose.strip(),
        "person": str(actor.pk),
        "requested_by": str(actor),
        "office": act.office_name,
        "requested_at": act.opened_at.isoformat(),
        "sees": sees,
        "compartment": compartment_of(sees),
    }
    assert ruling.appointment is not None
    act.attach("pack", arguments)
    return ask(key=f"pack/{act.id}", renderer="pack", practice_id=practice.pk, arguments=arguments)


@service
def record_download(*, actor: Person, practice: Practice, document: Document, purpose: str = "") -> Document:
    """Record that a person takes a document out; the bytes are given only after it. A pack wants a purpose.

    Raises AuthorityRefused, PackRefused.
    """
    take_part(
        actor=actor,
        practice=practice,
        verb="pack.downloaded" if document.kind == "pack" else "document.downloaded",
        offices=offices_that_see(document),
        reason=purpose.strip(),
        attempted=document.title,
        about=document,
    )
    if document.kind == "pack":
        purpose_stated(purpose)
    current().attach("download", {"title": document.title, "sha256": document.sha256})
    return document
