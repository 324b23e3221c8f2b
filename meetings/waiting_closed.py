"""What of the closed parts waits for a person: the record, of whom the chair named; the signature, of a chair."""

from datetime import date

from django.urls import reverse

from governance.desk import Waiting
from governance.models import Appointment, Person, Practice
from governance.offices import CHAIRS
from meetings.models import Matter
from meetings.selectors.compartments import grounds, recorder_of


def closed_parts(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Closed parts whose session is over and whose record is to be attested or signed; in open words. One query, and
    for each such part a few."""
    matters = list(
        Matter.objects.filter(
            item__meeting__practice=practice, item__closed_sessions__ended_at__isnull=False, signature__isnull=True
        )
        .exclude(item__closed_sessions__ended_at__isnull=True)
        .select_related("item__meeting__practice", "item__meeting__body")
        .distinct()
    )
    chairs = any(one.office in CHAIRS for one in offices)
    open_to = grounds(person, matters)
    return [
        _waiting(matter, practice, attested=attested)
        for matter in matters
        if matter.pk in open_to
        for attested in [matter.versions.exists()]
        if (not attested and recorder_of(matter) == person)
        or (attested and chairs and matter.stays.filter(stayed=True, attendance__person=person).exists())
    ]


def _waiting(matter: Matter, practice: Practice, *, attested: bool) -> Waiting:
    meeting = matter.item.meeting
    day = practice.local(meeting.starts_at).date()
    detail = "Its record is attested. Your signature seals it." if attested else "You record and attest it."
    return Waiting(
        code=f"M-{meeting.code}",
        title=f"Closed part of {day:%-d %B}",
        detail=detail,
        url=reverse("meetings:closed", args=[practice.slug, meeting.code, matter.item_id]),
        action="Read and sign" if attested else "Write",
        due=day,
        weight=16,
    )
