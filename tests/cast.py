"""The cast that most tests need: a founded practice with everybody in office, made through the services."""

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils import timezone

from audit.context import occurring
from audit.models import Job
from decisions.models import Decision
from governance.authority import moment
from governance.choices import BodyKind, Office
from governance.models import Body, Person, Practice, Site
from governance.services.appointments import appoint, enter_license, invite, open_site
from governance.services.founding import FirstLicense, Founder, open_practice
from meetings.services.consents import MEANING, give_consent, members, open_consent

PASSWORD = "correct horse battery staple"


@dataclass
class Cast:
    """A practice and its people, by office."""

    practice: Practice
    director: Person
    """Shareholder, director and Medical Director: Elena Marsh."""
    physician: Person
    """Second physician and director."""
    alternate: Person
    """Alternate chair, physician and director."""
    operations: Person
    operations_2: Person
    executive: Person
    secretary: Person
    pc_counsel: Person
    mso_counsel: Person

    @property
    def body(self) -> Body:
        return self.practice.bodies.get()

    @property
    def flagship(self) -> Site:
        return self.practice.sites.get(flagship=True)

    @property
    def satellite(self) -> Site:
        return self.practice.sites.get(flagship=False)


def local_day(at: datetime | None = None) -> date:
    """The day it is in the practices of the tests, which is not everywhere the same: today, or that of a moment."""
    return timezone.localdate(at, ZoneInfo("America/Los_Angeles"))


def resolve(practice: Practice, text: str, right: str = "DR-31") -> str:
    """All directors consent in writing to a resolution; the words that cite their decision."""
    seats = [seat.person for seat in members(practice, "board", moment())]
    consent = open_consent(
        actor=seats[0], practice=practice, right=right, title=text[:200], text=f"{text}.", rationale="Agreed by all.",
        ends_at=moment() + timedelta(days=7),
    )  # fmt: skip
    for person in seats:
        give_consent(actor=person, consent=consent, sha256=consent.sha256, meaning=MEANING)
    consent.refresh_from_db()
    assert consent.decision
    return f"As the board decided, {consent.decision.code}."


def decided() -> QuerySet[Decision]:
    """What was decided otherwise than by written consent, by which the directors named both chairs."""
    return Decision.objects.filter(consent=None)


def found(slug: str = "riverside", *, demonstration: bool = True, at: datetime | None = None) -> Cast:
    """Found the practice and appoint its people; `at` a moment of the past, all is still in force today."""
    now = timezone.now()
    with occurring(at, flag="demonstration") if at else nullcontext():
        made = _found(slug, demonstration, now, age=now - (at or now))
    # What the founding left to be rendered is no test's matter.
    Job.objects.filter(practice=made.practice.pk).delete()
    return made


def _found(slug: str, demonstration: bool, now: datetime, age: timedelta) -> Cast:
    today, day = local_day(now), local_day(now - age)
    board = "Medical Board of California"

    def address(name: str) -> str:
        return f"{name}@{slug}.example"

    practice = open_practice(
        operator="Test operator",
        resolution="Organizational resolution",
        slug=slug,
        name=f"{slug.title()} Physicians, P.C.",
        mso_name="Mission Health Group",
        body_name="Oversight board",
        body_kind=BodyKind.BOARD,
        authorized=3,
        flagship="Riverside",
        city="Riverside",
        shareholder=Founder(name="Elena Marsh", email=address("marsh"), credentials="MD"),
        license=FirstLicense(
            number=f"A-{slug}-1",
            board=board,
            expires_on=today + timedelta(days=700),
            verified_on=day - timedelta(days=10),
            verified_by="Test operator",
            source="Board register",
        ),
        executive=Founder(name="Ada Quill", email=address("quill")),
        license_limit_days=120 + age.days,
        demonstration=demonstration,
    )
    director = Person.objects.get(account__email=address("marsh"))
    executive = Person.objects.get(account__email=address("quill"))

    def physician(name: str, number: int) -> Person:
        last = name.split()[-1].lower()
        person = invite(actor=director, practice=practice, name=name, email=address(last), credentials="MD")
        enter_license(
            actor=director,
            practice=practice,
            person=person,
            number=f"A-{slug}-{number}",
            board=board,
            expires_on=date(today.year + 2, 1, 31),
            verified_on=day - timedelta(days=5),
            verified_by="Elena Marsh, MD",
            source="Board register",
        )
        return person

    def staff(name: str, office: str, by: Person) -> Person:
        person = invite(actor=by, practice=practice, name=name, email=address(name.split()[-1].lower()))
        appoint(actor=by, practice=practice, person=person, office=office)
        return person

    second, third = physician("Samuel Ortiz", 2), physician("Ruth Adeyemi", 3)
    for person in (second, third):
        appoint(actor=director, practice=practice, person=person, office=Office.DIRECTOR)
    chairs = resolve(practice, "Elena Marsh is Medical Director, and Ruth Adeyemi alternate chair")
    appoint(actor=director, practice=practice, person=director, office=Office.MEDICAL_DIRECTOR, reason=chairs)
    for person in (second, third):
        appoint(actor=director, practice=practice, person=person, office=Office.PHYSICIAN)
    appoint(
        actor=director,
        practice=practice,
        person=third,
        office=Office.ALTERNATE_CHAIR,
        ends_at=now + timedelta(days=365),
        reason=chairs,
    )
    open_site(actor=director, practice=practice, name="Victorville", city="Victorville", opened_on=day)
    return Cast(
        practice=practice,
        director=director,
        physician=second,
        alternate=third,
        executive=executive,
        operations=staff("Dana Cole", Office.MSO_OPERATIONS, executive),
        operations_2=staff("Luis Prado", Office.MSO_OPERATIONS, executive),
        secretary=staff("Mina Vale", Office.RECORDING_SECRETARY, executive),
        pc_counsel=staff("Iris Holt", Office.PC_COUNSEL, director),
        mso_counsel=staff("Paul Reyes", Office.MSO_COUNSEL, executive),
    )


def recall(slug: str = "riverside") -> Cast:
    """The cast of a practice founded before."""

    def person(name: str) -> Person:
        return Person.objects.select_related("account").get(account__email=f"{name}@{slug}.example")

    return Cast(
        practice=Practice.objects.get(slug=slug),
        director=person("marsh"),
        physician=person("ortiz"),
        alternate=person("adeyemi"),
        operations=person("cole"),
        operations_2=person("prado"),
        executive=person("quill"),
        secretary=person("vale"),
        pc_counsel=person("holt"),
        mso_counsel=person("reyes"),
    )
