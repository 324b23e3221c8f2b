"""`make backup` and `make restore`: the database and the stored files, together, in one tar file.

The file holds ``database.dump`` (pg_dump's custom format, made as the owner), ``files/`` (the file store),
``checkpoints/`` (the signed notes and the public keys they are checked with) and first ``manifest.json``
with the SHA-256 of each. It holds no signing key, no SECRET_KEY and no password: docs/operations.md says
where these are kept.

Stored files are content-addressed and never change, so copying them after the database was dumped yields at
least the files the dump speaks of.
"""

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict

from config.installation import Installation, InstallationError
from config.programs import ClusterError, installed_binaries

FORMAT = 1
DUMP = "database.dump"
MANIFEST = "manifest.json"


class BackupError(Exception):
    """A backup cannot be written or restored; the text says why. Nothing was changed."""


def main(arguments: list[str] | None = None) -> int:
    """Write a backup, or restore one. Exit code: 0 done, 1 refused or failed."""
    parser = argparse.ArgumentParser(prog="config.backup", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("backup")
    commands.add_parser("restore").add_argument("file", type=Path)
    options = parser.parse_args(arguments)
    try:
        installation = Installation()
        installation.var.mkdir(parents=True, exist_ok=True)
        if options.command == "backup":
            print(back_up(installation, installation.var / "backups"))
        else:
            restore(installation, options.file)
            print(f"Restored {options.file} and verified it.")
    except (BackupError, ClusterError, InstallationError, psycopg.OperationalError) as error:
        print(f"{options.command}: {error}", file=sys.stderr)
        return 1
    return 0


def back_up(installation: Installation, folder: Path) -> Path:
    """Write one backup of `installation` into `folder` and return its path.

    The file appears under its name only when complete, readable by its owner alone.
    Raises `BackupError`, `ClusterError`.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    taken = datetime.now(UTC)
    target = folder / f"brightline-{taken:%Y%m%dT%H%M%SZ}.tar"
    if target.exists():
        raise BackupError(f"{target} exists already.")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".partial-") as scratch:
        dump, notes = Path(scratch) / DUMP, Path(scratch) / "notes"
        # Before the dump: a checkpoint of entries that the dump lacks would read as a ledger that was cut.
        if installation.checkpoints.exists():
            shutil.copytree(installation.checkpoints, notes)
        with installation.database():
            _postgres(installation, "pg_dump", "--format=custom", f"--file={dump}")
        stored = {**_folders(installation), "checkpoints": notes}
        members = {DUMP: dump, **dict(_stored(stored))}
        digests = {name: _sha256(path) for name, path in members.items()}
        manifest = {"format": FORMAT, "taken_at": taken.isoformat(), "sha256": digests}
        partial = Path(scratch) / "backup.tar"
        with tarfile.open(partial, "x") as archive:
            text = json.dumps(manifest, indent=1, sort_keys=True).encode()
            header = tarfile.TarInfo(MANIFEST)
            header.size = len(text)
            archive.addfile(header, io.BytesIO(text))
            for name, path in members.items():
                archive.add(path, arcname=name)
        partial.chmod(0o600)
        partial.rename(target)
    return target


def restore(installation: Installation, file: Path) -> None:
    """Restore `file` into `installation`, lay the guards anew, and verify database and ledger.

    Raises what `put_back` raises, and `InstallationError` when the restored data does not pass
    ``check_database`` or ``verify_ledger``.
    """
    with installation.database():
        put_back(installation, file)
        installation.manage("migrate", "--verbosity=0", logins=("owner",))
        installation.manage("check_database", logins=("reader",))
        installation.manage("verify_ledger", logins=("reader",))


def put_back(installation: Installation, file: Path) -> None:
    """Put rows and files of `file` into `installation`, whose database answers and is empty.

    Raises `BackupError` before anything changed when the file is damaged or the target is not empty.
    """
    with tempfile.TemporaryDirectory(dir=installation.var, prefix=".restore-") as scratch:
        unpacked = Path(scratch)
        names = _unpack(file, unpacked)
        _require_empty(installation)
        # In one transaction: a failure leaves the database empty. Triggers come after the rows.
        _postgres(installation, "pg_restore", "--single-transaction", "--exit-on-error", str(unpacked / DUMP))
        for name in names - {DUMP}:
            path = _place(installation, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(unpacked / name, path)


def _folders(installation: Installation) -> dict[str, Path]:
    return {"files": installation.file_store, "checkpoints": installation.checkpoints}


def _stored(folders: dict[str, Path]) -> Iterator[tuple[str, Path]]:
    for prefix, folder in folders.items():
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield f"{prefix}/{path.relative_to(folder).as_posix()}", path


def _place(installation: Installation, name: str) -> Path:
    prefix, _, rest = name.partition("/")
    return _folders(installation)[prefix] / rest


def _unpack(file: Path, folder: Path) -> set[str]:
    """Unpack `file` into `folder`, check every hash, and return the names of its members."""
    if not file.is_file():
        raise BackupError(f"{file} does not exist.")
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
        manifest = json.loads((folder / MANIFEST).read_text())
        digests: dict[str, str] = manifest["sha256"]
    except (tarfile.TarError, KeyError, ValueError, OSError) as error:
        raise BackupError(f"{file} is not a backup of Brightline: {error}") from error
    if manifest.get("format") != FORMAT:
        raise BackupError(f"{file} has format {manifest.get('format')!r}; this version reads format {FORMAT}.")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    if found != set(digests):
        odd = ", ".join(sorted(found ^ set(digests)))
        raise BackupError(f"{file} does not hold what its manifest lists: {odd}")
    for name, digest in digests.items():
        if _sha256(folder / name) != digest:
            raise BackupError(f"{file} is damaged: {name} does not have the hash its manifest lists.")
    if DUMP not in found or not all(name.startswith(("files/", "checkpoints/")) for name in found - {DUMP}):
        raise BackupError(f"{file} is not a backup of Brightline.")
    return found


def _require_empty(installation: Installation) -> None:
    for folder in _folders(installation).values():
        if folder.exists() and any(folder.iterdir()):
            raise BackupError(f"{folder} is not empty; a backup is restored only into an empty installation.")
    with psycopg.connect(installation.url("owner")) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace"
            " WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'"
        ).fetchone()
    if row and row[0]:
        raise BackupError(
            f"the database holds {row[0]} tables and indexes; a backup is restored only into an empty one."
        )


def _postgres(installation: Installation, program: str, *arguments: str) -> None:
    """Run pg_dump or pg_restore as the owner; the password is not among the arguments, where ps shows it.

    The program must be at least as new as the server, so the embedded server has its own.
    """
    command = str(installed_binaries() / program) if installation.cluster else shutil.which(program)
    if command is None:
        raise BackupError(f"{program} is missing; install the client programs of your PostgreSQL version.")
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    parts = conninfo_to_dict(installation.url("owner"))
    environment = os.environ | {names[key]: str(value) for key, value in parts.items() if key in names}
    result = subprocess.run(  # noqa: S603 - commands of this module's choice
        [command, f"--dbname={parts['dbname']}", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        umask=0o077,
    )
    if result.returncode:
        raise BackupError(f"{program} failed: {result.stderr.strip()}")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    sys.exit(main())
