"""The sections of an audit pack that governance answers for: the matrix in force, and what was refused."""

import json
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Prefetch
from django.utils.timezone import localtime

from audit.models import Act
from audit.packs import Section
from audit.selectors import payloads
from governance.choices import Side
from governance.models import CatalogueVersion, Person, Practice
from governance.selectors.catalogue import catalogue_at, part_of
from governance.selectors.versions import sealed_catalogues

LONGEST_TABLE = 2000
"""Rows of a printed table; what is longer is attached as data alone."""


def bounds(practice: Practice, start: date, end: date) -> tuple[datetime, datetime]:
    """The first moment of the first day and the first moment after the last, on the practice's clock."""
    return (
        datetime.combine(start, time.min, practice.zone),
        datetime.combine(end + timedelta(days=1), time.min, practice.zone),
    )


def catalogue(practice: Practice, start: date, end: date, *, person: Person | None) -> Section:
    """The decision rights in force at the end of the period, with every version that ruled within it."""
    first, after = bounds(practice, start, end)
    found = catalogue_at(practice, after - timedelta(microseconds=1))
    before = CatalogueVersion.objects.ruling(practice, first).first()
    within = CatalogueVersion.objects.filter(practice=practice, effective_from__gt=first, effective_from__lt=after)
    versions = [*([before] if before else []), *within.order_by("effective_from")]
    rights = found.rights if found else []
    groups: dict[str, list[dict[str, Any]]] = {}
    for right in rights:
        row = {"right": right, "pc": part_of(right, Side.PC), "mso": part_of(right, Side.MSO)}
        groups.setdefault(right.category, []).append(row)
    heading = ["code", "name", "category", "holder", "decided by", "other side", "note", "basis", "confirmed"]
    rows = [
        [
            right.code, right.name, right.category, right.holder, right.deciders, right.get_other_side_display(),
            right.other_side_note, right.basis, "yes" if right.confirmed else "counsel to confirm",
        ]
        for right in rights
    ]  # fmt: skip
    return Section(
        title="Who decides what",
        template="governance/pack_catalogue.html",
        context={
            "catalogue": found,
            "groups": groups.items(),
            "versions": versions,
            "unconfirmed": sum(not right.confirmed for right in rights),
        },
        documents=list(sealed_catalogues(practice, versions)),
        data={"decision-rights.csv": [heading, *rows]},
    )


def refusals(practice: Practice, start: date, end: date, *, person: Person | None) -> Section:
    """Every attempt of the period that authority refused: who, in which office, what, and by which rule."""
    first, after = bounds(practice, start, end)
    acts = (
        Act.objects.filter(practice=practice.pk, outcome="refused", occurred_at__gte=first, occurred_at__lt=after)
        .select_related("entry")
        .prefetch_related(Prefetch("parts", payloads("refusal"), to_attr="told"))
        .order_by("occurred_at", "entry__index")
    )
    found: list[dict[str, Any]] = [{"act": act, "told": _told(act)} for act in acts]
    by_right = Counter((row["act"].right or "none", row["told"].get("right_name", "")) for row in found)
    done = Act.objects.filter(
        practice=practice.pk, outcome="done", capacity="decides", occurred_at__gte=first, occurred_at__lt=after
    ).count()
    heading = [
        "entry",
        "occurred",
        "who",
        "office",
        "side",
        "right",
        "attempted",
        "rule",
        "sentence",
        "holder",
        "basis",
        "recorded",
    ]
    rows = [
        [
            str(row["act"].entry.index), localtime(row["act"].occurred_at).isoformat(), row["act"].actor_name,
            row["act"].office_name, row["act"].side, row["act"].right, row["told"].get("attempted", ""),
            row["told"].get("rule", ""), row["told"].get("sentence", ""), row["told"].get("holder", ""),
            row["told"].get("basis", ""), localtime(row["act"].recorded_at).isoformat(),
        ]
        for row in found
    ]  # fmt: skip
    return Section(
        title="Attempts refused",
        template="governance/pack_refusals.html",
        context={
            "rows": found[:LONGEST_TABLE],
            "left_out": max(0, len(found) - LONGEST_TABLE),
            "total": len(found),
            "decided": done,
            "by_right": sorted(by_right.items(), key=lambda item: (-item[1], item[0])),
        },
        data={"refusals.csv": [heading, *rows]},
    )


def _told(act: Act) -> dict[str, str]:
    """What the person was told; empty when nothing is left of it."""
    parts: list[Any] = act.told  # type: ignore[attr-defined]
    return json.loads(parts[0].stands) if parts and parts[0].stands else {}
