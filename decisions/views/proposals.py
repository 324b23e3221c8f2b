"""Change proposals: the list, one proposal with its gate, and putting a new one."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from decisions.forms.filters import ProposalFilter
from decisions.forms.proposals import ProposalForm, kept_as_proposal
from decisions.models import Proposal
from decisions.rules.workflow import ProposalEvent, ProposalState
from decisions.selectors.papers import papers_of
from decisions.selectors.proposals import Dossier, differences, dossier, may_determine
from decisions.services import proposals as acts
from decisions.services.gate import CHECKERS, SWITCHERS
from decisions.services.papers import OPEN
from decisions.services.rules import PROPOSERS
from decisions.views.acts import act_page, address, attempt, by_code, decides, tell
from decisions.views.marks import PROPOSAL_KIND, tag
from governance.lists import Cell, Column, Listing, matching
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view

SECTION = "decisions:proposals"


def _listing(request: PracticeRequest) -> Listing:
    def title(row: Proposal) -> Cell:
        return {"text": row.title, "url": address(request, "proposal", row.code), "note": row.get_kind_display()}

    return Listing(
        title="Proposals",
        lead="What only the physicians may allow is proposed, determined by them, and goes live behind a gate.",
        noun="proposal",
        nouns="proposals",
        default="-number",
        empty_title="No proposal",
        empty_text="Either side may propose a service line, or a change of operations that touches care.",
        columns=[
            Column(
                label="Number", key="number", order=("year", "number"),
                cell=lambda row: {"text": row.code, "url": address(request, "proposal", row.code)},
            ),
            Column(label="Proposal", key="title", order=("title", "pk"), cell=title),
            Column(label="Right", key="right", order=("right__code", "pk"), cell=lambda row: {"text": row.right.code}),
            Column(label="Site", cell=lambda row: {"text": row.site.name if row.site else ""}),
            Column(label="Revision", cell=lambda row: {"text": row.revision, "numeric": True}),
            Column(
                label="State", key="state", order=("state", "pk"),
                cell=lambda row: tag(row.get_state_display(), PROPOSAL_KIND.get(row.state)),
            ),
        ],
    )  # fmt: skip


@practice_view()
def proposals(request: PracticeRequest) -> HttpResponse:
    """Every proposal of the practice."""
    form = ProposalFilter(request.GET, practice=request.practice)
    rows = Proposal.objects.filter(
        matching(Proposal, form.chosen("q"), "title", "service__name", "site__name", "right__code"),
        practice=request.practice,
    ).select_related("right", "site")
    for name in ("state", "kind"):
        if form.chosen(name):
            rows = rows.filter(**{name: form.chosen(name)})
    new = [("Propose a change", address(request, "proposal_new"), "")] if holds(request, *PROPOSERS) else []
    return _listing(request).respond(request, rows, form, new)


@practice_view()
def proposal(request: PracticeRequest, code: str) -> HttpResponse:
    """One proposal: its text and what changed in it, the gate with what is missing, determinations, acts."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = by_code(_rows(request), code)
    known = dossier(found)
    rows = [*known.revisions, *known.determinations]
    if past := past_page(request, found, key=found.code, title=str(found), rows=rows):
        return past
    determinable = decides(request, found.right) and may_determine(found, known.current.person_id, request.person.pk)
    if determinable:
        remember_opening(request, found)
    earlier = _earlier(known, request.GET.get("from", ""))
    context = {
        "dossier": known,
        "found": found,
        "tag_kind": PROPOSAL_KIND.get(ProposalState(found.state), ""),
        "earlier": earlier,
        "differences": differences(earlier, known.current) if earlier else [],
        "actions": _actions(request, known, determinable),
        "papers": papers_of(found),
        "may_attach": found.state in OPEN and holds(request, *PROPOSERS),
        "gate_shown": found.state in {ProposalState.SUBMITTED, ProposalState.APPROVED, ProposalState.LIVE},
        "events": events(request, found, key=found.code, rows=rows),
    }
    return render(request, "decisions/proposal.html", context)


def _rows(request: PracticeRequest) -> Any:
    return Proposal.objects.filter(practice=request.practice).select_related(
        "practice", "right", "service", "site", "from_item", "go_live"
    )


def _earlier(known: Dossier, asked: str) -> Any:
    """The revision to compare with: the one asked for, else the one before the current."""
    others = known.revisions[1:]
    return next((one for one in others if str(one.number) == asked), others[0] if others else None)


def _actions(request: PracticeRequest, known: Dossier, determinable: bool) -> list[tuple[str, str, str]]:
    """The acts this person may do now: label, address, variant. The first is the filled button."""
    found, events = known.proposal, known.events
    offered = []
    if determinable:
        offered += [("Approve", "approve"), ("Return", "return"), ("Refuse", "refuse")]
    if ProposalEvent.GO_LIVE in events and known.gate.open and holds(request, *SWITCHERS):
        offered.append(("Go live", "go_live"))
    checkable = found.state in {ProposalState.SUBMITTED, ProposalState.APPROVED}
    if checkable and known.open_requirements and holds(request, *CHECKERS):
        offered.append(("Record a requirement", "check"))
    if ProposalEvent.REVISE in events and holds(request, *PROPOSERS):
        offered.append(("Revise", "revise"))
    if ProposalEvent.WITHDRAW in events and any(one.person_id == request.person.pk for one in known.revisions):
        offered.append(("Withdraw", "withdraw"))
    return [
        (
            label,
            address(request, f"proposal_{name}", found.code),
            "stop" if name in {"refuse", "withdraw"} else "" if position == 0 else "plain",
        )
        for position, (label, name) in enumerate(offered)
    ]


def opening_key(found: Proposal) -> str:
    """Where the session keeps when this revision was opened."""
    return f"opened {found.pk} {found.revision}"


def remember_opening(request: PracticeRequest, found: Proposal) -> None:
    """Keep when the decider first opened this revision."""
    request.session.setdefault(opening_key(found), timezone.now().isoformat())


@practice_view()
def proposal_new(request: PracticeRequest) -> HttpResponse:
    """Put a change to the physicians. `prefill=1` shows the form with what was typed elsewhere, and writes nothing."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    if request.POST.get("prefill") == "1":
        return proposal_form(request, ProposalForm(initial=kept_as_proposal(practice, request.POST), practice=practice))
    form = ProposalForm(request.POST or None, practice=practice)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: acts.propose(actor=request.person, practice=practice, **form.cleaned_data))
        if made:
            tell(request, f"{made.code} lies before the physicians.")
            return redirect("decisions:proposal", practice.slug, made.code)
    return proposal_form(request, form)


def proposal_form(request: PracticeRequest, form: forms.Form, *, notice: str = "") -> HttpResponse:
    """The page of a new proposal."""
    return act_page(
        request,
        form,
        title="Propose a change",
        lead="The physicians determine the exact text you put to them. A later edit makes a new revision.",
        submit="Propose",
        back=("Proposals", address(request, "proposals")),
        action=address(request, "proposal_new"),
        means="decisions:proposal_new",
        notice=notice,
    )
