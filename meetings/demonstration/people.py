"""Who is in the demonstration practice, and how they come into office. The people are invented."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from governance.choices import BodyKind, Investor, Office
from governance.models import Account, Person, Practice, Site, Verification
from governance.services.appointments import appoint, enter_license, invite, open_site
from governance.services.founding import FirstLicense, Founder, open_practice
from meetings.choices import Mode
from meetings.demonstration.diary import ZONE, Diary, first_of
from meetings.rules.cadence import MonthlyRule, occurrence, parse_day
from meetings.services.consents import MEANING, give_consent, open_consent
from meetings.services.series import found_series

SLUG = "riverside"
PASSWORD = "brightline-demonstration"  # noqa: S105 (printed by `make demo`; exists only with demonstration data)
BOARD = "Medical Board of California"

SIGN_INS = [
    ("marsh", "Elena Marsh, MD", "Medical Director: chairs, decides, signs"),
    ("ortiz", "Samuel Ortiz, MD", "Physician and director: votes"),
    ("adeyemi", "Ruth Adeyemi, MD", "Physician, director and alternate chair"),
    ("cole", "Dana Cole", "MSO operations: logs items, proposes"),
    ("prado", "Luis Prado", "MSO operations"),
    ("quill", "Ada Quill", "MSO executive"),
    ("vale", "Mina Vale", "Recording secretary, from the MSO"),
    ("holt", "Iris Holt", "PC counsel: audit room"),
    ("reyes", "Paul Reyes", "MSO counsel"),
]


def address(name: str) -> str:
    """The sign-in of a person of the demonstration."""
    return f"{name}@demo.example"


STARTS = time(17, 30)


def meeting_day(today: date) -> str:
    """The day of the month on which the board meets: one that has not passed in the current month yet."""
    tuesday = occurrence(MonthlyRule(parse_day("fourth Tuesday"), STARTS, ZONE), today.year, today.month)
    return "fourth Tuesday" if today <= tuesday.date() else "last business day"


@dataclass
class People:
    """The practice and its people, found again by their sign-ins."""

    practice: Practice
    marsh: Person
    ortiz: Person
    adeyemi: Person
    cole: Person
    prado: Person
    quill: Person
    vale: Person
    holt: Person
    reyes: Person
    riverside: Site
    victorville: Site

    @property
    def physicians(self) -> list[Person]:
        return [self.marsh, self.ortiz, self.adeyemi]


def _license(practice: Practice, actor: Person, person: Person, number: str, on: date, expires_on: date) -> None:
    enter_license(
        actor=actor,
        practice=practice,
        person=person,
        number=number,
        board=BOARD,
        expires_on=expires_on,
        verified_on=on,
        verified_by=str(actor),
        source="Board's public register, looked up by license number",
    )


NUMBERS = {"marsh": "A 000101", "ortiz": "A 000102", "adeyemi": "A 000103"}


def verify_licenses(people: People, diary: Diary) -> None:
    """The MSO's primary-source verification of the three physicians, done again before the limit runs out."""
    for name, number in NUMBERS.items():
        with diary.next(2):
            known = Verification.objects.filter(license__number=number).latest("verified_on")
            _license(people.practice, people.cole, getattr(people, name), number, diary.at.date(), known.expires_on)


def _resolve_chairs(diary: Diary, practice: Practice, directors: list[Person]) -> str:
    """The directors name both chairs by written consent; the words that cite their decision."""
    with diary.next(10):
        consent = open_consent(
            actor=directors[0],
            practice=practice,
            right="DR-31",
            title="Medical Director and alternate chair",
            text="Elena Marsh is appointed Medical Director. Ruth Adeyemi is appointed alternate chair for two years.",
            rationale="The practice opens; its oversight meeting needs a chair, and somebody who chairs in her absence.",
            ends_at=diary.at + timedelta(days=7),
        )
    for person in directors:
        with diary.next(25):
            give_consent(actor=person, consent=consent, sha256=consent.sha256, meaning=MEANING)
    consent.refresh_from_db()
    assert consent.decision
    return f"As the directors decided by written consent, {consent.decision.code}."


