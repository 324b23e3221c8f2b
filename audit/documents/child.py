"""Rendering in a process of its own, with limits on memory, processor time and waiting time.

WeasyPrint needs 150 kB of memory a table row and does not give it back; a child process gives it back when it
ends, and one that runs out takes nobody with it. The child gets no settings and no credentials: its
environment is made anew, and job and result travel through a private folder.
"""

import importlib
import json
import logging
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.documents.base import PROJECT, Attached, Leaf, LimitReached, RenderError

logger = logging.getLogger(__name__)

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 600
WALL_SECONDS = 900.0
AT_ONCE = 2
"""Children that answer for one process at a time: what they may take is taken so often at most."""

_CONTENT = frozenset({"html", "parts", "leaves", "adopt"})
_FAILED = 3
_OUT_OF_MEMORY = 4


def render_in_child(
    job: Mapping[str, Any],
    *,
    memory_bytes: int = MEMORY_BYTES,
    cpu_seconds: int = CPU_SECONDS,
    wall_seconds: float = WALL_SECONDS,
) -> bytes:
    """The PDF that `job` describes, made by a child process.

    A job has ``title`` (str), ``created`` (datetime with zone), optional ``attachments`` (`Attached` each), and one
    of ``html`` (str, with optional ``images``, for `render.render_pdf`), ``parts`` (bytes each, for `join.join`),
    ``leaves`` (`book.Leaf` each, for `book.bind`) and ``adopt`` (bytes of a PDF from elsewhere, for `adopt.adopt`).

    Raises `RenderError` with the reason when a limit is reached or the document cannot be made, and
    `ValueError` for a job with other keys.
    """
    with tempfile.TemporaryDirectory(prefix="document-") as name:
        folder = Path(name)
        _write(folder, job)
        return _run_child(
            folder, str(job["title"]), memory_bytes=memory_bytes, cpu_seconds=cpu_seconds, wall_seconds=wall_seconds
        )


def answer_in_child(function: str, *files: bytes, title: str, memory_bytes: int, seconds: int) -> Any:
    """What `function` ("package.module:name") answers about these files, found by a child process.

    The function takes the files' bytes and returns what JSON can hold. Raises `LimitReached` when the answer takes more
    than that much memory or time, or so many others are asked for that none begins in time, and `RenderError` when the
    child fails otherwise.
    """
    if not _answering.acquire(timeout=seconds):
        raise LimitReached(f"{title!r} waited {seconds} seconds for other files to be read")
    try:
        with tempfile.TemporaryDirectory(prefix="answer-") as name:
            folder = Path(name)
            for number, data in enumerate(files):
                (folder / f"part-{number}").write_bytes(data)
            (folder / "job.json").write_text(json.dumps({"call": function, "parts": len(files)}), encoding="utf-8")
            answer = _run_child(folder, title, memory_bytes=memory_bytes, cpu_seconds=seconds, wall_seconds=seconds + 5)
    finally:
        _answering.release()
    return json.loads(answer)


_answering = threading.BoundedSemaphore(AT_ONCE)


