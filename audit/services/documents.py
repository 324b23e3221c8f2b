"""Sealing a file into the record: its bytes in the store, its hash in the ledger."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from audit import store
from audit.acts import Act, current, open_act, record, service
from audit.documents.sign import open_identity, sign_pdf
from audit.models import Document, Job


class LeaseLost(RuntimeError):
    """Another worker has taken the job over meanwhile; this one's result is dropped."""


def sign_file(pdf: bytes, *, title: str) -> bytes:
    """The file with the installation's invisible signature (PAdES), certified against any later change.

    The key is made in settings.SEAL_KEY_FOLDER, self-issued, when there is none. Raises SealError.
    """
    now = timezone.now()
    identity = open_identity(Path(settings.SEAL_KEY_FOLDER), name=f"Brightline at {settings.LEDGER_ORIGIN}", now=now)
    return sign_pdf(pdf, certificate=identity, reason=f"{title}: sealed", when=now)


@service
def seal_document(
    *,
    data: bytes,
    title: str,
    kind: str,
    object_type: str,
    object_id: str,
    compartment: str,
    practice_id: UUID | None,
    media_type: str = "application/pdf",
    replaces: int | None = None,
    job: Job | None = None,
) -> Document:
    """Seal a file as a system act, `document.sealed`. `replaces` is the key of the document that a scrub dropped.

    With `job`, that job is done by the same transaction, so a job never seals twice. Raises LeaseLost when the job
    was taken over since.
    """
    if job is not None:
        held = Job.objects.select_for_update(no_key=True).get(pk=job.pk)
        if held.state != Job.State.RUNNING or held.attempts != job.attempts:
            raise LeaseLost(f"Job {job.key} was taken over by another worker.")
    act = open_act(Act(verb="document.sealed", capacity="system", practice_id=practice_id))
    act.object_type, act.object_id = object_type, object_id
    document = write_document(
        data=data,
        title=title,
        kind=kind,
        object_type=object_type,
        object_id=object_id,
        compartment=compartment,
        practice_id=practice_id,
        media_type=media_type,
        replaces=replaces,
    )
    if job is not None:
        held.state, held.document, held.lease_until, held.error = Job.State.DONE, document, None, ""
        held.save()
    return document


def write_document(
    *,
    data: bytes,
    title: str,
    kind: str,
    object_type: str,
    object_id: str,
    compartment: str,
    practice_id: UUID | None,
    media_type: str = "application/pdf",
    replaces: int | None = None,
) -> Document:
    """Store a file and record it with its hash, inside the current act."""
    act = current()
    return record(
        Document,
        practice=practice_id,
        kind=kind,
        title=title,
        object_type=object_type,
        object_id=object_id,
        compartment=compartment,
        sha256=store.put(data),
        size=len(data),
        media_type=media_type,
        sealed_at=act.occurred_at or timezone.now(),
        replaces_id=replaces,
    )
