"""`check_database` names each way in which a live database differs from the code."""

import io

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connection

from audit import guards
from audit.guards.expected import expected_functions, sql_texts
from audit.startup import require_guarded
from tests.audit.conftest import rename_site
from tests.cast import Cast
from tests.conftest import Database

DEVIATIONS = {
    "alter table audit_act disable trigger brightline_append_only": (
        "Trigger brightline_append_only on audit_act is not enabled ALWAYS (it says 'D')."
    ),
    "alter table audit_act enable trigger brightline_append_only": (
        "Trigger brightline_append_only on audit_act is not enabled ALWAYS (it says 'O')."
    ),
    "drop trigger brightline_complete on governance_site": "Trigger brightline_complete on governance_site is missing.",
    "drop trigger brightline_append_only on audit_part; create trigger brightline_append_only before update or delete"
    " on audit_part for each row when (false) execute function audit.refuse();"
    " alter table audit_part enable always trigger brightline_append_only": (
        "Trigger brightline_append_only on audit_part is another one: CREATE TRIGGER brightline_append_only"
        " BEFORE DELETE OR UPDATE ON public.audit_part FOR EACH ROW WHEN (false) EXECUTE FUNCTION audit.refuse()"
    ),
    "create function public.quiet() returns trigger language plpgsql as 'begin return null; end';"
    "create trigger aaa before insert on audit_act for each row execute function quiet()": (
        "Trigger aaa on audit_act is not one of Brightline's."
    ),
    "grant delete on audit_act to brightline_app": "brightline_app may DELETE on audit_act, which it must not.",
    "grant update (verb) on audit_act to brightline_app": (
        "brightline_app may UPDATE on audit_act.verb, which it must not."
    ),
    "grant select on governance_account to public": "PUBLIC may SELECT on governance_account, which it must not.",
    "revoke insert on governance_site from brightline_app": "brightline_app lacks INSERT on governance_site.",
    "create or replace function audit.sealed_now(act uuid) returns boolean language sql stable strict"
    " set search_path = pg_catalog, pg_temp as 'select true'": (
        "Function audit.sealed_now has another body than Brightline's."
    ),
    "create or replace function governance.licensed(of_person uuid, of_practice uuid, at timestamptz) returns boolean"
    " language sql stable set search_path = pg_catalog, pg_temp as 'select true'": (
        "Function governance.licensed has another body than Brightline's."
    ),
    "alter function audit.seal(jsonb) reset search_path": "Function audit.seal runs without the fixed search_path.",
    "alter function audit.not_sealed_yet() security invoker": (
        "Function audit.not_sealed_yet runs with the rights of its caller."
    ),
    "alter function audit.seal(jsonb) reset timezone": "Function audit.seal runs without the fixed TimeZone.",
    "alter function audit.complete_record() set bytea_output = 'escape'": (
        "Function audit.complete_record runs without the fixed bytea_output."
    ),
    "alter table audit_part add constraint later check (name <> '') not valid": (
        "The constraint later on audit_part is not validated."
    ),
    "drop function audit.keep_checkpoint(bigint, bigint, text)": "Function audit.keep_checkpoint is missing.",
    "create function audit.loot() returns int language sql as 'select 1'": (
        "Function audit.loot is not one of Brightline's."
    ),
    "grant execute on function audit.append(bigint, jsonb, json) to brightline_app": (
        "brightline_app may call audit.append, which it must not."
    ),
    "revoke execute on function audit.seal(jsonb) from brightline_app": "brightline_app cannot call audit.seal.",
    "create rule quiet as on delete to audit_act do instead nothing": "Rule quiet on audit_act rewrites statements.",
    "alter table audit_act enable row level security": "audit_act has row policies, which can hide rows.",
    "delete from audit.kept where table_name = 'audit_document'": (
        "The table audit.kept does not list the recorded tables."
    ),
    "grant create on schema public to brightline_app": "brightline_app may create in schema public.",
    "grant create on schema audit to brightline_app": "brightline_app may create in schema audit.",
}


def test_deviation_is_named(database: Database, subtests: pytest.Subtests) -> None:
    with database.connect("owner") as owner:
        for statement, words in DEVIATIONS.items():
            with subtests.test(statement), owner.transaction(force_rollback=True):
                owner.execute(statement)
                assert words in guards.deviations(owner)
        assert guards.deviations(owner) == []


@pytest.mark.parametrize(
    "statement",
    [
        "alter table audit_act disable trigger brightline_append_only",
        "drop trigger brightline_complete on governance_site",
        "grant delete on audit_act to brightline_app",
        "create or replace function audit.refuse() returns trigger language plpgsql as 'begin return new; end'",
        "delete from audit.kept",
        "create function audit.complete() returns trigger language plpgsql as 'begin return new; end'",
        "create function audit.append(header jsonb) returns void language plpgsql as 'begin end'",
    ],
)
def test_laying_the_guards_again_repairs(statement: str, database: Database) -> None:
    with database.connect("owner") as owner, database.connect("reader") as reader:
        owner.execute(statement)
        assert guards.deviations(reader) != []
        guards.apply(owner)
        assert guards.deviations(reader) == []


