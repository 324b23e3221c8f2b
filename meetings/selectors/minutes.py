"""Minutes as their pages need them: who may keep and sign them, their versions, their sealed files."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Q, QuerySet

from audit.models import Act, Checkpoint, Document, Job
from audit.services.checkpoints import covered
from governance.authority import moment, rule_on_part
from governance.choices import ApprovedBy, Office
from governance.models import Appointment, Body, Person, Practice
from governance.offices import MEMBERS
from meetings.choices import MotionKind
from meetings.models import (
    AgendaItem,
    Amendment,
    Approval,
    Comment,
    Meeting,
    Minutes,
    MinutesVersion,
    Motion,
    Signature,
)
from meetings.rules.codes import parse_code
from meetings.rules.tally import Result
from meetings.rules.workflow import BEFORE_SESSION, ItemState, MeetingState, MinutesState


def signers(person: Person, meeting: Meeting) -> frozenset[str]:
    """The offices through which this person would sign: the Medical Director's, or that in which he chaired."""
    chaired = meeting.chair is not None and meeting.chair.person_id == person.pk
    return frozenset({Office.MEDICAL_DIRECTOR} | ({Office.ALTERNATE_CHAIR} if chaired else set()))


def keepers(person: Person, meeting: Meeting) -> frozenset[str]:
    """The offices through which this person would write the minutes: those of a signer, or of their own secretary."""
    recorded = meeting.secretary_id == person.pk
    return signers(person, meeting) | ({Office.RECORDING_SECRETARY} if recorded else frozenset())


def secretary(person: Person, meeting: Meeting) -> frozenset[str]:
    """The office through which minutes are attested; whether the person recorded this meeting is asked besides."""
    return frozenset({Office.RECORDING_SECRETARY})


def members(person: Person, meeting: Meeting) -> frozenset[str]:
    """The offices through which minutes are commented on; whether the person was expected is asked besides."""
    return MEMBERS


def was_expected(person: Person, meeting: Meeting) -> bool:
    """Whether the person had a seat in the meeting, in the room or not."""
    return meeting.attendances.filter(person=person).exists()


def expected(meeting: Meeting, at: datetime) -> list[Person]:
    """Who had a seat in the meeting and holds an office in force."""
    in_office = Appointment.objects.in_force(at).filter(practice=meeting.practice, office__in=MEMBERS)
    people = Person.objects.filter(attendances__meeting=meeting, pk__in=in_office.values("person"))
    return list(people.select_related("account").order_by("name"))


def may_comment(person: Person, meeting: Meeting) -> bool:
    """Whether the person may comment on the minutes while they are circulated."""
    return (
        was_expected(person, meeting)
        and rule_on_part(person=person, practice=meeting.practice, offices=MEMBERS).allowed
    )


def open_for_comment(version: MinutesVersion) -> bool:
    """Whether the version lies before the members for comment now."""
    minutes = version.minutes
    return (
        minutes.state == MinutesState.DRAFT
        and version.number == minutes.version
        and version.circulated_until is not None
        and moment() < version.circulated_until
    )


def last_day(version: MinutesVersion) -> date:
    """The last day for comments on the practice's clock."""
    assert version.circulated_until
    return version.minutes.meeting.practice.local(version.circulated_until - timedelta(seconds=1)).date()


def comments_on(minutes: Minutes) -> list[Comment]:
    """What was said to the circulated versions, the newest version first, with answers. One query."""
    found = Comment.objects.filter(version__minutes=minutes).select_related(
        "version", "item", "person", "appointment", "answer__person"
    )
    return list(found.order_by("-version__number", "commented_at", "pk"))


def unanswered(minutes: Minutes) -> list[Comment]:
    """The comments that nobody has answered yet."""
    return list(
        Comment.objects.filter(version__minutes=minutes, answer=None).select_related("person", "item").order_by("pk")
    )


def amending_motions(minutes: Minutes) -> QuerySet[Motion]:
    """The motions by which signed minutes may be amended: carried since then in other meetings of the body."""
    if minutes.signature is None:
        return Motion.objects.none()
    carried = Motion.objects.filter(kind=MotionKind.MAIN, result=Result.CARRIED, amends_minutes=None)
    later = carried.filter(meeting__body=minutes.meeting.body_id, decided_at__gt=minutes.signature.signed_at)
    return later.exclude(meeting=minutes.meeting_id).select_related("meeting__practice").order_by("-decided_at")


def approval_of(version: MinutesVersion) -> Approval | None:
    """The body's approval of exactly this version, or of the minutes as read at their own meeting."""
    of_it = Q(version=version) | Q(version=None, meeting=version.minutes.meeting_id)
    found = Approval.objects.filter(of_it).select_related("motion__meeting__practice", "meeting__practice", "version")
    return found.order_by("-version").first()


def awaits_approval(version: MinutesVersion) -> bool:
    """Whether the body has to approve the version before it is signed."""
    body = version.minutes.meeting.body
    return body.minutes_approved_by == ApprovedBy.BODY and approval_of(version) is None


def unsigned_of(body: Body) -> Meeting | None:
    """The first meeting of the body that was opened and whose minutes nobody has signed yet."""
    met = Meeting.objects.filter(body=body, state__in=[MeetingState.IN_SESSION, MeetingState.ADJOURNED])
    return met.exclude(minutes__state=MinutesState.SIGNED).select_related("practice", "body").first()


def asked_by(minutes: Minutes) -> AgendaItem | None:
    """The item of the agenda of a coming meeting, or of one in session, that asks the body to approve the minutes."""
    waiting = AgendaItem.objects.filter(
        minutes=minutes, state=ItemState.OPEN, meeting__state__in=[*BEFORE_SESSION, MeetingState.IN_SESSION]
    )
    return waiting.select_related("meeting__practice").order_by("meeting__starts_at").first()


def to_approve(meeting: Meeting) -> list[Minutes]:
    """The submitted minutes of earlier meetings that the body has to approve by its rule, the oldest first."""
    if meeting.body.minutes_approved_by != ApprovedBy.BODY:
        return []
    newest = Q(versions__number=F("version"), versions__approval__isnull=True)
    waiting = Minutes.objects.filter(newest, state=MinutesState.SUBMITTED, meeting__body=meeting.body)
    special = Q(meeting__special__gt=0, meeting__starts_at__lt=meeting.starts_at)
    waiting = waiting.filter(Q(meeting__special=0, meeting__month__lt=meeting.month) | special)
    waiting = waiting.exclude(meeting__in=Approval.objects.filter(version=None).values("meeting"))
    return list(waiting.select_related("meeting__practice").order_by("meeting__starts_at"))


def amended_by(meeting: Meeting) -> dict[int, Amendment]:
    """The amendments of other minutes that motions of this meeting carried, by the motion's number. One query."""
    found = Amendment.objects.filter(motion__meeting=meeting).select_related("motion", "minutes__meeting__practice")
    return {one.motion.number: one for one in found if one.motion}


def may_keep(person: Person, meeting: Meeting) -> bool:
    """Whether the person may write these minutes now: the right one, and in an office in force."""
    return rule_on_part(person=person, practice=meeting.practice, offices=keepers(person, meeting)).allowed


def minutes_of(practice: Practice, person: Person, code: str) -> Minutes | None:
    """The minutes of the meeting with that code, such as "2026-10", if the person may see them."""
    named = parse_code(code)
    if named is None:
        return None
    month, special = named
    seen = Meeting.objects.visible_to(person).filter(practice=practice, month=month, special=special)
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
    return f"Entry {index} of the ledger, {covered(checkpoint)}"
