"""Backup and restore of rows and files: complete; refused when damaged or when the target holds data."""

import json
import stat
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config.backup import BackupError, back_up, put_back
from config.embedded import Cluster
from config.installation import Installation

SCHEMA = """
CREATE EXTENSION btree_gist;
CREATE TABLE kept (id int PRIMARY KEY, period tstzrange, EXCLUDE USING gist (id WITH =, period WITH &&));
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'append-only'; END $$;
INSERT INTO kept VALUES (1, '[2026-01-01, 2026-02-01)');
CREATE TRIGGER append_only BEFORE INSERT OR UPDATE OR DELETE ON kept EXECUTE FUNCTION refuse();
ALTER TABLE kept ENABLE ALWAYS TRIGGER append_only;
GRANT USAGE ON SCHEMA public TO brightline_reader;
GRANT SELECT ON kept TO brightline_reader;
REVOKE EXECUTE ON FUNCTION refuse FROM PUBLIC;
"""


def new_installation(var: Path) -> Installation:
    var.mkdir()
    installation = Installation(var, given={})
    installation.cluster = Cluster(var / "postgresql", durable=False)
    installation.cluster.ensure()
    return installation


def destroy(installation: Installation) -> None:
    assert installation.cluster
    installation.cluster.destroy()


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = new_installation(tmp_path_factory.mktemp("original") / "var")
    with psycopg.connect(installation.url("owner")) as connection:
        connection.execute(SCHEMA)
    for folder, name, content in (
        (installation.file_store, "ab/abcd", b"a sealed document"),
        (installation.checkpoints, "site.note", b"a signed note"),
        (installation.checkpoint_keys, "site.key", b"a signing key"),
    ):
        path = folder / name
        path.parent.mkdir(parents=True)
        path.write_bytes(content)
    yield installation
    destroy(installation)


@pytest.fixture(scope="module")
def backup(original: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return back_up(original, tmp_path_factory.mktemp("backups"))


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    installation = new_installation(tmp_path_factory.mktemp("empty") / "var")
    yield installation
    destroy(installation)


def rewritten(backup: Path, target: Path, changes: dict[str, bytes]) -> Path:
    """Copy `backup` with the content of some members replaced or added, hashes left as they are."""
    unpacked = target / "unpacked"
    with tarfile.open(backup) as archive:
        archive.extractall(unpacked, filter="data")
    for name, content in changes.items():
        (unpacked / name).parent.mkdir(parents=True, exist_ok=True)
        (unpacked / name).write_bytes(content)
    with tarfile.open(target / "rewritten.tar", "x") as archive:
        for path in sorted(unpacked.rglob("*")):
            archive.add(path, arcname=path.relative_to(unpacked).as_posix(), recursive=False)
    return target / "rewritten.tar"


def test_a_backup_is_private_complete_and_holds_no_key(backup: Path) -> None:
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    assert [path.name for path in backup.parent.iterdir()] == [backup.name]
    with tarfile.open(backup) as archive:
        assert archive.getnames() == [
            "manifest.json",
            "database.dump",
            "files/ab/abcd",
            "checkpoints/site.note",
        ]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"files/ab/abcd": b"another document"}, "files/ab/abcd does not have the hash"),
        ({"database.dump": b""}, "database.dump does not have the hash"),
        ({"files/extra": b""}, "does not hold what its manifest lists: files/extra"),
        ({"manifest.json": b"{}"}, "is not a backup of Brightline"),
        ({"manifest.json": json.dumps({"format": 2, "sha256": {}}).encode()}, "has format 2"),
    ],
)
def test_a_damaged_backup_is_refused(
    empty: Installation, backup: Path, tmp_path: Path, changes: dict[str, bytes], message: str
) -> None:
    with pytest.raises(BackupError, match=message):
        put_back(empty, rewritten(backup, tmp_path, changes))
    assert not empty.file_store.exists()


def test_what_is_no_backup_is_refused(empty: Installation, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="does not exist"):
        put_back(empty, tmp_path / "none.tar")
    (tmp_path / "text.tar").write_text("text")
    with pytest.raises(BackupError, match="is not a backup"):
        put_back(empty, tmp_path / "text.tar")


def test_a_target_with_rows_or_files_is_refused(original: Installation, empty: Installation, backup: Path) -> None:
    with pytest.raises(BackupError, match="files is not empty"):
        put_back(original, backup)
    with psycopg.connect(empty.url("owner"), autocommit=True) as connection:
        connection.execute("CREATE TABLE here (id int)")
        with pytest.raises(BackupError, match="the database holds 1 tables"):
            put_back(empty, backup)
        connection.execute("DROP TABLE here")


def test_rows_files_grants_and_trigger_state_come_back(empty: Installation, backup: Path) -> None:
    put_back(empty, backup)
    assert (empty.file_store / "ab/abcd").read_bytes() == b"a sealed document"
    assert (empty.checkpoints / "site.note").read_bytes() == b"a signed note"
    assert not empty.checkpoint_keys.exists()
    with psycopg.connect(empty.url("reader")) as connection:
        assert connection.execute("SELECT id FROM kept").fetchall() == [(1,)]
    with psycopg.connect(empty.url("owner"), autocommit=True) as connection:
        state = connection.execute("SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'append_only'")
        assert state.fetchall() == [("A",)]
        row = connection.execute("SELECT has_function_privilege('brightline_app', 'refuse()', 'EXECUTE')")
        assert row.fetchone() == (False,)
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            connection.execute("DELETE FROM kept")
    with pytest.raises(BackupError, match="is not empty"):
        put_back(empty, backup)
