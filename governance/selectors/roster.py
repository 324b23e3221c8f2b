"""What is wrong with a roster, row by row, by the rules of the acts by hand. Bounded queries, however many rows."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q

from governance.authority import Ruling, moment, right_in_force, rule_on_part, rule_on_right
from governance.choices import LicenseStatus, Office, Side
from governance.filling import AppointmentRefused, check_appointment, check_verification
from governance.models import Account, Appointment, ImportDraft, License, Person, Practice, Verification
from governance.offices import APPOINTED_UNDER, INVITERS, LICENSED, MEMBERS
from governance.selectors.licenses import LicenseState, license_states, state_by, verified_by
from governance.selectors.people import known_people
from governance.sheets.columns import Row
from governance.sheets.preview import Preview, understood
from governance.sheets.roster import LAYOUT, LICENSE

FIELD = {
    "starts_at": "First day",
    "ends_at": "Last day",
    "person": "Office",
    "office": "Office",
    "number": "License number",
    "status": "License number",
    "expires_on": "Expires on",
    "verified_on": "Verified on",
}
"""In which column a rule of the acts by hand is told."""


def check_roster(*, actor: Person, practice: Practice, draft: ImportDraft) -> Preview:
    """Every row as understood, with what the actor could not do by hand told at its column."""
    rows = understood(LAYOUT, draft)
    return _Check(actor, practice, rows).done()


def part_offices(rows: list[Row]) -> frozenset[Office]:
    """Who writes rows without an office: who may invite; where they give licenses, no administrator."""
    return INVITERS & MEMBERS if any(row.sound("number") for row in rows) else INVITERS


def first_moment(day: date | None, practice: Practice, now: datetime) -> datetime:
    """When an appointment begins: at the beginning of its day, or now."""
    if day is None or day == practice.local(now).date():
        return now
    return datetime.combine(day, time.min, practice.zone)


def last_moment(day: date | None, practice: Practice) -> datetime | None:
    """When an appointment ends: with its last day."""
    return datetime.combine(day + timedelta(days=1), time.min, practice.zone) if day else None


class _Check:
    """The facts that the rules ask for, read once for the whole file."""

    def __init__(self, actor: Person, practice: Practice, rows: list[Row]) -> None:
        self.actor, self.practice, self.rows, self.now = actor, practice, rows, moment()
        emails = {row.values["email"] for row in rows if row.sound("email")}
        accounts = Account.objects.filter(email__in=emails)
        self.people = {
            one.account.email: one
            for one in Person.objects.filter(account__in=accounts).select_related("account")
            if one.account
        }
        self.known = set(known_people(practice).filter(account__email__in=emails).values_list("pk", flat=True))
        not_over = Q(ends_at__isnull=True) | Q(ends_at__gt=self.now)
        self.held = list(Appointment.objects.filter(not_over, practice=practice).select_related("person"))
        self.states = license_states(practice, self.now, [one.pk for one in self.people.values()])
        numbers = {row.values["number"] for row in rows if row.sound("number")}
        self.licenses = {(one.board, one.number): one for one in License.objects.filter(number__in=numbers)}
        newest = verified_by(practice).filter(license__in=self.licenses.values()).select_related("license")
        self.verified = {
            one.license_id: one for one in newest.order_by("license_id", "-verified_on", "-pk").distinct("license_id")
        }
        self.rulings: dict[str, Ruling] = {}
        self.names: dict[str, tuple[str, int]] = {}
        self.offices: dict[tuple[str, ...], int] = {}
        self.owners: dict[tuple[str, str], tuple[str, int]] = {}

    def done(self) -> Preview:
        for row in self.rows:
            office = row.values["office"]
            row.part = APPOINTED_UNDER[Office(office)] if office else ""
            self._person(row)
            self._license(row)
            if office:
                self._office(row, office)
            elif not row.cells["office"] and (row.values["starts_on"] or row.values["ends_on"]):
                row.wrong("Office", "names none, so there is nothing that a first or last day could mean")
        preview = Preview(layout=LAYOUT, rows=self.rows)
        for part in preview.parts:
            right = right_in_force(self.practice, part.right, self.now) if part.right else None
            preview.titles[part.right] = right.name if right else "People without an office"
            ruling = self._ruling(part.right)
            if not ruling.allowed:
                for row in part.rows:
                    row.wrong("Office" if part.right else "Row", ruling.sentence)
        return preview

    def _ruling(self, right: str) -> Ruling:
        if right not in self.rulings:
            self.rulings[right] = (
                rule_on_right(person=self.actor, practice=self.practice, code=right, at=self.now)
                if right
                else rule_on_part(
                    person=self.actor, practice=self.practice, at=self.now,
                    offices=part_offices([row for row in self.rows if not row.part]),
                )
            )  # fmt: skip
        return self.rulings[right]

    def _person(self, row: Row) -> None:
        email, name = row.values["email"], row.values["name"]
        if not email or not name:
            return
        said, before = self.names.setdefault(email, (name.casefold(), row.number))
        if said != name.casefold():
            row.wrong("E-mail", f"stands in row {before} with another name")
        person = self.people.get(email)
        same = person is not None and person.name.casefold() == name.casefold()
        if person is None:
            row.notes.append("Is entered and invited.")
        elif person.pk in self.known:
            if same:
                row.notes.append(f"Known here as {person}.")
            else:
                row.wrong(
                    "Name", f"this address is known here as {person.name}; write the name so, or correct the address"
                )
        elif not same:
            row.wrong("E-mail", "this address belongs to another name; ask the person how it is written")
        elif not row.values["office"] and not row.values["number"]:
            row.wrong("Office", "names none; who has a sign-in already is invited by hand, or appointed")

    def _license(self, row: Row) -> None:
        given = [key for key in LICENSE if row.cells[key]]
        if not given:
            return
        if len(given) < len(LICENSE):
            missing = [column.name for column in LAYOUT.columns if column.key in LICENSE and column.key not in given]
            row.wrong("License number", f"a license needs all of its columns; empty: {', '.join(missing)}")
            return
        if not row.sound(*LICENSE, "email"):
            return
        values = row.values
        key = (values["board"], values["number"])
        email, before = self.owners.setdefault(key, (values["email"], row.number))
        known = self.licenses.get(key)
        person = self.people.get(values["email"])
        if email != values["email"]:
            row.wrong("License number", f"stands in row {before} for another person")
        elif known and (person is None or known.person_id != person.pk):
            row.wrong("License number", "is on record for another person")
        last = self.verified.get(known.pk) if known else None
        if last and last.verified_on > values["verified_on"]:
            row.wrong("Verified on", f"it was verified later already, on {last.verified_on}")
        ruling = self._ruling(row.part)
        self._by(row, check_verification, practice=self.practice, last=last, status=LicenseStatus.ACTIVE,
                 side=ruling.appointment.side if ruling.appointment else Side.MSO,
                 expires_on=values["expires_on"], verified_on=values["verified_on"])  # fmt: skip

    def _office(self, row: Row, office: str) -> None:
        values, email = row.values, row.values["email"]
        if values["starts_on"] and values["ends_on"] and values["ends_on"] < values["starts_on"]:
            row.wrong("Last day", "is before the first")
            return
        start = first_moment(values["starts_on"], self.practice, self.now)
        ends_at = last_moment(values["ends_on"], self.practice)
        if ends_at and ends_at <= self.now:
            row.wrong("Last day", "is over already")
        whose = (office,) if office == Office.MEDICAL_DIRECTOR else (office, email or "")
        before = self.offices.setdefault(whose, row.number)
        if before != row.number:
            row.wrong("Office", f"row {before} fills it already")
        person = self.people.get(email or "")
        license = self._license_on(row, person, start) if office in LICENSED else None
        self._by(row, check_appointment, office=office, start=start, ends_at=ends_at, now=self.now,
                 license=license, other=self._other(office, person, start, ends_at))  # fmt: skip

    def _other(
        self, office: str, person: Person | None, start: datetime, ends_at: datetime | None
    ) -> Appointment | None:
        """The appointment that fills this office in a part of that time."""
        for one in self.held:
            if one.office != office or (
                office != Office.MEDICAL_DIRECTOR and (person is None or one.person_id != person.pk)
            ):
                continue
            if (one.ends_at is None or one.ends_at > start) and (ends_at is None or one.starts_at < ends_at):
                return one
        return None

    def _license_on(self, row: Row, person: Person | None, start: datetime) -> LicenseState | None:
        """The license as it stands on the first day: by the row's own verification, else by what is on record.

        None when the row gives one that is told to be wrong: what follows from it would only hide that.
        """
        if row.sound(*LICENSE):
            values = row.values
            said = Verification(
                license=License(number=values["number"], board=values["board"]), status=LicenseStatus.ACTIVE,
                expires_on=values["expires_on"], verified_on=values["verified_on"],
            )  # fmt: skip
            return state_by(said, self.practice, start)
        if any(row.cells[key] for key in LICENSE):
            return None
        if person is not None and start == self.now:
            return self.states[person.pk]
        if person is not None:
            return license_states(self.practice, start, [person.pk])[person.pk]
        return LicenseState(False, "", "No verified physician's license is on record, and the row gives none.")

    def _by(self, row: Row, check: Any, **facts: Any) -> None:
        """Ask a rule of the acts by hand, and tell its refusal at the column."""
        try:
            check(**facts)
        except AppointmentRefused as problem:
            named, _, said = str(problem).partition(": ")
            row.wrong(FIELD.get(problem.field, "Row"), said or named)
