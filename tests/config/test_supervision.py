"""Child processes that live and end together, and the environment each is given."""

import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.demo import port_number
from config.embedded import VARIABLES
from config.installation import PROJECT, Installation, InstallationError
from config.supervision import ChildFailed, Supervisor

WAITS = [sys.executable, "-c", "import signal; signal.pause()"]
ENDS = [sys.executable, "-c", "import sys; print('no key'); sys.exit(3)"]
OPERATORS = {name: f"postgresql://{name.lower()}@db/brightline" for name in VARIABLES.values()}

#: `make test` tells the makes below it that they are within another; the one of this test stands alone.
OUTSIDE_MAKE = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}

#: Starts one child, prints its number, waits; says at the end that it was asked to stop.
SUPERVISED = f"""
import sys, pathlib
from config.supervision import Interrupted, Supervisor
supervisor = Supervisor(logs=pathlib.Path(sys.argv[1]), cwd=pathlib.Path.cwd(), under_make=True)
supervisor.start("child", {WAITS!r}, {{}})
print(supervisor._children["child"].pid, flush=True)
try:
    supervisor.wait_until(lambda: False)
except Interrupted:
    supervisor.stop()
    print("asked to stop", flush=True)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    supervisor = Supervisor(logs=tmp_path / "log", cwd=tmp_path)
    yield supervisor
    supervisor.stop()
    for number, handler in handlers.items():
        signal.signal(number, handler)


def running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


def test_a_failed_step_is_named(supervisor: Supervisor) -> None:
    with pytest.raises(ChildFailed, match=r"load ended with 3\."):
        supervisor.step("load", ENDS, {})


def test_the_end_of_a_child_is_told_with_its_log(supervisor: Supervisor) -> None:
    supervisor.start("web", WAITS, {})
    supervisor.start("checkpointer", ENDS, {})
    with pytest.raises(ChildFailed, match=r"checkpointer ended with 3\.\nno key"):
        supervisor.wait_until(lambda: False)


def test_a_wait_is_bounded(supervisor: Supervisor) -> None:
    assert supervisor.wait_until(lambda: True, within=0)
    assert not supervisor.wait_until(lambda: False, within=0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("above", ["nothing", "make"])
def test_a_signal_ends_supervisor_and_children(tmp_path: Path, number: signal.Signals, above: str) -> None:
    script = tmp_path / "supervised.py"
    script.write_text(SUPERVISED)
    (tmp_path / "Makefile").write_text(f"demo:\n\t@exec {sys.executable} {script} {tmp_path / 'log'}\n")
    commands = {
        "nothing": [sys.executable, str(script), str(tmp_path / "log")],
        "make": [shutil.which("make") or "make", "-f", str(tmp_path / "Makefile")],
    }
    process = subprocess.Popen(
        commands[above],
        cwd=PROJECT,
        env={**OUTSIDE_MAKE, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # A shell that starts the tests in the background has them ignore interrupts, and make with them.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stdout
    child = int(process.stdout.readline())
    assert running(child)
    # To this process alone, not to its group as a terminal would: make passes on only SIGTERM.
    process.send_signal(number)
    output, _ = process.communicate(timeout=30)
    assert "asked to stop" in output
    assert not running(child)
    if above == "nothing":
        assert process.returncode == 0


def test_a_killed_supervisor_takes_its_children_along(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SUPERVISED, str(tmp_path / "log")],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    child = os.pidfd_open(int(process.stdout.readline()))
    process.kill()
    process.communicate(timeout=30)
    ended, _, _ = select.select([child], [], [], 30)
    os.close(child)
    assert ended


def test_a_process_is_given_only_the_logins_it_is_named_with(tmp_path: Path) -> None:
    installation = Installation(tmp_path, given={**OPERATORS, "SECRET_KEY": "s", "LANG": "C"})
    assert installation.cluster is None
    web = installation.environment("app")
    assert {name for name in web if name in VARIABLES.values()} == {"DATABASE_URL"}
    assert not any(OPERATORS["OWNER_DATABASE_URL"] in value for value in web.values())
    assert web["SECRET_KEY"] == "s"
    assert web["LANG"] == "C"
    checkpointer = installation.environment("checkpointer")
    assert {name for name in checkpointer if name in VARIABLES.values()} == {"CHECKPOINTER_DATABASE_URL"}


def test_the_secret_key_is_made_once_and_private(tmp_path: Path) -> None:
    first = Installation(tmp_path / "var", given={}).environment()
    assert first == Installation(tmp_path / "var", given={}).environment()
    assert len(first["SECRET_KEY"]) >= 43
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


def test_some_addresses_without_the_others_are_refused(tmp_path: Path) -> None:
    some = {name: OPERATORS[name] for name in ("DATABASE_URL", "OWNER_DATABASE_URL")}
    with pytest.raises(InstallationError, match=r"^CHECKPOINTER_DATABASE_URL, READER_DATABASE_URL not set"):
        Installation(tmp_path, given=some)


@pytest.mark.parametrize("text", ["0", "65536", "-1", "80a", "", "²"])
def test_a_port_out_of_range_is_refused(text: str) -> None:
    with pytest.raises(Exception, match="PORT is a whole number from 1 to 65535"):
        port_number(text)
    assert port_number("65535") == 65535
