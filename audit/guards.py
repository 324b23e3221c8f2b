"""Grants and triggers of every table: what they must be, how they are laid, and where a live database deviates."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType

from django.conf import settings
from psycopg import Connection, sql

from audit.registry import Kind, Table, tables

SQL = Path(__file__).parent / "sql"

GRANTS = {
    Kind.GOVERNED: {"SELECT", "INSERT", "UPDATE"},
    Kind.HISTORY: {"SELECT", "INSERT"},
    Kind.RECORDED: {"SELECT", "INSERT"},
    Kind.LEDGER: {"SELECT"},
    Kind.EXEMPT: {"SELECT", "INSERT", "UPDATE", "DELETE"},
}
READ_ONLY_TO_APP = {"django_migrations", "django_content_type", "auth_permission"}
FUNCTIONS = {"app": {"seal"}, "checkpointer": {"keep_checkpoint"}, "reader": set[str]()}


@dataclass(frozen=True)
class Trigger:
    """One trigger; `definition` is what follows CREATE, `enabled` what pg_trigger must say ('A' = always)."""

    table: str
    name: str
    function: str
    timing: str
    level: str
    arguments: tuple[str, ...] = ()
    constraint: bool = False
    deferred: bool = True

    def create(self) -> sql.Composed:
        return sql.SQL(
            "create {kind} {name} {timing} on public.{table} {deferred} for each {level} execute function {function}({arguments})"
        ).format(
            kind=sql.SQL("constraint trigger" if self.constraint else "trigger"),
            name=sql.Identifier(self.name),
            timing=sql.SQL(self.timing),
            table=sql.Identifier(self.table),
            deferred=sql.SQL("deferrable initially deferred" if self.constraint and self.deferred else ""),
            level=sql.SQL(self.level),
            function=sql.SQL(self.function),
            arguments=sql.SQL(", ").join(sql.Literal(argument) for argument in self.arguments),
        )


def _append_only(table: str) -> Iterator[Trigger]:
    yield Trigger(table, "brightline_append_only", "audit.refuse", "before update or delete", "row")
    yield Trigger(
        table, "brightline_append_only_all", "audit.refuse", "before update or delete or truncate", "statement"
    )


def triggers_of(table: Table) -> list[Trigger]:
    """The triggers that this kind of table must carry."""
    match table.kind:
        case Kind.GOVERNED:
            pair = (table.base, table.history, table.key)
            removal = "before truncate" if table.removable else "before delete or truncate"
            return [
                Trigger(table.name, "brightline_no_removal", "audit.refuse", removal, "statement"),
                Trigger(
                    table.name,
                    "brightline_complete",
                    "audit.complete",
                    "after insert or update or delete",
                    "row",
                    pair,
                    constraint=True,
                ),
            ]
        case Kind.HISTORY:
            base_key = next(t.key for t in tables() if t.name == table.base)
            return [
                *_append_only(table.name),
                Trigger(table.name, "brightline_not_sealed", "audit.not_sealed_yet", "before insert", "row"),
                Trigger(
                    table.name,
                    "brightline_complete",
                    "audit.complete",
                    "after insert",
                    "row",
                    (table.base, table.history, base_key),
                    constraint=True,
                ),
            ]
        case Kind.RECORDED:
            return [
                *_append_only(table.name),
                Trigger(table.name, "brightline_not_sealed", "audit.not_sealed_yet", "before insert", "row"),
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
        case Kind.LEDGER:
            return list(_append_only(table.name))
        case _:
            return []


def _others() -> list[ModuleType]:
    """The guards of the other apps, wired in settings so that audit knows none of them."""
    return [import_module(name) for name in settings.DATABASE_GUARDS]


def expected_triggers() -> list[Trigger]:
    """Every trigger of the installation."""
    return [
        *(trigger for table in tables() for trigger in triggers_of(table)),
        *(trigger for module in _others() for trigger in module.TRIGGERS),
    ]


def apply(connection: Connection) -> None:
    """Lay functions, triggers and grants anew, as the owner, in one transaction. Idempotent."""
    roles = {name: sql.Identifier(role) for name, role in settings.DATABASE_ROLES.items()}
    others = [roles["app"], roles["checkpointer"], roles["reader"]]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute((SQL / "seal.sql").read_text())
        cursor.execute((SQL / "guards.sql").read_text())
        cursor.execute(
            "create table if not exists audit.kept (table_name text primary key, key_column text not null);"
            "create table if not exists audit.setting (name text primary key, value text not null);"
            "delete from audit.kept"
        )
        cursor.execute(
            "insert into audit.setting values ('origin', %s) on conflict (name) do nothing", [settings.LEDGER_ORIGIN]
        )
        for module in _others():
            for path in module.SQL:
                cursor.execute(path.read_text())
        cursor.execute(
            "select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " where not t.tgisinternal and t.tgname like 'brightline%%' and c.relnamespace = 'public'::regnamespace"
        )
        for table_name, old in cursor.fetchall():
            cursor.execute(sql.SQL("drop trigger {} on {}").format(sql.Identifier(old), sql.Identifier(table_name)))
        for trigger in expected_triggers():
            cursor.execute(trigger.create())
            cursor.execute(
                sql.SQL("alter table {} enable always trigger {}").format(
                    sql.Identifier(trigger.table), sql.Identifier(trigger.name)
                )
            )
        for table in tables():
            name = sql.Identifier(table.name)
            if table.kind in {Kind.HISTORY, Kind.RECORDED}:
                cursor.execute("insert into audit.kept values (%s, %s)", [table.name, table.key])
            cursor.execute(sql.SQL("revoke all on {} from public, {}").format(name, sql.SQL(", ").join(others)))
            cursor.execute(
                sql.SQL("grant {} on {} to {}").format(
                    sql.SQL(", ").join(sql.SQL(right) for right in sorted(app_grants(table))), name, roles["app"]
                )
            )
            if table.kind is not Kind.EXEMPT:
                cursor.execute(sql.SQL("grant select on {} to {}").format(name, roles["reader"]))
            if table.kind is Kind.LEDGER:
                cursor.execute(sql.SQL("grant select on {} to {}").format(name, roles["checkpointer"]))
        cursor.execute(sql.SQL("grant usage on schema public to {}").format(sql.SQL(", ").join(others)))
        cursor.execute(sql.SQL("grant usage on schema audit to {}").format(sql.SQL(", ").join(others)))
        cursor.execute(sql.SQL("grant usage on all sequences in schema public to {}").format(roles["app"]))
        for schema in ("audit", *(module.SCHEMA for module in _others())):
            cursor.execute(
                sql.SQL("revoke all on all functions in schema {} from public").format(sql.Identifier(schema))
            )
        for role, functions in FUNCTIONS.items():
            for function in functions:
                cursor.execute(
                    sql.SQL("grant execute on function {} to {}").format(sql.SQL(f"audit.{function}"), roles[role])
                )


def app_grants(table: Table) -> set[str]:
    """What the application's role may do with a table."""
    if table.name in READ_ONLY_TO_APP:
        return {"SELECT"}
    rights = set(GRANTS[table.kind])
    if table.removable:
        rights.add("DELETE")
    return rights


