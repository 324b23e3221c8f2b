"""The pages of papers: attaching one, and one with its versions; meetings lay theirs on the same pages."""

from collections.abc import Callable, Collection
from functools import partial
from typing import Any

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from decisions.forms.papers import AttachForm, ReplaceForm, WithdrawForm
from decisions.models import PaperVersion, Proposal
from decisions.selectors.papers import Shown, papers_of
from decisions.services import papers as acts
from decisions.services.rules import PROPOSERS
from decisions.views.acts import act_page, address, attempt, by_code, tell
from decisions.views.proposals import SECTION
from governance.choices import Side
from governance.models import DecisionRight
from governance.web import PracticeRequest, holds, on_side, practice_view


def attach_page(
    request: PracticeRequest,
    attach: Callable[..., PaperVersion],
    *,
    to: str,
    eyebrow: str,
    back: tuple[str, str],
    effects: list[str],
    under: Collection[DecisionRight] = (),
) -> HttpResponse:
    """The form of a new paper, and what it says once it is attached."""
    form = AttachForm(request.POST or None, request.FILES or None)
    if form.is_valid() and (made := attempt(form, partial(attach, **given(form)))):
        tell(request, f"“{made.title}” is attached.")
        return redirect(to)
    return act_page(
        request,
        form,
        title="Attach a paper",
        submit="Attach",
        eyebrow=eyebrow,
        back=back,
        effects=effects,
        files=True,
        under=under,
    )


def given(form: forms.Form) -> dict[str, Any]:
    """What a form gives to its service: what was typed, and the bytes and the name of its file."""
    typed = {name: value for name, value in form.cleaned_data.items() if name not in ("act", "file")}
    file = form.cleaned_data.get("file")
    return {**typed, "data": file.read(), "name": file.name} if file else typed


def paper_page(
    request: PracticeRequest,
    paper: Shown,
    *,
    here: str,
    eyebrow: str,
    back: tuple[str, str],
    replace: Callable[..., object] | None,
    withdraw: Callable[..., object] | None,
    under: Collection[DecisionRight] = (),
) -> HttpResponse:
    """One paper with its versions; the two forms only for who may, who is given the services."""
    act = request.POST.get("act", "")
    asked: dict[str, Any] = {
        name: {"data": request.POST, "files": request.FILES} if act == name else {} for name in ("replace", "withdraw")
    }
    replacing = ReplaceForm(auto_id="replace_%s", initial={"title": paper.newest.title}, **asked["replace"])
    withdrawing = WithdrawForm(auto_id="withdraw_%s", **asked["withdraw"])
    for form, service, done in (
        (replacing, replace, "The new version stands; the earlier one stays."),
        (withdrawing, withdraw, "The paper is withdrawn; its versions stay."),
    ):
        if service and form.is_bound and form.is_valid() and attempt(form, partial(service, **given(form))):
            tell(request, done)
            return redirect(here)
    context = {
        "paper": paper,
        "eyebrow": eyebrow,
        "back": back,
        "replacing": replacing if replace and not paper.withdrawal else None,
        "under": under,
        "withdrawing": withdrawing if withdraw and not paper.withdrawal else None,
    }
    return render(request, "decisions/paper.html", context)


def _found(request: PracticeRequest, code: str) -> Proposal:
    request.section = SECTION  # type: ignore[attr-defined]
    return by_code(Proposal.objects.filter(practice=request.practice).select_related("practice", "right"), code)


def may_attach(request: PracticeRequest, proposal: Proposal) -> bool:
    """Whether the page offers the form."""
    return proposal.state in acts.OPEN and holds(request, *PROPOSERS)


@practice_view()
def attach(request: PracticeRequest, code: str) -> HttpResponse:
    """Attach a paper to a proposal."""
    found = _found(request, code)
    return attach_page(
        request,
        partial(acts.attach_to_proposal, actor=request.person, proposal=found),
        to=address(request, "proposal", found.code),
        eyebrow=str(found),
        back=(found.code, address(request, "proposal", found.code)),
        effects=[
            "It goes with the proposal onto the agenda, and whoever sees the meeting sees it.",
            "It is never deleted: it is replaced by a new version, or withdrawn with a reason, by your side.",
        ],
        under=[found.right],
    )


@practice_view()
def paper(request: PracticeRequest, code: str, paper: int) -> HttpResponse:
    """One paper of a proposal."""
    found = _found(request, code)
    shown = next((one for one in papers_of(found) if one.paper.pk == paper), None)
    if shown is None:
        raise Http404("There is no such page.")
    may = may_attach(request, found) and on_side(request, Side(shown.newest.side))
    return paper_page(
        request,
        shown,
        here=address(request, "paper", found.code, paper),
        eyebrow=str(found),
        back=(found.code, address(request, "proposal", found.code)),
        under=[found.right],
        replace=partial(acts.replace_proposal_paper, actor=request.person, paper=shown.paper) if may else None,
        withdraw=partial(acts.withdraw_proposal_paper, actor=request.person, paper=shown.paper) if may else None,
    )
