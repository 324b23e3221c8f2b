"""What it costs a stranger to verify a pack of a million entries."""

import hashlib
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.ledger.merkle import Frontier, leaf_hash
from audit.ledger.note import Checkpoint, Signer, sign
from audit.verifier.bundle import one_file
from audit.verifier.formats import FORMAT, SEALED_FILES
from audit.verifier.verdict import CONSISTENT
from bench.run import Result, Size, measure

ORIGIN = "bench.example/practice/1"


def headers(count: int) -> Iterator[str]:
    """Headers as long and as shaped as those of acts that change one row, without parts."""
    for index in range(count):
        moment = f"2026-{1 + index // 90000:02d}-{1 + index // 3600 % 25:02d}T"
        yield json.dumps(
            {
                "v": 1, "log": ORIGIN, "index": index, "id": str(UUID(int=index)), "parts": {},
                "at": f"{moment}{index // 150 % 24:02d}:{index // 3 % 50:02d}:{index % 3:02d}.000000Z",
                "verb": "site.renamed", "actor": str(UUID(int=7)), "office": "medical_director", "side": "PC",
                "grant": "12", "right": "DR-21", "outcome": "done", "capacity": "decides", "via": "web",
                "object": {"type": "governance.site", "id": str(index % 90)}, "request": str(UUID(int=index + 9)),
                "practice": str(UUID(int=3)),
            },
            sort_keys=True,
            separators=(",", ":"),
        )  # fmt: skip


def write_pack(folder: Path, count: int) -> None:
    """Write a synthetic pack of so many entries."""
    signer = Signer.from_private_key(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), name=ORIGIN)
    tree = Frontier()
    with (folder / "entries.ndjson").open("w") as out, (folder / "leaves.bin").open("wb") as leaves:
        for header in headers(count):
            leaf = leaf_hash(header.encode())
            tree.push(leaf)
            out.write(f"{header}\n")
            leaves.write(leaf)
    note = sign(Checkpoint(origin=ORIGIN, size=count, root=tree.root()).text(), [signer])
    (folder / "checkpoint.txt").write_text(note)
    (folder / "keys.txt").write_text(f"{signer.key}\n")
    (folder / "parts.ndjson").write_text("")
    files = {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.name not in SEALED_FILES}
    manifest = {"format": FORMAT, "origin": ORIGIN, "files": files, "documents": []}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def hashing(data: list[bytes]) -> tuple[float, float]:
    """Seconds by the clock, and of CPU, that one call of hashlib's SHA-256 takes on one core: medians of turns."""
    clock, spent = [], []
    for _ in range(20):
        begin, busy = time.perf_counter(), time.process_time()
        for one in data:
            hashlib.sha256(one).digest()
        clock.append((time.perf_counter() - begin) / len(data))
        spent.append((time.process_time() - busy) / len(data))
    return median(clock), median(spent)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def peak(process: int, done: threading.Event) -> int:
    """The most memory (bytes) that a process and its children held together until `done`, looked at again and again."""
    most = 0
    while not done.wait(0.02):
        held, family = 0, [process]
        while family:
            pid = family.pop()
            try:
                pages = Path(f"/proc/{pid}/smaps_rollup").read_text()
                held += next(int(line.split()[1]) for line in pages.splitlines() if line.startswith("Pss:")) * 1024
                for task in Path(f"/proc/{pid}/task").iterdir():
                    family += map(int, (task / "children").read_text().split())
            except (OSError, StopIteration):
                continue
        most = max(most, held)
    return most


@measure
def packs(database: Any, size: Size) -> list[Result]:
    """`verify_pack.py` over a synthetic pack of 1,000,000 entries, against hashlib once for each on one core."""
    with TemporaryDirectory(prefix="brightline-bench-") as place:
        folder, verifier = Path(place) / "pack", Path(place) / "verify_pack.py"
        folder.mkdir()
        verifier.write_text(one_file(), "utf-8")
        write_pack(folder, size.entries)
        sample = [header.encode() for header in headers(20_000)]
        first = hashing(sample)
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        process = subprocess.Popen([sys.executable, str(verifier), str(folder)], stdout=subprocess.PIPE)
        done, most = threading.Event(), list[int]()
        watch = threading.Thread(target=lambda: most.append(peak(process.pid, done)))
        watch.start()
        said = process.communicate()[0].decode()
        seconds, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        done.set()
        watch.join()
        if process.returncode != CONSISTENT:
            raise RuntimeError(said)
        clock, busy = ((one + two) / 2 for one, two in zip(first, hashing(sample), strict=True))
    spent = (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / size.entries
    rate = size.entries / seconds
    note = f"{size.entries} entries; {spent * 1e6:.1f} µs of CPU an entry"
    # Beside other work the clock tells little: the CPU time, spread over the cores, is what a quiet machine would need.
    quiet = busy * (os.cpu_count() or 1) / spent
    return [
        Result(name="pack entries verified", value=rate, unit="per second", note=note),
        Result(name="hashlib, once for each entry, one core", value=1 / clock, unit="per second"),
        Result(name="pack verification against hashlib", value=rate * clock, unit="times", note="aim 0.5"),
        Result(name="the same by CPU time, on every core", value=quiet, unit="times", note="aim 0.5"),
        Result(name="pack verification, peak memory", value=most[0] / 1e6, unit="MB", note="aim below 300"),
    ]
