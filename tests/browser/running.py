"""The demonstration as `make demo` runs it, on a database and in folders of its own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Timer

from config.embedded import LOGINS, VARIABLES, Cluster
from config.installation import PROJECT, Installation

READY_WITHIN = 90  # seconds until `config.demo` names its address


@dataclass(frozen=True)
class Running:
    """A running installation: its address, its folder, and its commands."""

    address: str
    installation: Installation

    @property
    def log(self) -> Path:
        return self.installation.var / "log"

    def manage(self, *command: str, login: str) -> subprocess.CompletedProcess[str]:
        """Run a command of ``manage.py`` with one login; how it ends is not judged."""
        return subprocess.run(
            [sys.executable, "manage.py", *command],
            cwd=PROJECT,
            env=self.installation.environment(login) | {"DEMONSTRATION": "1"},
            capture_output=True,
            text=True,
            timeout=120,
        )


def addresses(cluster: Cluster, database: str) -> dict[str, str]:
    """The environment of an operator whose database is `database` of the tests' cluster."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    urls = cluster.urls(database)
    return kept | {VARIABLES[login]: urls[login] for login in LOGINS}


@contextmanager
def run(cluster: Cluster, database: str, var: Path) -> Iterator[Running]:
    """Run web, worker and checkpointer until the block ends; then all of it must end well."""
    given = addresses(cluster, database)
    command = [sys.executable, "-m", "config.demo", "--var", str(var), "--port", str(_free_port())]
    process = subprocess.Popen(
        command, cwd=PROJECT, env=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        yield Running(_address(process), Installation(var, given=given))
    finally:
        process.send_signal(signal.SIGTERM)
        output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output


def _address(process: subprocess.Popen[str]) -> str:
    """Read what the demonstration says until it names its address."""
    assert process.stdout
    said = []
    patience = Timer(READY_WITHIN, process.kill)
    patience.start()
    try:
        for line in process.stdout:
            said.append(line)
            if line.startswith("Brightline is at "):
                return line.split()[-1]
    finally:
        patience.cancel()
    raise AssertionError("The demonstration did not start:\n" + "".join(said))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
