"""Minutes as their pages need them: who may keep and sign them, their versions, their sealed files."""

from dataclasses import dataclass
from datetime import date

from audit.models import Act, Checkpoint, Document, Job
from governance.authority import rule_on_part
from governance.choices import Office
from governance.models import Person, Practice
from meetings.models import Meeting, Minutes, MinutesVersion, Signature


def signers(person: Person, meeting: Meeting) -> frozenset[str]:
    """The offices through which this person would sign: the Medical Director's, or that in which he chaired."""
    chaired = meeting.chair is not None and meeting.chair.person_id == person.pk
    return frozenset({Office.MEDICAL_DIRECTOR} | ({Office.ALTERNATE_CHAIR} if chaired else set()))


def keepers(person: Person, meeting: Meeting) -> frozenset[str]:
    """The offices through which this person would write the minutes: those of a signer, or of their own secretary."""
    recorded = meeting.secretary_id == person.pk
    return signers(person, meeting) | ({Office.RECORDING_SECRETARY} if recorded else frozenset())


def may_keep(person: Person, meeting: Meeting) -> bool:
    """Whether the person may write these minutes now: the right one, and in an office in force."""
    return rule_on_part(person=person, practice=meeting.practice, offices=keepers(person, meeting)).allowed


def minutes_of(practice: Practice, person: Person, code: str) -> Minutes | None:
    """The minutes of the meeting with that code, such as "2026-10", if the person may see them."""
    try:
        month = date.fromisoformat(f"{code}-01")
    except ValueError:
        return None
    seen = Meeting.objects.visible_to(person).filter(practice=practice, month=month)
    return (
        Minutes.objects.filter(meeting__in=seen)
        .select_related(
            "meeting__practice",
            "meeting__body",
            "meeting__chair__person",
            "meeting__secretary",
            "signature__version",
            "signature__appointment",
        )
        .first()
    )


def document_key(version: MinutesVersion, *, amendments: int = 0) -> str:
    """The key of the job that renders a signed version, with its first amendments where it has some."""
    return f"minutes:{version.sha256}" + (f":amendment:{amendments}" if amendments else "")


@dataclass(frozen=True)
class Sealing:
    """The sealed files of signed minutes, newest first, and how the sealing of further ones stands."""

    documents: list[Document]
    waiting: bool
    failed: bool
    checkpoint: str
    """What covers the signature, in words."""


def sealing(minutes: Minutes, amendments: int) -> Sealing:
    """Where the sealing of these minutes and of their amendments stands."""
    if minutes.signature is None:
        return Sealing([], False, False, "")
    keys = [document_key(minutes.signature.version, amendments=number) for number in range(amendments + 1)]
    states = set(Job.objects.filter(key__in=keys).values_list("state", flat=True))
    documents = Document.objects.filter(
        practice=minutes.meeting.practice_id, object_type=Minutes._meta.label_lower, object_id=minutes.code
    )
    return Sealing(
        list(documents.order_by("-sealed_at", "-pk")),
        waiting=bool(states & {Job.State.WAITING, Job.State.RUNNING}),
        failed=Job.State.FAILED in states,
        checkpoint=_covered(minutes.signature),
    )


def _covered(signature: Signature) -> str:
    log, index = Act.objects.values_list("entry__log_id", "entry__index").get(pk=signature.act_id)
    checkpoint = Checkpoint.objects.filter(log_id=log, size__gt=index).order_by("size").first()
    return f"Entry {index} of the ledger, " + (
        f"covered by checkpoint {checkpoint.size}" if checkpoint else "checkpoint pending"
    )
