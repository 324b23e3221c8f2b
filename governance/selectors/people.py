"""Reads for people and offices, each in a bounded number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from governance.choices import Side
from governance.models import Appointment, DecisionRight, Invitation, Person, Practice, Verification
from governance.offices import LICENSED, PHYSICIANS, offices_that_exercise
from governance.selectors.licenses import LicenseState, license_states, verified_by


@dataclass(frozen=True, kw_only=True)
class Held:
    """An appointment with the state of the license behind it, where the office needs one."""

    appointment: Appointment
    license: LicenseState | None


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Who holds which office; `sole` is the practice's only physician in office, if there is exactly one."""

    pc: list[Held]
    mso: list[Held]
    sole: Person | None
    unlicensed: list[Held]
    """PC offices whose holder has no license in force: they decide nothing now."""

    @property
    def divided(self) -> list[Person]:
        """Who holds offices on both sides."""
        there = {one.appointment.person_id for one in self.mso}
        return list(
            {
                one.appointment.person_id: one.appointment.person
                for one in self.pc
                if one.appointment.person_id in there
            }.values()
        )


def roster(practice: Practice, at: datetime) -> Roster:
    """Everybody in office at a moment. Two queries, however many people there are."""
    appointments = list(
        Appointment.objects.in_force(at).filter(practice=practice).select_related("person").order_by("starts_at", "pk")
    )
    rank = {office: number for number, office in enumerate(PHYSICIAN_FIRST)}
    appointments.sort(key=lambda one: rank.get(one.office, len(rank)))
    states = license_states(practice, at, [one.person_id for one in appointments if one.office in LICENSED])
    held = [
        Held(appointment=one, license=states[one.person_id] if one.office in LICENSED else None) for one in appointments
    ]
    physicians = {one.person_id: one.person for one in appointments if one.office in PHYSICIANS}
    return Roster(
        pc=[one for one in held if one.appointment.side == Side.PC],
        mso=[one for one in held if one.appointment.side == Side.MSO],
        sole=next(iter(physicians.values())) if len(physicians) == 1 else None,
        unlicensed=[one for one in held if one.license and not one.license.in_force],
    )


def exercising(practice: Practice, right: DecisionRight, at: datetime) -> list[Held]:
    """Who may exercise a right at a moment through an own office, with the license behind it. Two queries."""
    appointments = list(
        Appointment.objects.in_force(at)
        .filter(practice=practice, side=right.holder, office__in=offices_that_exercise(right.exercised_by))
        .select_related("person")
        .order_by("starts_at", "pk")
    )
    licensed = right.holder == Side.PC
    states = license_states(practice, at, [one.person_id for one in appointments]) if licensed else {}
    return [Held(appointment=one, license=states.get(one.person_id)) for one in appointments]


PHYSICIAN_FIRST = (
    "medical_director",
    "alternate_chair",
    "pc_shareholder",
    "pc_director",
    "pc_officer",
    "committee_member",
    "supervising_physician",
    "physician",
    "pc_counsel",
    "auditor",
    "mso_executive",
    "mso_operations",
    "recording_secretary",
    "mso_counsel",
    "pc_administrator",
    "administrator",
)
"""The order of the page: who leads a side comes first."""


def ended_appointments(practice: Practice, at: datetime) -> QuerySet[Appointment]:
    """Appointments that are over, the latest first."""
    return Appointment.objects.filter(practice=practice, ends_at__lte=at).select_related("person").order_by("-ends_at")


def known_people(practice: Practice) -> QuerySet[Person]:
    """Everybody who holds or held an office here, or was invited here and holds none yet."""
    from audit.models import Act

    invited = Act.objects.filter(practice=practice.pk, verb="person.invited", outcome="done").values("object_id")
    ids = [key for key in invited.values_list("object_id", flat=True) if key]
    known = (
        Q(pk__in=ids)
        | Q(pk__in=Appointment.objects.filter(practice=practice).values("person"))
        | Q(pk__in=Invitation.objects.filter(practice=practice).values("person"))
    )
    return Person.objects.filter(known).select_related("account").order_by("name")


def verifications(person: Person, practice: Practice) -> QuerySet[Verification]:
    """What the registers said about a person's licenses, as this practice read them, the newest first."""
    found = verified_by(practice).filter(license__person=person)
    return found.select_related("license").order_by("-verified_on", "-pk")
