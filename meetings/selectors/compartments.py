"""The one place that decides who may know what lies in a closed compartment: every reader asks here."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from audit.context import circumstances
from governance.authority import moment, offices_of, stated_among
from governance.choices import Office
from governance.models import Appointment, Person, Practice
from meetings.choices import Compartment, Designation, Part
from meetings.models import AgendaItem, ClosedSession, Matter, Meeting, Naming
from meetings.rules.compartments import Reader, basis, ground


def grounds(person: Person, matters: Iterable[Matter]) -> dict[int, str]:
    """The rule by which each of these matters of one practice is open to a person now, by the matter's key.

    What is not named is closed to them. The matters bring their item, meeting and body along. Three queries.
    """
    matters = list(matters)
    if not matters:
        return {}
    practice = matters[0].item.meeting.practice_id
    ever = list(Appointment.objects.filter(person=person, practice=practice))
    named: dict[int, set[str]] = defaultdict(set)
    for key, part in Naming.objects.filter(matter__in=matters, person=person).values_list("matter", "part"):
        named[key].add(part)
    at = moment()
    held = [one for one in ever if one.starts_at <= at and (one.ends_at is None or one.ends_at > at)]
    now = {one.office for one in stated_among(held, circumstances().appointment)}
    found = {}
    for matter in matters:
        meeting = matter.item.meeting
        date = meeting.opened_at or at
        then = {one.office for one in ever if one.starts_at <= date and (one.ends_at is None or one.ends_at > date)}
        reader = Reader(
            then=then,
            now=now,
            parts=named[matter.pk],
            seat=meeting.body.seat,
            records=meeting.secretary_id == person.pk,
        )
        if rule := ground(matter.item.compartment, reader):
            found[matter.pk] = rule
    return found


def open_parts(person: Person, practice: Practice) -> frozenset[int]:
    """The keys of the practice's closed parts that are open to a person now."""
    matters = Matter.objects.filter(item__meeting__practice=practice).select_related(
        "item__meeting__practice", "item__meeting__body"
    )
    return frozenset(grounds(person, matters))


def ground_of(person: Person, matter: Matter) -> str:
    """The rule by which one matter is open to a person; empty when it is closed to them."""
    return grounds(person, [matter]).get(matter.pk, "")


def may_know(person: Person, item: AgendaItem) -> bool:
    """Whether a person may know what lies under an item, its papers included."""
    if item.compartment == Compartment.OPEN:
        return True
    matter = matters_of(item.meeting).filter(item=item).first()
    return matter is not None and bool(ground_of(person, matter))


def matters_of(meeting: Meeting) -> QuerySet[Matter]:
    """The closed items of a meeting, with all that `grounds` wants."""
    return Matter.objects.filter(item__meeting=meeting).select_related("item__meeting__practice", "item__meeting__body")


@dataclass(frozen=True, kw_only=True)
class Outside:
    """What anybody may know of a closed item."""

    item: AgendaItem
    sessions: list[ClosedSession]
    designation: str

    @property
    def basis(self) -> str:
        return basis(self.item.compartment, self.designation)

    @property
    def running(self) -> ClosedSession | None:
        return next((one for one in self.sessions if one.ended_at is None), None)

    @property
    def held(self) -> bool:
        """Whether a session under it is over: from then on it is opened by an act."""
        return any(one.ended_at for one in self.sessions)


def outside(item: AgendaItem) -> Outside:
    """The open facts of a closed item. Two queries."""
    return Outside(item=item, sessions=list(item.closed_sessions.all()), designation=designation_of(item))


def designation_of(item: AgendaItem) -> str:
    """Counsel's newest word on the protection of a closed part. One query, unless prefetched."""
    words = [one.designation for one in item.designations.all()]
    return words[0] if words else Designation.UNDETERMINED


def recorder_of(matter: Matter) -> Person | None:
    """Who alone records and attests the part: whom the chair named last."""
    naming = matter.namings.filter(part=Part.RECORDER).select_related("person").last()
    return naming.person if naming else None


def may_release(person: Person, practice: Practice, matter: Matter) -> bool:
    """Whether this person releases the part: the Medical Director; the alternate chair where that one is concerned."""
    offices = {one.office for one in stated_among(offices_of(person, practice), circumstances().appointment)}
    concerned = set(matter.namings.filter(part=Part.CONCERNED).values_list("person", flat=True))
    if person.pk in concerned:
        return False
    directing = Appointment.objects.in_force(moment()).filter(practice=practice, office=Office.MEDICAL_DIRECTOR)
    if Office.MEDICAL_DIRECTOR in offices:
        return True
    return Office.ALTERNATE_CHAIR in offices and directing.filter(person__in=concerned).exists()
