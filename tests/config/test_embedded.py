"""The embedded PostgreSQL: made privately, usable by the four logins, cloned, stopped, started again."""

import os
import select
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.embedded import LOGINS, VARIABLES, Cluster, ClusterError, environment


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"), durable=False)
    cluster.ensure()
    yield cluster
    cluster.destroy()


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(url, autocommit=True)


def wrong_password(url: str) -> str:
    role, rest = url.removeprefix("postgresql://").split(":", 1)
    return f"postgresql://{role}:wrong@{rest.split('@', 1)[1]}"


def test_secrets_are_readable_by_their_owner_alone(cluster: Cluster) -> None:
    for name in ("superuser", "passwords.json"):
        assert stat.S_IMODE((cluster.folder / name).stat().st_mode) == 0o600


def test_every_login_needs_its_password(cluster: Cluster) -> None:
    for url in (*cluster.urls().values(), cluster.superuser_url()):
        with connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(wrong_password(url))


def test_logins_hold_no_power_over_the_server(cluster: Cluster) -> None:
    with connect(cluster.superuser_url()) as connection:
        powers = connection.execute(
            "SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls"
            " FROM pg_roles WHERE rolname = ANY(%s)",
            [list(LOGINS.values())],
        ).fetchall()
        memberships = connection.execute(
            "SELECT member::regrole::text FROM pg_auth_members WHERE member::regrole::text = ANY(%s)",
            [list(LOGINS.values())],
        ).fetchall()
    assert dict(powers) == dict.fromkeys(LOGINS.values(), False)
    assert memberships == []


def test_owner_installs_the_extension_and_creates_tables(cluster: Cluster) -> None:
    with connect(cluster.urls()["owner"]) as connection:
        connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        connection.execute("CREATE TABLE by_owner (id int)")
        connection.execute("DROP TABLE by_owner")


@pytest.mark.parametrize("login", ["app", "checkpointer", "reader"])
@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE mine (id int)",
        "CREATE TEMPORARY TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE DATABASE mine",
    ],
)
def test_other_logins_create_nothing(cluster: Cluster, login: str, statement: str) -> None:
    with connect(cluster.urls()[login]) as connection, pytest.raises(psycopg.Error) as refusal:
        connection.execute(statement)
    # Without USAGE on the schema there is no schema to create a table in.
    assert isinstance(refusal.value, psycopg.errors.InsufficientPrivilege | psycopg.errors.InvalidSchemaName)


@pytest.mark.parametrize("login", LOGINS)
def test_no_login_reaches_the_other_databases(cluster: Cluster, login: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        connect(cluster.urls("postgres")[login])


def test_text_is_unicode_and_sorts_by_code_point(cluster: Cluster) -> None:
    with connect(cluster.urls()["app"]) as connection:
        row = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider::text, datlocale FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()
    assert row == ("UTF8", "b", "C.UTF-8")


def test_a_copy_holds_the_rows_and_the_grants(cluster: Cluster) -> None:
    cluster.create_database("pattern")
    with connect(cluster.urls("pattern")["owner"]) as connection:
        connection.execute("CREATE TABLE kept (id int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    cluster.create_database("copy", template="pattern")
    with connect(cluster.urls("copy")["owner"]) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(7,)]
    with connect(cluster.superuser_url()) as connection:
        grants = connection.execute(
            "SELECT datname, array_agg(grantee::regrole::text || ' ' || privilege_type ORDER BY 1)"
            " FROM pg_database, aclexplode(datacl)"
            " WHERE datname IN ('pattern', 'copy') AND grantee <> datdba GROUP BY datname"
        ).fetchall()
    connects = [f"{LOGINS[login]} CONNECT" for login in ("app", "checkpointer", "reader")]
    assert {name: sorted(granted) for name, granted in grants} == {"pattern": connects, "copy": connects}
    with connect(cluster.urls("copy")["app"]):  # a forgotten connection does not hold it
        cluster.drop_database("copy")
    cluster.drop_database("copy")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        connect(cluster.urls("copy")["app"])


def test_environment_names_the_four_addresses_and_not_the_superusers(cluster: Cluster) -> None:
    variables = environment(cluster.folder)
    assert set(variables) == set(VARIABLES.values())
    assert variables["DATABASE_URL"] == cluster.urls()["app"]
    password = (cluster.folder / "superuser").read_text()
    assert password
    assert not any(password in value for value in variables.values())


def test_environment_before_the_first_start_says_so(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="No embedded PostgreSQL was started"):
        environment(tmp_path)


def test_stop_and_start_keep_data_passwords_and_port(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path / "cluster", durable=False)
    cluster.stop()
    assert not cluster.running()
    try:
        cluster.ensure()
        urls = cluster.urls()
        with connect(urls["owner"]) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 1 AS id")
        cluster.ensure()
        cluster.stop()
        assert not cluster.running()
        with pytest.raises(psycopg.OperationalError):
            connect(urls["owner"])

        again = Cluster(tmp_path / "cluster", durable=False)
        again.ensure()
        assert again.urls() == urls
        with connect(urls["owner"]) as connection:
            assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]

        # Killed, and its process number taken by another program, here by the one that runs this test.
        pid_file = next(path for path in _data_folder(again).glob("postmaster.pid"))
        lines = pid_file.read_text().splitlines()
        os.kill(int(lines[0]), signal.SIGQUIT)
        _wait_for_end(int(lines[0]))
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        assert not again.running()
        again.ensure()
        with connect(again.urls()["owner"]) as connection:
            assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]
    finally:
        cluster.destroy()
    assert not cluster.folder.exists()


def _data_folder(cluster: Cluster) -> Path:
    with connect(cluster.superuser_url()) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    return Path(row[0])


def _wait_for_end(pid: int) -> None:
    handle = os.pidfd_open(pid)
    try:
        ended, _, _ = select.select([handle], [], [], 30)
    finally:
        os.close(handle)
    assert ended
