"""Past corrective actions imported: in one act, each flagged as entered afterwards."""

from datetime import date, datetime, time

from audit.acts import current, record, service
from decisions.models import CorrectiveAction, PastAction
from decisions.rules.workflow import ActionState
from decisions.selectors.past_actions import CLOSING_RIGHT, check_past_actions, part_of, people_of
from decisions.services.rules import PROPOSERS, hold
from decisions.sheets import PAST_ACTIONS
from governance.authority import exercise, take_part
from governance.models import ImportDraft, Person, Practice
from governance.models.scoped import next_number
from governance.services.imports import each, lock_upload, take_up
from governance.sheets.columns import Row
from governance.sheets.preview import understood

VERB = "actions.imported"


@service
def import_past_actions(
    *, actor: Person, practice: Practice, draft: ImportDraft, right: str = "", reason: str = ""
) -> list[CorrectiveAction]:
    """Enter the actions of an upload as they stood: open ones by who may open, closed ones by who decides DR-19.

    The act is flagged as back-entry; its own moment is now, and what the list says of the past stands in the rows.
    Raises AuthorityRefused, ImportRefused.
    """
    hold(practice)
    held = lock_upload(draft, actor=actor)
    attempted = f"Past corrective actions, {held.name}"
    if part_of(understood(PAST_ACTIONS, held)):
        exercise(
            actor=actor, practice=practice, right=CLOSING_RIGHT, verb=VERB, reason=reason, attempted=attempted,
            about=practice,
        )  # fmt: skip
    else:
        take_part(
            actor=actor, practice=practice, verb=VERB, offices=PROPOSERS, right=CLOSING_RIGHT, reason=reason,
            attempted=attempted, about=practice,
        )  # fmt: skip
    act = current()
    act.flag = act.flag or "back-entry"
    rows = take_up(held, check_past_actions(actor=actor, practice=practice, draft=held), right)
    people = people_of(practice, rows)
    return each(rows, lambda row: write_past_action(practice, row, people, actor))


def write_past_action(practice: Practice, row: Row, people: dict[str, Person], actor: Person) -> CorrectiveAction:
    """Enter one action that was opened before, inside the current act; its number is of the year it was opened in."""
    values = row.values
    closed: date | None = values["closed_on"]
    made = CorrectiveAction.objects.create(
        practice=practice,
        **next_number(CorrectiveAction, practice, values["opened_on"].year),
        title=values["title"],
        root_cause=values["root_cause"],
        action=values["action"],
        strength=values["strength"],
        owner=people[values["owner"]],
        due_on=values["due_on"],
        measure=values["measure"] or "",
        verifier=people[values["verifier"]] if values["verifier"] else actor,
        state=ActionState.CLOSED if closed else ActionState.OPEN,
        opened_at=_begin(values["opened_on"], practice),
        closed_at=_begin(closed, practice) if closed else None,
    )
    record(PastAction, corrective_action=made, result=values["result"] or "")
    return made


def _begin(day: date, practice: Practice) -> datetime:
    return datetime.combine(day, time.min, practice.zone)