def test_event_trigger_of_a_superuser_is_named(database: Database) -> None:
    with database.connect("superuser") as superuser, database.connect("reader") as reader:
        superuser.execute(
            "create function public.quiet() returns event_trigger language plpgsql as 'begin end';"
            "create event trigger quiet on ddl_command_start execute function quiet()"
        )
        assert "Event trigger quiet exists." in guards.deviations(reader)


SURROUNDINGS = {
    "alter role brightline_app set search_path = public": (
        "The setting search_path=public is given to brightline_app, which it must not."
    ),
    "alter role brightline_app set session_replication_role = replica": (
        "The setting session_replication_role=replica is given to brightline_app, which it must not."
    ),
    "alter role brightline_reader set default_tablespace = pg_default": (
        "The setting default_tablespace=pg_default is given to brightline_reader, which it must not."
    ),
    "grant set on parameter session_replication_role to brightline_app": (
        "brightline_app may set session_replication_role, which it must not."
    ),
    "grant brightline_checkpointer to brightline_app": (
        "brightline_app is a member of brightline_checkpointer, which it must not."
    ),
    "alter schema audit owner to brightline_reader": (
        "The schema audit belongs to brightline_reader, not to brightline_owner."
    ),
    "alter table meetings_vote disable trigger all": "on meetings_vote is not enforced.",
    "set session_replication_role = replica": "Sessions begin with session_replication_role 'replica', not 'origin'.",
}


def test_what_a_superuser_set_around_the_guards_is_named(database: Database, subtests: pytest.Subtests) -> None:
    with database.connect("superuser") as superuser:
        for statement, words in SURROUNDINGS.items():
            with subtests.test(statement), superuser.transaction(force_rollback=True):
                superuser.execute(statement)
                assert [one for one in guards.deviations(superuser) if words in one]
        assert guards.deviations(superuser) == []


def test_a_time_out_of_a_login_is_no_deviation(database: Database) -> None:
    with database.connect("superuser") as superuser, superuser.transaction(force_rollback=True):
        superuser.execute("alter role brightline_app set statement_timeout = '20s'")
        assert guards.deviations(superuser) == []


def test_what_a_session_sets_changes_no_answer_of_a_guard(cast: Cast, house: Database) -> None:
    """Times and bytes are written otherwise in this session; the act is sealed and verifies as any other."""
    with connection.cursor() as cursor:
        for setting in (
            "timezone = 'America/Los_Angeles'", "intervalstyle = 'sql_standard'",
            "bytea_output = 'escape'", "extra_float_digits = -15", "transform_null_equals = on",
        ):  # fmt: skip
            cursor.execute(f"set {setting}")
    rename_site(actor=cast.director, practice=cast.practice, site=cast.flagship, name="Riverside North")
    out = io.StringIO()
    call_command("verify_ledger", stdout=out)
    assert "Riverside" in cast.practice.sites.get(flagship=True).name


def test_command(database: Database) -> None:
    out = io.StringIO()
    call_command("check_database", stdout=out)
    assert "are what the code expects" in out.getvalue()
    with database.connect("owner") as owner:
        owner.execute("alter table audit_act disable trigger brightline_append_only")
    with pytest.raises(SystemExit) as end:
        call_command("check_database", stdout=out)
    assert end.value.code == 1
    assert "1 deviations." in out.getvalue()


def test_production_does_not_start_over_a_deviation(database: Database, settings: object) -> None:
    settings.DEMONSTRATION = False  # type: ignore[attr-defined]
    require_guarded()
    with database.connect("owner") as owner:
        owner.execute("alter table audit_act disable trigger brightline_append_only")
    with pytest.raises(ImproperlyConfigured, match="not enabled ALWAYS"):
        require_guarded()


def test_every_function_of_the_files_is_known() -> None:
    defined = sum(text.count("create or replace function") for text in sql_texts())
    assert len(expected_functions()) == defined


def test_the_look_at_a_row_asks_indexes_only(cast: Cast, house: Database) -> None:
    """A plan that a connection keeps must fit a record that has grown, so none may read the record through."""

    def read_through() -> int:
        with connection.cursor() as cursor:
            cursor.execute("select pg_stat_force_next_flush()")
        with house.connect("superuser") as superuser:
            row = superuser.execute(
                "select seq_scan from pg_stat_user_tables where relname = 'governance_historicalsite'"
            ).fetchone()
        assert row
        return int(row[0])

    before = read_through()
    for name in ("Perris", "Hemet"):
        rename_site(actor=cast.director, practice=cast.practice, site=cast.satellite, name=name)
    assert read_through() == before
