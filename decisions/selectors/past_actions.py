"""What is wrong with a list of past corrective actions, row by row. Bounded queries, however many rows."""

from datetime import date

from decisions.models import CorrectiveAction
from decisions.services.rules import PROPOSERS
from decisions.sheets import PAST_ACTIONS
from governance.authority import Ruling, moment, rule_on_part, rule_on_right
from governance.models import Appointment, ImportDraft, Person, Practice
from governance.selectors.people import known_people
from governance.sheets.columns import Row
from governance.sheets.preview import Preview, understood

CLOSING_RIGHT = "DR-19"


def part_of(rows: list[Row]) -> str:
    """The right under which a list is imported: a decision (DR-19) as soon as one of its actions is closed."""
    return CLOSING_RIGHT if any(row.cells["closed_on"] for row in rows) else ""


def check_past_actions(*, actor: Person, practice: Practice, draft: ImportDraft) -> Preview:
    """Every row as understood, with what is wrong told at its column."""
    rows = understood(PAST_ACTIONS, draft)
    at, part = moment(), part_of(rows)
    today = practice.local(at).date()
    preview = Preview(layout=PAST_ACTIONS, rows=rows)
    taking = rule_on_part(person=actor, practice=practice, offices=PROPOSERS, at=at)
    if not taking.allowed:
        preview.barred = taking.sentence
    closing = rule_on_right(person=actor, practice=practice, code=CLOSING_RIGHT, at=at) if part else None
    if closing and closing.right:
        preview.titles[part] = closing.right.name
    people = people_of(practice, rows)
    in_office = set(Appointment.objects.in_force(at).filter(practice=practice).values_list("person", flat=True))
    known = {
        (one.title.casefold(), practice.local(one.opened_at).date()): one.code
        for one in CorrectiveAction.objects.filter(practice=practice, past__isnull=False)
    }
    before: dict[tuple[str, date], int] = {}
    for row in rows:
        row.part = part
        _days(row, today)
        for key in ("owner", "verifier"):
            person = people.get(row.values[key] or "")
            if row.values[key] and person is None:
                row.wrong(key.capitalize(), "nobody with this address is known here")
            elif person and not row.cells["closed_on"] and person.pk not in in_office:
                row.wrong(key.capitalize(), f"{person} holds no office in force here, and the action is open")
            elif person:
                row.notes.append(f"{key.capitalize()}: {person}.")
        _verifying(row, people, actor, closing)
        if row.sound("title", "opened_on"):
            same = (row.values["title"].casefold(), row.values["opened_on"])
            if same in known:
                row.wrong("Title", f"stands in the record already, with the same first day, as {known[same]}")
            if before.setdefault(same, row.number) != row.number:
                row.wrong("Title", f"stands in row {before[same]} with the same first day")
    return preview


def people_of(practice: Practice, rows: list[Row]) -> dict[str, Person]:
    """Whom the list names and this practice knows, by e-mail."""
    named = {row.values[key] for row in rows for key in ("owner", "verifier") if row.values[key]}
    return {one.account.email: one for one in known_people(practice).filter(account__email__in=named) if one.account}


def _days(row: Row, today: date) -> None:
    opened, due, closed = (row.values[key] for key in ("opened_on", "due_on", "closed_on"))
    if opened and opened >= today:
        row.wrong("Opened on", "is not past; open it by hand")
    if opened and due and due < opened:
        row.wrong("Due on", "is before the day on which it was opened")
    if opened and closed and closed < opened:
        row.wrong("Closed on", "is before the day on which it was opened")
    if closed and closed > today:
        row.wrong("Closed on", "is still to come")


def _verifying(row: Row, people: dict[str, Person], actor: Person, closing: Ruling | None) -> None:
    """Who verified, or will: never the owner; and whoever closes decides DR-19, never on an own action."""
    owner = people.get(row.values["owner"] or "")
    if row.values["owner"] and row.values["owner"] == row.values["verifier"]:
        row.wrong("Verifier", "whoever owns the action does not verify its effect; name another")
    if not row.cells["closed_on"]:
        for key in ("measure", "verifier"):
            if not row.cells[key]:
                row.wrong(key.capitalize(), "may not be empty while the action is open")
        if row.cells["result"]:
            row.wrong("Result", "is given, and the action is not closed")
        return
    if not row.cells["result"]:
        row.wrong("Result", "may not be empty for a closed action")
    if closing and not closing.allowed:
        row.wrong("Closed on", closing.sentence)
    elif closing and owner:
        for judge, called in closing.judges:
            if judge.pk == owner.pk:
                row.wrong("Owner", f"{called} own this action, and nobody closes an own one" if judge == actor else
                          f"{called} owns this action, and nobody closes an own one")  # fmt: skip
