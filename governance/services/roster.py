"""A roster imported: people, licenses and appointments under one right, all in one act or none."""

from audit.acts import current, service
from governance.authority import Ruling, exercise, moment, take_part
from governance.choices import LicenseStatus
from governance.factors import rules_of
from governance.models import ImportDraft, Person, Practice
from governance.selectors.people import known_people
from governance.selectors.roster import check_roster, first_moment, last_moment, part_offices
from governance.services.founding import Founder, enter_person
from governance.services.imports import ImportRefused, each, lock_upload, take_up
from governance.services.inviting import mail_invitation, write_invitation
from governance.services.placing import require_decided, write_appointment, write_verification
from governance.sheets.columns import Row
from governance.sheets.preview import understood
from governance.sheets.roster import LAYOUT, LICENSE

VERB = "roster.imported"


@service
def import_roster(
    *, actor: Person, practice: Practice, draft: ImportDraft, right: str, reason: str = ""
) -> list[Person]:
    """Write the rows of the upload whose offices are filled under `right`; with none, those without an office.

    One act decides one right, so a file with offices under several is imported part by part, each whole or not at all.
    Returns who is new here. Raises AuthorityRefused, ImportRefused.
    """
    held = lock_upload(draft, actor=actor)
    ruling = _authority(actor, practice, held, right, reason)
    rows = take_up(held, check_roster(actor=actor, practice=practice, draft=held), right)
    current().about(practice, key=practice.slug)
    known = set(known_people(practice).values_list("pk", flat=True))
    days = rules_of(practice).invitation_days
    entered: dict[str, Person] = {}
    verified: set[tuple[object, ...]] = set()

    def write(row: Row) -> Person:
        values = row.values
        person = entered.get(values["email"]) or enter_person(
            Founder(name=values["name"], email=values["email"], credentials=values["credentials"] or ""),
            practice=practice,
        )
        if person.pk not in known and values["email"] not in entered:
            mail_invitation(practice, person, write_invitation(practice, person, days=days))
        entered[values["email"]] = person
        said = tuple(values[key] for key in LICENSE)
        if row.sound(*LICENSE) and said not in verified:
            verified.add(said)
            write_verification(person=person, status=LicenseStatus.ACTIVE, **{key: values[key] for key in LICENSE})
        if right:
            require_decided(ruling, person, values["office"], reason)
            now = moment()
            write_appointment(
                practice=practice,
                person=person,
                office=values["office"],
                start=first_moment(values["starts_on"], practice, now),
                ends_at=last_moment(values["ends_on"], practice),
            )
        return person

    each(rows, write)
    return [person for person in entered.values() if person.pk not in known]


def _authority(actor: Person, practice: Practice, draft: ImportDraft, right: str, reason: str) -> Ruling:
    """Open the act: a decision under the right, or, where no office is filled, the part of who invites.

    Whoever fills an office may invite, too, and enter licenses as the own side may.
    """
    attempted = f"Roster {draft.name}"
    if right:
        return exercise(
            actor=actor, practice=practice, right=right, verb=VERB, reason=reason, attempted=attempted, about=practice
        )
    rows = [row for row in understood(LAYOUT, draft) if not row.cells["office"]]
    if not rows:
        raise ImportRefused("There is no row without an office in the file.")
    return take_part(
        actor=actor, practice=practice, verb=VERB, offices=part_offices(rows), reason=reason, attempted=attempted
    )
