"""Corrective actions: the list, one action with its account, and the acts on it."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from audit.workflow import allowed_events, is_final
from decisions.forms.actions import ActionForm, EffectForm, NoteForm, WindowForm
from decisions.forms.filters import ActionFilter
from decisions.models import CorrectiveAction
from decisions.rules.workflow import CORRECTIVE_ACTION, ActionEvent, ActionState
from decisions.services import actions as acts
from decisions.services.rules import PROPOSERS
from decisions.views.acts import act_page, address, attempt, by_code, decides, tell
from decisions.views.marks import ACTION_KIND, tag
from governance.authority import right_in_force
from governance.lists import Column, Listing, matching
from governance.offices import PHYSICIANS
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required

SECTION = "decisions:actions"


def _listing(request: PracticeRequest) -> Listing:
    today = request.practice.local(timezone.now()).date()

    def due(row: CorrectiveAction) -> dict[str, Any]:
        late = row.state in {ActionState.OPEN, ActionState.REOPENED} and row.due_on < today
        return {"text": f"{row.due_on:%-d %b %Y}", "note": "overdue" if late else ""}

    return Listing(
        title="Corrective actions",
        lead="What is being put right. The owner shows that it was done, another person that it worked.",
        noun="corrective action",
        nouns="corrective actions",
        default="due",
        empty_title="No corrective action",
        empty_text="A finding with a root cause, an owner and a measure of effect stands here until it is closed.",
        columns=[
            Column(
                label="Number", key="number", order=("year", "number"),
                cell=lambda row: {"text": row.code, "url": address(request, "action", row.code)},
            ),
            Column(
                label="Action", key="title", order=("title", "pk"),
                cell=lambda row: {
                    "text": row.title, "url": address(request, "action", row.code),
                    "note": "entered afterwards" if hasattr(row, "past") else "",
                },
            ),
            Column(label="Owner", key="owner", order=("owner__name", "pk"), cell=lambda row: {"text": str(row.owner)}),
            Column(label="Due", key="due", order=("due_on", "pk"), cell=due, text=lambda row: row.due_on.isoformat()),
            Column(label="Strength", cell=lambda row: {"text": row.strength.capitalize()}),
            Column(
                label="State", key="state", order=("state", "pk"),
                cell=lambda row: tag(row.get_state_display(), ACTION_KIND.get(row.state)),
            ),
        ],
    )  # fmt: skip


def _rows(request: PracticeRequest) -> Any:
    return CorrectiveAction.objects.filter(practice=request.practice).select_related(
        "practice", "owner", "verifier", "decision", "past__act"
    )


@practice_view()
def actions(request: PracticeRequest) -> HttpResponse:
    """Every corrective action."""
    form = ActionFilter(request.GET, practice=request.practice)
    rows = _rows(request).filter(matching(CorrectiveAction, form.chosen("q"), "title", "root_cause", "action"))
    state = form.chosen("state")
    if state == "unclosed":
        rows = rows.exclude(state=ActionState.CLOSED)
    elif state == "overdue":
        today = request.practice.local(timezone.now()).date()
        rows = rows.filter(state__in=[ActionState.OPEN, ActionState.REOPENED], due_on__lt=today)
    elif state:
        rows = rows.filter(state=state)
    if form.chosen("owner"):
        rows = rows.filter(owner=form.chosen("owner"))
    new = (
        [
            ("Open an action", address(request, "action_new"), ""),
            ("Import past actions", address(request, "import_actions"), "plain"),
        ]
        if holds(request, *PROPOSERS)
        else []
    )
    return _listing(request).respond(request, rows, form, new)


@practice_view()
def action(request: PracticeRequest, code: str) -> HttpResponse:
    """One action: cause, measure, account, and what this person may do about it."""
    found = _found(request, code)
    reviews = list(found.reviews.select_related("person", "appointment"))
    if past := past_page(request, found, key=found.code, title=str(found), rows=reviews):
        return past
    context = {
        "found": found,
        "tag_kind": ACTION_KIND.get(ActionState(found.state), ""),
        "actions": _actions(request, found),
        "reviews": reviews,
        "events": events(request, found, key=found.code, rows=reviews),
    }
    return render(request, "decisions/action.html", context)


def _found(request: PracticeRequest, code: str) -> CorrectiveAction:
    request.section = SECTION  # type: ignore[attr-defined]
    return by_code(_rows(request), code)


def _actions(request: PracticeRequest, found: CorrectiveAction) -> list[tuple[str, str, str]]:
    events = allowed_events(CORRECTIVE_ACTION, found.state)
    own, judges = found.owner_id == request.person.pk, found.verifier_id == request.person.pk
    offered = []
    if ActionEvent.SUBMIT_EVIDENCE in events and own:
        offered.append(("Submit evidence", "evidence"))
    if ActionEvent.START_WINDOW in events and not own and (judges or holds(request, *PHYSICIANS)):
        offered.append(("Judge the evidence", "window"))
    closing = ActionEvent.VERIFY_EFFECTIVE in events and not own
    if closing and decides(request, right_in_force(request.practice, acts.CLOSING_RIGHT)):
        offered.append(("Verify the effect", "verify"))
    if not is_final(CORRECTIVE_ACTION, found.state) and holds(request, *PROPOSERS):
        offered.append(("Note a review", "review"))
    return [
        (label, address(request, f"action_{name}", found.code), "plain" if position else "")
        for position, (label, name) in enumerate(offered)
    ]


@practice_view()
def action_new(request: PracticeRequest) -> HttpResponse:
    """Open a corrective action."""
    request.section = SECTION  # type: ignore[attr-defined]
    form = ActionForm(request.POST or None, practice=request.practice)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form, lambda: acts.open_action(actor=request.person, practice=request.practice, **form.cleaned_data)
        )
        if made:
            tell(request, f"{made.code} is open.")
            return redirect("decisions:action", request.practice.slug, made.code)
    return act_page(
        request, form, title="Open a corrective action", submit="Open the action",
        back=("Corrective actions", address(request, "actions")),
    )  # fmt: skip


def _act(
    request: PracticeRequest,
    code: str,
    form_class: type[forms.Form],
    service: Callable[..., object],
    title: str,
    done: str,
    effects: Iterable[str] = (),
    *,
    sealed: bool = False,
) -> HttpResponse:
    found = _found(request, code)
    form = form_class(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        if "effective" in typed:
            typed["effective"] = typed["effective"] == "yes"
        if attempt(form, lambda: service(actor=request.person, corrective_action=found, **typed)):
            tell(request, f"{found.code}: {done}.", sealed=sealed)
            return redirect("decisions:action", request.practice.slug, found.code)
    back = (found.code, address(request, "action", found.code))
    record = [("What will be done", found.action), ("Measure of effect", found.measure)]
    return act_page(
        request, form, title=title, submit=title, eyebrow=str(found), back=back, effects=effects, record=record
    )


@practice_view()
def evidence(request: PracticeRequest, code: str) -> HttpResponse:
    """The owner shows what was done."""
    effects = [f"{_found(request, code).verifier} or a physician judges it."]
    return _act(request, code, NoteForm, acts.submit_evidence, "Submit evidence", "evidence is submitted", effects)


@practice_view()
def window(request: PracticeRequest, code: str) -> HttpResponse:
    """Another person accepts the evidence; the effect is watched."""
    return _act(request, code, WindowForm, acts.start_window, "Start the window", "its window has begun")


@practice_view()
@recent_sign_in_required(on_get=False)
def verify(request: PracticeRequest, code: str) -> HttpResponse:
    """The Medical Director decides whether it worked."""
    return _act(
        request, code, EffectForm, acts.verify_effect, "Verify the effect", "its effect is verified", sealed=True
    )


@practice_view()
def review(request: PracticeRequest, code: str) -> HttpResponse:
    """Note how it stands."""
    return _act(request, code, NoteForm, acts.review_action, "Note a review", "the review is noted")
