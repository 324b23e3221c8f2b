"""Rendering in a process of its own, with limits on memory, processor time and waiting time.

WeasyPrint needs 150 kB of memory a table row and does not give it back; a child process gives it back when it
ends, and one that runs out takes nobody with it. The child gets no settings and no credentials: its
environment is made anew, and job and result travel through a private folder.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from audit.documents.base import PROJECT, Attached, RenderError

MEMORY_BYTES = 2 << 30
CPU_SECONDS = 600
WALL_SECONDS = 900.0

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

    A job has ``title`` (str), ``created`` (datetime with zone), optional ``attachments`` (`Attached` each),
    and either ``html`` (str, for `render.render_pdf`) or ``parts`` (bytes each, for `join.join`).

    Raises `RenderError` with the reason when a limit is reached or the document cannot be made, and
    `ValueError` for a job with other keys.
    """
    with tempfile.TemporaryDirectory(prefix="document-") as name:
        folder = Path(name)
        _write(folder, job)
        command = [sys.executable, "-m", "audit.documents.child", name, str(memory_bytes), str(cpu_seconds)]
        try:
            done = subprocess.run(  # noqa: S603 - our own module, no shell
                command,
                cwd=PROJECT,
                env=_environment(name),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=wall_seconds,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise RenderError(f"{job['title']!r} was not ready after {wall_seconds:g} seconds") from error
        if done.returncode != 0:
            raise RenderError(f"{job['title']!r} {_reason(done, folder, memory_bytes, cpu_seconds)}")
        return (folder / "out.pdf").read_bytes()


def _environment(home: str) -> dict[str, str]:
    """Nothing of the parent's but where programs and system libraries lie."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    fonts = str(Path(__file__).with_name("fonts.conf"))
    return {**kept, "HOME": home, "TMPDIR": home, "LANG": "C.UTF-8", "TZ": "UTC", "FONTCONFIG_FILE": fonts}


def _reason(done: subprocess.CompletedProcess[bytes], folder: Path, memory_bytes: int, cpu_seconds: int) -> str:
    memory = f"needed more than the allowed {memory_bytes >> 20} MB of memory"
    if done.returncode == _OUT_OF_MEMORY:
        return memory
    if done.returncode == _FAILED:
        return f"could not be made: {(folder / 'error.txt').read_text(encoding='utf-8')}"
    if done.returncode == -signal.SIGXCPU:
        return f"needed more than the allowed {cpu_seconds} seconds of processor time"
    last = (done.stderr.decode(errors="replace").strip().splitlines() or ["no message"])[-1]
    # Where Python would raise MemoryError the native libraries abort, also for want of a thread's stack.
    if any(sign in last.lower() for sign in ("alloc", "memory", "creating thread")):
        return memory
    how = f"signal {-done.returncode}" if done.returncode < 0 else f"exit code {done.returncode}"
    return f"could not be made: the process ended with {how} ({last})"


def _write(folder: Path, job: Mapping[str, Any]) -> None:
    unknown = set(job) - {"title", "created", "attachments", "html", "parts"}
    if unknown or ("html" in job) == ("parts" in job):
        raise ValueError(f"job must have title, created and either html or parts, has {', '.join(sorted(job))}")
    created: datetime = job["created"]
    attachments: Sequence[Attached] = job.get("attachments", ())
    for number, attached in enumerate(attachments):
        (folder / f"attached-{number}").write_bytes(attached.data)
    parts: Sequence[bytes] = job.get("parts", ())
    for number, part in enumerate(parts):
        (folder / f"part-{number}").write_bytes(part)
    described = {
        "title": job["title"],
        "created": created.isoformat(),
        "html": job.get("html"),
        "parts": len(parts),
        "attachments": [
            {"name": a.name, "description": a.description, "mime": a.mime, "relationship": a.relationship}
            for a in attachments
        ],
    }
    (folder / "job.json").write_text(json.dumps(described), encoding="utf-8")


def _run(folder: Path) -> bytes:
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    common: dict[str, Any] = {
        "title": job["title"],
        "created": datetime.fromisoformat(job["created"]),
        "attachments": [
            Attached(data=(folder / f"attached-{number}").read_bytes(), **described)
            for number, described in enumerate(job["attachments"])
        ],
    }
    # Imported here, once the limits hold: the parent must not load the engine.
    if job["html"] is None:
        from audit.documents.join import join

        return join([(folder / f"part-{number}").read_bytes() for number in range(job["parts"])], **common)
    from audit.documents.render import render_pdf

    return render_pdf(html=job["html"], **common)


def main(arguments: Sequence[str]) -> int:
    """Make the document in the folder named first, within the bytes and seconds named next."""
    folder, memory_bytes, cpu_seconds = Path(arguments[0]), int(arguments[1]), int(arguments[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
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
