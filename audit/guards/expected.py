"""What grants, triggers and functions must be: from the registry of tables, and from the SQL files."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.conf import settings
from psycopg import sql

from audit.registry import Kind, Table, scrubbable, tables

_FOLDER = Path(__file__).parents[1] / "sql"
SQL = [_FOLDER / name for name in ("scrub.sql", "seal.sql", "access.sql", "guards.sql")]
COMPLETE = _FOLDER / "complete.sql"
"""Laid once for each governed table."""

GRANTS = {
    Kind.GOVERNED: {"SELECT", "INSERT", "UPDATE"},
    Kind.HISTORY: {"SELECT", "INSERT"},
    Kind.RECORDED: {"SELECT", "INSERT"},
    Kind.LEDGER: {"SELECT"},
    Kind.EXEMPT: {"SELECT", "INSERT", "UPDATE", "DELETE"},
}
READ_ONLY_TO_APP = {"django_migrations", "django_content_type", "auth_permission"}
FUNCTIONS = {
    "app": {"seal", "scrub", "restore", "note_access"},
    "checkpointer": {"keep_checkpoint", "seal_access"},
    "reader": set[str](),
}

PINNED = {
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "1",
    "transform_null_equals": "off",
}
"""Settings by which texts, times and comparisons read otherwise: functions with their owner's rights fix them."""

OWN_TABLES = {
    "kept": {"app", "reader"},
    "scrubbable": {"app", "reader"},
    "setting": set[str](),
    "unsealed": {"reader"},
}
"""The tables of the schema audit, and who may read them beside the owner."""
ROWS = "(new.name ~~ 'row/%'::text)"
"""When a guard of an act's parts looks at those that are rows."""
_EVENTS = ("INSERT", "DELETE", "UPDATE", "TRUNCATE")
_FUNCTION = re.compile(r"create or replace function (\w+\.\w+)\s*\((.*?)\bas \$\$(.*?)\$\$;", re.DOTALL)


@dataclass(frozen=True)
class Trigger:
    """One trigger, enabled ALWAYS; `timing` is "before" or "after" and its events."""

    table: str
    name: str
    function: str
    timing: str
    level: str
    arguments: tuple[str, ...] = ()
    constraint: bool = False
    deferred: bool = True
    when: str = ""
    """A condition in parentheses, as pg_get_triggerdef writes it; the function is called only where it holds."""

    def definition(self) -> str:
        """The statement that creates it, written as pg_get_triggerdef writes it."""
        when, *events = self.timing.upper().replace(" OR ", " ").split()
        arguments = ", ".join(sql.Literal(argument).as_string() for argument in self.arguments)
        condition = f" WHEN ({self.when})" if self.when else ""
        deferral = " DEFERRABLE INITIALLY DEFERRED" if self.deferred else " NOT DEFERRABLE INITIALLY IMMEDIATE"
        return (
            f"CREATE {'CONSTRAINT ' if self.constraint else ''}TRIGGER {self.name} {when}"
            f" {' OR '.join(sorted(events, key=_EVENTS.index))} ON public.{self.table}"
            f"{deferral if self.constraint else ''}"
            f" FOR EACH {self.level.upper()}{condition} EXECUTE FUNCTION {self.function}({arguments})"
        )


@dataclass(frozen=True)
class Function:
    """One function as a SQL file defines it."""

    name: str
    body: str
    definer: bool
    """Whether it runs with its owner's rights."""


def _append_only(table: str) -> Iterator[Trigger]:
    yield Trigger(table, "brightline_append_only", "audit.refuse", "before update or delete", "row")
    yield Trigger(
        table, "brightline_append_only_all", "audit.refuse", "before update or delete or truncate", "statement"
    )


def _not_sealed(table: Table) -> Trigger:
    return Trigger(table.name, "brightline_not_sealed", "audit.not_sealed_yet", "before insert", "row", (table.key,))


def stays(table: str, *changing: str) -> Trigger:
    """The trigger under which only these columns of a governed row ever change."""
    return Trigger(table, "brightline_stays", "audit.stays", "before update", "row", changing)


