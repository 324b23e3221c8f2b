"""Reads about legal holds. Each side sees its own alone: nobody learns from a page that the other side placed one."""

from collections.abc import Collection, Iterable

from django.db.models import QuerySet

from governance.authority import moment
from governance.choices import Office, Side
from governance.models import Appointment, Hold, Person, Practice
from governance.offices import SIDE

COUNSEL_OF = {Side.PC: Office.PC_COUNSEL, Side.MSO: Office.MSO_COUNSEL}


def side_in(appointment: Appointment) -> Side:
    """The side for which its holder acts."""
    return SIDE[Office(appointment.office)]


def sides_of(offices: Iterable[Appointment]) -> frozenset[Side]:
    """The sides on which somebody holds these offices."""
    return frozenset(side_in(one) for one in offices)


def holds_for(practice: Practice, offices: Iterable[Appointment]) -> QuerySet[Hold]:
    """The holds that these offices learn of, the newest first."""
    return Hold.objects.filter(practice=practice, side__in=sides_of(offices)).select_related("placed_by")


def standing_on(practice: Practice, sides: Collection[Side], kind: str, key: object) -> list[Hold]:
    """The holds of these sides that stand on this object, or on all records. One query."""
    standing = Hold.objects.standing(practice).filter(side__in=sides).order_by("placed_at")
    return [hold for hold in standing if not hold.object_type or (hold.object_type, hold.object_id) == (kind, str(key))]


def told_of_lifting(hold: Hold) -> list[Person]:
    """Counsel of the hold's side, and whoever acknowledged it and still holds an office of that side."""
    offices = [office for office in Office if SIDE[office] == hold.side]
    held = Appointment.objects.in_force(moment()).filter(practice=hold.practice_id, office__in=offices)
    acknowledged = hold.acknowledgements.values("person")
    wanted = held.filter(office=COUNSEL_OF[Side(hold.side)]) | held.filter(person__in=acknowledged)
    return list(Person.objects.filter(pk__in=wanted.values("person")))
