"""An agenda imported: all of its items in one act."""

from audit.acts import service
from governance.authority import take_part
from governance.models import ImportDraft, Person
from governance.services.imports import ImportRefused, lock_upload, take_up
from meetings.models import AgendaItem, Meeting
from meetings.rules.workflow import BEFORE_SESSION
from meetings.selectors.agenda_import import check_agenda, drafted, presenters_of, rights_of
from meetings.services.agenda_items import write_items
from meetings.services.base import OVERSIGHT, RECORDERS, lock_meeting, name_meeting, require_state


@service
def import_agenda(*, actor: Person, meeting: Meeting, draft: ImportDraft) -> list[AgendaItem]:
    """Put the items of an upload on the agenda, each after the last of its topic, as if added by hand.

    Raises AuthorityRefused, RuleBroken, ImportRefused.
    """
    meeting = lock_meeting(meeting)
    held = lock_upload(draft, actor=actor)
    take_part(
        actor=actor,
        practice=meeting.practice,
        verb="agenda.imported",
        offices=RECORDERS,
        right=OVERSIGHT,
        about=meeting,
        attempted=f"Agenda {held.name}",
    )
    name_meeting(meeting)
    require_state(meeting, *BEFORE_SESSION)
    if held.about != meeting.code:
        raise ImportRefused("This file was uploaded for the agenda of another meeting.")
    rows = take_up(held, check_agenda(actor=actor, meeting=meeting, draft=held), "")
    rights, presenters = rights_of(meeting), presenters_of(meeting, rows)
    return write_items(meeting, [drafted(row.values, rights, presenters) for row in rows])
