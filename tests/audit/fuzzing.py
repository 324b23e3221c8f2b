"""Packs changed at random, by a number each: the verifier must answer every one, in time, without an exception.

`python -m tests.audit.fuzzing SECONDS [FIRST]` goes on from case FIRST for so long, and prints the cases that failed.
"""

import io
import json
import random
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pikepdf

from audit.documents.sign import open_identity, sign_pdf
from tests.audit.packs import Pack, answer, listed_again, pdf_bytes, synthetic, write_folder, write_zip

SLOW = 10.0
"""Seconds that no case may take."""
KEPT: tuple[int, ...] = ()
"""Cases that once failed; each is tried in every test run."""

TOKENS = [
    b"<<", b">>", b"[", b"]", b"(", b")", b"stream\n", b"endstream", b"endobj", b"1 0 R", b"5 0 obj", b"/Kids",
    b"/Names",
    b"/Length -1", b"/Filter /LZWDecode", b"/Prev 9", b"/W [1 9 9]", b"/Index [0 99999999]", b"%%EOF", b"startxref\n0",
    b"xref\n0 9\n", b"99999999999999999999", b"-1", b"0", b"\x00", b"\xff", b"\r\n", b"\n", b"{}", b"[]", b"null",
    b"true",
    b'"', b"\\", b"1e9", b"NaN", b"PK\x05\x06", b"PK\x01\x02", "\u2028".encode(),
]  # fmt: skip
VALUES: list[Any] = [
    None, True, 0, -1, 2**53, 10**18, "", "x", "\ud800", "00" * 32, [], {}, [[]], {"a": None}, ["a"], "2026-13-40",
    "outside the period asked for", "brightline-pack/3",
]  # fmt: skip
DATA = ["entries.ndjson", "parts.ndjson", "manifest.json", "checkpoint.txt", "keys.txt", "leaves.bin", "refusals.csv"]


@cache
def pdfs() -> list[bytes]:
    """A signed pack, and unsigned ones in the forms that PDF software writes."""
    files, modes = seed().files(), pikepdf.ObjectStreamMode
    made = [pdf_bytes(files, mode) for mode in (modes.generate, modes.disable)]
    with TemporaryDirectory(prefix="fuzz-") as place:
        when = datetime(2026, 3, 3, tzinfo=UTC)
        identity = open_identity(Path(place), name="Fuzz", now=when)
        made.append(sign_pdf(made[0], certificate=identity, reason="Pack", when=when))
    return made


def seed() -> Pack:
    pack = synthetic()
    pack.add("decision.recorded", {"refusal": "{}"}, outcome="refused", right="DR-04", side="MSO")
    pack.others["refusals.csv"] = b"entry,right,side\r\n11,DR-04,MSO\r\n"
    return pack


def mutated(data: bytes, dice: random.Random) -> bytes:
    """The bytes with one to six changes."""
    for _ in range(dice.randint(1, 6)):
        at, size = dice.randint(0, len(data)), dice.choice([1, 1, 4, 32, 300])
        way = dice.randrange(6)
        if way == 0:
            data = data[:at] + bytes([dice.randrange(256)]) + data[at + 1 :]
        elif way == 1:
            data = data[:at] + data[at + size :]
        elif way == 2:
            data = data[:at] + data[at : at + size] * dice.choice([2, 3, 40]) + data[at:]
        elif way == 3:
            data = data[:at] + dice.choice(TOKENS) + data[at:]
        elif way == 4:
            token = dice.choice(TOKENS)
            data = data[:at] + token + data[at + len(token) :]
        else:
            other = dice.randint(0, len(data))
            data = data[:at] + data[other : other + size] + data[at:]
    return data


def odd(value: Any, dice: random.Random) -> Any:
    """A JSON value with one of the values in it replaced, doubled or taken away."""
    if isinstance(value, dict) and value and dice.random() < 0.8:
        key = dice.choice(sorted(value))
        changed = {**value, key: odd(value[key], dice)}
        if dice.random() < 0.2:
            del changed[key]
        return changed
    if isinstance(value, list) and value and dice.random() < 0.8:
        at = dice.randrange(len(value))
        return [*value[:at], odd(value[at], dice), *value[at + dice.randint(0, 1) :]]
    return dice.choice(VALUES)


def odd_record(files: dict[str, bytes], dice: random.Random) -> dict[str, bytes]:
    """One record of the manifest, the entries or the texts made odd."""
    name = dice.choice(["manifest.json", "entries.ndjson", "parts.ndjson"])
    lines = files[name].decode().removesuffix("\n").split("\n") if name != "manifest.json" else [files[name].decode()]
    at = dice.randrange(len(lines))
    text = json.dumps(odd(json.loads(lines[at]), dice), sort_keys=True, separators=(",", ":"))
    lines[at] = text
    return {**files, name: "\n".join([*lines, ""]).encode()}


def odd_header(dice: random.Random) -> dict[str, bytes]:
    """A log that was made, and signed, with an odd header or text."""
    pack = seed()
    at = dice.randrange(len(pack.headers))
    header = odd(pack.headers[at], dice)
    pack.headers[at] = header if isinstance(header, dict) else {"v": 1}
    try:
        return pack.files()
    except (ValueError, TypeError, KeyError):
        return seed().files()


def make(number: int, place: Path) -> Path:
    """Write the pack of this number."""
    dice = random.Random(number)
    way = number % 6
    if way < 2:
        path = place / "pack.pdf"
        path.write_bytes(mutated(dice.choice(pdfs()), dice))
        return path
    files = odd_header(dice) if way == 2 else seed().files()
    if way == 3:
        files = odd_record(files, dice)
    elif way == 4:
        name = dice.choice([name for name in DATA if name in files])
        files[name] = mutated(files[name], dice)
    if dice.random() < 0.5:
        with suppress(ValueError, TypeError, AttributeError):
            files = listed_again(files)
    if way != 5:
        return write_folder(files, place)
    path = write_zip(files, place)
    path.write_bytes(mutated(path.read_bytes(), dice))
    return path


def fails(number: int) -> str:
    """What went wrong with the case of this number; empty when the verifier answered."""
    with TemporaryDirectory(prefix="fuzz-") as place:
        path = make(number, Path(place))
        begin = time.monotonic()
        try:
            code, _ = answer(path)
        except Exception:
            return traceback.format_exc()
        spent = time.monotonic() - begin
    if code == 0:
        return "VERIFIED, though no key of the reader's was given"
    return f"took {spent:.1f} seconds" if spent > SLOW else ""


def run_for(seconds: float, first: int = 0, told: Callable[[str], object] = print) -> tuple[int, list[int]]:
    """Try one case after the other for so long: how many were tried, and which failed."""
    end, number, failed = time.monotonic() + seconds, first, list[int]()
    while time.monotonic() < end:
        if fault := fails(number):
            failed.append(number)
            told(f"case {number}: {fault}")
        number += 1
    return number - first, failed


if __name__ == "__main__":
    sys.stdout = io.TextIOWrapper(sys.stdout.buffer, errors="replace", line_buffering=True)
    tried, wrong = run_for(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0)
    print(f"{tried} cases tried, {len(wrong)} failed: {wrong}")
    sys.exit(bool(wrong))
