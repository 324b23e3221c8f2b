"""What every table of the record declares, laid as functions: who may write it, what it refers to, when it was done.

Each app says in its `guards.py` which offices write which table (`WRITERS`) and which of its moments are claims
(`MOMENTS`). What a table refers to, and of which practice that is, is read from the models. What nobody declared is
refused: a table without writers is written by nobody, a moment without a word is that of its act.
"""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from audit.guards.expected import others
from audit.registry import Kind, tables

ACT = "act"
"""The moment of its act, five minutes around it: what any moment is that nobody declares."""
PAST = "past"
"""A claim of what was before the act."""
AHEAD = "ahead"
"""A claim of what comes after the act."""
JUDGED = "judged"
"""A claim that a guard of its own judges."""
PLANNED = "planned"
"""No moment of an act: when something is to be."""

PERSON = "governance_person"
_OPEN = {"auth_permission", "governance_account", "governance_license"}
"""What belongs to no practice: the library's permissions, sign-ins, and the licenses of persons."""


def generated() -> Iterator[str]:
    """The functions, as texts of SQL."""
    yield _answers("writers", "text[]", {table: _array(offices) for table, offices in _writers().items()})
    yield _answers("moments", "jsonb", {table: _object(kinds) for table, kinds in moments().items()})
    yield _answers("references_of", "jsonb", {table: _object(targets) for table, targets in references().items()})
    yield _belongs()


def writers() -> dict[str, frozenset[str]]:
    """The offices that may write each table; founding and the system are no offices."""
    return {table: frozenset(map(str, offices)) for module in others() for table, offices in _said(module, "WRITERS")}


def moments() -> dict[str, dict[str, str]]:
    """Of each table that an act may write, the kind of every column that holds a moment."""
    declared = {table: kinds for module in others() for table, kinds in _said(module, "MOMENTS")}
    found = {}
    for name, model in _kept().items():
        own = declared.get(model._meta.db_table, {})
        columns = [str(f.column) for f in model._meta.concrete_fields if isinstance(f, models.DateTimeField)]
        found[name] = {column: own.get(column, ACT) for column in sorted(columns)}
    return found


def references() -> dict[str, dict[str, str]]:
    """Of each table that an act may write, the columns that refer to what is of a practice, each with its table."""
    return {
        name: {
            str(field.column): field.related_model._meta.db_table
            for field in sorted(model._meta.concrete_fields, key=lambda field: str(field.column))
            if isinstance(field, models.ForeignKey) and _of_a_practice(field.related_model)
        }
        for name, model in _kept().items()
    }


def _said(module: object, name: str) -> Iterator[tuple[str, dict[str, str]]]:
    yield from getattr(module, name, {}).items()


def _writers() -> dict[str, list[str]]:
    declared = writers()
    return {
        name: sorted(declared[model._meta.db_table])
        for name, model in _kept().items()
        if model._meta.db_table in declared
    }


@cache
def _kept() -> dict[str, type[models.Model]]:
    """The tables whose rows an act commits to, each with its model: of a history, the model that it is kept of."""
    by_table = {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
    return {
        table.name: by_table[table.base or table.name]
        for table in tables()
        if table.kind in {Kind.HISTORY, Kind.RECORDED}
    }


def _of_a_practice(model: type[models.Model]) -> bool:
    kinds = {table.name: table.kind for table in tables()}
    table = model._meta.db_table
    return table not in _OPEN and kinds[table] in {Kind.GOVERNED, Kind.RECORDED}


def _belongs() -> str:
    """The practice of a row, by its table and key; a person belongs to each practice that appointed or invited them."""
    referred = {target for targets in references().values() for target in targets.values()} - {PERSON}
    ways = [_way(model) for model in {*_kept().values()} if model._meta.db_table in referred]
    branches = "\n  els".join(f"if target = '{table}' then\n    return ({query});" for table, query in sorted(ways))
    return f"""create or replace function governance.belongs_to(target text, of_row text) returns uuid
language plpgsql stable strict set search_path = pg_catalog, pg_temp as $$
begin
  {branches}
  end if;
  return null;
end $$;
"""


def _way(model: type[models.Model]) -> tuple[str, str]:
    """The query that leads from a row to its practice, along columns that are never empty; else its act tells."""
    table, key = model._meta.db_table, str(model._meta.pk.column)
    kind = "uuid" if isinstance(model._meta.pk, models.UUIDField) else "bigint"
    if table == "governance_practice":
        return table, "select of_row::uuid"
    joins, here, letter = [f"public.{table} a"], model, "a"
    while not (column := _practice_column(here)):
        step = _step(here)
        if step is None:
            joins.append(f"join public.audit_act w on w.id = {letter}.act_id")
            return table, f"select w.practice from {' '.join(joins)} where a.{key} = of_row::{kind}"  # noqa: S608
        following = chr(ord(letter) + 1)
        here = step.related_model
        met = f"{following}.{here._meta.pk.column} = {letter}.{step.column}"
        joins.append(f"join public.{here._meta.db_table} {following} on {met}")
        letter = following
    return table, f"select {letter}.{column} from {' '.join(joins)} where a.{key} = of_row::{kind}"  # noqa: S608


def _practice_column(model: type[models.Model]) -> str:
    columns = {str(field.column) for field in model._meta.concrete_fields}
    return next((name for name in ("practice_id", "practice", "content_object_id") if name in columns), "")


def _step(model: type[models.Model]) -> models.ForeignKey[Any, Any] | None:
    """The first column that is never empty and leads nearer to a practice; of an act's office it only says whose."""
    near = (f for f in model._meta.concrete_fields if isinstance(f, models.ForeignKey) and not f.null)
    elsewhere = {PERSON, "governance_appointment"}
    return next(
        (f for f in near if _of_a_practice(f.related_model) and f.related_model._meta.db_table not in elsewhere), None
    )


def _answers(name: str, kind: str, answers: dict[str, str]) -> str:
    """A function that answers a table's name with a constant; null for a table that it does not know."""
    lines = "\n    ".join(f"when '{table}' then {answer}" for table, answer in sorted(answers.items()))
    return f"""create or replace function governance.{name}(of_table text) returns {kind}
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select case of_table
    {lines} end
$$;
"""


def _array(words: list[str]) -> str:
    return f"'{{{','.join(words)}}}'::text[]"


def _object(pairs: dict[str, str]) -> str:
    return "'{" + ", ".join(f'"{key}": "{value}"' for key, value in pairs.items()) + "}'::jsonb"
