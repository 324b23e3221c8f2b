"""The values that a PDF is written in (ISO 32000-1, 7.3)."""

from __future__ import annotations

import binascii
import re
from typing import Any, NamedTuple

DEEPEST = 40
"""Values that may lie inside one another."""


class Name(str):
    """A PDF name, without its slash."""

    __slots__ = ()


class Ref(NamedTuple):
    number: int


SPACE = re.compile(rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*)*")
NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]*)")
REF = re.compile(rb"([0-9]{1,10})[\x00\t\n\x0c\r ]+[0-9]{1,5}[\x00\t\n\x0c\r ]+R(?![0-9A-Za-z])")
NUMBER = re.compile(rb"[+-]?(?:[0-9]{1,18}(?![0-9])\.?[0-9]*|\.[0-9]+)")
HEX = re.compile(rb"<([0-9A-Fa-f\x00\t\n\x0c\r ]*)>")
WORD = re.compile(rb"(true|false|null)(?![0-9A-Za-z])")
BRACKETS = re.compile(rb"\\.|[()]", re.DOTALL)
ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
WORDS = {b"true": True, b"false": False, b"null": None}


def skip_space(data: bytes, at: int) -> int:
    found = SPACE.match(data, at)
    return found.end() if found else at


def read_value(data: bytes, at: int, depth: int = 0) -> tuple[Any, int]:
    """The value at this place, and where it ends. Raises ValueError."""
    if depth > DEEPEST:
        raise ValueError("PDF values nested too deeply")
    at = skip_space(data, at)
    if data.startswith(b"<<", at):
        items, at = read_values(data, at + 2, b">>", depth)
        keys = items[::2]
        if len(items) % 2 or not all(isinstance(key, Name) for key in keys) or len(set(keys)) < len(keys):
            raise ValueError("a PDF dictionary is malformed")
        return dict(zip(map(str, keys), items[1::2])), at
    if data.startswith(b"[", at):
        return read_values(data, at + 1, b"]", depth)
    if data.startswith(b"(", at):
        return read_string(data, at)
    if match := NAME.match(data, at):
        name = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), match[1])
        return Name(name.decode("utf-8", "replace")), match.end()
    if match := REF.match(data, at):
        return Ref(int(match[1])), match.end()
    if match := NUMBER.match(data, at):
        return (float(match[0]) if b"." in match[0] else int(match[0])), match.end()
    if match := HEX.match(data, at):
        digits = re.sub(rb"[^0-9A-Fa-f]", b"", match[1])
        return binascii.unhexlify(digits + b"0" * (len(digits) % 2)), match.end()
    if match := WORD.match(data, at):
        return WORDS[match[1]], match.end()
    raise ValueError("no PDF value where one must be")


def read_values(data: bytes, at: int, closing: bytes, depth: int) -> tuple[list[Any], int]:
    items: list[Any] = []
    while True:
        at = skip_space(data, at)
        if data.startswith(closing, at):
            return items, at + len(closing)
        item, at = read_value(data, at, depth + 1)
        items.append(item)


def read_string(data: bytes, at: int) -> tuple[bytes, int]:
    depth, start = 1, at + 1
    for match in BRACKETS.finditer(data, start):
        depth += {b"(": 1, b")": -1}.get(match[0], 0)
        if depth == 0:
            return ESCAPE.sub(_unescape, data[start : match.start()]), match.end()
    raise ValueError("a PDF string without end")


def _unescape(match: re.Match[bytes]) -> bytes:
    code = match[1]
    if code.isdigit():
        return bytes([int(code, 8) & 255]) if code[:1] < b"8" else code
    return b"" if code in (b"\n", b"\r", b"\r\n") else ESCAPES.get(code, code)


# Where PDFDocEncoding differs from Latin-1 (ISO 32000-1 annex D.2), from 0x80 on.
LETTERS_FROM_80 = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\x9f€"  # noqa: RUF001
LETTERS = {128 + place: letter for place, letter in enumerate(LETTERS_FROM_80)}


def text_of(raw: Any) -> str:
    """A PDF text string; empty for anything else."""
    if not isinstance(raw, bytes):
        return ""
    if raw[:2] == b"\xfe\xff":
        return raw[2:].decode("utf-16-be", "replace")
    if raw[:3] == b"\xef\xbb\xbf":
        return raw[3:].decode("utf-8", "replace")
    return raw.decode("latin-1").translate(LETTERS)
