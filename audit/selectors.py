"""What happened to an object: its acts, each with the differences it made, in words."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.utils import formats, timezone

from audit.models import Act, Part

HIDDEN = {"id", "act", "revision"}
"""Fields whose change says nothing to a reader."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of one row, before and after, as a person reads it. `before` is empty for a new row."""

    row: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class Happening:
    """An act with its changes, the newest act first in a timeline."""

    act: Act
    changes: list[Change] = field(default_factory=list)

    @property
    def title(self) -> str:
        """`site.opened` reads as "Site opened"."""
        words = self.act.verb.replace(".", " ").replace("_", " ").capitalize()
        return f"{words}, refused" if self.act.outcome == Act.Outcome.REFUSED else words

    @property
    def who(self) -> str:
        """The person with the office, or the system."""
        name = self.act.actor_name or "The system"
        return f"{name}, {self.act.office_name}" if self.act.office_name else name


def timeline(object_type: str, object_id: str, practice: UUID | None, *, limit: int = 200) -> list[Happening]:
    """The newest acts on an object of a practice. The number of queries depends on the kinds of rows, not their number.

    `object_type` is the model's label in lower case, `object_id` the key its services name it by.
    """
    acts = list(
        Act.objects.filter(object_type=object_type, object_id=object_id, practice=practice).order_by("-recorded_at")[
            :limit
        ]
    )
    touched: dict[str, set[int]] = defaultdict(set)
    for name in Part.objects.filter(act__in=acts, name__startswith="row/").values_list("name", flat=True):
        _, table, key = name.split("/", 2)
        touched[table].add(int(key) if key.isdigit() else 0)
    changes: dict[UUID, list[Change]] = defaultdict(list)
    for model in _history_models():
        keys = touched.get(model._meta.db_table)
        if keys:
            for act_id, found in _changes(model, keys):
                changes[act_id] += found
    return [Happening(act=act, changes=changes[act.pk]) for act in acts]


def as_events(happenings: list[Happening], zone: tzinfo) -> list[dict[str, str]]:
    """The same for templates/components/timeline.html, with times in this zone."""
    return [
        {
            "when": formats.date_format(timezone.localtime(happening.act.occurred_at, zone), "j M Y, H:i"),
            "title": happening.title,
            "text": happening.act.reason or "; ".join(map(_sentence, happening.changes)),
            "who": happening.who,
            "side": happening.act.side,
            "tag": "refused" if happening.act.outcome == Act.Outcome.REFUSED else happening.act.flag,
            "tag_kind": "refused" if happening.act.outcome == Act.Outcome.REFUSED else "",
        }
        for happening in happenings
    ]


def _sentence(change: Change) -> str:
    if not change.before:
        return f"{change.label}: {change.after}"
    return f"{change.label}: {change.before} became {change.after or 'empty'}"


def _history_models() -> list[Any]:
    return [model.history.model for model in apps.get_models() if hasattr(model, "history")]


def _changes(model: Any, history_ids: set[int]) -> list[tuple[UUID, list[Change]]]:
    """What these history rows changed against their predecessors: all states of the rows concerned, read once."""
    base = model.instance_type._meta
    key = base.pk.attname
    rows = model.objects.filter(
        **{f"{key}__in": model.objects.filter(history_id__in=history_ids).values(key)}
    ).order_by("history_id")
    fields = [item for item in base.concrete_fields if item.name not in HIDDEN and not item.primary_key]
    before: dict[Any, Any] = {}
    pairs = []
    for row in rows:
        identity = getattr(row, key)
        if row.history_id in history_ids:
            pairs.append((row, before.get(identity)))
        before[identity] = row
    names = _names(fields, [row for pair in pairs for row in pair if row is not None])
    return [
        (
            row.act_id,
            [
                Change(row=str(base.verbose_name), label=str(item.verbose_name).capitalize(), before=old, after=new)
                for item in fields
                for old, new in [("" if past is None else _words(past, item, names), _words(row, item, names))]
                if old != new
            ],
        )
        for row, past in pairs
    ]


def _names(fields: list[Any], rows: list[Any]) -> dict[tuple[type[models.Model], Any], str]:
    """The names of all rows that foreign keys point to, one query for each model."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for item in fields:
        if item.is_relation:
            wanted[item.related_model] |= {getattr(row, item.attname) for row in rows} - {None}
    found = {}
    for model, keys in wanted.items():
        rows_of = model._base_manager.all()
        # Their own names may be those of a person or a meeting.
        if onward := [item.name for item in model._meta.concrete_fields if item.is_relation]:
            rows_of = rows_of.select_related(*onward)
        found.update({(model, key): str(row) for key, row in rows_of.in_bulk(keys).items()})
    return found


def _words(row: Any, item: Any, names: dict[tuple[type[models.Model], Any], str]) -> str:
    value = getattr(row, item.attname)
    if value is None or value == "":
        return ""
    if item.is_relation:
        return names.get((item.related_model, value), str(value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(dict(item.flatchoices).get(value, value))
