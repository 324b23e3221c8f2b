"""Drafting a version of the catalogue, right by right. A draft is its writer's alone and no record until submitted."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from governance.catalogue import CatalogueRefused, RightText
from governance.choices import Office, Side
from governance.forms.catalogue import AmendingForm, RightForm, SubmitForm
from governance.models import CatalogueDraft
from governance.selectors.catalogue import latest_version, texts_of
from governance.selectors.versions import comparison, said
from governance.services import drafts
from governance.services.catalogue import propose_version
from governance.views.acts import act_page
from governance.views.versions import SECTION, amending, page_of, show
from governance.web import PracticeRequest, holds, practice_view


def _own(request: PracticeRequest) -> CatalogueDraft:
    """The person's draft here, or 404."""
    request.section = SECTION  # type: ignore[attr-defined]
    draft = CatalogueDraft.objects.select_related("base", "practice").filter(
        practice=request.practice, person=request.person
    )
    found = draft.first()
    if found is None:
        raise Http404("There is no such page.")
    return found


def _to_draft(request: PracticeRequest) -> HttpResponse:
    return redirect("governance:draft", request.practice.slug)


def _tried(request: PracticeRequest, act: Callable[[], object], done: str) -> HttpResponse:
    """Do something that has no field of its own, and go back to the draft with the word on it."""
    try:
        act()
    except CatalogueRefused as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, done)
    return _to_draft(request)


@practice_view()
def begin(request: PracticeRequest) -> HttpResponse:
    """Begin a draft, a copy of the latest version; or go on with one's own."""
    if request.method == "POST":
        drafts.begin_draft(actor=request.person, practice=request.practice)
        return _to_draft(request)
    return redirect("governance:versions", request.practice.slug)


@practice_view()
def draft(request: PracticeRequest) -> HttpResponse:
    """The draft: what it changes, its rights, and under which right its successor is adopted."""
    found = _own(request)
    base = texts_of(found.base)
    rights = {code: RightText.read(values) for code, values in sorted(found.rights.items())}
    form = AmendingForm(
        request.POST or None, rights=list(rights.values()), initial={"amended_under": found.amended_under}
    )
    if request.method == "POST" and form.is_valid():
        try:
            drafts.name_amending_right(actor=request.person, draft=found, code=form.cleaned_data["amended_under"])
        except CatalogueRefused as problem:
            show(form, problem)
        else:
            messages.success(request, "The draft is kept.")
            return _to_draft(request)
    changes = comparison(base, rights)
    kinds = {one.code: one.kind for one in changes}
    context = {
        "draft": found,
        "form": form,
        "changes": changes,
        "stale": latest_version(request.practice).pk != found.base_id,
        "rows": [
            {
                "right": right,
                "by": said(right, "exercised_by"),
                "kind": kinds.get(code, ""),
                "side": right.holder.lower(),
            }
            for code, right in rights.items()
        ],
        "left_out": [one for one in changes if one.kind == "left out"],
        "same": not changes and found.amended_under == found.base.amended_under,
    }
    return render(request, "governance/draft.html", context)


@practice_view()
def draft_right(request: PracticeRequest, code: str = "") -> HttpResponse:
    """Edit one right of the draft, or add one."""
    found = _own(request)
    new = not code
    values = found.rights.get(code)
    if not new and values is None:
        raise Http404("There is no such page.")
    base = texts_of(found.base).get(code)
    current = RightText.read(values) if values else None
    form = RightForm(
        request.POST or None,
        initial=current.written() if current else {"holder": Side.PC, "other_side": "informed"},
        base=base,
        by_counsel=holds(request, Office.PC_COUNSEL),
        new=new,
    )
    if request.method == "POST" and form.is_valid():
        typed = form.text(code, bool(current and current.confirmed))
        if new and typed.code in found.rights:
            form.add_error("code", f"{typed.code} stands in the draft already; edit it there.")
        else:
            try:
                drafts.write_right(actor=request.person, draft=found, right=typed)
            except CatalogueRefused as problem:
                show(form, problem)
            else:
                messages.success(request, f"{typed.code} is kept in the draft.")
                return _to_draft(request)
    context = {"form": form, "code": code, "base": base, "current": current, "draft": found}
    return render(request, "governance/draft_right.html", context)


@practice_view()
def change_back(request: PracticeRequest, code: str) -> HttpResponse:
    """Leave a right out of the draft, or have it read as before."""
    found = _own(request)
    if request.method != "POST":
        return _to_draft(request)
    given: dict[str, Any] = {"actor": request.person, "draft": found, "code": code}
    if "leave_out" in request.POST:
        return _tried(request, lambda: drafts.drop_right(**given), f"{code} is left out of the draft.")
    return _tried(request, lambda: drafts.restore_right(**given), f"{code} reads as before.")


@practice_view()
def discard(request: PracticeRequest) -> HttpResponse:
    """Throw the draft away."""
    found = _own(request)
    if request.method == "POST":
        drafts.discard_draft(actor=request.person, draft=found)
        messages.success(request, "The draft is gone; nothing of it was a record.")
        return redirect("governance:versions", request.practice.slug)
    return _to_draft(request)


@practice_view()
def submit(request: PracticeRequest) -> HttpResponse:
    """Submit the draft: it becomes a proposed version of the record."""
    found = _own(request)
    form = SubmitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = propose_version(actor=request.person, draft=found, summary=form.cleaned_data["summary"])
        except CatalogueRefused as problem:
            show(form, problem)
        else:
            messages.success(request, f"{made} is proposed. Counsel of {request.practice.name} reviews it next.")
            return redirect(page_of(made))
    rights = {code: RightText.read(values) for code, values in found.rights.items()}
    changes = comparison(texts_of(found.base), rights)
    return act_page(
        request,
        form,
        title="Propose this version",
        submit="Propose",
        back=("Draft", reverse("governance:draft", args=[request.practice.slug])),
        effects=[
            "The proposal enters the record in your name and office, and can then only be taken back, not edited.",
        ],
        under=amending(request),
        record=[(f"{one.code} {one.title}", _in_words(one)) for one in changes],
        record_title="What it changes",
    )


def _in_words(one: Any) -> str:
    if one.kind != "changed":
        return f"{one.kind.capitalize()}."
    return "\n".join(f"{row['label']}: {row['old'] or 'nothing'} → {row['new'] or 'nothing'}" for row in one.rows)
