"""The ledger's entries, read as they were hashed and compared with the checkpoint's root."""

from __future__ import annotations

import hashlib
import itertools
import re
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from audit.verifier.base import Report, Unusable
from audit.verifier.formats import HEADER_KEYS, TIME, Checkpoint, load_json, merkle_root

KEPT = ("id", "at", "log", "verb", "parts", "occurred", "outcome", "object", "capacity", "right", "side")
"""Fields of a header that a check looks at; the others are judged and let go."""
SHARED = {"log", "verb", "outcome", "capacity", "right", "side"}
LONGEST_LINE = 4 << 20
LEFT_OUT = "entries left out whole, as not open to who asked (by Brightline, for the office of who asked)"
TOO_LARGE = (
    "more entries than are judged in 300 MB of memory, and not plainly in order. Run this again with --large: it takes"
    " about 4 kB of memory for each entry, and names what is wrong"
)


class Entry(NamedTuple):
    """One line of entries.ndjson."""

    number: int
    leaf: bytes
    data: dict[str, Any]  # fields of the header; empty when it is damaged or missing


def read_leaves(data: bytes, report: Report) -> list[bytes]:
    if over := len(data) % 32:
        report.damage.append(f"leaves.bin: cut or damaged: {over} bytes remain after the last hash")
    return [data[at : at + 32] for at in range(0, len(data) - over, 32)]


def lines_of(pieces: Iterable[bytes], name: str, report: Report | None = None) -> Iterator[bytes]:
    """The lines of a file that comes in pieces. Line ends of Windows are reported once, and taken for their own.

    Raises Unusable for a line that no ledger writes.
    """
    rest, converted = b"", False
    for piece in itertools.chain(pieces, [None]):
        if piece is None:
            lines, rest = ([rest] if rest else []), b""
        else:
            *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > LONGEST_LINE:
            raise Unusable(f"{name}: one of its lines is longer than {LONGEST_LINE >> 20} MB")
        for line in lines:
            if line.endswith(b"\r"):
                line, converted = line[:-1], converted or convert(name, report)
            yield line


def convert(name: str, report: Report | None) -> bool:
    """Report that a program has changed the line ends of a file."""
    if report is not None:
        report.damage.append(f"{name}: its line ends were converted to those of Windows (CR LF); unpack the pack again")
    return True


def read_entries(
    lines: Iterable[bytes], places: dict[bytes, int], report: Report, most: int = sys.maxsize
) -> list[Entry]:
    """Every readable line: a header as it was hashed. What cannot be read is reported.

    An entry's number is the place of its leaf among those that the checkpoint proves; else the one it claims for
    itself; else the next. The leaf in place of a header keeps the order proven; the header is left out.
    """
    entries: list[Entry] = []
    following = held = 0
    for line, raw in enumerate(lines, 1):
        held += len(raw)
        if line > most or held > most << 10:
            raise Unusable(f"entries.ndjson: {TOO_LARGE}")
        alone = re.fullmatch(rb"[0-9a-f]{64}", raw)
        leaf = bytes.fromhex(raw.decode()) if alone else hashlib.sha256(b"\x00" + raw).digest()
        number = places.get(leaf, following)
        if alone:
            report.left_out.append(number)
        elif not raw.startswith(b"{"):
            report.damage.append(f"entries.ndjson: line {line} is unreadable: it is no header")
            continue
        header = None if alone else raw.decode("utf-8", "replace")
        if header is not None and leaf not in places:
            number = claimed_number(header, following)
        following = number + 1
        entries.append(Entry(number, leaf, {} if header is None else read_header(number, header, report)))
    return entries


def check_left_out(manifest: dict[str, Any], report: Report) -> None:
    """Headers are left out only as many as the manifest counts, of acts that do not exist for who asked."""
    counted = manifest.get("withheld")
    stated = counted.get("entries", 0) if isinstance(counted, dict) else 0
    if stated == len(report.left_out):
        if report.left_out:
            report.withheld[LEFT_OUT] = len(report.left_out)
        return
    for number in report.left_out:
        report.damage.append(f"entry {number}: its header is left out, and the pack does not say so")
    if not report.left_out:
        report.damage.append(f"manifest.json: it counts {str(stated)[:40]} entries left out, and none is")


def claimed_number(header: str, otherwise: int) -> int:
    try:
        index = load_json(header).get("index")
    except ValueError:
        return otherwise
    return index if isinstance(index, int) and not isinstance(index, bool) and index >= 0 else otherwise


