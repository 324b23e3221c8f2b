"""Laying functions, triggers and grants."""

from django.conf import settings
from psycopg import Connection, Cursor, sql

from audit.guards.expected import (
    FUNCTIONS,
    OWN_TABLES,
    PINNED,
    app_grants,
    expected_functions,
    expected_triggers,
    kept_tables,
    schemas,
    sql_texts,
)
from audit.registry import Kind, scrubbable, tables


def apply(connection: Connection) -> None:
    """Lay functions, triggers and grants anew, as the owner, in one transaction. Idempotent."""
    roles = {name: sql.Identifier(role) for name, role in settings.DATABASE_ROLES.items()}
    others = [roles["app"], roles["checkpointer"], roles["reader"]]
    with connection.transaction(), connection.cursor() as cursor:
        cursor.execute(
            "create schema if not exists audit;"
            "create table if not exists audit.kept (table_name text primary key, key_column text not null);"
            "create table if not exists audit.scrubbable (table_name text, column_name text, key_column text not null,"
            " history_table text not null, primary key (table_name, column_name));"
            "create table if not exists audit.setting (name text primary key, value text not null);"
            "create table if not exists audit.unsealed (access bigint primary key);"
            "delete from audit.kept; delete from audit.scrubbable"
        )
        cursor.execute(
            "insert into audit.setting values ('origin', %s) on conflict (name) do nothing", [settings.LEDGER_ORIGIN]
        )
        cursor.executemany("insert into audit.kept values (%s, %s)", list(kept_tables().items()))
        cursor.executemany(
            "insert into audit.scrubbable values (%s, %s, %s, %s)",
            [(place.table, place.column, place.key, place.history) for place in scrubbable()],
        )
        for text in sql_texts():
            cursor.execute(text)
        for definer in (one.name for one in expected_functions() if one.definer):
            _pin(cursor, definer)
        cursor.execute(
            "select c.relname, t.tgname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
            " where not t.tgisinternal and t.tgname like 'brightline%%' and c.relnamespace = 'public'::regnamespace"
        )
        for table_name, old in cursor.fetchall():
            cursor.execute(sql.SQL("drop trigger {} on {}").format(sql.Identifier(old), sql.Identifier(table_name)))
        for trigger in expected_triggers():
            cursor.execute(trigger.definition())
            cursor.execute(
                sql.SQL("alter table {} enable always trigger {}").format(
                    sql.Identifier(trigger.table), sql.Identifier(trigger.name)
                )
            )
        # What an earlier version laid and this one does not goes: nobody may find it to call.
        laid = {function.name: function.body for function in expected_functions()}
        cursor.execute(
            "select p.oid::regprocedure::text, p.pronamespace::regnamespace || '.' || p.proname, p.prosrc"
            " from pg_proc p where p.pronamespace::regnamespace::text = any(%s)",
            [schemas()],
        )
        for signature, function, body in cursor.fetchall():
            if laid.get(function) != body:
                cursor.execute(sql.SQL("drop function " + signature))
        for table in tables():
            name = sql.Identifier(table.name)
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
        for schema in schemas():
            cursor.execute(
                sql.SQL("revoke all on all functions in schema {} from public").format(sql.Identifier(schema))
            )
        for own, readers in OWN_TABLES.items():
            name = sql.Identifier("audit", own)
            cursor.execute(sql.SQL("revoke all on {} from public, {}").format(name, sql.SQL(", ").join(others)))
            for role in sorted(readers):
                cursor.execute(sql.SQL("grant select on {} to {}").format(name, roles[role]))
        for role, functions in FUNCTIONS.items():
            for function in functions:
                cursor.execute(
                    sql.SQL("grant execute on function {} to {}").format(sql.SQL(f"audit.{function}"), roles[role])
                )


def _pin(cursor: Cursor, function: str) -> None:
    """A function that runs with its owner's rights reads times and bytes alike, whatever its caller has set."""
    cursor.execute("select p.oid::regprocedure::text from pg_proc p where p.oid = %s::regproc", [function])
    row = cursor.fetchone()
    assert row
    for name, value in PINNED.items():
        cursor.execute(
            sql.SQL("alter function {} set {} to {}").format(
                sql.SQL(row[0]), sql.Identifier(name), sql.SQL(", ").join(map(sql.Literal, value.split(", ")))
            )
        )
