"""Versions of the catalogue: the list, one version, two side by side, and the acts that bring one into force."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from audit.services.checkpoints import recorded_sentence
from governance.authority import right_in_force
from governance.catalogue import CatalogueRefused
from governance.choices import CatalogueState, Office, Opinion
from governance.csv import csv_response
from governance.forms.catalogue import AdoptForm, CompareForm, ReviewForm, SetAsideForm
from governance.models import CatalogueDraft, CatalogueVersion, DecisionRight
from governance.selectors.catalogue import latest_version, texts_of
from governance.selectors.versions import comparison, sealed_catalogue
from governance.selectors.versions import versions as versions_of
from governance.services import catalogue as acts
from governance.story import events, past_page
from governance.views.acts import act_page, decides
from governance.web import PracticeRequest, holds, paginate, practice_view, recent_sign_in_required, rights_now

SECTION = "governance:matrix"
OPEN = {CatalogueState.STARTER, CatalogueState.PROPOSED}


def find(request: PracticeRequest, number: int) -> CatalogueVersion:
    """The version of that number here, or 404."""
    request.section = SECTION  # type: ignore[attr-defined]
    found = versions_of(request.practice).filter(number=number).first()
    if found is None:
        raise Http404("There is no such page.")
    return found


def page_of(version: CatalogueVersion) -> str:
    """The address of a version's page."""
    return reverse("governance:version", args=[version.practice.slug, version.number])


def amending(request: PracticeRequest) -> list[DecisionRight]:
    """The right under which a version is adopted, as the version in force says; none where that is unknown."""
    ruling = CatalogueVersion.objects.ruling(request.practice, timezone.now()).first()
    right = rights_now(request).get(ruling.amended_under) if ruling else None
    return [right] if right else []


@practice_view()
def versions(request: PracticeRequest) -> HttpResponse:
    """Every version, from when it ruled, and what is on its way."""
    request.section = SECTION  # type: ignore[attr-defined]
    now = timezone.now()
    ruling = CatalogueVersion.objects.ruling(request.practice, now).first()
    context = {
        "page": paginate(request, versions_of(request.practice), size=20),
        "ruling": ruling,
        "now": now,
        "draft": CatalogueDraft.objects.filter(practice=request.practice, person=request.person).first(),
    }
    return render(request, "governance/versions.html", context)


@practice_view()
def version(request: PracticeRequest, number: int) -> HttpResponse:
    """One version: what it changes, what counsel thinks, who adopted it, and every right in it."""
    found = find(request, number)
    reviews = list(found.reviews.all())
    adoption = getattr(found, "adoption", None)
    rows = [*reviews, *([adoption] if adoption else [])]
    key = str(found)
    if past := past_page(request, found, title=f"Catalogue, {key.lower()}", key=key, rows=rows):
        return past
    practice, now = request.practice, timezone.now()
    rights = list(found.rights.all())
    ruling = CatalogueVersion.objects.ruling(practice, now).first()
    under = right_in_force(practice, ruling.amended_under, now) if ruling else None
    cleared = bool(reviews) and reviews[0].outcome == Opinion.CLEARED
    open_now, adopts = found.state in OPEN, decides(request, under)
    from_base = comparison(texts_of(found.base), texts_of(found)) if found.base else []
    context = {
        "version": found,
        "reviews": reviews,
        "adoption": adoption,
        "under": under,
        "rights": rights,
        "changes": from_base,
        "is_ruling": ruling is not None and ruling.pk == found.pk,
        "to_come": found.effective_from is not None and found.effective_from > now,
        "unconfirmed": sum(not right.confirmed for right in rights),
        "document": sealed_catalogue(practice, found),
        "may_review": open_now and holds(request, Office.PC_COUNSEL),
        "may_adopt": open_now and cleared and adopts and found.proposed_by_id != request.person.pk,
        "may_set_aside": found.state == CatalogueState.PROPOSED
        and (adopts or found.proposed_by_id == request.person.pk),
        "events": _told(events(request, found, key=key, rows=rows)),
    }
    return render(request, "governance/version.html", context)