def read_header(index: int, header: str, report: Report) -> dict[str, Any]:
    """The header's fields; none, and reported, when it is not as the ledger writes headers."""
    try:
        data = load_json(header, exact=True)
        if missing := sorted(HEADER_KEYS - set(data)):
            raise ValueError(f"it has no {', '.join(missing)}")
        if data["index"] != index:
            raise ValueError(f"it was sealed as entry {data['index']}")
        if (
            not isinstance(data["id"], str)
            or not is_time(data["at"])
            or not is_time(data.get("occurred") or data["at"])
        ):
            raise ValueError("its id or time is malformed")
        if not all(isinstance(data.get(name, ""), str) for name in SHARED):
            raise ValueError("its log, verb, outcome, capacity, right or side is malformed")
        if not isinstance(data["parts"], dict) or not all(isinstance(one, str) for one in data["parts"].values()):
            raise ValueError("its parts are malformed")
        about = data.get("object") or {}
        if not isinstance(about, dict) or not all(isinstance(one, str) for one in about.values()):
            raise ValueError("its object is malformed")
    except ValueError as error:
        report.damage.append(f"entry {index}: the header is not as the ledger writes it: {error}")
        return {}
    return {name: sys.intern(data[name]) if name in SHARED else data[name] for name in KEPT if name in data}


def is_time(value: Any) -> bool:
    return isinstance(value, str) and bool(TIME.fullmatch(value))


def unbroken(entries: list[Entry], report: Report) -> list[Entry]:
    """The entries 0, 1, 2 … up to the first break in their order; every break is reported."""
    expected = 0
    for entry in entries:
        if entry.number > expected:
            last = entry.number - 1
            which = f"entry {last}" if last == expected else f"entries {expected} to {last}"
            report.damage.append(f"{which}: missing (entry {entry.number} follows)")
        elif entry.number < expected:
            report.damage.append(f"entry {entry.number}: out of order or given twice")
        expected = max(expected, entry.number + 1)
    return [entry for _, entry in itertools.takewhile(lambda pair: pair[0] == pair[1].number, enumerate(entries))]


def check_tree(
    entries: list[Entry], run: list[Entry], stated: list[bytes], sealed: bool, checkpoint: Checkpoint, report: Report
) -> set[int]:
    """Compare the entries with the checkpoint's root; the indexes of those whose content it proves.

    `run` are the entries in unbroken order; `sealed` says that the stated leaves give the root.
    """
    size = checkpoint.size
    for entry in entries:
        if entry.number >= size:
            report.damage.append(f"entry {entry.number}: added; the checkpoint covers only {size} entries")
    if len(run) == len(entries) < size:
        report.damage.append(f"entries {len(run)} to {size - 1}: missing; the checkpoint covers {size} entries")
    if len(run) < size and not sealed:
        return set()
    if sealed:
        inside = [entry for entry in entries if entry.number < size]
        wrong = [entry.number for entry in inside if entry.leaf != stated[entry.number]]
        report.damage.extend(f"entry {index}: the header was changed after it was sealed" for index in wrong)
        return {entry.number for entry in inside} - set(wrong)
    if merkle_root(b"".join([entry.leaf for entry in run[:size]])) == checkpoint.root:
        differing = (n for n, entry in enumerate(run[:size]) if n >= len(stated) or stated[n] != entry.leaf)
        first = next(differing, size)
        report.damage.append(f"leaves.bin: changed at entry {first}; the entries themselves were not")
        return set(range(size))
    report.damage.append(
        f"entries 0 to {size - 1}: their root differs from the checkpoint's: at least one entry, or the"
        " checkpoint, was changed. The root alone cannot tell which"
    )
    return set()


def check_against(entries: list[Entry], other: Checkpoint, origin: str, report: Report) -> set[int]:
    """Compare the entries with a checkpoint kept elsewhere; the indexes it proves."""
    if other.origin != origin:
        report.damage.append(f"checkpoint.txt: it is of the log {origin}, the one you kept is of {other.origin}")
    elif other.size == 0:
        report.remarks.append("The checkpoint you kept is of an empty log and proves nothing.")
    elif other.size > len(entries):
        report.remarks.append(
            f"NOT COMPARED: the checkpoint you kept covers {other.size} entries, this pack {len(entries)}."
        )
    elif merkle_root(b"".join([entry.leaf for entry in entries[: other.size]])) != other.root:
        report.damage.append(
            f"entries 0 to {other.size - 1}: they are not those of the checkpoint you kept: history was rewritten"
        )
    else:
        report.holds.append(f"Entries 0 to {other.size - 1} are those of the checkpoint you kept.")
        return set(range(other.size))
    return set()


def check_clock(entries: list[Entry], report: Report) -> None:
    """Times must not run backwards. A step back is remarked: the order itself is proven by the tree."""
    last = ""
    for entry in entries:
        at = entry.data.get("at", last)
        if at < last:
            report.remarks.append(f"entry {entry.number}: clock stepped back, from {last} to {at}.")
        last = at
