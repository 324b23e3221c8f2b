"""What happened to an object: its acts, each with the differences it made, in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Model, Q
from django.utils import formats, timezone

from audit.models import Act, Part
from audit.registry import Kind, kind_of
from audit.wording import names_of, told_fields, words

LIMIT = 200
"""Acts that one timeline tells at most, the newest."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field of one row, before and after, as a person reads it. `before` is empty for a new row."""

    row: str
    label: str
    before: str
    after: str
    key: str = field(default="", compare=False)
    """Which row of its kind it was."""


@dataclass(frozen=True, kw_only=True)
class Happening:
    """An act with its changes, the newest act first in a timeline."""

    act: Act
    changes: list[Change] = field(default_factory=list)

    @property
    def title(self) -> str:
        """`site.opened` reads as "Site opened"."""
        said = self.act.verb.replace(".", " ").replace("_", " ").capitalize()
        return f"{said}, refused" if self.act.outcome == Act.Outcome.REFUSED else said

    @property
    def who(self) -> str:
        """The person with the office, or the system."""
        name = self.act.actor_name or "The system"
        return f"{name}, {self.act.office_name}" if self.act.office_name else name


def timeline(
    object_type: str,
    object_id: str,
    practice: UUID | None,
    *,
    rows: Iterable[Model] = (),
    before: datetime | None = None,
    limit: int = LIMIT,
) -> list[Happening]:
    """The newest acts on an object of a practice. The number of queries depends on the kinds of rows, not their number.

    `object_type` is the model's label in lower case, `object_id` the key its services name it by. `rows` are the
    object's rows: an act about something else that wrote one of them (a decision taken in a meeting) is told as
    well, with what it did to them alone. `before` leaves out what occurred then or later.
    """
    own = _by_model(rows)
    about = Q(object_type=object_type, object_id=object_id)
    found = Act.objects.filter(about | Q(pk__in=_acts_of(own)), practice=practice).select_related("entry")
    if before is not None:
        found = found.filter(occurred_at__lt=before)
    acts = list(found.order_by("-occurred_at", "-entry__index")[:limit])
    touched: dict[str, set[int]] = defaultdict(set)
    for name in Part.objects.filter(act__in=acts, name__startswith="row/").values_list("name", flat=True):
        _, table, key = name.split("/", 2)
        touched[table].add(int(key) if key.isdigit() else 0)
    changes: dict[UUID, list[Change]] = defaultdict(list)
    whole = {act.pk for act in acts if (act.object_type, act.object_id) == (object_type, object_id)}
    for model in apps.get_models():
        keys = touched.get(model._meta.db_table)
        if not keys:
            continue
        differences = _history_changes if kind_of(model) is Kind.HISTORY else _record_changes
        base = getattr(model, "instance_type", model)
        for act_id, row_id, made in differences(model, keys):
            if act_id in whole or row_id in own.get(base, ()):
                changes[act_id] += made
    return [Happening(act=act, changes=changes[act.pk]) for act in acts]


def as_events(happenings: list[Happening], zone: tzinfo) -> list[dict[str, Any]]:
    """The same for templates/components/timeline.html, with times in this zone."""
    return [_event(happening, zone) for happening in happenings]


def _event(happening: Happening, zone: tzinfo) -> dict[str, Any]:
    act = happening.act
    refused = act.outcome == Act.Outcome.REFUSED

    def clock(at: datetime) -> str:
        return formats.date_format(timezone.localtime(at, zone), "j M Y, P")

    return {
        "when": clock(act.occurred_at),
        "recorded": clock(act.recorded_at) if act.recorded_at != act.occurred_at else "",
        "flag": act.flag,
        "title": happening.title,
        "text": act.reason,
        "who": happening.who,
        "side": act.side.lower(),
        "tag": "refused" if refused else "",
        "tag_kind": "refused" if refused else "",
        "basis": f"{act.right}, entry {act.entry.index}" if act.right else f"Entry {act.entry.index}",
        "rows": [
            {"name": name[:1].upper() + name[1:], "changes": list(made)}
            for (name, _), made in groupby(happening.changes, key=attrgetter("row", "key"))
        ],
        "fields": len(happening.changes),
    }


def _by_model(rows: Iterable[Model]) -> dict[type[Model], dict[Any, Model]]:
    found: dict[type[Model], dict[Any, Model]] = defaultdict(dict)
    for row in rows:
        found[type(row)][row.pk] = row
    return found


def _acts_of(own: dict[type[Model], dict[Any, Model]]) -> set[UUID]:
    """The acts that wrote these rows; one query for each kind of governed row."""
    found: set[UUID] = set()
    for model, rows in own.items():
        if kind_of(model) is Kind.GOVERNED:
            states = model.history.filter(**{f"{model._meta.pk.attname}__in": list(rows)})  # type: ignore[attr-defined]
            found |= set(states.values_list("act_id", flat=True))
        else:
            found |= {row.act_id for row in rows.values()}  # type: ignore[attr-defined]
    return found


type Differences = Iterator[tuple[UUID, Any, list[Change]]]
"""An act, the row it changed, and the changes."""


def _record_changes(model: Any, keys: set[int]) -> Differences:
    """What these recorded rows say; they are new, and never change."""
    fields = told_fields(model)
    rows = list(model._base_manager.filter(pk__in=keys).order_by("pk"))
    names = names_of(fields, rows)
    for row in rows:
        pairs = ((item, words(row, item, names)) for item in fields)
        yield row.act_id, row.pk, [_change(model, item, row.pk, "", new) for item, new in pairs if new]


def _history_changes(model: Any, history_ids: set[int]) -> Differences:
    """What these history rows changed against their predecessors: all states of the rows concerned, read once."""
    base = model.instance_type
    key = base._meta.pk.attname
    rows = model.objects.filter(
        **{f"{key}__in": model.objects.filter(history_id__in=history_ids).values(key)}
    ).order_by("history_id")
    fields = told_fields(base)
    before: dict[Any, Any] = {}
    pairs = []
    for row in rows:
        identity = getattr(row, key)
        if row.history_id in history_ids:
            pairs.append((row, before.get(identity)))
        before[identity] = row
    names = names_of(fields, [row for pair in pairs for row in pair if row is not None])
    for row, past in pairs:
        made = [
            _change(base, item, getattr(row, key), old, new)
            for item in fields
            for old, new in [("" if past is None else words(past, item, names), words(row, item, names))]
            if old != new
        ]
        yield row.act_id, getattr(row, key), made


def _change(model: Any, item: Any, key: Any, old: str, new: str) -> Change:
    label = str(item.verbose_name)
    return Change(
        row=str(model._meta.verbose_name),
        label=label[:1].upper() + label[1:],
        before=old,
        after=new,
        key=str(key),
    )