def _scrubbed_only(table: str, function: str = "audit.only_scrubbed", *arguments: str) -> Iterator[Trigger]:
    """Append-only but for a scrub."""
    yield Trigger(table, "brightline_append_only", function, "before update or delete", "row", arguments)
    yield Trigger(table, "brightline_append_only_all", "audit.refuse", "before delete or truncate", "statement")


def _kept_as_it_is(table: Table) -> Iterator[Trigger]:
    if any(place.table == table.name for place in scrubbable()):
        return _scrubbed_only(table.name, "audit.only_scrubbed", table.name, table.key)
    return _append_only(table.name)


def triggers_of(table: Table) -> list[Trigger]:
    """The triggers that this kind of table must carry."""
    match table.kind:
        case Kind.GOVERNED:
            removal = "before truncate" if table.removable else "before delete or truncate"
            return [
                Trigger(table.name, "brightline_no_removal", "audit.refuse", removal, "statement"),
                Trigger(
                    table.name,
                    "brightline_complete",
                    f"audit.complete_{table.name}",
                    "after insert or update or delete",
                    "row",
                    constraint=True,
                ),
            ]
        case Kind.HISTORY:
            base_key = next(t.key for t in tables() if t.name == table.base)
            return [
                *_scrubbed_only(table.name, "audit.only_scrubbed", table.base, base_key),
                _not_sealed(table),
                Trigger(
                    table.name,
                    "brightline_complete",
                    f"audit.complete_{table.name}",
                    "after insert",
                    "row",
                    constraint=True,
                ),
            ]
        case Kind.RECORDED:
            return [
                *_kept_as_it_is(table),
                _not_sealed(table),
                Trigger(
                    table.name,
                    "brightline_complete",
                    "audit.complete_record",
                    "after insert",
                    "row",
                    (table.key,),
                    constraint=True,
                ),
            ]
        case Kind.LEDGER if table.name == "audit_head":
            return [
                Trigger(table.name, "brightline_advance", "audit.advance", "before update or delete", "row"),
                Trigger(
                    table.name, "brightline_append_only_all", "audit.refuse", "before delete or truncate", "statement"
                ),
            ]
        case Kind.LEDGER if table.name == "audit_part":
            return list(_scrubbed_only(table.name, "audit.only_emptied"))
        case Kind.LEDGER:
            return list(_kept_as_it_is(table))
        case _:
            return []


def others() -> list[ModuleType]:
    """The guards of the other apps, wired in settings so that audit knows none of them."""
    return [import_module(name) for name in settings.DATABASE_GUARDS]


def sql_texts() -> list[str]:
    """Every text of functions, in the order in which they are laid."""
    files = [*SQL, *(path for module in others() for path in module.SQL)]
    made = (text for module in others() for text in getattr(module, "generated", list)())
    return [*(path.read_text() for path in files), *made, *_complete()]


def _complete() -> Iterator[str]:
    text = COMPLETE.read_text()
    for table in tables():
        if table.kind is Kind.GOVERNED:
            yield text.replace("{table}", table.name).replace("{history}", table.history).replace("{key}", table.key)


def schemas() -> list[str]:
    """The schemas that hold functions of ours."""
    return ["audit", *(module.SCHEMA for module in others())]


def expected_triggers() -> list[Trigger]:
    """Every trigger of the installation."""
    return [
        *(trigger for table in tables() for trigger in triggers_of(table)),
        *(trigger for module in others() for trigger in module.TRIGGERS),
    ]


def expected_functions() -> list[Function]:
    """Every function of the installation, as the SQL files define it."""
    return [
        Function(name, body, "security definer" in head)
        for text in sql_texts()
        for name, head, body in _FUNCTION.findall(text)
    ]


def kept_tables() -> dict[str, str]:
    """The tables whose rows an act may commit to, with the column of their key."""
    return {table.name: table.key for table in tables() if table.kind in {Kind.HISTORY, Kind.RECORDED}}


def app_grants(table: Table) -> set[str]:
    """What the application's role may do with a table."""
    if table.name in READ_ONLY_TO_APP:
        return {"SELECT"}
    rights = set(GRANTS[table.kind])
    if table.removable:
        rights.add("DELETE")
    if table.by_owner:
        rights.discard("INSERT")
    return rights
