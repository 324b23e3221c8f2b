"""`make demo`: the demonstration practice, served on this machine until SIGINT or SIGTERM.

Starts the embedded PostgreSQL (or uses the operator's, when its four addresses are set), migrates, loads
the demonstration, and runs checkpointer, web and worker, each with the database login it needs and no
other. When one of them ends, all of it ends. Exit code: 0 when asked to stop, 1 when something failed.
"""

import argparse
import fcntl
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.installation import PROJECT, Installation, InstallationError
from config.programs import ClusterError
from config.supervision import ChildFailed, Interrupted, Supervisor

HOST = "127.0.0.1"
READY_WITHIN = 60  # seconds until the web process answers


def main(arguments: list[str] | None = None) -> int:
    """Run the demonstration until it is asked to stop or something fails."""
    parser = argparse.ArgumentParser(prog="config.demo", description=__doc__)
    parser.add_argument("--port", type=port_number, default=8000, help="TCP port of the pages, 1 to 65535")
    parser.add_argument("--var", type=Path, default=PROJECT / "var", help="folder of the installation's data")
    parser.add_argument("--under-make", action="store_true", help="end when the make above is interrupted")
    options = parser.parse_args(arguments)
    try:
        installation = Installation(options.var)
        installation.var.mkdir(parents=True, exist_ok=True)
        supervisor = Supervisor(logs=installation.var / "log", cwd=PROJECT, under_make=options.under_make)
        with _only_one(installation.var):
            _require_free(options.port)
            serve(installation, supervisor, options.port)
    except Interrupted:
        print("\nStopped. The data is kept under var/; `make demo` goes on with it.")
        return 0
    except (ChildFailed, ClusterError, InstallationError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0


def port_number(text: str) -> int:
    """Parse a TCP port. Raises `argparse.ArgumentTypeError` naming the rule."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"PORT is a whole number from 1 to 65535, not {text!r}")
    return int(text)


def serve(installation: Installation, supervisor: Supervisor, port: int) -> None:
    """Prepare and run everything; ends only by `Interrupted` or an error, and leaves nothing running."""
    address = f"http://{HOST}:{port}/"
    told = {
        "DEMONSTRATION": "1",
        "SITE_URL": address.rstrip("/"),
        "ALLOWED_HOSTS": f"{HOST},localhost",
        "PYTHONUNBUFFERED": "1",
    }

    def environment(*logins: str) -> dict[str, str]:
        return installation.environment(*logins) | told

    def manage(*command: str) -> list[str]:
        return [sys.executable, "manage.py", *command]

    try:
        if installation.cluster:
            _say("starting the embedded PostgreSQL")
            installation.cluster.ensure()
        installation.checkpoint_keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        _say("preparing the database")
        supervisor.step("migrate", manage("migrate", "--verbosity=0"), environment("owner"))
        if _static_files_are_old(installation.static_root):
            _say("collecting static files")
            collect = manage("collectstatic", "--no-input", "--verbosity=0")
            supervisor.step("collectstatic", collect, environment())
            (installation.static_root / ".collected").touch()
        supervisor.start("checkpointer", manage("checkpointer"), environment("checkpointer"))
        _say("loading the demonstration practice")
        # Prints the demonstration sign-ins, also when everything was loaded before.
        supervisor.step("load_demo", manage("load_demo"), environment("app"))
        supervisor.start("web", _web_command(port), environment("app"))
        supervisor.start("worker", manage("worker"), environment("app"))
        if not supervisor.wait_until(lambda: _answers(f"{address}healthz/"), within=READY_WITHIN):
            raise ChildFailed(f"the web process did not answer within {READY_WITHIN} seconds")
        print(f"\nBrightline is at {address}\nCtrl-C stops it.", flush=True)
        supervisor.step("load_demo", manage("load_demo", "--downloads"), environment("app"))
        supervisor.wait_until(lambda: False)
    finally:
        supervisor.stop()
        if installation.cluster:
            installation.cluster.stop()


def _web_command(port: int) -> list[str]:
    granian = shutil.which("granian", path=str(Path(sys.executable).parent))
    if granian is None:
        raise InstallationError("granian is not installed beside this Python; run `bin/bootstrap` first.")
    return [
        granian, "--interface", "wsgi", "config.wsgi:application", "--host", HOST, "--port", str(port),
        "--workers", "2", "--blocking-threads", "4", "--no-ws", "--workers-kill-timeout", "5",
    ]  # fmt: skip


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310 - an address of this module
            return bool(response.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


def _static_files_are_old(static_root: Path) -> bool:
    collected = static_root / ".collected"
    if not collected.exists():
        return True
    sources = [PROJECT / "uv.lock", PROJECT / "config" / "static.py", *(PROJECT / "static").rglob("*")]
    return max(path.stat().st_mtime for path in sources) > collected.stat().st_mtime


def _require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise InstallationError(
                f"port {port} cannot be used ({error.strerror}); choose another: make demo PORT=8765"
            ) from error


@contextmanager
def _only_one(var: Path) -> Iterator[None]:
    """Refuse a second demonstration on the same data: it would stop the first one's database."""
    with (var / "demo.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise InstallationError("a demonstration is already running on this data.") from None
        yield


def _say(text: str) -> None:
    print(f"demo: {text}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
