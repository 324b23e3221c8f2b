"""Large packs: the same checks, on every core.

A large folder or zip file is first read in blocks, each judged by a process of its own, and never held in memory
as a whole. This way only ever finds that everything fits. Whatever does not, is left to `check`, which names it.
"""

from __future__ import annotations

import binascii
import collections
import concurrent.futures
import functools
import hashlib
import io
import itertools
import json
import os
import re
import signal
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from audit.verifier.base import Report, Unusable, count
from audit.verifier.entries import Entry, claimed_number, read_header
from audit.verifier.files import Broken, Files, Folder, Zip
from audit.verifier.formats import DATA_FILES, load_json, merkle_root
from audit.verifier.judge import (
    check_files,
    checked_note,
    read_manifest,
    tell_reach,
)
from audit.verifier.lists import check_binding, check_documents, check_refusals, period_of
from audit.verifier.texts import Ledger

LARGE = 8 << 20  # bytes of entries.ndjson
BLOCK = 4 << 20  # bytes that one process judges at a time
BATCH = 128 << 10  # bytes of them that it takes apart at a time
MOST_PIECES = 100_000  # pieces of headers that it remembers
SUBTREE = 1 << 13  # leaves whose common root one process computes
COMMITMENT = re.compile(rb'"([^"]*)":"([0-9a-f]{64})"')
PLAIN = bytes(sorted(set(range(32, 127)) - set(b'"\\')))  # ASCII that stands for itself in JSON text
NO_DIGITS = bytes(48 if 48 <= byte < 58 else byte for byte in range(256))
MOMENT = b"0000-00-00T00:00:00.000000Z"
TOLD = re.compile(rb'"outcome":"refused"|"verb":"(?:meeting\.opened|document\.sealed|pack\.bound|text\.scrubbed)"')
"""Headers that a later check looks at."""
TOLD_TEXT = re.compile(r'"reason":"[0-9a-f]{64}"')


class Unfit(Exception):
    """Not plainly in order: the pack is left to the full check."""


class Large(NamedTuple):
    """A pack on disk whose files are opened as they are needed, by this process and by others."""

    path: Path

    def files(self) -> Files:
        return Folder(self.path) if self.path.is_dir() else Zip(self.path)

    def blocks(self, name: str) -> Iterator[bytes]:
        """The file in blocks of whole lines."""
        rest: list[bytes] = []
        size = 0
        for data in self.files().chunks(name):
            size += len(data)
            rest.append(data)
            if size >= BLOCK:
                lines, newline, last = b"".join(rest).rpartition(b"\n")
                rest, size = [last], len(last)
                if newline:
                    yield lines + newline
        if last := b"".join(rest):
            yield last

    def pieces(self, name: str) -> Iterator[bytes | tuple[str, int]]:
        """The file in blocks, or where each block begins if another process can read it there by itself."""
        if not self.path.is_dir():
            yield from self.blocks(name)
            return
        path = self.path / self.files().stored[name]
        yield from ((str(path), start) for start in range(0, path.stat().st_size, BLOCK))


def open_large(path: Path) -> Large | None:
    """The pack, if it is a folder or zip file with many entries."""
    if not (path.is_dir() or is_zip(path)):
        return None
    try:
        files = Large(path).files()
        name = files.stored["entries.ndjson"]
        size = (path / name).stat().st_size if isinstance(files, Folder) else files.infos[name].file_size  # type: ignore[attr-defined]
    except (Unusable, KeyError):
        return None
    return Large(path) if size >= LARGE and {*DATA_FILES, "manifest.json"} <= set(files.names) else None