def deviations(connection: Connection) -> list[str]:
    """Each way in which the live database's grants and triggers differ from what the code expects."""
    found: list[str] = []
    roles = settings.DATABASE_ROLES
    wanted = {(trigger.table, trigger.name): trigger for trigger in expected_triggers()}
    schemas = ["audit", *(module.SCHEMA for module in _others())]
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, t.tgname, t.tgenabled, n.nspname || '.' || p.proname, t.tgtype, t.tgdeferrable and t.tginitdeferred,"
            " pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " join pg_proc p on p.oid = t.tgfoid join pg_namespace n on n.oid = p.pronamespace"
            " where not t.tgisinternal and c.relnamespace = 'public'::regnamespace"
        )
        live = {(row[0], row[1]): row for row in cursor.fetchall()}
        for key, trigger in wanted.items():
            row = live.get(key)
            if row is None:
                found.append(f"Trigger {trigger.name} on {trigger.table} is missing.")
                continue
            if row[2] != "A":
                found.append(f"Trigger {trigger.name} on {trigger.table} is not enabled ALWAYS (it says {row[2]!r}).")
            if row[3] != trigger.function:
                found.append(f"Trigger {trigger.name} on {trigger.table} calls {row[3]}, not {trigger.function}.")
        cursor.execute(
            "select c.relname, r.rolname, a.privilege_type from pg_class c, aclexplode(c.relacl) a"
            " left join pg_roles r on r.oid = a.grantee"
            " where c.relnamespace in ('public'::regnamespace, 'audit'::regnamespace) and c.relkind in ('r', 'p', 'v', 'm')"
        )
        granted: dict[tuple[str, str], set[str]] = {}
        for table_name, role, right in cursor.fetchall():
            granted.setdefault((table_name, role or "PUBLIC"), set()).add(right)
        expected: dict[tuple[str, str], set[str]] = {}
        for table in tables():
            expected[table.name, roles["app"]] = app_grants(table)
            if table.kind is not Kind.EXEMPT:
                expected[table.name, roles["reader"]] = {"SELECT"}
            if table.kind is Kind.LEDGER:
                expected[table.name, roles["checkpointer"]] = {"SELECT"}
        for key in sorted(granted.keys() | expected.keys()):
            if key[1] == roles["owner"]:
                continue
            has, should = granted.get(key, set()), expected.get(key, set())
            if has - should:
                found.append(f"{key[1]} may {', '.join(sorted(has - should))} on {key[0]}, which it must not.")
            if should - has:
                found.append(f"{key[1]} lacks {', '.join(sorted(should - has))} on {key[0]}.")
        cursor.execute(
            "select p.proname, r.rolname from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
            " left join pg_roles r on r.oid = a.grantee where p.pronamespace::regnamespace::text = any(%s)"
            " and a.grantee <> p.proowner",
            [schemas],
        )
        may = {(function, role or "PUBLIC") for function, role in cursor.fetchall()}
        should_call = {(function, roles[role]) for role, functions in FUNCTIONS.items() for function in functions}
        found += [
            f"{role} may call audit.{function}, which it must not." for function, role in sorted(may - should_call)
        ]
        found += [f"{role} cannot call audit.{function}." for function, role in sorted(should_call - may)]
        cursor.execute(
            "select p.proname from pg_proc p where p.pronamespace::regnamespace::text = any(%s) and p.prosecdef"
            " and not coalesce(array_to_string(p.proconfig, ','), '') like '%%search_path=%%'",
            [schemas],
        )
        found += [f"{name} runs as its owner without a fixed search_path." for (name,) in cursor.fetchall()]
        for role in ("app", "checkpointer", "reader"):
            cursor.execute(
                "select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls,"
                " pg_has_role(oid, %s, 'member'), has_schema_privilege(oid, 'public', 'create'),"
                " has_schema_privilege(oid, 'audit', 'create'),"
                " has_database_privilege(oid, current_database(), 'create'),"
                " has_database_privilege(oid, current_database(), 'temporary') from pg_roles where rolname = %s",
                [roles["owner"], roles[role]],
            )
            answer = cursor.fetchone()
            if answer is None:
                found.append(f"The role {roles[role]} does not exist.")
                continue
            for wrong, words in zip(
                answer,
                (
                    "has attributes of a superuser",
                    "is a member of the owner",
                    "may create in schema public",
                    "may create in schema audit",
                    "may create schemas",
                    "may create temporary tables",
                ),
                strict=True,
            ):
                if wrong:
                    found.append(f"{roles[role]} {words}.")
    return found
