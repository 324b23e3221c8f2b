"""One installation on this machine: its folders, its database, and what each process is told of them.

The database is the operator's when the four addresses are in the environment, else the embedded one
under ``var/``. A process gets the addresses of the logins it is named with, and no others.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded import DATABASE, LOGINS, VARIABLES, Cluster
from config.private import kept_secret

PROJECT = Path(__file__).resolve().parent.parent


class InstallationError(Exception):
    """The installation cannot do what was asked; the text says why and what to do."""


class Installation:
    """The installation whose data lies in `var`.

    `given` is the operator's environment, by default this process's own. `demonstration` is set on the
    embedded database, which serves trials and tests only.
    """

    def __init__(self, var: Path = PROJECT / "var", *, given: dict[str, str] | None = None) -> None:
        self.var = var
        environment = dict(os.environ if given is None else given)
        self._addresses = {name: environment.pop(name) for name in VARIABLES.values() if name in environment}
        missing = set(VARIABLES.values()) - set(self._addresses)
        if self._addresses and missing:
            raise InstallationError(
                f"{', '.join(sorted(missing))} not set, though {', '.join(sorted(self._addresses))} is:"
                " set all four for a database of your own, or none for the embedded one."
            )
        self._environment = environment
        self.cluster = None if self._addresses else Cluster(var / "postgresql")
        self.file_store = Path(environment.get("FILE_STORE", var / "files"))
        self.checkpoints = Path(environment.get("CHECKPOINT_FOLDER", var / "checkpoints"))
        self.checkpoint_keys = Path(environment.get("CHECKPOINT_KEY_FOLDER", var / "checkpointer"))
        self.sequester_keys = Path(environment.get("SEQUESTER_KEY_FOLDER", var / "sequester"))
        self.static_root = Path(environment.get("STATIC_ROOT", var / "static"))

    @contextmanager
    def database(self) -> Iterator[None]:
        """Have the database answer within the block; an embedded one started for it is stopped after it."""
        if self.cluster is None:
            yield
            return
        was_running = self.cluster.running()
        try:
            self.cluster.ensure()
            yield
        finally:
            if not was_running:
                self.cluster.stop()

    def url(self, login: str) -> str:
        """Return the database's address for `login`: owner, app, checkpointer or reader."""
        if self.cluster is None:
            return self._addresses[VARIABLES[login]]
        return self.cluster.urls(DATABASE)[login]

    def environment(self, *logins: str) -> dict[str, str]:
        """Return the environment of a process that may use `logins`, and no other address."""
        assert set(logins) <= set(LOGINS)
        environment = dict(self._environment)
        environment.setdefault("FILE_STORE", str(self.file_store))
        environment.setdefault("CHECKPOINT_FOLDER", str(self.checkpoints))
        environment.setdefault("CHECKPOINT_KEY_FOLDER", str(self.checkpoint_keys))
        environment.setdefault("SEQUESTER_KEY_FOLDER", str(self.sequester_keys))
        environment.setdefault("SEAL_KEY_FOLDER", str(self.var / "seal"))
        environment.setdefault("STATIC_ROOT", str(self.static_root))
        if self.cluster is not None:
            environment.setdefault("DEMONSTRATION", "1")
        if "SECRET_KEY" not in environment:
            self.var.mkdir(parents=True, exist_ok=True)
            environment["SECRET_KEY"] = kept_secret(self.var / "secret_key")
        return environment | {VARIABLES[login]: self.url(login) for login in logins}

    def manage(self, *arguments: str, logins: tuple[str, ...]) -> None:
        """Run one command of ``manage.py`` with `logins`. Raises `InstallationError` when it fails."""
        command = [sys.executable, "manage.py", *arguments]
        result = subprocess.run(command, cwd=PROJECT, env=self.environment(*logins))  # noqa: S603
        if result.returncode:
            raise InstallationError(f"manage.py {arguments[0]} ended with {result.returncode}.")
