"""Child processes that live and end together.

Children run in sessions of their own, so that Ctrl-C in the terminal reaches only the supervisor, which
then ends them in order. On Linux the kernel ends them as well if the supervisor is killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

END_WITHIN = 10  # seconds a child has to end before it is killed
TICK = 0.1  # seconds between two looks at the children
PR_SET_PDEATHSIG = 1  # <sys/prctl.h>


class Interrupted(Exception):
    """The user asked to stop."""


class ChildFailed(Exception):
    """A child ended that should not have; the text names it and shows the end of its log."""


class Supervisor:
    """Starts children, watches them, ends them in reverse order.

    `under_make` makes it end as well when the `make` above it is told to stop alone: make then only waits
    for its recipe.
    """

    def __init__(self, *, logs: Path, cwd: Path, under_make: bool = False) -> None:
        self._logs = logs
        self._cwd = cwd
        self._children: dict[str, subprocess.Popen[bytes]] = {}
        self._asked = False
        self._parent = os.getppid()
        self._watches_make = under_make and _catches_interrupts(self._parent)
        logs.mkdir(parents=True, exist_ok=True)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def step(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        """Run `command` to its end, its output going to the terminal. Raises `ChildFailed`, `Interrupted`."""
        child = self._spawn(command, environment, output=None)
        try:
            self.wait_until(lambda: child.poll() is not None)
        finally:
            _end(child)
        if child.returncode:
            raise ChildFailed(f"{name} ended with {child.returncode}.")

    def start(self, name: str, command: Sequence[str], environment: dict[str, str]) -> None:
        """Start a child that is to run until the end, its output going to the log named after it."""
        with (self._logs / f"{name}.log").open("ab") as log:
            self._children[name] = self._spawn(command, environment, output=log.fileno())

    def wait_until(self, condition: Callable[[], bool], *, within: float | None = None) -> bool:
        """Wait for `condition`, at most `within` seconds; tell whether it came true.

        Raises `Interrupted` when asked to stop and `ChildFailed` when a started child ends.
        """
        deadline = None if within is None else time.monotonic() + within
        while not condition():
            if self._asked or (self._watches_make and self._make_is_stopping()):
                raise Interrupted
            for name, child in self._children.items():
                if child.poll() is not None:
                    raise ChildFailed(f"{name} ended with {child.returncode}.\n{self._end_of_log(name)}")
            if deadline is not None and time.monotonic() > deadline:
                return False
            time.sleep(TICK)
        return True

    def stop(self) -> None:
        """End all children, the latest first. Further requests to stop change nothing."""
        for child in reversed(self._children.values()):
            _end(child)
        self._children.clear()

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked = True

    def _make_is_stopping(self) -> bool:
        # Once interrupted, make restores the signal's default action and waits for its recipe.
        return os.getppid() != self._parent or not _catches_interrupts(self._parent)

    def _spawn(
        self, command: Sequence[str], environment: dict[str, str], *, output: int | None
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - commands of this project's choice
            command,
            cwd=self._cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            start_new_session=True,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
        )

    def _end_of_log(self, name: str) -> str:
        return "\n".join((self._logs / f"{name}.log").read_text(errors="replace").splitlines()[-20:])


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.terminate()
    try:
        child.wait(END_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _end_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _catches_interrupts(pid: int) -> bool:
    """Tell whether process `pid` has a handler for SIGINT; False where the kernel does not say."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
    return bool(int(caught, 16) & 1 << (signal.SIGINT - 1))
