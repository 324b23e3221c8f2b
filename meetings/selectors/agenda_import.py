"""What is wrong with an agenda from a file, row by row, by the rules of adding an item by hand."""

from typing import Any

from governance.authority import moment, rule_on_part
from governance.models import Appointment, DecisionRight, ImportDraft, Person
from governance.selectors.catalogue import catalogue_at
from governance.sheets.columns import Row
from governance.sheets.preview import Preview, understood
from meetings.choices import Purpose, Topic
from meetings.models import AgendaItem, Meeting
from meetings.rules.workflow import BEFORE_SESSION
from meetings.services.agenda_items import Draft
from meetings.services.base import RECORDERS
from meetings.services.item_values import is_standing
from meetings.sheets import AGENDA, YES


def check_agenda(*, actor: Person, meeting: Meeting, draft: ImportDraft) -> Preview:
    """Every row as understood, with what is wrong told at its column. Its queries do not grow with the file."""
    preview = Preview(layout=AGENDA, rows=understood(AGENDA, draft))
    ruling = rule_on_part(person=actor, practice=meeting.practice, offices=RECORDERS, at=moment())
    if not ruling.allowed:
        preview.barred = ruling.sentence
    elif meeting.state not in BEFORE_SESSION:
        preview.barred = "The meeting has been opened; items are added in the room."
    rights, presenters = rights_of(meeting), presenters_of(meeting, preview.rows)
    known = {(item.topic, item.title): item.position for item in meeting.items.all()}
    before: dict[tuple[str, str], int] = {}
    for row in preview.rows:
        code = row.values["right"]
        if code and code not in rights:
            row.wrong("Right", f"the catalogue in force has no right {code}")
        if row.values["purpose"] == Purpose.DECISION and not code:
            row.wrong("Right", "an item for decision names the right under which it is decided")
        if row.sound("title", "topic"):
            same = (row.values["topic"], row.values["title"])
            if same in known:
                row.wrong("Title", f"stands on the agenda under this topic already, as item {known[same]}")
            if before.setdefault(same, row.number) != row.number:
                row.wrong("Title", f"stands in row {before[same]} under this topic")
            if row.values["consent"] == YES and is_standing(AgendaItem(topic=same[0], title=same[1])):
                row.wrong("Consent", "a standing topic needs an account of its own, so it is not taken by consent")
        if code in rights:
            row.notes.append(str(rights[code]))
        named = row.values["presenter"] or ""
        if named in presenters:
            row.notes.append(f"Presenter: {presenters[named]}.")
        elif "@" in named:
            row.wrong("Presenter", "nobody in office here has this address; write a name instead")
    return preview


def rights_of(meeting: Meeting) -> dict[str, DecisionRight]:
    """The rights of the catalogue in force, by code."""
    catalogue = catalogue_at(meeting.practice, moment())
    return {right.code: right for right in catalogue.rights} if catalogue else {}


def presenters_of(meeting: Meeting, rows: list[Row]) -> dict[str, Person]:
    """Whom the rows name by address and who holds an office here, by e-mail."""
    named = {row.values["presenter"] for row in rows if "@" in (row.values["presenter"] or "")}
    in_office = Appointment.objects.in_force(moment()).filter(practice=meeting.practice)
    found = Person.objects.filter(pk__in=in_office.values("person"), account__email__in=named)
    return {one.account.email: one for one in found.select_related("account") if one.account}


def drafted(values: dict[str, Any], rights: dict[str, DecisionRight], presenters: dict[str, Person]) -> Draft:
    """The item that a row without problems says."""
    person = presenters.get(values["presenter"] or "")
    return Draft(
        topic=Topic(values["topic"]),
        title=values["title"],
        purpose=Purpose(values["purpose"] or Purpose.DISCUSSION),
        presenter=str(person) if person else values["presenter"] or "",
        presenter_person=person,
        budget=values["budget"],
        consent=values["consent"] == YES,
        right=rights[values["right"]] if values["right"] else None,
    )
