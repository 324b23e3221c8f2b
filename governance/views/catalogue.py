"""Who decides what: the matrix of decision rights, and one right with every act under it."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from audit.models import Act
from governance.authority import right_in_force
from governance.choices import CatalogueState, OtherSide, Side
from governance.csv import csv_response
from governance.forms.catalogue import MatrixFilter
from governance.models import CatalogueVersion, DecisionRight, Practice
from governance.selectors.catalogue import acts_under, catalogue_at, narrowed, part_of
from governance.selectors.delegations import delegations, with_capacity
from governance.selectors.people import exercising
from governance.selectors.versions import readings, sealed_catalogue
from governance.steady import standing_view
from governance.story import end_of, events, past_page
from governance.web import PracticeRequest, paginate, practice_view


@standing_view()
def matrix(request: PracticeRequest) -> HttpResponse:
    """The catalogue in force, with the bright line between the two sides."""
    now = timezone.now()
    catalogue = catalogue_at(request.practice, now)
    if catalogue is None:
        return render(request, "governance/matrix.html", {"catalogue": None})
    form = MatrixFilter(request.GET, categories=catalogue.categories)
    form.is_valid()
    chosen = form.cleaned_data
    day = chosen.get("on")
    if day:
        # At the end of that day: a version begins with a day, the founding within one.
        catalogue = catalogue_at(request.practice, end_of(request.practice, day) - timedelta(microseconds=1))
        if catalogue is None:
            return render(request, "governance/matrix.html", {"catalogue": None, "day": day})
    filters = {name: chosen.get(name, "") for name in ("category", "holder", "office")}
    rights = narrowed(catalogue.rights, text=chosen.get("q", ""), **filters)
    if request.GET.get("format") == "csv":
        return _as_csv(request.practice, rights)
    filtered = len(rights) < len(catalogue.rights)
    query = request.GET.copy()
    query["format"] = "csv"
    context = {
        "catalogue": catalogue,
        "day": day,
        "document": sealed_catalogue(request.practice, catalogue.version),
        "proposed": CatalogueVersion.objects.filter(practice=request.practice, state=CatalogueState.PROPOSED).count(),
        "groups": groups(request.practice, rights),
        "form": form,
        "count": f"{len(rights)} of {len(catalogue.rights)} rights" if filtered else f"{len(rights)} rights",
        "clear_url": request.path if any(value for value in request.GET.values()) else "",
        "export_url": f"?{query.urlencode()}",
        "unconfirmed": sum(not right.confirmed for right in catalogue.rights),
    }
    return render(request, "governance/matrix.html", context)


def groups(practice: Practice, rights: list[DecisionRight]) -> list[dict[str, Any]]:
    """Rights by category, as components/matrix.html takes them."""
    found: dict[str, list[dict[str, Any]]] = {}
    for right in rights:
        found.setdefault(right.category, []).append(
            {
                "code": right.code,
                "title": right.name,
                "url": reverse("governance:right", args=[practice.slug, right.code]),
                "holder": right.holder.lower(),
                "pc": part_of(right, Side.PC),
                "mso": part_of(right, Side.MSO),
                "by": right.deciders,
                "note": "" if right.confirmed else "Counsel to confirm",
            }
        )
    return [{"title": title, "rights": rows} for title, rows in found.items()]


def _as_csv(practice: Practice, rights: list[DecisionRight]) -> HttpResponse:
    heading = ["Code", "Right", "Category", "Holder", "Decided by", "Other side", "Note", "Basis", "Confirmed"]
    return csv_response(
        f"decision-rights-{practice.slug}.csv",
        heading,
        (
            [
                right.code, right.name, right.category, right.holder, right.deciders,
                right.get_other_side_display(), right.other_side_note, right.basis,
                "yes" if right.confirmed else "counsel to confirm",
            ]
            for right in rights
        ),
    )  # fmt: skip


@practice_view()
def right(request: PracticeRequest, code: str) -> HttpResponse:
    """One right: its holder, its basis in law, what the other side may do, and every act and refusal under it."""
    request.section = "governance:matrix"  # type: ignore[attr-defined]
    catalogue = catalogue_at(request.practice, timezone.now())
    found = next((one for one in catalogue.rights if one.code == code), None) if catalogue else None
    if catalogue is None or found is None:
        raise Http404("There is no such page.")
    title = f"{found.code} {found.name}"
    if past := past_page(request, found, title=title, at=lambda day: right_in_force(request.practice, code, day)):
        return past
    shown = Act.Outcome.REFUSED if request.GET.get("show") == "refused" else Act.Outcome.DONE
    acts = {outcome: with_capacity(acts_under(request.practice, code, outcome)) for outcome in Act.Outcome}
    practice, now = request.practice, timezone.now()
    holder_is_pc = found.holder == Side.PC
    context = {
        "catalogue": catalogue,
        "right": found,
        "other_side": OtherSide(found.other_side).label,
        "holder_name": practice.name if holder_is_pc else practice.mso_name,
        "other_name": practice.mso_name if holder_is_pc else practice.name,
        "other": "mso" if holder_is_pc else "pc",
        "offices": found.offices,
        "exercising": exercising(practice, found, now),
        "delegations": delegations(practice, now, code=code, standing_only=True),
        "readings": readings(practice, code),
        "shown": shown,
        "events": events(request, found),
        "page": paginate(request, acts[shown], size=25),
        "done": acts[Act.Outcome.DONE].count(),
        "refused": acts[Act.Outcome.REFUSED].count(),
    }
    return render(request, "governance/right.html", context)
