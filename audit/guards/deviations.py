"""Where a live database's grants, triggers and functions differ from what the code expects."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from psycopg import Connection

from audit.guards.expected import (
    FUNCTIONS,
    OWN_TABLES,
    PINNED,
    app_grants,
    expected_functions,
    expected_triggers,
    kept_tables,
    schemas,
)
from audit.guards.surroundings import surroundings
from audit.registry import Kind, scrubbable, tables


def deviations(connection: Connection) -> list[str]:
    """Each deviation as a sentence; none when all is as it must be. Any login may ask."""
    return [
        *_triggers(connection),
        *_side_doors(connection),
        *_table_grants(connection),
        *_functions(connection),
        *_function_grants(connection),
        *_kept(connection),
        *_roles(connection),
        *surroundings(connection),
    ]


def _triggers(connection: Connection) -> Iterator[str]:
    live = {
        (table, name): (enabled, definition)
        for table, name, enabled, definition in connection.execute(
            "select c.relname, t.tgname, t.tgenabled, pg_get_triggerdef(t.oid) from pg_trigger t"
            " join pg_class c on c.oid = t.tgrelid"
            " where not t.tgisinternal and c.relnamespace = 'public'::regnamespace"
        ).fetchall()
    }
    for trigger in expected_triggers():
        found = live.pop((trigger.table, trigger.name), None)
        if found is None:
            yield f"Trigger {trigger.name} on {trigger.table} is missing."
            continue
        enabled, definition = found
        if enabled != "A":
            yield f"Trigger {trigger.name} on {trigger.table} is not enabled ALWAYS (it says {enabled!r})."
        if definition != trigger.definition():
            yield f"Trigger {trigger.name} on {trigger.table} is another one: {definition}"
    for table, name in sorted(live):
        yield f"Trigger {name} on {table} is not one of Brightline's."


def _side_doors(connection: Connection) -> Iterator[str]:
    """Rules, row policies and event triggers could turn a statement into another before any trigger sees it."""
    names = [table.name for table in tables()]
    for table, rule in connection.execute(
        "select c.relname, r.rulename from pg_rewrite r join pg_class c on c.oid = r.ev_class"
        " where c.relnamespace = 'public'::regnamespace and c.relname = any(%s)",
        [names],
    ).fetchall():
        yield f"Rule {rule} on {table} rewrites statements."
    for table, kind, security, parent in connection.execute(
        "select c.relname, c.relkind, c.relrowsecurity,"
        " exists (select from pg_inherits i where i.inhrelid = c.oid or i.inhparent = c.oid)"
        " from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = any(%s)",
        [names],
    ).fetchall():
        if kind != "r" or parent:
            yield f"{table} is not a plain table."
        if security:
            yield f"{table} has row policies, which can hide rows."
    for (name,) in connection.execute("select evtname from pg_event_trigger").fetchall():
        yield f"Event trigger {name} exists."


def _table_grants(connection: Connection) -> Iterator[str]:
    roles = settings.DATABASE_ROLES
    granted: dict[tuple[str, str], set[str]] = {}
    for table, role, right in connection.execute(
        "select c.oid::regclass::text, r.rolname, a.privilege_type from pg_class c, aclexplode(c.relacl) a"
        " left join pg_roles r on r.oid = a.grantee where c.relnamespace::regnamespace::text = any(%(schemas)s)"
        " and c.relkind in ('r', 'p', 'v', 'm', 'f')"
        " union select c.oid::regclass::text || '.' || t.attname, r.rolname, a.privilege_type"
        " from pg_attribute t join pg_class c on c.oid = t.attrelid, aclexplode(t.attacl) a"
        " left join pg_roles r on r.oid = a.grantee where c.relnamespace::regnamespace::text = any(%(schemas)s)",
        {"schemas": ["public", *schemas()]},
    ).fetchall():
        granted.setdefault((table, role or "PUBLIC"), set()).add(right)
    expected: dict[tuple[str, str], set[str]] = {}
    for table in tables():
        expected[table.name, roles["app"]] = app_grants(table)
        if table.kind is not Kind.EXEMPT:
            expected[table.name, roles["reader"]] = {"SELECT"}
        if table.kind is Kind.LEDGER:
            expected[table.name, roles["checkpointer"]] = {"SELECT"}
    for own, readers in OWN_TABLES.items():
        expected |= {(f"audit.{own}", roles[role]): {"SELECT"} for role in readers}
    for key in sorted(granted.keys() | expected.keys()):
        if key[1] == roles["owner"]:
            continue
        has, should = granted.get(key, set()), expected.get(key, set())
        if has - should:
            yield f"{key[1]} may {', '.join(sorted(has - should))} on {key[0]}, which it must not."
        if should - has:
            yield f"{key[1]} lacks {', '.join(sorted(should - has))} on {key[0]}."
    for table, owner in connection.execute(
        "select c.oid::regclass::text, r.rolname from pg_class c join pg_roles r on r.oid = c.relowner"
        " where c.relnamespace::regnamespace::text = any(%s) and r.rolname <> %s order by 1",
        [["public", *schemas()], roles["owner"]],
    ).fetchall():
        yield f"{table} belongs to {owner}, not to {roles['owner']}."


def _functions(connection: Connection) -> Iterator[str]:
    live: dict[str, list[tuple[Any, ...]]] = {}
    for name, *rest in connection.execute(
        "select p.pronamespace::regnamespace || '.' || p.proname, p.prosrc, p.prosecdef,"
        " coalesce(array_to_string(p.proconfig, e'\\n'), ''), r.rolname from pg_proc p"
        " join pg_roles r on r.oid = p.proowner where p.pronamespace::regnamespace::text = any(%s)",
        [schemas()],
    ).fetchall():
        live.setdefault(name, []).append(tuple(rest))
    for function in expected_functions():
        found = live.pop(function.name, [])
        if len(found) != 1:
            yield f"Function {function.name} is {'defined more than once' if found else 'missing'}."
            continue
        body, definer, configuration, owner = found[0]
        if body != function.body:
            yield f"Function {function.name} has another body than Brightline's."
        if definer != function.definer:
            yield f"Function {function.name} runs with the rights of {'its owner' if definer else 'its caller'}."
        if "search_path=pg_catalog, pg_temp" not in configuration:
            yield f"Function {function.name} runs without the fixed search_path."
        fixed = {name.casefold(): value for name, _, value in (one.partition("=") for one in configuration.split("\n"))}
        for name, value in PINNED.items() if function.definer else ():
            if fixed.get(name.casefold()) != value:
                yield f"Function {function.name} runs without the fixed {name}."
        if owner != settings.DATABASE_ROLES["owner"]:
            yield f"Function {function.name} belongs to {owner}."
    for name in sorted(live):
        yield f"Function {name} is not one of Brightline's."


def _function_grants(connection: Connection) -> Iterator[str]:
    roles = settings.DATABASE_ROLES
    may = {
        (function, role or "PUBLIC")
        for function, role in connection.execute(
            "select p.pronamespace::regnamespace || '.' || p.proname, r.rolname"
            " from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a"
            " left join pg_roles r on r.oid = a.grantee where p.pronamespace::regnamespace::text = any(%s)"
            " and a.grantee <> p.proowner",
            [schemas()],
        ).fetchall()
    }
    should = {(f"audit.{name}", roles[role]) for role, functions in FUNCTIONS.items() for name in functions}
    for function, role in sorted(may - should):
        yield f"{role} may call {function}, which it must not."
    for function, role in sorted(should - may):
        yield f"{role} cannot call {function}."


def _kept(connection: Connection) -> Iterator[str]:
    """Which tables an act may commit to."""
    if connection.execute("select has_table_privilege('audit.kept', 'select')").fetchone() != (True,):
        yield "The table audit.kept cannot be read."
        return
    if dict(connection.execute("select table_name, key_column from audit.kept").fetchall()) != kept_tables():
        yield "The table audit.kept does not list the recorded tables."
    if connection.execute("select has_table_privilege('audit.scrubbable', 'select')").fetchone() != (True,):
        yield "The table audit.scrubbable cannot be read."
        return
    listed = connection.execute("select table_name, column_name, key_column, history_table from audit.scrubbable")
    if set(listed.fetchall()) != {(place.table, place.column, place.key, place.history) for place in scrubbable()}:
        yield "The table audit.scrubbable does not list the texts that may be scrubbed."


def _roles(connection: Connection) -> Iterator[str]:
    roles = settings.DATABASE_ROLES
    for role in ("app", "checkpointer", "reader"):
        answer = connection.execute(
            "select rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls,"
            " pg_has_role(oid, %s, 'member'), has_schema_privilege(oid, 'public', 'create'),"
            " has_schema_privilege(oid, 'audit', 'create'),"
            " has_database_privilege(oid, current_database(), 'create'),"
            " has_database_privilege(oid, current_database(), 'temporary') from pg_roles where rolname = %s",
            [roles["owner"], roles[role]],
        ).fetchone()
        if answer is None:
            yield f"The role {roles[role]} does not exist."
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
                yield f"{roles[role]} {words}."
