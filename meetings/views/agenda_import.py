"""Importing an agenda."""

from django.http import HttpResponse
from django.urls import reverse

from decisions.services.rules import RuleBroken
from governance.models import ImportDraft
from governance.services.imports import ImportRefused
from governance.views import importing
from governance.views.importing import Importing
from governance.web import PracticeRequest, practice_view
from meetings.selectors.agenda_import import check_agenda
from meetings.services.agenda_import import import_agenda
from meetings.sheets import AGENDA
from meetings.views.common import find_meeting


def _agenda(request: PracticeRequest, code: str) -> Importing:
    meeting = find_meeting(request, code)
    where = [request.practice.slug, code]

    def write(draft: ImportDraft, _right: str, _reason: str) -> str:
        try:
            added = import_agenda(actor=request.person, meeting=meeting, draft=draft)
        except RuleBroken as broken:
            raise ImportRefused(str(broken)) from broken
        return f"{len(added)} item{'' if len(added) == 1 else 's'} put on the agenda."

    return Importing(
        kind=ImportDraft.Kind.AGENDA,
        about=code,
        title=f"Agenda of {meeting.practice.local(meeting.starts_at):%-d %B %Y}",
        lead="Items from a file join those that stand on the agenda already, each after the last of its topic. All of "
        "them are open: a chair puts a closed item by itself, never from a file.",
        layout=AGENDA,
        check=lambda draft: check_agenda(actor=request.person, meeting=meeting, draft=draft),
        write=write,
        here=reverse("meetings:import_agenda", args=where),
        there=reverse("meetings:import_agenda_rows", args=where),
        back=reverse("meetings:agenda", args=where),
        back_label="Agenda",
    )


@practice_view()
def upload(request: PracticeRequest, code: str) -> HttpResponse:
    """Choose the file of an agenda."""
    return importing.upload(request, _agenda(request, code))


@practice_view()
def rows(request: PracticeRequest, code: str) -> HttpResponse:
    """Look at the rows of the agenda, and import them."""
    return importing.preview(request, _agenda(request, code))
