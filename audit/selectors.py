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
from django.conf import settings
from django.db.models import FETCH_PEERS, Model, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast, Coalesce
from django.utils import formats, timezone

from audit.models import Act, Part, Scrubbing
from audit.registry import Kind, is_closed, kind_of
from audit.wording import Names, names_of, told_fields, words

LIMIT = 200
"""Acts that one timeline tells at most, the newest."""


def payloads(name: str) -> QuerySet[Part]:
    """The parts of this name, each with `stands`: its body, or what a scrub left of it."""
    scrubs = Scrubbing.objects.standing().filter(table_name=Part._meta.db_table)
    left = scrubs.filter(row_key=Cast(OuterRef("pk"), TextField())).order_by("-pk").values("remains")[:1]
    return Part.objects.filter(name=name).annotate(stands=Coalesce("body", Subquery(left)))


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
    capacity: str = ""
    """What the actor was besides holding an office: "as delegate of …"."""

    @property
    def title(self) -> str:
        """`site.opened` reads as "Site opened"."""
        said = self.act.verb.replace(".", " ").replace("_", " ").capitalize()
        return f"{said}, refused" if self.act.outcome == Act.Outcome.REFUSED else said

    @property
    def who(self) -> str:
        """The person with the office, or the system."""
        said = [self.act.actor_name or "The system", self.act.office_name, self.capacity]
        return ", ".join(filter(None, said))


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
    whole = {act.pk for act in acts if (act.object_type, act.object_id) == (object_type, object_id)}
    written = _written(acts, whole, own)
    capacities = _capacities(written)
    told = [
        (row, past)
        for model, keys in written.items()
        for row, past in (_states if kind_of(model) is Kind.HISTORY else _rows)(model, keys)
        if row.act_id in whole or _key(row) in own[_base(model)]
    ]
    names = names_of(row for pair in told for row in pair if row is not None)
    changes: dict[UUID, list[Change]] = defaultdict(list)
    for row, past in told:
        changes[row.act_id] += _changes(row, past, names)
    return [Happening(act=act, changes=changes[act.pk], capacity=capacities.get(act.pk, "")) for act in acts]


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
        "tag_kind": "late" if refused else "",
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


def _base(model: Any) -> Any:
    """The model of a row, whether it is the row itself or a state of it."""
    return getattr(model, "instance_type", model)


def _key(row: Any) -> Any:
    return getattr(row, _base(type(row))._meta.pk.attname)


def _written(
    acts: list[Act], whole: set[UUID], own: dict[type[Model], dict[Any, Model]]
) -> dict[type[Model], set[int]]:
    """The keys of what is to be told, by model: all that the acts in `whole` wrote, of the others what is `own`."""
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    found: dict[type[Model], set[int]] = defaultdict(set)
    parts = Part.objects.filter(act__in=acts, name__startswith="row/").values_list("act_id", "name")
    for act_id, name in parts:
        _, table, key = name.split("/", 2)
        model = by_table.get(table)
        if (
            model
            and not is_closed(model)
            and key.isdigit()
            and (act_id in whole or _base(model) in own or model._meta.label in settings.CAPACITIES)
        ):
            found[model].add(int(key))
    return {model: found[model] for model in by_table.values() if model in found}


def _capacities(written: dict[type[Model], set[int]]) -> dict[UUID, str]:
    """What rows of settings.CAPACITIES say of their acts; they are taken out of `written`, being no change."""
    found = {}
    for model in [one for one in written if one._meta.label in settings.CAPACITIES]:
        rows: Any = model._base_manager.filter(pk__in=written.pop(model)).fetch_mode(FETCH_PEERS)
        found.update({row.act_id: str(row) for row in rows})
    return found


type Written = Iterator[tuple[Any, Any | None]]
"""A row that an act wrote, and the state it follows."""


def _rows(model: Any, keys: set[int]) -> Written:
    """These recorded rows; they are new, and never change."""
    for row in model._base_manager.filter(pk__in=keys).order_by("pk"):
        yield row, None


def _states(model: Any, history_ids: set[int]) -> Written:
    """These history rows with their predecessors: all states of the rows concerned, read once."""
    key = _base(model)._meta.pk.attname
    rows = model.objects.filter(
        **{f"{key}__in": model.objects.filter(history_id__in=history_ids).values(key)}
    ).order_by("history_id")
    before: dict[Any, Any] = {}
    for row in rows:
        if row.history_id in history_ids:
            yield row, before.get(_key(row))
        before[_key(row)] = row


def _changes(row: Any, past: Any | None, names: Names) -> Iterator[Change]:
    model = _base(type(row))
    for item in told_fields(model):
        old, new = "" if past is None else words(past, item, names), words(row, item, names)
        if old != new:
            label = str(item.verbose_name)
            yield Change(
                row=str(model._meta.verbose_name),
                label=label[:1].upper() + label[1:],
                before=old,
                after=new,
                key=str(_key(row)),
            )