def found_demonstration(diary: Diary) -> People:
    """Found the practice two weeks before its first month and bring everybody into office."""
    start = datetime.combine(first_of(diary.month(0), 0) - timedelta(days=16), time(9), tzinfo=diary.day(0, 1).tzinfo)
    with diary.on(start):
        practice = open_practice(
            operator="The demonstration's loader",
            resolution="Organizational resolution of the sole shareholder (demonstration)",
            slug=SLUG,
            name="Riverside Physicians, P.C.",
            mso_name="Mission Health Group",
            body_name="Board of directors",
            body_kind=BodyKind.BOARD,
            authorized=3,
            flagship="Riverside",
            city="Riverside",
            shareholder=Founder(name="Elena Marsh", email=address("marsh"), credentials="MD"),
            license=FirstLicense(
                number=NUMBERS["marsh"],
                board=BOARD,
                expires_on=date(start.year + 3, 1, 31),
                verified_on=start.date(),
                verified_by="The demonstration's loader",
                source="Board's public register, looked up by license number",
            ),
            executive=Founder(name="Ada Quill", email=address("quill")),
            investor=Investor.NONE,
            demonstration=True,
        )
    marsh = Person.objects.get(account__email=address("marsh"))
    quill = Person.objects.get(account__email=address("quill"))

    def enter(name: str, full: str, by: Person, credentials: str = "") -> Person:
        with diary.next(5):
            return invite(actor=by, practice=practice, name=full, email=address(name), credentials=credentials)

    def place(person: Person, office: Office, by: Person, ends_at: datetime | None = None, reason: str = "") -> None:
        with diary.next(3):
            appoint(actor=by, practice=practice, person=person, office=office, ends_at=ends_at, reason=reason)

    doctors = {}
    for name, full in (("ortiz", "Samuel Ortiz"), ("adeyemi", "Ruth Adeyemi")):
        doctors[name] = enter(name, full, marsh, "MD")
        with diary.next(10):
            _license(practice, marsh, doctors[name], NUMBERS[name], diary.at.date(), date(start.year + 3, 1, 31))
        place(doctors[name], Office.DIRECTOR, marsh)
    chairs = _resolve_chairs(diary, practice, [marsh, *doctors.values()])
    place(marsh, Office.MEDICAL_DIRECTOR, marsh, reason=chairs)
    for doctor in doctors.values():
        place(doctor, Office.PHYSICIAN, marsh)
    place(doctors["adeyemi"], Office.ALTERNATE_CHAIR, marsh, ends_at=start + timedelta(days=730), reason=chairs)
    staff = {}
    for name, full, office, by in (
        ("cole", "Dana Cole", Office.MSO_OPERATIONS, quill),
        ("prado", "Luis Prado", Office.MSO_OPERATIONS, quill),
        ("vale", "Mina Vale", Office.RECORDING_SECRETARY, quill),
        ("reyes", "Paul Reyes", Office.MSO_COUNSEL, quill),
        ("holt", "Iris Holt", Office.PC_COUNSEL, marsh),
    ):
        staff[name] = enter(name, full, by)
        place(staff[name], office, by)
    with diary.next(20):
        open_site(actor=marsh, practice=practice, name="Victorville", city="Victorville", opened_on=diary.at.date())
    with diary.next(5):
        found_series(
            actor=marsh,
            body=practice.bodies.get(),
            day_rule=meeting_day(diary.today),
            time=STARTS,
            place="Riverside, conference room, and by telephone",
            mode=Mode.HYBRID,
            starts_on=diary.month(0),
        )
    for account in Account.objects.filter(email__endswith="@demo.example"):
        account.set_password(PASSWORD)
        account.save()
    return recall()


def recall() -> People:
    """The people of a demonstration loaded before."""
    practice = Practice.objects.get(slug=SLUG)
    found = {
        name: Person.objects.select_related("account").get(account__email=address(name)) for name, _, _ in SIGN_INS
    }
    return People(
        practice=practice,
        riverside=practice.sites.get(name="Riverside"),
        victorville=practice.sites.get(name="Victorville"),
        **found,
    )
