"""What of holds and hidden text waits for a person (settings.DESK_SOURCES)."""

from datetime import date

from django.urls import reverse

from audit.models import Act
from governance.choices import Office
from governance.desk import Waiting
from governance.models import Appointment, Hold, Person, Practice
from governance.offices import AUDIT, GRANTS, PHYSICIANS
from governance.selectors.holds import COUNSEL_OF, sides_of
from governance.selectors.scrubs import undecided_of

COUNSEL = frozenset(COUNSEL_OF.values())


def hidden_text(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Scrubs that a physician or PC counsel other than whoever scrubbed decides on. One query, none for others."""
    if not any(one.office in PHYSICIANS | {Office.PC_COUNSEL} for one in offices):
        return []
    found = Act.objects.filter(pk__in=undecided_of(practice).values("act")).exclude(actor=person.pk)
    return [
        Waiting(
            code="Hidden text",
            title=act.reason or "Patient data was hidden",
            detail=f"{act.actor_name} hid text in the record. Confirm it or restore it.",
            url=reverse("governance:hidden_text", args=[practice.slug, act.pk]),
            action="Review and decide",
            weight=25,
            remind=True,
        )
        for act in found.order_by("recorded_at")
    ]


def holds_to_acknowledge(person: Person, practice: Practice, offices: list[Appointment], today: date) -> list[Waiting]:
    """Legal holds of the own side that the person can read and has not acknowledged. One query, none for others."""
    readers = [one for one in offices if AUDIT in GRANTS[Office(one.office)] and one.office not in COUNSEL]
    if not readers:
        return []
    found = Hold.objects.standing(practice).filter(side__in=sides_of(readers)).exclude(acknowledgements__person=person)
    return [
        Waiting(
            code=hold.code,
            title=hold.matter,
            detail="A legal hold asks you to preserve records. Read and acknowledge it.",
            url=reverse("governance:hold", args=[practice.slug, hold.code]),
            action="Read the hold",
            weight=35,
            remind=True,
        )
        for hold in found.order_by("placed_at")
    ]
