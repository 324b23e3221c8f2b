"""An object as it was: the state of governed rows by their history, of recorded rows by when their act occurred."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Min, Model

from audit.models import Act
from audit.registry import Kind, kind_of
from audit.wording import names_of, told_fields, words


@dataclass(frozen=True, kw_only=True)
class State:
    """One row as it was: what it is, and its fields with their values in words."""

    row: Model
    kind: str
    facts: list[tuple[str, str]]


def as_of(rows: Iterable[Model], before: datetime) -> list[State]:
    """The rows as the acts that occurred before this moment had left them; who came later, or was gone, is left out.

    One or two queries for each kind of row, and one for each kind they name. Names are those of today.
    """
    by_model: dict[type[Model], list[Model]] = {}
    for row in rows:
        by_model.setdefault(type(row), []).append(row)
    stood = {
        model: _governed(model, wanted, before) if kind_of(model) is Kind.GOVERNED else _recorded(wanted, before)
        for model, wanted in by_model.items()
    }
    names = names_of(state for past in stood.values() for state in past.values())
    found = []
    for model, wanted in by_model.items():
        past, fields, kind = stood[model], told_fields(model), str(model._meta.verbose_name)
        for row in wanted:
            if state := past.get(row.pk):
                facts = [(str(item.verbose_name), words(state, item, names)) for item in fields]
                told = [(label[:1].upper() + label[1:], value) for label, value in facts if value]
                found.append(State(row=row, kind=kind[:1].upper() + kind[1:], facts=told))
    return found


def since_when(row: Any) -> datetime | None:
    """When the row began to exist: the time of its first act."""
    acts = (
        Act.objects.filter(pk__in=row.history.values("act_id"))
        if kind_of(type(row)) is Kind.GOVERNED
        else Act.objects.filter(pk=row.act_id)
    )
    first: datetime | None = acts.aggregate(first=Min("occurred_at"))["first"]
    return first


def _governed(model: Any, rows: list[Model], before: datetime) -> dict[Any, Any]:
    key = model._meta.pk.attname
    states = (
        model.history.filter(**{f"{key}__in": [row.pk for row in rows]}, act__occurred_at__lt=before)
        # A state that was entered late holds what was known when it was entered.
        .order_by(key, "-history_id")
        .distinct(key)
    )
    return {getattr(state, key): state for state in states if state.history_type != "-"}


def _recorded(rows: list[Any], before: datetime) -> dict[Any, Any]:
    acts = Act.objects.filter(pk__in={row.act_id for row in rows}, occurred_at__lt=before)
    there = set(acts.values_list("pk", flat=True))
    return {row.pk: row for row in rows if row.act_id in there}
