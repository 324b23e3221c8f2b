"""What a live database is told beside its schema: settings of its logins, memberships, owners, sleeping constraints."""

from collections.abc import Iterator

from django.conf import settings
from psycopg import Connection

from audit.guards.expected import others, schemas

TIME_OUTS = {
    "statement_timeout",
    "lock_timeout",
    "transaction_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
}
"""What may be set for a login or the database: it ends a statement or a session, and changes no answer."""
_SESSION = {"session_replication_role": "origin", "default_tablespace": "", "row_security": "on"}
"""What every session must begin with. With another replication role foreign keys rest."""


def surroundings(connection: Connection) -> Iterator[str]:
    """Each deviation as a sentence; any login may ask."""
    yield from _settings(connection)
    yield from _memberships(connection)
    yield from _owners(connection)
    yield from _sleeping(connection)


def _settings(connection: Connection) -> Iterator[str]:
    roles = list(settings.DATABASE_ROLES.values())
    for role, database, one in connection.execute(
        "select coalesce(r.rolname, ''), coalesce(d.datname, ''), unnest(s.setconfig) from pg_db_role_setting s"
        " left join pg_roles r on r.oid = s.setrole left join pg_database d on d.oid = s.setdatabase"
        " where (s.setrole = 0 or r.rolname = any(%s)) and (s.setdatabase = 0 or d.datname = current_database())"
        " order by 1, 2, 3",
        [roles],
    ).fetchall():
        if one.partition("=")[0] not in TIME_OUTS:
            where = " in ".join(name for name in (role, database) if name) or "every login"
            yield f"The setting {one} is given to {where}, which it must not."
    for name, wanted in _SESSION.items():
        found = connection.execute("select current_setting(%s)", [name]).fetchone()
        if found != (wanted,):
            yield f"Sessions begin with {name} {found[0] if found else ''!r}, not {wanted!r}."
    for role in roles:
        for name in _SESSION:
            if connection.execute(
                "select has_parameter_privilege(r.oid, p.parname, 'set') from pg_roles r, pg_parameter_acl p"
                " where r.rolname = %s and p.parname = %s and not r.rolsuper",
                [role, name],
            ).fetchone() == (True,):
                yield f"{role} may set {name}, which it must not."


def _memberships(connection: Connection) -> Iterator[str]:
    """No login of ours acts as another, and nobody but a superuser acts as one of ours."""
    for member, of in connection.execute(
        "select m.rolname, g.rolname from pg_auth_members a join pg_roles m on m.oid = a.member"
        " join pg_roles g on g.oid = a.roleid"
        " where (m.rolname = any(%(roles)s) or g.rolname = any(%(roles)s)) and not m.rolsuper order by 1, 2",
        {"roles": list(settings.DATABASE_ROLES.values())},
    ).fetchall():
        yield f"{member} is a member of {of}, which it must not."


def _owners(connection: Connection) -> Iterator[str]:
    owner = settings.DATABASE_ROLES["owner"]
    for name, of in connection.execute(
        "select n.nspname, r.rolname from pg_namespace n join pg_roles r on r.oid = n.nspowner"
        " where n.nspname = any(%s) and r.rolname <> %s order by 1",
        [["audit", *(module.SCHEMA for module in others())], owner],
    ).fetchall():
        yield f"The schema {name} belongs to {of}, not to {owner}."
    found = connection.execute(
        "select r.rolname from pg_database d join pg_roles r on r.oid = d.datdba where d.datname = current_database()"
    ).fetchone()
    if found != (owner,):
        yield f"The database belongs to {found[0] if found else 'nobody'}, not to {owner}."


def _sleeping(connection: Connection) -> Iterator[str]:
    """Foreign keys and checks that rest, or were never asked of the rows that were there."""
    for table, constraint in connection.execute(
        "select distinct c.relname, k.conname from pg_trigger t join pg_class c on c.oid = t.tgrelid"
        " join pg_constraint k on k.oid = t.tgconstraint"
        " where t.tgisinternal and t.tgenabled <> 'O' and c.relnamespace::regnamespace::text = any(%s) order by 1, 2",
        [["public", *schemas()]],
    ).fetchall():
        yield f"The foreign key {constraint} on {table} is not enforced."
    for table, constraint in connection.execute(
        "select c.relname, k.conname from pg_constraint k join pg_class c on c.oid = k.conrelid"
        " where not k.convalidated and k.connamespace::regnamespace::text = any(%s) order by 1, 2",
        [["public", *schemas()]],
    ).fetchall():
        yield f"The constraint {constraint} on {table} is not validated."
