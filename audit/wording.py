"""Rows in words: what a person reads for the fields of a stored row."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.utils import formats, timezone
from django.utils.text import Truncator

HIDDEN = {"id", "act", "revision"}
"""Fields whose change says nothing to a reader."""
LONGEST = 600
"""Characters of one value; the whole stands in the object itself."""

type Names = dict[tuple[type[models.Model], Any], str]


def told_fields(model: type[models.Model]) -> list[Any]:
    """The columns of a model that are told to a reader."""
    return [item for item in model._meta.concrete_fields if item.name not in HIDDEN and not item.primary_key]


def names_of(rows: Iterable[models.Model]) -> Names:
    """The names of all rows that these rows' foreign keys point to, one query for each model they point to.

    Rows of several models, and of their histories, go together, so that each model is asked once.
    """
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for row in rows:
        for item in told_fields(getattr(row, "instance_type", type(row))):
            if item.is_relation and (key := getattr(row, item.attname)) is not None:
                wanted[item.related_model].add(key)
    found = {}
    for model, keys in wanted.items():
        # Their own names may be those of a person or a meeting, and that one's those of a body.
        onward = [item.name for item in model._meta.concrete_fields if item.is_relation]
        rows_of = model._base_manager.all().fetch_mode(models.FETCH_PEERS)
        rows_of = rows_of.select_related(*onward) if onward else rows_of
        found.update({(model, key): str(row) for key, row in rows_of.in_bulk(keys).items()})
    return found


def words(row: Any, item: Any, names: Names) -> str:
    """A field's value as a person reads it: the word of a choice, the name of a row; empty for nothing."""
    value = getattr(row, item.attname)
    if value is None or value in ("", [], {}):
        return ""
    if item.is_relation:
        return names.get((item.related_model, value), str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(item, models.DateTimeField):
        return formats.date_format(timezone.localtime(value), "j M Y, P")
    if isinstance(item, models.DateField):
        return formats.date_format(value, "j M Y")
    if isinstance(value, (list, dict)):
        told = _structure(value)
        return told if len(told) <= LONGEST else f"{len(value)} entries"
    return Truncator(str(dict(item.flatchoices).get(value, value))).chars(LONGEST)


def _structure(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_structure(inner)}" for key, inner in value.items())
    if isinstance(value, list):
        return ", ".join(map(_structure, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