def _told(happenings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The acts without the forty rights that a submission writes: the page shows those beside."""
    for one in happenings:
        one["rows"] = [row for row in one["rows"] if row["name"] != "Decision right"]
        one["fields"] = sum(len(row["changes"]) for row in one["rows"])
    return happenings


@practice_view()
def compare(request: PracticeRequest) -> HttpResponse:
    """Two versions side by side: right by right, field by field."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    all_versions = CatalogueVersion.objects.filter(practice=practice).order_by("number")
    latest = latest_version(practice)
    first = {"new": latest.number, "old": latest.base.number if latest.base else latest.number}
    form = CompareForm({**first, **request.GET.dict()}, versions=all_versions)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        old, new = form.cleaned_data["old"], form.cleaned_data["new"]
        found = comparison(texts_of(old), texts_of(new))
        if request.GET.get("format") == "csv":
            rows = [[one.code, one.title, one.kind, *row.values()] for one in found for row in one.rows]
            name = f"decision-rights-{practice.slug}-{old.number}-{new.number}.csv"
            return csv_response(name, ["Code", "Right", "Kind", "Field", str(old), str(new)], rows)
        kinds = [one.kind for one in found]
        query = {"old": old.number, "new": new.number, "format": "csv"}
        context |= {
            "old": old,
            "new": new,
            "differences": found,
            "counts": [(kind, kinds.count(kind)) for kind in ("changed", "added", "left out")],
            "export_url": "?" + "&".join(f"{name}={value}" for name, value in query.items()),
        }
    return render(request, "governance/compare.html", context)


@practice_view()
@recent_sign_in_required()
def review(request: PracticeRequest, number: int) -> HttpResponse:
    """Counsel's review of a version."""
    found = find(request, number)
    form = ReviewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.review_version(actor=request.person, version=found, **form.cleaned_data)
        except CatalogueRefused as problem:
            show(form, problem)
        else:
            messages.success(request, f"The review is recorded: {made.get_outcome_display().lower()}.")
            return redirect(page_of(found))
    return act_page(
        request,
        form,
        title=f"Review version {found.number}",
        eyebrow="PC counsel",
        submit="Record the review",
        back=(str(found), page_of(found)),
        effects=[
            "The opinion stands in the record, where everybody who sees the catalogue reads it.",
            "A later review replaces this one; both stay.",
        ],
        under=amending(request),
        record=[("What it changes, and why", found.summary)] if found.summary else [],
    )


@practice_view()
@recent_sign_in_required()
def adopt(request: PracticeRequest, number: int) -> HttpResponse:
    """The PC's decision that a version comes into force."""
    found = find(request, number)
    practice = request.practice
    under = amending(request)
    form = AdoptForm(request.POST or None, version=found, right=under[0] if under else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = acts.adopt_version(actor=request.person, version=found, **form.cleaned_data)
        except CatalogueRefused as problem:
            show(form, problem)
        else:
            messages.success(request, f"{made} is adopted. {recorded_sentence()}")
            return redirect(page_of(found))
    return act_page(
        request,
        form,
        title=f"Adopt version {found.number}",
        eyebrow=practice.name,
        submit="Adopt",
        back=(str(found), page_of(found)),
        effects=[
            "Acts before that day stay judged by the version then in force.",
            "A right that the law reserves to physicians cannot have moved; the database has looked again.",
            "Who proposed the version does not adopt it. The adopted version is sealed as a PDF and never edited.",
        ],
        under=under,
        record=[(one.get_outcome_display(), one.opinion) for one in found.reviews.all()[:1]],
        record_title="Counsel's review",
    )


@practice_view()
@recent_sign_in_required()
def set_aside(request: PracticeRequest, number: int) -> HttpResponse:
    """Take a proposed version back, or decline it."""
    found = find(request, number)
    form = SetAsideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            acts.set_version_aside(actor=request.person, version=found, **form.cleaned_data)
        except CatalogueRefused as problem:
            show(form, problem)
        else:
            messages.success(request, f"{found} is set aside.")
            return redirect(page_of(found))
    return act_page(
        request,
        form,
        title=f"Set version {found.number} aside",
        submit="Set aside",
        variant="stop",
        back=(str(found), page_of(found)),
        effects=["It stays in the record, with this reason."],
        under=amending(request),
    )


def show(form: Any, problem: CatalogueRefused) -> None:
    """A broken rule at its field, or above the form where it has none."""
    at_field = problem.field in form.fields
    text = str(problem)
    if at_field and ": " in text:
        text = text.partition(": ")[2]
        text = text[:1].upper() + text[1:]
    form.add_error(problem.field if at_field else None, text)
