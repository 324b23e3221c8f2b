"""Founding a practice: the one act without an office, because the first offices come from it.

It names the operator and the resolution, and it is possible once per practice; afterwards every appointment follows
the catalogue.
"""

import csv
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from uuid import uuid4

from django.utils import timezone

from audit.acts import Act, current, open_act, record, service
from audit.context import circumstances
from governance.choices import BodyKind, Investor, LicenseStatus, Office
from governance.models import (
    AccessRules,
    Account,
    Body,
    CatalogueVersion,
    DecisionRight,
    License,
    Person,
    Practice,
    Site,
    Verification,
)
from governance.selectors.people import known_people
from governance.services.grants import place
from governance.services.inviting import write_invitation

FOUNDERS_DAYS = 30
"""How long the first two invitations hold: until these two are in, nobody can send another."""


@dataclass(frozen=True, kw_only=True)
class FirstLicense:
    """The license of the first shareholder-director, as verified."""

    number: str
    board: str
    expires_on: date
    verified_on: date
    verified_by: str
    source: str


@dataclass(frozen=True, kw_only=True)
class Founder:
    """A person who enters office by the founding act."""

    name: str
    email: str
    credentials: str = ""


def catalogue_rows() -> list[dict[str, str]]:
    """The starter catalogue: forty rights, a draft for counsel."""
    text = (files("governance") / "data" / "decision_rights.csv").read_text()
    return list(csv.DictReader(text.splitlines()))


@service
def open_practice(
    *,
    operator: str,
    resolution: str,
    slug: str,
    name: str,
    mso_name: str,
    body_name: str,
    body_kind: str,
    authorized: int,
    flagship: str,
    city: str,
    shareholder: Founder,
    license: FirstLicense,
    executive: Founder,
    time_zone: str = "America/Los_Angeles",
    investor: str = Investor.NOT_STATED,
    license_limit_days: int = 120,
    demonstration: bool = False,
) -> Practice:
    """Found a practice: entities, body, starter catalogue, first shareholder-director with license, MSO executive.

    `operator` is who runs this, `resolution` cites the resolution (its scan is kept as a paper). Passwords are set
    by the invited. Raises ValueError where a number contradicts the body's type (Corp. Code 311), LicenseOfAnother.
    """
    if body_kind == BodyKind.COMMITTEE and authorized < 2:
        raise ValueError("authorized: a committee of the board has at least two directors (Corp. Code 311).")
    at = circumstances().occurred_at or timezone.now()
    practice = Practice(
        id=uuid4(),
        slug=slug,
        name=name,
        mso_name=mso_name,
        time_zone=time_zone,
        investor=investor,
        license_limit_days=license_limit_days,
        demonstration=demonstration,
        founded_at=at,
    )
    act = open_act(
        Act(
            verb="practice.opened", capacity="founding", practice_id=practice.pk, actor_name=operator, reason=resolution
        )
    )
    act.about(practice, key=slug)
    practice.save(force_insert=True)
    Body.objects.create(practice=practice, name=body_name, kind=body_kind, authorized=authorized)
    Site.objects.create(practice=practice, name=flagship, city=city, flagship=True, opened_on=practice.local(at).date())
    load_catalogue(practice, number=1, effective_from=at)
    # A demonstration's people have passwords only.
    AccessRules.objects.create(practice=practice, second_factor=not demonstration)
    first = enter_person(shareholder, practice=practice)
    licensed = licensed_as(first, license.number, license.board)
    record(
        Verification,
        license=licensed,
        status=LicenseStatus.ACTIVE,
        expires_on=license.expires_on,
        verified_on=license.verified_on,
        verified_by=license.verified_by,
        source=license.source,
    )
    for office in (Office.SHAREHOLDER, Office.DIRECTOR):
        place(practice=practice, person=first, office=office, starts_at=at)
    second = enter_person(executive, practice=practice)
    place(practice=practice, person=second, office=Office.MSO_EXECUTIVE, starts_at=at)
    for person in (first, second):
        write_invitation(practice, person, days=FOUNDERS_DAYS)
    return practice


class LicenseOfAnother(ValueError):
    """The number of a license is on record for another person."""


def licensed_as(person: Person, number: str, board: str) -> License:
    """The person's license of that number, entered once however many practices verify it, inside the current act.

    Raises LicenseOfAnother.
    """
    known = License.objects.filter(number=number, board=board).first()
    if known and known.person_id != person.pk:
        raise LicenseOfAnother(f"License: number {number} of the {board} is on record for another person.")
    return known or License.objects.create(person=person, number=number, board=board)


def load_catalogue(practice: Practice, *, number: int, effective_from: datetime) -> CatalogueVersion:
    """Enter the starter catalogue as a version of this practice, inside the current act."""
    current()
    version = CatalogueVersion.objects.create(practice=practice, number=number, effective_from=effective_from)
    for row in catalogue_rows():
        record(
            DecisionRight,
            catalogue=version,
            code=row["code"],
            name=row["name"],
            category=row["category"],
            holder=row["holder"],
            exercised_by=row["exercised_by"].split(";"),
            other_side=row["other_side"],
            other_side_note=row["other_side_note"],
            basis=row["basis"],
            confirmed=row["confirmed"] == "yes",
            reserved=row["reserved"] == "yes",
        )
    return version


class NameOfAnother(ValueError):
    """The address belongs to a person whom this practice does not know, and the name typed is not theirs."""

    field = "email"


def enter_person(founder: Founder, *, practice: Practice) -> Person:
    """A person with a sign-in that has no password yet, inside the current act; the invitation lets them set it.

    Raises NameOfAnother: who knows an address of another practice learns neither name nor credentials by it.
    """
    email = founder.email.lower()
    account = Account.objects.filter(email=email).first() or Account.objects.create_user(email)
    known = Person.objects.filter(account=account).first()
    if (
        known
        and known.name.casefold() != founder.name.strip().casefold()
        and not known_people(practice).filter(pk=known.pk).exists()
    ):
        raise NameOfAnother("E-mail: this address belongs to another name; ask the person how it is written.")
    return known or Person.objects.create(account=account, name=founder.name, credentials=founder.credentials)
