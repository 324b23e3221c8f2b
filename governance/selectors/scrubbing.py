"""Reads for the page on which patient data is scrubbed: the row it begins from, the places of a span, past scrubs."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Max
from django.utils.module_loading import import_string

from audit.models import Act, Document, Part, Scrubbing
from audit.registry import is_closed
from audit.services.places import BYTES, Place, elsewhere, find, is_draft, model_of
from governance.models import Person, Practice
from governance.models.scoped import Numbered

AROUND = 60
"""Characters shown on either side of a span."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """A place in words. `before` and `after` are what stands around the span; empty for a file."""

    place: Place
    what: str
    where: str
    before: str
    after: str
    past: bool
    """The span stands in the history alone."""
    closed: bool
    """It lies in a closed part, whose text is shown on its own page alone."""

    @property
    def token(self) -> str:
        return f"{self.place.table}/{self.place.key}/{self.place.column}"


@dataclass(frozen=True, kw_only=True)
class Preview:
    """Where a span stands: what a scrub reaches, what it does not, and the newest document that was read."""

    places: list[Told]
    elsewhere: list[str]
    read_up_to: int


def parts_open_to(person: Person, practice: Practice) -> frozenset[int]:
    """The closed parts of the practice that are open to a person now, as settings.OPEN_PARTS tells."""
    found: frozenset[int] = import_string(settings.OPEN_PARTS)(person, practice)
    return found


def preview(practice: Practice, value: str, parts: Collection[int]) -> Preview:
    """Search the whole record of a practice for a span; of what is closed, these parts."""
    newest = Document.objects.filter(practice=practice.pk).aggregate(n=Max("pk"))["n"] or 0
    others = {f"{_kind(place)}, {place.column.replace('_', ' ')}" for place in elsewhere(practice.pk, value)}
    places = list(_told(find(practice.pk, value, parts=parts), value))
    return Preview(places=places, elsewhere=sorted(others), read_up_to=newest)


def place_of(token: str) -> Place | None:
    """The place that a token of the preview names; None for anything else."""
    table, _, rest = token.partition("/")
    key, _, column = rest.rpartition("/")
    return Place(table, key, column) if table and key and column else None


def row_of(practice: Practice, kind: str, key: int, parts: Collection[int] = ()) -> Any:
    """The row of this practice whose texts may be scrubbed, by the label of its model in lower case; None if none.

    Of what is closed, a row of these parts.
    """
    labels = {label.lower(): label for label in settings.SCRUBBABLE}
    if kind not in labels:
        return None
    path, _ = settings.SCRUBBABLE[labels[kind]]
    model: Any = apps.get_model(labels[kind])
    rows = model._base_manager.filter(**{path: practice.pk}, pk=key)
    return (rows.filter(**{f"{model.lies_in}__in": parts}) if is_closed(model) else rows).first()


def texts_of(row: Any) -> list[tuple[str, str]]:
    """The row's plain texts with their names; none of a closed part, which is read on its own page."""
    if is_closed(type(row)):
        return []
    names = settings.SCRUBBABLE[row._meta.label][1]
    found = [(str(row._meta.get_field(name).verbose_name).capitalize(), getattr(row, name)) for name in names]
    return [(label, text) for label, text in found if isinstance(text, str) and text and label != "Canonical"]


def scrubs_of(row: Any) -> list[dict[str, Any]]:
    """Each scrub that touched this row: which text, by whom, why and when."""
    found = Scrubbing.objects.filter(table_name=row._meta.db_table, row_key=str(row.pk)).order_by("-pk")[:100]
    acts = Act.objects.select_related("entry").in_bulk([one.act_id for one in found])
    return [
        {"column": one.column_name.replace("_", " "), "act": acts[one.act_id], "at": one.scrubbed_at} for one in found
    ]


def _kind(place: Place) -> str:
    return str(model_of(place.table)._meta.verbose_name).capitalize()


def _told(places: Iterable[Place], value: str) -> Iterable[Told]:
    by_table: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        by_table[place.table].append(place)
    for table, own in by_table.items():
        model = model_of(table)
        rows = {str(row.pk): row for row in _rows(model, {place.key for place in own})}
        for place in own:
            row = rows[place.key]
            closed = is_closed(model)
            text = "" if place.column == BYTES or closed else str(getattr(row, place.column))
            before, found, after = text.partition(value)
            yield Told(
                place=place,
                what=_name(row),
                where=_where(place),
                before=before[-AROUND:] if found else "",
                after=after[:AROUND],
                past=place.column != BYTES and not closed and not found,
                closed=closed,
            )


def _rows(model: Any, keys: set[str]) -> Any:
    rows = model._base_manager.filter(pk__in=keys)
    if model is Part:
        return rows.select_related("act__entry")
    return rows.select_related("entry") if model is Act else rows


def _name(row: Any) -> str:
    """What the place belongs to, as a person knows it."""
    if isinstance(row, Part):
        return f"Payload “{row.name}” of entry {row.act.entry.index}"
    if isinstance(row, Act):
        return f"Act of entry {row.entry.index}"
    if isinstance(row, Document):
        return row.title
    kind = str(row._meta.verbose_name).capitalize()
    if is_closed(type(row)):
        return f"Closed part, {kind.lower().removeprefix('closed ')} {row.pk}"
    return f"{kind} {row.code}" if isinstance(row, Numbered) else f"{kind} {row.pk}"


def _where(place: Place) -> str:
    if is_draft(place):
        return f"{place.column}, no record"
    return "sealed file" if place.column == BYTES else place.column.replace("_", " ")
