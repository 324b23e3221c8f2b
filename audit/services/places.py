"""Finding a span of text in a practice's record: in rows, their history, acts, payloads, sealed files and drafts."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from audit import store
from audit.documents.reading import mentions
from audit.models import Act, Document, Part, Scrubbing
from audit.registry import Kind, is_closed, kind_of, scrubbable

BYTES = "bytes"
"""The column that stands for the content of a sealed file."""


CLOSED_KIND = "closed record"
"""The kind of a sealed file of a closed compartment."""


@dataclass(frozen=True, order=True)
class Place:
    """Where the span stands: a text column of a row, or the bytes of a sealed document."""

    table: str
    key: str
    column: str


def find(practice: UUID, value: str, *, files: bool = True, parts: Collection[int] = ()) -> list[Place]:
    """Every place of the practice's record that holds this span; sealed files last, packs after what they join.

    Of what is closed, only in `parts`, those open to who looks: an answer from another would tell a word of it.
    """
    rows = {*_in_rows(practice, value, parts), *_in_acts(practice, value), *_in_drafts(practice, value, parts)}
    return [*sorted(rows), *(find_in_files(practice, value, parts=parts) if files else [])]


def find_in_files(
    practice: UUID, value: str, *, after: int = 0, keys: Collection[int] = (), parts: Collection[int] = ()
) -> list[Place]:
    """The practice's sealed files that hold the span: of these keys, or sealed later than the document `after`."""
    files = undropped(Document.objects.filter(Q(pk__gt=after) | Q(pk__in=keys), practice=practice))
    of_others = {one.pk for one in files.filter(kind=CLOSED_KIND) if part_of_file(one) not in parts}
    files = files.exclude(pk__in=of_others)
    # Equal bytes lie in the store once: what one document holds, the others hold.
    holding: dict[str, bool] = {}
    found = []
    for document in files.order_by("pk"):
        if document.sha256 not in holding:
            holding[document.sha256] = _file_mentions(document, value)
        if holding[document.sha256]:
            found.append(document)
    found.sort(key=lambda document: (document.kind == "pack", document.pk))
    return [Place(Document._meta.db_table, str(document.pk), BYTES) for document in found]


def _file_mentions(document: Document, value: str) -> bool:
    try:
        return mentions(store.get(document.sha256), value)
    except store.StoreError:
        return False  # Nothing is there to hold it; verify_ledger reports the loss.


def part_of_file(document: Document) -> int | None:
    """The closed part that a file belongs to; None for an open one."""
    return int(document.object_id.partition("/")[0]) if document.kind == CLOSED_KIND else None


def closed_parts_of(scrubbed: Iterable[Scrubbing]) -> dict[int, int | None]:
    """By the key of each scrubbed place, the closed part in which it lies; None in the open record.

    One query for each closed table and one for files, however many places there are.
    """
    by_table: dict[str, list[Scrubbing]] = defaultdict(list)
    for one in scrubbed:
        by_table[one.table_name].append(one)
    found: dict[int, int | None] = {}
    for table, own in by_table.items():
        model = model_of(table)
        keys = {one.row_key for one in own}
        parts: dict[str, int | None] = dict.fromkeys(keys)
        if model is Document:
            parts = {str(file.pk): part_of_file(file) for file in Document.objects.filter(pk__in=keys)}
        elif is_closed(model):
            rows = model._base_manager.filter(pk__in=keys).values_list("pk", model.lies_in)
            parts = {str(key): part for key, part in rows}
        found |= {one.pk: parts[one.row_key] for one in own}
    return found


def _open_to(rows: Any, parts: Collection[int]) -> Any:
    """Of rows that lie in closed parts, those of these parts."""
    return rows.filter(**{f"{rows.model.lies_in}__in": parts}) if is_closed(rows.model) else rows


def undropped(documents: "models.QuerySet[Document]") -> "models.QuerySet[Document]":
    """Those whose bytes no scrub has dropped, or whose scrub was taken back."""
    return documents.exclude(pk__in=[int(key) for key in dropped_keys()])


def dropped_keys() -> "models.QuerySet[Scrubbing, str]":
    """Keys, as text, of the documents whose bytes a scrub dropped."""
    dropped = Scrubbing.objects.standing().filter(table_name=Document._meta.db_table, column_name=BYTES)
    return dropped.values_list("row_key", flat=True)