def confined(
    command: Sequence[str],
    folder: Path,
    *,
    memory_bytes: int,
    cpu_seconds: int,
    wall_seconds: float,
    own_fonts: bool = True,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program in `folder` within these limits, without anything of our environment.

    It sees the bundled fonts alone, or, without `own_fonts`, those of the machine. Raises subprocess.TimeoutExpired
    when it is not done after `wall_seconds`; whatever it started ends with it.
    """
    limited = [sys.executable, "-m", "audit.documents.child", str(memory_bytes), str(cpu_seconds), *command]
    with subprocess.Popen(  # noqa: S603 - no shell, and the program is ours or the operator's
        limited,
        cwd=PROJECT,
        env=_environment(str(folder), own_fonts=own_fonts),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            _, errors = process.communicate(timeout=wall_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    return subprocess.CompletedProcess(limited, process.returncode, b"", errors)


def _run_child(folder: Path, title: str, *, memory_bytes: int, cpu_seconds: int, wall_seconds: float) -> bytes:
    for again in (True, False):
        try:
            done = confined(
                [str(folder)], folder, memory_bytes=memory_bytes, cpu_seconds=cpu_seconds, wall_seconds=wall_seconds
            )
        except subprocess.TimeoutExpired as error:
            raise LimitReached(f"{title!r} was not ready after {wall_seconds:g} seconds") from error
        # A native library fell over its own memory. Job and folder are as they were, so it may try once more.
        if again and done.returncode == -signal.SIGSEGV:
            logger.warning("%r is tried again: the process ended with signal %d", title, signal.SIGSEGV)
            continue
        break
    if done.returncode != 0:
        raise _failure(title, done, folder, memory_bytes, cpu_seconds)
    return (folder / "out.pdf").read_bytes()


def _environment(home: str, *, own_fonts: bool = True) -> dict[str, str]:
    """Nothing of the parent's but where programs and system libraries lie."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    if own_fonts:
        kept["FONTCONFIG_FILE"] = str(Path(__file__).with_name("fonts.conf"))
    return {**kept, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "TZ": "UTC"}


def _failure(
    title: str, done: subprocess.CompletedProcess[bytes], folder: Path, memory_bytes: int, cpu_seconds: int
) -> RenderError:
    memory = LimitReached(f"{title!r} needed more than the allowed {memory_bytes >> 20} MB of memory")
    if done.returncode == _OUT_OF_MEMORY:
        return memory
    if done.returncode == _FAILED:
        return RenderError(f"{title!r} could not be made: {(folder / 'error.txt').read_text(encoding='utf-8')}")
    if done.returncode == -signal.SIGXCPU:
        return LimitReached(f"{title!r} needed more than the allowed {cpu_seconds} seconds of processor time")
    last = (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
    # Where Python would raise MemoryError the native libraries abort, also for want of a thread's stack.
    if any(sign in last.lower() for sign in ("alloc", "memory", "creating thread")):
        return memory
    how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
    return RenderError(f"{title!r} could not be made: the process ended with {how} ({last})")


def _write(folder: Path, job: Mapping[str, Any]) -> None:
    unknown = set(job) - {"title", "created", "attachments", "images", *_CONTENT}
    if unknown or len(_CONTENT & set(job)) != 1:
        raise ValueError(
            f"job must have title, created and one of {', '.join(sorted(_CONTENT))}, has {', '.join(sorted(job))}"
        )
    created: datetime = job["created"]
    attachments: Sequence[Attached] = job.get("attachments", ())
    images: Mapping[str, bytes] = job.get("images", {})
    leaves: Sequence[Leaf] = job.get("leaves", ())
    parts: Sequence[bytes] = [job["adopt"]] if "adopt" in job else job.get("parts", [leaf.pdf for leaf in leaves])
    for kind, files in (
        ("attached", [attached.data for attached in attachments]),
        ("image", list(images.values())),
        ("part", parts),
    ):
        for number, data in enumerate(files):
            (folder / f"{kind}-{number}").write_bytes(data)
    described = {
        "title": job["title"],
        "created": created.isoformat(),
        "content": next(iter(_CONTENT & set(job))),
        "html": job.get("html"),
        "parts": len(parts),
        "images": list(images),
        "leaves": [{**asdict(leaf), "pdf": None} for leaf in leaves],
        "attachments": [
            {"name": a.name, "description": a.description, "mime": a.mime, "relationship": a.relationship}
            for a in attachments
        ],
    }
    (folder / "job.json").write_text(json.dumps(described), encoding="utf-8")


def _run(folder: Path) -> bytes:
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    # Imported here, once the limits hold: the parent must not load the engine.
    if "call" in job:
        module, _, name = job["call"].partition(":")
        files = [(folder / f"part-{number}").read_bytes() for number in range(job["parts"])]
        return json.dumps(getattr(importlib.import_module(module), name)(*files)).encode()
    common: dict[str, Any] = {
        "title": job["title"],
        "created": datetime.fromisoformat(job["created"]),
        "attachments": [
            Attached(data=(folder / f"attached-{number}").read_bytes(), **described)
            for number, described in enumerate(job["attachments"])
        ],
    }
    parts = [(folder / f"part-{number}").read_bytes() for number in range(job["parts"])]
    match job["content"]:
        case "adopt":
            from audit.documents.adopt import adopt

            return adopt(parts[0], title=common["title"], created=common["created"])
        case "parts":
            from audit.documents.join import join

            return join(parts, **common)
        case "leaves":
            from audit.documents.book import bind

            return bind(
                [Leaf(**{**one, "pdf": part}) for one, part in zip(job["leaves"], parts, strict=True)], **common
            )
        case _:
            from audit.documents.render import render_pdf

            images = {name: (folder / f"image-{number}").read_bytes() for number, name in enumerate(job["images"])}
            return render_pdf(html=job["html"], images=images, **common)


def main(arguments: Sequence[str]) -> int:
    """Within so many bytes and seconds, make the document in the folder named next, or become that program."""
    memory_bytes, cpu_seconds, command = int(arguments[0]), int(arguments[1]), list(arguments[2:])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    folder = Path(command[0])
    if not folder.is_dir():
        os.execvp(command[0], command)  # noqa: S606 - a program of the operator's, such as LibreOffice
    try:
        (folder / "out.pdf").write_bytes(_run(folder))
    except MemoryError:
        return _OUT_OF_MEMORY
    except Exception as error:
        reason = str(error) if isinstance(error, RenderError | ValueError) else f"{type(error).__name__}: {error}"
        (folder / "error.txt").write_text(reason, encoding="utf-8")
        return _FAILED
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
