"""What was written stays: raw SQL by the application and by the owner is refused on every table of the record."""

import psycopg
import pytest

from audit.registry import Kind, tables
from audit.services.documents import seal_document
from tests.cast import Cast
from tests.conftest import Database

ROWS = {
    "audit_act": "verb",
    "audit_entry": "header",
    "audit_part": "body",
    "audit_checkpoint": "note",
    "audit_document": "title",
    "audit_log": "origin",
    "governance_historicalsite": "name",
    "governance_verification": "source",
    "governance_decisionright": "name",
}
REFUSED = psycopg.errors.InsufficientPrivilege

FORBIDDEN = [
    "insert into audit_act select * from audit_act",
    "insert into audit_entry select * from audit_entry",
    "insert into audit_part select * from audit_part",
    "insert into audit_checkpoint select * from audit_checkpoint",
    "insert into audit_log select * from audit_log",
    "update audit_head set size = size + 1",
    "select audit.append(1, '{}')",
    "select audit.keep_checkpoint(1, 1, 'x')",
    "select audit.open_log('site', null, 'x')",
    "insert into audit.kept values ('auth_user', 'id')",
    "update audit.setting set value = 'other'",
    "alter table audit_act disable trigger all",
    "alter table audit_act disable trigger brightline_append_only",
    "drop trigger brightline_append_only on audit_act",
    "drop table audit_part cascade",
    "create table loot (id int)",
    "create temporary table loot (id int)",
    "create schema loot",
    "create table audit.loot (id int)",
    "create function audit.sealed_now(text) returns boolean language sql as 'select true'",
    "create or replace function audit.refuse() returns trigger language plpgsql as 'begin return new; end'",
    "alter function audit.seal(jsonb) security invoker",
    "create rule quiet as on delete to audit_act do instead nothing",
    "create trigger quiet before insert on governance_site for each row execute function audit.refuse()",
    "create extension dblink",
    "alter role brightline_app superuser",
    "set session_replication_role = replica",
    "set role brightline_owner",
    "set session authorization brightline_owner",
    "alter system set session_replication_role = 'replica'",
    "copy audit_act to program 'true'",
]


@pytest.fixture
def filled(cast: Cast, house: Database, sign: object) -> Database:
    """Every table of the record has a row, so that a trigger for each row would fire."""
    seal_document(
        data=b"%PDF-1.7", title="A leaflet", kind="leaflet", object_type="test.leaflet", object_id="1",
        compartment="open", practice_id=cast.practice.pk,
    )  # fmt: skip
    sign()  # type: ignore[operator]
    with house.connect("reader") as reader:
        for table in ROWS:
            assert reader.execute(f"select count(*) > 0 from {table}").fetchone() == (True,)
    return house


@pytest.mark.parametrize("login", ["app", "owner"])
def test_no_update_delete_or_truncate(login: str, filled: Database) -> None:
    with filled.connect(login) as connection:
        for table, column in ROWS.items():
            for statement in (
                f"update {table} set {column} = 'forged'",
                f"update {table} set {column} = {column}",
                f"delete from {table}",
                f"truncate {table} cascade",
            ):
                with pytest.raises(REFUSED):
                    connection.execute(statement)


@pytest.mark.parametrize("login", ["app", "owner"])
def test_every_table_of_the_record_refuses(login: str, filled: Database) -> None:
    """Also empty ones, by the trigger for the statement."""
    with filled.connect(login) as connection:
        for table in tables():
            if table.kind in {Kind.HISTORY, Kind.RECORDED, Kind.LEDGER}:
                for statement in (f"delete from {table.name}", f"truncate {table.name} cascade"):
                    with pytest.raises(REFUSED):
                        connection.execute(statement)
            if table.kind is Kind.GOVERNED:
                with pytest.raises(REFUSED):
                    connection.execute(f"truncate {table.name} cascade")
                if not table.removable:
                    with pytest.raises(REFUSED):
                        connection.execute(f"delete from {table.name}")


def test_the_application_cannot(filled: Database, subtests: pytest.Subtests) -> None:
    for statement in FORBIDDEN:
        with subtests.test(statement), filled.connect("app") as app, pytest.raises(REFUSED):
            app.execute(statement)


def test_the_application_cannot_grant_itself_more(filled: Database) -> None:
    with filled.connect("app") as app:
        app.execute("grant delete on audit_act to brightline_app")
        assert app.execute("select has_table_privilege('audit_act', 'delete')").fetchone() == (False,)


def test_the_application_s_own_search_path_leads_nowhere(filled: Database, cast: Cast) -> None:
    """The functions that run as the owner look up names in pg_catalog alone."""
    with filled.connect("app") as app:
        app.execute("set search_path = pg_temp, public")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("create function pg_temp.sha256(bytea) returns bytea language sql as 'select $1'")


@pytest.mark.parametrize("login", ["checkpointer", "reader"])
def test_the_others_write_nothing(login: str, filled: Database) -> None:
    with filled.connect(login) as connection:
        for table in tables():
            rights = {"insert", "update", "delete", "truncate"}
            held = {
                right
                for right in rights
                for (may,) in [
                    connection.execute("select has_table_privilege(%s, %s)", [table.name, right]).fetchone() or (True,)
                ]
                if may
            }
            assert held == set(), table.name


def test_the_reader_sees_no_password(filled: Database) -> None:
    with filled.connect("reader") as reader, pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute("select password from governance_account")


def test_a_head_only_advances(filled: Database) -> None:
    with filled.connect("owner") as owner:
        for change in ("size = size - 1", "size = size", "size = size + 2"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="advances by one"):
                owner.execute(f"update audit_head set {change}")