def elsewhere(practice: UUID, value: str) -> list[Place]:
    """Places of the practice's record that hold the span and that no scrub reaches: names of people, titles of rights.

    Reads every text of every table of the record, whatever settings name.
    """
    reached = {
        (apps.get_model(label)._meta.db_table, name)
        for label, (_, names) in settings.SCRUBBABLE.items()
        for name in names
    }
    found = set()
    for model in apps.get_models():
        if model._meta.app_label not in {"audit", *(label.split(".")[0] for label in settings.SCRUBBABLE)}:
            continue
        kind = kind_of(model)
        if kind not in {Kind.HISTORY, Kind.RECORDED} or is_closed(model):
            continue
        base: Any = getattr(model, "instance_type", model)
        for item in model._meta.concrete_fields:
            if not isinstance(item, (models.CharField, models.TextField, models.JSONField)):
                continue
            if (base._meta.db_table, item.name) in reached or item.name == "history_change_reason":
                continue
            if (model, item.name) == (Document, "title"):
                continue
            rows = _holding(model._base_manager.filter(act__practice=practice), item.name, value)
            key = base._meta.pk.attname if kind is Kind.HISTORY else "pk"
            found |= {Place(base._meta.db_table, str(pk), str(item.column)) for pk in rows.values_list(key, flat=True)}
    return sorted(found)


def model_of(table: str) -> Any:
    """The model that keeps this table. Raises LookupError."""
    for model in apps.get_models():
        if model._meta.db_table == table:
            return model
    raise LookupError(f"There is no table {table}.")


def is_scrubbable(place: Place) -> bool:
    """Whether `audit.scrub` accepts this table and column."""
    return any((one.table, one.column) == (place.table, place.column) for one in scrubbable())


def is_draft(place: Place) -> bool:
    """Whether the place is no record and simply overwritten."""
    return place.table in {apps.get_model(label)._meta.db_table for label in settings.SCRUBBABLE_DRAFTS}


def _in_rows(practice: UUID, value: str, parts: Collection[int]) -> Iterator[Place]:
    for label, (path, names) in settings.SCRUBBABLE.items():
        model: Any = apps.get_model(label)
        mine = _open_to(model._base_manager.filter(**{path: practice}), parts)
        for name in names:
            column = model._meta.get_field(name).column
            keys = set(_holding(mine, name, value).values_list("pk", flat=True))
            if hasattr(model, "history"):
                past = model.history.filter(id__in=mine.values("pk"))
                keys |= set(_holding(past, name, value).values_list("id", flat=True))
            yield from (Place(model._meta.db_table, str(key), column) for key in keys)
    titles = _holding(Document.objects.filter(practice=practice), "title", value)
    yield from (Place(Document._meta.db_table, str(key), "title") for key in titles.values_list("pk", flat=True))


def _in_acts(practice: UUID, value: str) -> Iterator[Place]:
    acts = _holding(Act.objects.filter(practice=practice), "reason", value).order_by()
    yield from (Place("audit_act", str(key), "reason") for key in acts.values_list("pk", flat=True))
    payloads = Part.objects.filter(act__practice=practice).exclude(
        Q(name="facts") | Q(name__startswith="row/") | Q(name__startswith="after/")
    )
    parts = _holding(payloads, "body", value).values_list("pk", flat=True)
    yield from (Place("audit_part", str(key), "body") for key in parts)
    left = _holding(Scrubbing.objects.standing().filter(act__practice=practice), "remains", value)
    yield from (Place("audit_scrubbing", str(key), "remains") for key in left.values_list("pk", flat=True))


def _in_drafts(practice: UUID, value: str, parts: Collection[int]) -> Iterator[Place]:
    for label, (path, names) in settings.SCRUBBABLE_DRAFTS.items():
        model: Any = apps.get_model(label)
        for name in names:
            rows = _holding(_open_to(model._base_manager.filter(**{path: practice}), parts), name, value)
            yield from (Place(model._meta.db_table, str(key), name) for key in rows.values_list("pk", flat=True))


def _holding(rows: Any, name: str, value: str) -> Any:
    """Rows whose text holds the span, as written or as JSON writes it."""
    escaped = json.dumps(value, ensure_ascii=False)[1:-1]
    found = Cast(name, TextField())
    return rows.annotate(text_searched=found).filter(
        Q(text_searched__contains=value) | Q(text_searched__contains=escaped)
    )
