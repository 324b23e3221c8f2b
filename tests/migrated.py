"""The migrated schema, kept as a dump between runs: Django renders each state of each model for most of a minute.

What is kept is the result of the migrations alone. Guards are laid anew after each load, by `migrate`, which finds
nothing else to do; so a changed trigger needs no new dump, and a changed migration makes another one.
"""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from config.embedded import Cluster
from config.programs import installed_binaries

ROOT = Path(__file__).parent.parent
KEPT = ROOT / "var" / "migrated"
SOURCES = ("*/migrations/*.py", "registers/*/migrations/*.py", "audit/constraints.py", "uv.lock")


def load_migrated(cluster: Cluster, name: str, migrate: Callable[[], None]) -> None:
    """Fill the empty database `name`: from the dump of these very migrations, or by `migrate`, then kept for next time.

    `migrate` runs in either case and is the last word. One process makes the dump while others wait for it.
    """
    KEPT.mkdir(parents=True, exist_ok=True)
    dump = KEPT / f"{_fingerprint()}.dump"
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if dump.exists():
            _as_owner(cluster, name, "pg_restore", "--single-transaction", "--exit-on-error", str(dump))
            fcntl.flock(lock, fcntl.LOCK_UN)
            migrate()
            return
        migrate()
        partial = dump.with_suffix(".partial")
        _as_owner(cluster, name, "pg_dump", "--format=custom", f"--file={partial}")
        for older in KEPT.glob("*.dump"):
            older.unlink()
        partial.rename(dump)


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in SOURCES for path in ROOT.glob(pattern)):
        digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def _as_owner(cluster: Cluster, name: str, program: str, *arguments: str) -> None:
    url = urlsplit(cluster.urls(name)["owner"])
    subprocess.run(
        [installed_binaries() / program, f"--dbname={name}", *arguments],
        check=True,
        env={
            "PATH": os.environ["PATH"],
            "PGHOST": str(url.hostname),
            "PGPORT": str(url.port),
            "PGUSER": str(url.username),
            "PGPASSWORD": str(url.password),
        },
    )
