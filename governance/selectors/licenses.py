"""Whether a physician's license is in force at a moment: by its latest verification and the clock, no job needed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import QuerySet

from governance.choices import LicenseStatus
from governance.models import Person, Practice, Verification


@dataclass(frozen=True)
class LicenseState:
    """A license as it stands on a day, with the sentence that says so."""

    in_force: bool
    number: str
    sentence: str


def license_state(person: Person, practice: Practice, at: datetime) -> LicenseState:
    """The best of a person's physician licenses on that day of the practice's calendar."""
    return license_states(practice, at, [person.pk])[person.pk]


def verified_by(practice: Practice) -> QuerySet[Verification]:
    """What this practice's own acts say of licenses; what another practice entered counts there alone."""
    return Verification.objects.filter(act__practice=practice.pk)


def license_states(practice: Practice, at: datetime, people: Iterable[UUID]) -> dict[UUID, LicenseState]:
    """The license state of each of these people, in one query."""
    today = practice.local(at).date()
    wanted = set(people)
    latest = (
        verified_by(practice)
        .filter(license__person__in=wanted, license__physician=True, verified_on__lte=today)
        .select_related("license")
        .order_by("license_id", "-verified_on", "-id")
        .distinct("license_id")
    )
    held: dict[UUID, list[Verification]] = {person: [] for person in wanted}
    for verification in latest:
        held[verification.license.person_id].append(verification)
    return {person: best_state(verifications, practice, today) for person, verifications in held.items()}


def best_state(latest: Iterable[Verification], practice: Practice, today: date) -> LicenseState:
    """The best of one person's licenses on a day, from the latest verification of each."""
    states = [_state(verification, practice, today) for verification in latest]
    unknown = LicenseState(False, "", "No verified physician's license is on record.")
    return next((state for state in states if state.in_force), states[0] if states else unknown)


def in_force(verification: Verification, practice: Practice, at: datetime) -> bool:
    """Whether a license is in force by this verification alone."""
    return state_by(verification, practice, at).in_force


def state_by(verification: Verification, practice: Practice, at: datetime) -> LicenseState:
    """A license as it stands at a moment by this verification alone."""
    return _state(verification, practice, practice.local(at).date())


def _state(verification: Verification, practice: Practice, today: date) -> LicenseState:
    number = verification.license.number
    verified = f"verified {verification.verified_on:%-d %B %Y}"
    if verification.status != LicenseStatus.ACTIVE:
        word = verification.get_status_display().lower()
        return LicenseState(False, number, f"License {number} is {word} ({verified}).")
    if verification.expires_on < today:
        return LicenseState(False, number, f"License {number} expired on {verification.expires_on:%-d %B %Y}.")
    limit = timedelta(days=practice.license_limit_days)
    if verification.verified_on + limit < today:
        return LicenseState(
            False,
            number,
            f"License {number} was last {verified}, longer ago than this practice's limit of {limit.days} days.",
        )
    return LicenseState(True, number, f"License {number}, in force, {verified}.")
