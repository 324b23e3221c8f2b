"""The acts on one proposal, each a page with its form."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from decisions.forms.proposals import CheckForm, DetermineForm, GoLiveForm, ReasonForm, ReviseForm
from decisions.models import Determination, Proposal
from decisions.rules.gate import CheckState
from decisions.selectors.proposals import PARTS, dossier
from decisions.services import gate
from decisions.services import proposals as acts
from decisions.views.acts import act_page, address, attempt, by_code, tell
from decisions.views.proposals import SECTION, opening_key, remember_opening
from governance.offices import PHYSICIANS
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required, want_recent_sign_in


def _found(request: PracticeRequest, code: str) -> Proposal:
    request.section = SECTION  # type: ignore[attr-defined]
    rows = Proposal.objects.filter(practice=request.practice)
    return by_code(rows.select_related("practice", "right", "service", "site"), code)


def _page(request: PracticeRequest, found: Proposal, form: Any, title: str, submit: str, **more: Any) -> HttpResponse:
    back = (found.code, address(request, "proposal", found.code))
    return act_page(
        request, form, title=title, submit=submit, eyebrow=str(found), back=back, under=[found.right], **more
    )  # fmt: skip


def _text(found: Proposal) -> list[tuple[str, str]]:
    current = found.revisions.get(number=found.revision)
    return [(label, getattr(current, part)) for part, label in PARTS]


@practice_view()
def revise(request: PracticeRequest, code: str) -> HttpResponse:
    """A new revision of the text; an approval does not survive it."""
    found = _found(request, code)
    current = found.revisions.get(number=found.revision)
    before = {part: getattr(current, part) for part, _ in PARTS}
    form = ReviseForm(request.POST or None, initial={**before, "revision": found.revision})
    if request.method == "POST" and form.is_valid():
        typed = dict(form.cleaned_data)
        base = typed.pop("revision")
        made = attempt(form, lambda: acts.revise(actor=request.person, proposal=found, base_revision=base, **typed))
        if made:
            tell(request, f"Revision {made.number} of {found.code} lies before the physicians.")
            return redirect("decisions:proposal", request.practice.slug, found.code)
    return _page(request, found, form, "Revise the proposal", "Put the new revision")


def _determine(
    request: PracticeRequest,
    code: str,
    service: Callable[..., Determination],
    title: str,
    done: str,
    effects: list[str],
    variant: str = "",
) -> HttpResponse:
    found = _found(request, code)
    if request.method == "GET":
        remember_opening(request, found)
    form = DetermineForm(request.POST or None, initial={"revision": found.revision})
    if request.method == "POST" and form.is_valid():
        opened = request.session.get(opening_key(found))
        made = attempt(
            form,
            lambda: service(
                actor=request.person,
                proposal=found,
                opened_at=datetime.fromisoformat(opened) if opened else None,
                **form.cleaned_data,
            ),
        )
        if made:
            tell(request, f"{found.code}, revision {made.revision_number}: {done}.", sealed=True)
            return redirect("decisions:proposal", request.practice.slug, found.code)
    return _page(
        request, found, form, title, title, effects=effects, variant=variant, record=_text(found),
        record_title=f"Revision {found.revision}",
    )  # fmt: skip


@practice_view()
@recent_sign_in_required()
def approve(request: PracticeRequest, code: str) -> HttpResponse:
    """Approve the exact revision shown."""
    effects = ["The go-live gate still has to open before anything is carried out."]
    return _determine(request, code, acts.approve_proposal, "Approve this revision", "approved", effects)


@practice_view()
@recent_sign_in_required(on_get=False)
def send_back(request: PracticeRequest, code: str) -> HttpResponse:
    """Return the revision to its proposers."""
    effects = ["The proposers see your words."]
    return _determine(request, code, acts.return_proposal, "Return this revision", "returned", effects)


@practice_view()
@recent_sign_in_required(on_get=False)
def refuse(request: PracticeRequest, code: str) -> HttpResponse:
    """Refuse the proposal for good."""
    effects = ["A changed idea needs a new proposal."]
    return _determine(request, code, acts.refuse_proposal, "Refuse this proposal", "refused", effects, "stop")


@practice_view()
def check(request: PracticeRequest, code: str) -> HttpResponse:
    """Record a requirement of the gate as met or waived, for the current revision; a waiver wants a fresh sign-in."""
    if request.POST.get("state") == CheckState.WAIVED:
        want_recent_sign_in(request)
    found = _found(request, code)
    form = CheckForm(
        request.POST or None,
        initial={"revision": found.revision, "requirement": request.GET.get("requirement")},
        open_requirements=dossier(found).open_requirements,
        may_waive=holds(request, *PHYSICIANS),
    )
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: gate.record_check(actor=request.person, proposal=found, **form.cleaned_data))
        if made:
            tell(request, f"{made.get_requirement_display()}: {made.state}.")
            return redirect("decisions:proposal", request.practice.slug, found.code)
    effects = ["It is not changed afterwards."]
    return _page(request, found, form, "Record a requirement", "Record", effects=effects)


@practice_view()
def go_live(request: PracticeRequest, code: str) -> HttpResponse:
    """Switch the approved revision live, behind its open gate."""
    found = _found(request, code)
    proposed = request.practice.local(timezone.now()).date() + timedelta(days=90)
    form = GoLiveForm(request.POST or None, initial={"revision": found.revision, "review_on": proposed})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: gate.go_live(actor=request.person, proposal=found, **form.cleaned_data))
        if made:
            tell(request, f"{found.code} is live; the physicians review it by {made.review_on:%-d %B %Y}.")
            return redirect("decisions:proposal", request.practice.slug, found.code)
    return _page(request, found, form, "Go live", "Go live")


@practice_view()
def withdraw(request: PracticeRequest, code: str) -> HttpResponse:
    """Take the proposal back."""
    found = _found(request, code)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: acts.withdraw_proposal(actor=request.person, proposal=found, **form.cleaned_data))
        if made:
            tell(request, f"{found.code} is withdrawn.")
            return redirect("decisions:proposal", request.practice.slug, found.code)
    return _page(request, found, form, "Withdraw the proposal", "Withdraw", variant="stop")
