"""Importing past corrective actions."""

from django.http import HttpResponse
from django.urls import reverse

from decisions.selectors.past_actions import check_past_actions
from decisions.services.past_actions import import_past_actions
from decisions.sheets import PAST_ACTIONS
from governance.models import ImportDraft
from governance.views import importing
from governance.views.importing import Importing
from governance.web import PracticeRequest, practice_view


def _past_actions(request: PracticeRequest) -> Importing:
    request.section = "decisions:actions"  # type: ignore[attr-defined]
    slug = request.practice.slug

    def write(draft: ImportDraft, right: str, reason: str) -> str:
        made = import_past_actions(
            actor=request.person, practice=request.practice, draft=draft, right=right, reason=reason
        )
        return f"{len(made)} corrective action{'' if len(made) == 1 else 's'} entered, marked as entered afterwards."

    return Importing(
        kind=ImportDraft.Kind.ACTIONS,
        title="Past corrective actions",
        lead="What was being put right before it was kept here. Each action says that it was entered afterwards, by"
        " whom and when; those still open stand on the next agenda like any other.",
        layout=PAST_ACTIONS,
        check=lambda draft: check_past_actions(actor=request.person, practice=request.practice, draft=draft),
        write=write,
        here=reverse("decisions:import_actions", args=[slug]),
        there=reverse("decisions:import_actions_rows", args=[slug]),
        back=reverse("decisions:actions", args=[slug]),
        back_label="Corrective actions",
        fresh=True,
    )


@practice_view()
def upload(request: PracticeRequest) -> HttpResponse:
    """Choose the file of past actions."""
    return importing.upload(request, _past_actions(request))


@practice_view()
def rows(request: PracticeRequest) -> HttpResponse:
    """Look at the rows of the list, and import them."""
    return importing.preview(request, _past_actions(request))
