"""Whether a physician's license is in force at a moment: by its latest verification and the clock, no job needed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from governance.choices import LicenseStatus
from governance.models import License, Person, Practice, Verification


@dataclass(frozen=True)
class LicenseState:
    """A license as it stands on a day, with the sentence that says so."""

    in_force: bool
    number: str
    sentence: str


def license_state(person: Person, practice: Practice, at: datetime) -> LicenseState:
    """The best of a person's physician licenses on that day of the practice's calendar."""
    today = practice.local(at).date()
    licenses = License.objects.filter(person=person, physician=True)
    latest = (
        Verification.objects.filter(license__in=licenses, verified_on__lte=today)
        .select_related("license")
        .order_by("license_id", "-verified_on", "-id")
        .distinct("license_id")
    )
    states = [_state(verification, practice, today) for verification in latest]
    if not states:
        return LicenseState(False, "", "No verified physician's license is on record.")
    return next((state for state in states if state.in_force), states[0])


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