def is_zip(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"PK\x03\x04"


def judge_parts(block: bytes) -> tuple[bytes, int, list[tuple[str, str, str]]]:
    """What the disclosed texts of a block commit to, how many they are, and those that a later check looks at.

    Raises Unfit.
    """
    keys: list[bytes] = []
    told: list[tuple[str, str, str]] = []
    try:
        for line in block.decode("utf-8").removesuffix("\n").split("\n"):
            part = load_json(line)
            salt, act, name, body = bytes.fromhex(part["salt"]), part["act"], part["name"], part["body"]
            if "withheld" in part or len(salt) != 32:
                raise Unfit
            digest = hashlib.sha256(b"brightline.part/1\n" + salt + body.encode("utf-8")).hexdigest()
            keys.append(part_key(act.encode(), name.encode(), digest.encode()))
            if name.startswith("row/audit_document/") or (name == "facts" and TOLD_TEXT.search(body)):
                told.append((act, name, body))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unfit from None
    return b"".join(keys), len(keys), told


def part_key(act: bytes, name: bytes, digest: bytes) -> bytes:
    return hashlib.sha256(b"\n".join((act, name, digest))).digest()


Row = tuple[bytes, ...]  # a header cut into pieces that many headers share, and the values between them
PIECES = (0, 2, 5, 7, 9)  # where the pieces lie
VALUES = (1, 3, 4, 6, 8)  # its time, its id, its number with the log, the commitments to its parts, its request


class Forms:
    """Tells of many headers whether they are as the ledger writes them, without reading each as JSON.

    A piece is known once a header with it was read as JSON. Every cut lies at a certain field, so pieces known from
    different headers, with plain values between them, make a header in canonical form again.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.place = b'","index":%%d,"log":"%s"' % origin.replace("%", "%%").encode()
        self.known: tuple[set[bytes], ...] = tuple(set() for _ in PIECES)
        self.cuts: dict[int, list[Callable[[bytes], Row]]] = collections.defaultdict(list)  # by length of the line
        self.usual: dict[int, Callable[[bytes], Row]] = collections.defaultdict(lambda: self.learn)

    def values(self, lines: list[bytes]) -> list[tuple[bytes, ...]]:
        """The values of all these lines, one tuple for each of VALUES. Raises Unfit when a line is not plain."""
        usual = self.usual
        rows = [usual[len(line)](line) for line in lines]
        columns = list(zip(*rows))
        if not all(known.issuperset(columns[at]) for known, at in zip(self.known, PIECES)):
            columns = list(zip(*[row if self.fits(row) else self.learn(line) for row, line in zip(rows, lines)]))
        return [columns[at] for at in VALUES]

    def fits(self, row: Row) -> bool:
        return all(row[at] in known for known, at in zip(self.known, PIECES))

    def learn(self, line: bytes) -> Row:
        """Cut a line of a new length or with new pieces: as one seen before, else by reading it as JSON."""
        for cut in self.cuts[len(line)]:
            if self.fits(row := cut(line)):
                self.usual[len(line)] = cut
                return row
        header, report = line[:-1].decode("ascii"), Report()
        number = claimed_number(header, 0)
        data = read_header(number, header, report)
        if report.damage or "\\" in header or not line.endswith(b"\n"):
            raise Unfit
        parts = json.dumps(data["parts"], separators=(",", ":"))[1:-1]
        values = [data["at"], data["id"], f'","index":{number},"log":"{self.origin}"', parts]
        openings = ['"at":"', ',"id":"', "", ',"parts":{']
        request = load_json(header).get("request")
        if isinstance(request, str):
            values, openings = [*values, request], [*openings, ',"request":"']
        lengths, start = [], 0
        for value, opening in zip(values, openings):
            at = header.find(opening, start) + len(opening)
            if not header.startswith(value, at) or (opening and header.count(opening) > 1):
                raise Unfit
            lengths += [at - start, len(value)]
            start = at + len(value)
        lengths += [len(line) - start] + [0] * (10 - len(lengths))
        del lengths[4]  # nothing lies between id and number
        cut = struct.Struct("".join(f"{length}s" for length in lengths)).unpack
        if sum(map(len, self.known)) > MOST_PIECES:
            for known in self.known:
                known.clear()
        row = cut(line)
        for known, at in zip(self.known, PIECES):
            known.add(row[at])
        self.cuts[len(line)].insert(0, cut)
        self.usual[len(line)] = cut
        return row


forms = functools.lru_cache(1)(Forms)


class Block(NamedTuple):
    """What some entries give: leaves, times, acts, what their parts must be, and those that a later check looks at."""

    first: int
    leaves: bytes
    times: tuple[bytes, bytes]
    acts: bytes
    keys: bytes
    entries: list[Entry]


def told_entry(number: int, line: bytes) -> Entry:
    report = Report()
    return Entry(number, b"", read_header(number, line[:-1].decode("ascii"), report))


def batches(piece: bytes | tuple[str, int]) -> Iterator[list[bytes]]:
    """The lines that begin in a block, so few at a time that they stay in the processor's cache."""
    stream: Any = io.BytesIO(piece) if isinstance(piece, bytes) else open(piece[0], "rb", BATCH)  # noqa: SIM115
    with stream:
        end = len(piece) if isinstance(piece, bytes) else piece[1] + BLOCK
        if start := end - BLOCK if isinstance(piece, tuple) else 0:
            stream.seek(start - 1)
            stream.readline()
        while (left := end - stream.tell()) > 0 and (lines := stream.readlines(min(left, BATCH))):
            yield lines


def judge_entries(task: tuple[bytes | tuple[str, int], str, frozenset[bytes]]) -> list[Block]:
    """The entries of a block, each as the ledger writes it, in unbroken order. Raises Unfit.

    The acts in the third part of the task are given back.
    """
    piece, origin, asked = task
    return [judge_lines(lines, forms(origin), asked) for lines in batches(piece)]


def judge_lines(lines: list[bytes], judge: Forms, asked: frozenset[bytes]) -> Block:
    sha256, count = hashlib.sha256, len(lines)
    leaves = b"".join([sha256(b"\x00" + line[:-1]).digest() for line in lines])
    times, ids, places, parts, requests = judge.values(lines)
    number = re.match(rb'","index":([0-9]{1,18}),', places[0])
    if not number:
        raise Unfit
    first = int(number[1])
    fits = (
        b"".join(places) == (judge.place * count) % tuple(range(first, first + count))
        and b"".join(times).translate(NO_DIGITS) == MOMENT * count
        and list(times) == sorted(times)
        and not b"".join(requests).translate(None, PLAIN)
    )
    if not fits:
        raise Unfit
    keys: list[bytes] = []
    for act, committed in zip(ids, parts) if any(parts) else ():
        pairs = COMMITMENT.findall(committed)
        names = [name for name, _ in pairs]
        if b",".join([b'"%s":"%s"' % pair for pair in pairs]) != committed or b"".join(names).translate(None, PLAIN):
            raise Unfit
        if names != sorted(set(names)):
            raise Unfit
        keys.extend([part_key(act, name, digest) for name, digest in pairs])
    told = {ids.index(act) for act in asked.intersection(ids)} if asked else set()
    if TOLD.search(b"".join(lines)):
        told.update(at for at, line in enumerate(lines) if TOLD.search(line))
    entries = [told_entry(first + at, lines[at]) for at in sorted(told)]
    acts = binascii.unhexlify(b"".join(ids).replace(b"-", b""))
    return Block(first, leaves, (times[0], times[-1]), acts, b"".join(keys), entries)


def on_every_core(pool: concurrent.futures.Executor, work: Callable[[Any], Any], tasks: Iterable[Any]) -> Iterator[Any]:
    """The results in the order of the tasks; only a few tasks lie in memory at a time."""
    waiting: collections.deque[concurrent.futures.Future[Any]] = collections.deque()
    for task in tasks:
        waiting.append(pool.submit(work, task))
        if len(waiting) > 2 * (os.cpu_count() or 1):
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def roots(pool: concurrent.futures.Executor, leaves: bytearray, sizes: list[int]) -> list[bytes]:
    """The root over the first entries, for each size; the perfect subtrees are computed once, on every core."""
    step = SUBTREE * 32
    whole = max(sizes, default=0) // SUBTREE
    below = list(on_every_core(pool, merkle_root, (bytes(leaves[n * step : (n + 1) * step]) for n in range(whole))))
    found = []
    for size in sizes:
        count, over = divmod(size, SUBTREE)
        tail = bytes(leaves[count * step : size * 32])
        found.append(merkle_root(b"".join(below[:count] + ([merkle_root(tail)] if over else []))))
    return found


def mortal() -> None:
    """Let a process of the pool end when it is told to, whatever the program that started it does with that signal.

    A pool that breaks ends its processes and waits for each; one that took the signal for granted would never end.
    """
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def check_large(pack: Large, key: str | None = None, against: str | None = None) -> Report | None:
    """The report of a large pack in which everything is plainly in order; None when the full check must say more."""
    # What was handed out is awaited, never killed: a process killed over its queue would leave this one waiting.
    pool = concurrent.futures.ProcessPoolExecutor(os.cpu_count() or 1, initializer=mortal)
    try:
        return _large(pool, pack, key, against)
    except (Unfit, Unusable, Broken, ValueError, KeyError, TypeError, OSError):
        return None
    except concurrent.futures.BrokenExecutor:  # a process was ended from outside
        return None
    finally:
        pool.shutdown(cancel_futures=True)


def _large(pool: concurrent.futures.Executor, pack: Large, key: str | None, against: str | None) -> Report:
    report, files, ledger = Report(), pack.files(), Ledger()
    manifest = read_manifest(files, report)
    checkpoint, other = checked_note(files, manifest, key, against, report)
    hashing = pool.submit(_hashes, pack, manifest)
    told, texts, words = hashlib.sha256(), 0, list[tuple[str, str, str]]()
    for part_keys, many, some in on_every_core(pool, judge_parts, pack.blocks("parts.ndjson")):
        told.update(part_keys)
        texts += many
        words += some
    leaves, committed = bytearray(), hashlib.sha256()
    halves: set[int] = set()
    times: list[bytes] = []
    entries: list[Entry] = []
    asked = frozenset(act.encode() for act, _, _ in words)
    tasks = ((piece, checkpoint.origin, asked) for piece in pack.pieces("entries.ndjson"))
    for block in itertools.chain.from_iterable(on_every_core(pool, judge_entries, tasks)):
        if block.first * 32 != len(leaves) or (times and block.times[0] < times[-1]):
            raise Unfit
        leaves += block.leaves
        committed.update(block.keys)
        halves.update(memoryview(block.acts).cast("Q")[1::2].tolist())
        entries += block.entries
        times = [times[0] if times else block.times[0], block.times[1]]
    size = len(leaves) // 32
    # Two acts with one id would have one half of an id, too. Texts lie in the order of what commits to them.
    if size != checkpoint.size or len(halves) != size or told.digest() != committed.digest():
        raise Unfit
    if leaves != files.read("leaves.bin", len(leaves)):
        raise Unfit
    sizes = [size] + ([other.size] if other else [])
    if roots(pool, leaves, sizes) != [checkpoint.root] + ([other.root] if other else []):
        raise Unfit
    if other:
        report.holds.append(f"Entries 0 to {other.size - 1} are those of the checkpoint you kept.")
    acts = {entry.data["id"]: entry for entry in entries}
    for act, name, body in words:
        ledger.learn(acts[act], name, body)
    hashes, found = hashing.result()
    report.damage.extend(found.damage)
    report.unlisted = found.unlisted
    report.covered.append(f"{count(texts, 'text')} of the acts disclosed, 0 withheld.")
    period = period_of(manifest, report)
    vouched = check_documents(manifest, hashes, ledger, period, entries, report)
    check_refusals(files, entries, {entry.number for entry in entries}, period, report)
    check_binding(manifest, vouched, ledger, report)
    tell_reach(checkpoint, [times[0].decode(), times[1].decode()], size, report)
    if report.damage or report.remarks or manifest.get("dropped"):
        raise Unfit
    return report


def _hashes(pack: Large, manifest: dict[str, Any]) -> tuple[dict[str, str], Report]:
    report = Report()
    return check_files(pack.files(), manifest, report), report
