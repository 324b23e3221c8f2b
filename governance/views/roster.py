"""Importing a roster: people, licenses and offices from a file."""

from django.http import HttpResponse
from django.urls import reverse

from governance.models import ImportDraft
from governance.selectors.roster import check_roster
from governance.services.roster import import_roster
from governance.sheets.roster import LAYOUT
from governance.views import importing
from governance.views.importing import Importing
from governance.web import PracticeRequest, practice_view


def _roster(request: PracticeRequest) -> Importing:
    request.section = "governance:people"  # type: ignore[attr-defined]
    slug = request.practice.slug

    def write(draft: ImportDraft, right: str, reason: str) -> str:
        new = import_roster(actor=request.person, practice=request.practice, draft=draft, right=right, reason=reason)
        told = f"; {len(new)} new here, whose invitations are on their way" if new else ""
        return f"The rows are imported{f' under {right}' if right else ''}{told}."

    return Importing(
        kind=ImportDraft.Kind.ROSTER,
        title="Roster",
        lead="People, their licenses and their offices from one file. You import what you could enter by hand, and"
        " nothing else: offices that your own office fills, and licenses that your side enters.",
        layout=LAYOUT,
        check=lambda draft: check_roster(actor=request.person, practice=request.practice, draft=draft),
        write=write,
        here=reverse("governance:import_roster", args=[slug]),
        there=reverse("governance:import_roster_rows", args=[slug]),
        back=reverse("governance:people", args=[slug]),
        back_label="People and offices",
        fresh=True,
    )


@practice_view()
def upload(request: PracticeRequest) -> HttpResponse:
    """Choose the file of a roster."""
    return importing.upload(request, _roster(request))


@practice_view()
def rows(request: PracticeRequest) -> HttpResponse:
    """Look at the rows of the roster, and import them."""
    return importing.preview(request, _roster(request))
