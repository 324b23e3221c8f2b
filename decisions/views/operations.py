"""The operational log: what the MSO did under its own rights, and what the physicians pulled over the line."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from decisions.forms.filters import OperationFilter
from decisions.forms.log import ItemForm
from decisions.forms.proposals import ProposalForm, ReasonForm, kept_as_proposal
from decisions.models import OperationalItem
from decisions.rules.screen import CHANGE_RIGHT, QUESTIONS
from decisions.services import log as acts
from decisions.services.rules import PROPOSERS
from decisions.views.acts import act_page, address, asked_first, attempt, by_code, decides, tell
from decisions.views.marks import tag
from decisions.views.proposals import proposal_form
from governance.authority import right_in_force
from governance.lists import Column, Listing, matching
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required

SECTION = "decisions:operations"


def _listing(request: PracticeRequest) -> Listing:
    return Listing(
        title="Operations",
        lead="What the management company did under its own rights. Each item answered seven questions about care.",
        noun="item",
        nouns="operational items",
        default="-happened",
        empty_title="No operational item",
        empty_text="What the management company does under its own rights is logged here.",
        columns=[
            Column(
                label="Number", key="number", order=("year", "number"),
                cell=lambda row: {"text": row.code, "url": address(request, "operation", row.code)},
            ),
            Column(
                label="Item", key="title", order=("title", "pk"),
                cell=lambda row: {"text": row.title, "url": address(request, "operation", row.code)},
            ),
            Column(
                label="Category", key="category", order=("category", "pk"),
                cell=lambda row: {"text": row.get_category_display()},
            ),
            Column(label="Right", key="right", order=("right__code", "pk"), cell=lambda row: {"text": row.right.code}),
            Column(label="Logged by", cell=lambda row: {"text": str(row.person)}),
            Column(
                label="Happened", key="happened", order=("happened_on", "pk"),
                cell=lambda row: {"text": f"{row.happened_on:%-d %b %Y}"},
                text=lambda row: row.happened_on.isoformat(),
            ),
            Column(
                label="State", key="state", order=("state", "pk"),
                cell=lambda row: tag(row.get_state_display(), "due" if row.state == "pulled" else ""),
            ),
        ],
    )  # fmt: skip


def _rows(request: PracticeRequest) -> Any:
    return OperationalItem.objects.filter(practice=request.practice).select_related(
        "practice", "right", "person", "appointment", "proposal"
    )


@practice_view()
def operations(request: PracticeRequest) -> HttpResponse:
    """The log."""
    form = OperationFilter(request.GET, practice=request.practice)
    rows = _rows(request).filter(matching(OperationalItem, form.chosen("q"), "title", "detail", "right__code"))
    for name in ("category", "state"):
        if form.chosen(name):
            rows = rows.filter(**{name: form.chosen(name)})
    new = [("Log an item", address(request, "operation_new"), "")] if holds(request, *PROPOSERS) else []
    return _listing(request).respond(request, rows, form, new)


@practice_view()
def operation(request: PracticeRequest, code: str) -> HttpResponse:
    """One item with its seven answers."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = by_code(_rows(request), code)
    if past := past_page(request, found, key=found.code, title=str(found)):
        return past
    context = {
        "found": found,
        "screen": [(question.text, "Yes" if found.screen.get(question.code) else "No") for question in QUESTIONS],
        "proposal": getattr(found, "proposal", None),
        "may_pull": found.state == OperationalItem.State.LOGGED
        and decides(request, right_in_force(request.practice, CHANGE_RIGHT)),
        "events": events(request, found, key=found.code),
    }
    return render(request, "decisions/operation.html", context)


@practice_view()
def operation_new(request: PracticeRequest) -> HttpResponse:
    """Log an item. A yes of the screen turns what was typed into a proposal; of another's right it asks first."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    form = ItemForm(request.POST or None, practice=practice)
    page: dict[str, Any] = {
        "title": "Log an operational item",
        "submit": "Log the item",
        "back": ("Operations", address(request, "operations")),
    }
    if request.method == "POST" and form.is_valid():
        if asked := asked_first(request, form, **page):
            return asked
        fields = {name: form.cleaned_data[name] for name in ("right", "category", "title", "detail", "happened_on")}
        try:
            made = attempt(
                form,
                lambda: acts.log_item(actor=request.person, practice=practice, screen=form.answers, **fields),
            )
        except acts.ClinicalEffect as effect:
            kept = kept_as_proposal(practice, {**request.POST.dict(), "right": CHANGE_RIGHT})
            return proposal_form(request, ProposalForm(initial=kept, practice=practice), notice=str(effect))
        if made:
            tell(request, f"{made.code} is logged.")
            return redirect("decisions:operation", practice.slug, made.code)
    return act_page(request, form, **page)


@practice_view()
@recent_sign_in_required(on_get=False)
def pull(request: PracticeRequest, code: str) -> HttpResponse:
    """Declare that a logged item has clinical effect."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = by_code(_rows(request), code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: acts.pull_over_the_line(actor=request.person, item=found, **form.cleaned_data))
        if made:
            tell(request, f"{found.code} is over the line and lies before the physicians as {made.code}.")
            return redirect("decisions:proposal", request.practice.slug, made.code)
    return act_page(
        request,
        form,
        title="Pull over the line",
        submit="Pull over the line",
        eyebrow=str(found),
        back=(found.code, address(request, "operation", found.code)),
        effects=[
            "You put its first text, so another holder of the right determines it. You may determine the MSO's answer.",
        ],
    )
