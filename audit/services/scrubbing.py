"""Finding a span of text in every registered place of a practice, and blotting it out inside the current act."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from audit.acts import current
from audit.models import Act, Part, Scrubbing

MARK = "[scrubbed]"
"""What stands in the place of a scrubbed span; fixed in audit/sql/scrub.sql."""
SHORTEST = 3
"""Characters of a span at least: a shorter one would blot words that have nothing to do with it."""


@dataclass(frozen=True, order=True)
class Place:
    """A text that holds the span."""

    table: str
    key: str
    column: str


def find(practice: UUID, value: str) -> list[Place]:
    """Every place of the practice's record that holds this span, in the row itself, its history or an act's payload."""
    return sorted({*_in_rows(practice, value), *_in_acts(practice, value)})


def _in_rows(practice: UUID, value: str) -> Iterator[Place]:
    for label, (path, names) in settings.SCRUBBABLE.items():
        model: Any = apps.get_model(label)
        mine = model._base_manager.filter(**{path: practice})
        for name in names:
            column = model._meta.get_field(name).column
            keys = set(_holding(mine, name, value).values_list("pk", flat=True))
            if hasattr(model, "history"):
                past = model.history.filter(id__in=mine.values("pk"))
                keys |= set(_holding(past, name, value).values_list("id", flat=True))
            yield from (Place(model._meta.db_table, str(key), column) for key in keys)


def _in_acts(practice: UUID, value: str) -> Iterator[Place]:
    acts = _holding(Act.objects.filter(practice=practice), "reason", value).order_by()
    yield from (Place("audit_act", str(key), "reason") for key in acts.values_list("pk", flat=True))
    payloads = Part.objects.filter(act__practice=practice).exclude(
        Q(name="facts") | Q(name__startswith="row/") | Q(name__startswith="after/")
    )
    parts = _holding(payloads, "body", value).values_list("pk", flat=True)
    yield from (Place("audit_part", str(key), "body") for key in parts)


def _holding(rows: Any, name: str, value: str) -> Any:
    """Rows whose text holds the span, as written or as JSON writes it."""
    escaped = json.dumps(value, ensure_ascii=False)[1:-1]
    found = Cast(name, TextField())
    return rows.annotate(text_searched=found).filter(
        Q(text_searched__contains=value) | Q(text_searched__contains=escaped)
    )


def scrub(place: Place, value: str) -> Scrubbing:
    """Blot the span out of one place, inside the current act. The database names the place in the act, not the span."""
    act = current()
    with connection.cursor() as cursor:
        cursor.execute("select audit.scrub(%s, %s, %s, %s, %s)", [act.id, place.table, place.key, place.column, value])
        (key,) = cursor.fetchone()
    act.touch(Scrubbing._meta.db_table, key)
    return Scrubbing.objects.get(pk=key)
