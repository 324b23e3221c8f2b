"""Reads about versions of the catalogue: which there are, what differs between two, how one right read in each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, QuerySet

from audit.models import Document
from governance.catalogue import RightText, differing
from governance.choices import Exerciser, OtherSide, Side
from governance.models import CatalogueReview, CatalogueVersion, DecisionRight, Practice

LABELS = {
    "name": "What is decided",
    "category": "Domain",
    "holder": "Held by",
    "exercised_by": "Decided by",
    "other_side": "The other side",
    "other_side_note": "In particular",
    "basis": "Basis",
    "confirmed": "Basis confirmed by counsel",
    "reserved": "Reserved to physicians by law",
}
"""The fields of a right as a reader knows them, in their order."""


def versions(practice: Practice) -> "QuerySet[CatalogueVersion]":
    """Every version of a practice with what its page tells first, the newest first. Two queries."""
    reviews = CatalogueReview.objects.select_related("person").order_by("-reviewed_at", "-pk")
    return (
        CatalogueVersion.objects.filter(practice=practice)
        .select_related("base", "proposed_by", "adoption__person", "adoption__appointment", "adoption__right")
        .prefetch_related(Prefetch("reviews", reviews))
        .order_by("-number")
    )


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One right in two versions; `rows` are the fields that differ, for components/diff.html."""

    code: str
    title: str
    kind: str
    """changed, added or left out."""
    rows: list[dict[str, str]] = field(default_factory=list)


def comparison(old: Mapping[str, RightText], new: Mapping[str, RightText]) -> list[Difference]:
    """Every right in which two versions differ, in the order of the codes."""
    found = []
    for code in sorted(old.keys() | new.keys()):
        before, after = old.get(code), new.get(code)
        if before == after:
            continue
        kind = "added" if before is None else "left out" if after is None else "changed"
        shown = after or before
        assert shown is not None
        rows = [
            {"label": LABELS[name], "old": said(before, name), "new": said(after, name)}
            for name in differing(before, after)
            if name in LABELS
        ]
        found.append(Difference(code=code, title=shown.name, kind=kind, rows=rows))
    return found


def said(right: RightText | None, name: str) -> str:
    """A field of a right in words; empty for what is not there."""
    if right is None:
        return ""
    value = getattr(right, name)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "exercised_by":
        return " or ".join(str(Exerciser(one).label) for one in value)
    if name in {"holder", "other_side"}:
        return str((Side if name == "holder" else OtherSide)(value).label)
    return str(value)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a right reads in one version; `changed` names the fields that read otherwise before."""

    version: CatalogueVersion
    right: DecisionRight
    changed: list[str]


def readings(practice: Practice, code: str) -> list[Reading]:
    """The right in each version that ruled, rules or will rule, the newest first. One query."""
    rows: Iterable[Any] = (
        DecisionRight.objects.filter(catalogue__practice=practice, code=code, catalogue__effective_from__isnull=False)
        .select_related("catalogue")
        .order_by("catalogue__effective_from")
    )
    found: list[Reading] = []
    for row in rows:
        before = RightText.of(found[-1].right) if found else None
        changed = [LABELS[name] for name in differing(before, RightText.of(row)) if name in LABELS] if before else []
        found.append(Reading(version=row.catalogue, right=row, changed=changed))
    return found[::-1]


def sealed_catalogue(practice: Practice, version: CatalogueVersion) -> Document | None:
    """The sealed file of an adopted version, once the worker has rendered it."""
    return sealed_catalogues(practice, [version]).last()


def sealed_catalogues(practice: Practice, of: Iterable[CatalogueVersion]) -> "QuerySet[Document]":
    """The sealed files of these versions, in the order in which they were sealed."""
    return Document.objects.filter(
        practice=practice.pk,
        object_type=CatalogueVersion._meta.label_lower,
        object_id__in=[str(version) for version in of],
    ).order_by("sealed_at", "pk")
