"""Check a Brightline audit pack without Brightline: python verify_pack.py PACK

PACK is the audit pack as PDF, as .zip, or as a folder with the same files. Python 3.9 or newer is enough;
with the package `cryptography` installed, signatures are checked too. Nothing is written or sent anywhere.

Exit code 0: INTACT.  1: TAMPERED, with what is damaged and what still holds.  2: UNUSABLE, nothing could be
judged. How it works: each ledger entry is hashed into a Merkle tree (RFC 9162) whose root a signed
checkpoint (c2sp.org/tlog-checkpoint) states; each text is tied to its entry by a salted hash.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    # Nothing is imported from the folder in which this file lies: what else a pack holds is not to be trusted.
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != os.path.dirname(os.path.abspath(__file__))]

import argparse
import base64
import binascii
import collections
import concurrent.futures
import functools
import hashlib
import io
import itertools
import json
import re
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any, Callable, Iterable, Iterator, NamedTuple

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    CAN_CHECK_SIGNATURES = False
else:
    CAN_CHECK_SIGNATURES = True

FORMAT = "brightline-pack/2"
SEALED_FILES = ("entries.ndjson", "leaves.bin")  # the checkpoint's root vouches for every byte of them
DATA_FILES = (*SEALED_FILES, "parts.ndjson", "checkpoint.txt", "keys.txt")
LARGEST_FILE = 1 << 30  # bytes; a compressed file that grows beyond this is an attack, not a ledger
HEX_HASH = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
HEADER_KEYS = {"v", "log", "index", "id", "at", "verb", "parts"}

NOT_PROVEN = (
    "Whether anything was changed after the checkpoint was made, or entered after it.",
    "What was never entered into the ledger, and whether what was entered is true.",
    "A forgery by someone who stole the signing key and replaced every copy of the checkpoints.",
    "Whose key this is: compare origin and key with a copy you got by another way (--key), and the"
    " checkpoint with one you or your counsel kept (--against).",
    "Practice, period and titles in manifest.json, and the visible pages of a PDF: they are labels here."
    " Only the entries, the disclosed texts and the documents listed as recorded are judged.",
)


UNCHECKED = "SIGNATURE NOT CHECKED: install the Python package 'cryptography' and run again."


class Unusable(Exception):
    """The pack cannot be judged; the message says why."""


class Entry(NamedTuple):
    """One line of entries.ndjson; `header` is None for an entry that is withheld."""

    number: int
    header: str | None
    leaf: bytes  # computed from the header; as stated for an entry that is withheld
    data: dict[str, Any]  # the header as JSON; empty when withheld or damaged


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


class Key(NamedTuple):
    name: str
    id: bytes
    public: bytes


class Report:
    """What the checks found, in plain words."""

    def __init__(self) -> None:
        self.damage: list[str] = []
        self.holds: list[str] = []
        self.remarks: list[str] = []
        self.covered: list[str] = []
        self.signature = "not checked"


# ---- reading the pack -----------------------------------------------------------------------------------


def read_pack(path: Path) -> dict[str, bytes]:
    """All files of the pack by name, with forward slashes."""
    if path.is_dir():
        found = [item for item in sorted(path.rglob("*")) if item.is_file() and not item.is_symlink()]
        files = {item.relative_to(path).as_posix(): item.read_bytes() for item in found}
        return inside_top_folder(files)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from None
    if b"%PDF-" in data[:1024]:
        return Pdf(data).embedded_files()
    if data[:4] == b"PK\x03\x04":
        return inside_top_folder(read_zip(path))
    raise Unusable(f"{path} is neither a PDF, a zip file nor a folder")


def inside_top_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """The same files without the one folder around them that unpacking or packing again may add."""
    tops = [name.removesuffix("manifest.json") for name in files if name.endswith("/manifest.json")]
    if "manifest.json" in files or len(tops) != 1:
        return files
    return {name.removeprefix(tops[0]): data for name, data in files.items() if name.startswith(tops[0])}


def read_zip(path: Path) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for info in archive.infolist():
                if info.is_dir():
                    continue
                if info.filename in files:
                    raise Unusable(f"the zip file holds two files named {info.filename}")
                if info.file_size > LARGEST_FILE:
                    raise Unusable(f"{info.filename} is larger than 1 GiB")
                files[info.filename] = archive.read(info)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise Unusable(f"the zip file is damaged: {error}") from None
    return files


class Name(str):
    """A PDF name, without its slash."""

    __slots__ = ()


class Ref(NamedTuple):
    number: int


class Stream(NamedTuple):
    info: dict[str, Any]
    raw: bytes


class Pdf:
    """As much of a PDF reader as embedded files need.

    Objects are read in file order, a later one replacing an earlier. What it extracts is trusted in nothing:
    every file is then checked by its hash.
    """

    SPACE = re.compile(rb"(?:[\x00\t\n\x0c\r ]|%[^\r\n]*)*")
    START = re.compile(rb"(?<![0-9])([0-9]{1,10})\s+[0-9]{1,5}\s+obj\b|\btrailer\b")
    STREAM = re.compile(rb"\s*stream(?:\r\n|\n|\r)")
    NAME = re.compile(rb"/([^\x00\t\n\x0c\r ()<>\[\]{}/%]*)")
    REF = re.compile(rb"([0-9]{1,10})\s+[0-9]{1,5}\s+R\b")
    NUMBER = re.compile(rb"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)")
    HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
    WORD = re.compile(rb"true|false|null")
    ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
    ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def __init__(self, data: bytes) -> None:
        self.objects: dict[int, Any] = {}
        self.trailer: dict[str, Any] = {}
        position = 0
        while match := self.START.search(data, position):
            position = match.end()
            try:
                value, end = self.value(data, position)
                if match.group(1) is None:
                    self.trailer.update(value)
                    position = end
                    continue
                if isinstance(value, dict) and (opening := self.STREAM.match(data, end)):
                    raw, end = self.stream_bytes(data, opening.end(), value.get("Length"))
                    value = Stream(value, raw)
                    self.unfold(value)
                self.objects[int(match.group(1))] = value
                position = end
            except (ValueError, TypeError, KeyError, RecursionError):
                continue  # one unreadable object; what it held is then missed by name or hash

    def stream_bytes(self, data: bytes, start: int, length: Any) -> tuple[bytes, int]:
        if isinstance(length, int) and length >= 0 and re.compile(rb"\s*endstream").match(data, start + length):
            return data[start : start + length], start + length
        end = data.find(b"endstream", start)
        if end < 0:
            raise ValueError("stream without end")
        return re.sub(rb"(?:\r\n|\n|\r)\Z", b"", data[start:end]), end

    def unfold(self, stream: Stream) -> None:
        """Take the trailer out of a cross-reference stream, and the objects out of an object stream."""
        if stream.info.get("Type") == "XRef":
            self.trailer.update(stream.info)
        elif stream.info.get("Type") == "ObjStm":
            data, first = self.decode(stream), int(stream.info["First"])
            numbers = [int(number) for number in data[:first].split()]
            for number, offset in zip(numbers[::2], numbers[1::2]):  # noqa: B905 - Python 3.9
                self.objects[number] = self.value(data, first + offset)[0]

    def value(self, data: bytes, position: int) -> tuple[Any, int]:
        """The PDF value at `position`, and where it ends. Raises ValueError."""
        position = self.SPACE.match(data, position).end()  # type: ignore[union-attr]
        if data.startswith(b"<<", position):
            items, position = self.values(data, position + 2, b">>")
            return {str(key): item for key, item in zip(items[::2], items[1::2])}, position  # noqa: B905
        if data.startswith(b"[", position):
            return self.values(data, position + 1, b"]")
        if data.startswith(b"(", position):
            return self.text(data, position)
        if match := self.NAME.match(data, position):
            name = re.sub(rb"#([0-9A-Fa-f]{2})", lambda code: bytes([int(code[1], 16)]), match[1])
            return Name(name.decode("utf-8", "replace")), match.end()
        if match := self.REF.match(data, position):
            return Ref(int(match[1])), match.end()
        if match := self.NUMBER.match(data, position):
            return (float(match[0]) if b"." in match[0] else int(match[0])), match.end()
        if match := self.HEX.match(data, position):
            digits = b"".join(match[1].split())
            return binascii.unhexlify(digits + b"0" * (len(digits) % 2)), match.end()
        if match := self.WORD.match(data, position):
            return {b"true": True, b"false": False, b"null": None}[match[0]], match.end()
        raise ValueError("no PDF value here")

    def values(self, data: bytes, position: int, closing: bytes) -> tuple[list[Any], int]:
        items: list[Any] = []
        while True:
            position = self.SPACE.match(data, position).end()  # type: ignore[union-attr]
            if data.startswith(closing, position):
                return items, position + len(closing)
            item, position = self.value(data, position)
            items.append(item)

    def text(self, data: bytes, position: int) -> tuple[bytes, int]:
        depth, start = 1, position + 1
        for match in re.compile(rb"\\.|[()]", re.DOTALL).finditer(data, start):
            depth += {b"(": 1, b")": -1}.get(match[0], 0)
            if depth == 0:
                return self.ESCAPE.sub(self.unescape, data[start : match.start()]), match.end()
        raise ValueError("string without end")

    def unescape(self, match: re.Match[bytes]) -> bytes:
        code = match[1]
        if code.isdigit():
            return bytes([int(code, 8) & 255])
        return b"" if code in (b"\n", b"\r", b"\r\n") else self.ESCAPES.get(code, code)

    def decode(self, stream: Stream) -> bytes:
        filters = stream.info.get("Filter", [])
        for name in filters if isinstance(filters, list) else [filters]:
            if name != "FlateDecode" or stream.info.get("DecodeParms"):
                raise ValueError(f"unsupported PDF filter {name}")
        if not filters:
            return stream.raw
        inflater = zlib.decompressobj()
        try:
            data = inflater.decompress(stream.raw, LARGEST_FILE)
        except zlib.error as error:
            raise ValueError(str(error)) from None
        if not inflater.eof:
            raise ValueError("compressed data is cut short or larger than 1 GiB")
        return data

    def resolve(self, value: Any) -> Any:
        for _ in range(10):
            if not isinstance(value, Ref):
                break
            value = self.objects.get(value.number)
        return value

    def dictionary(self, value: Any) -> dict[str, Any]:
        value = self.resolve(value)
        return value if isinstance(value, dict) else {}

    def embedded_files(self) -> dict[str, bytes]:
        """The files of the document's EmbeddedFiles name tree, as any PDF viewer lists them."""
        if "Encrypt" in self.trailer:
            raise Unusable("the PDF is encrypted; save it without a password, or use the zip file")
        names = self.dictionary(self.dictionary(self.trailer.get("Root")).get("Names"))
        files: dict[str, bytes] = {}
        pending, seen = [names.get("EmbeddedFiles")], 0
        while pending and seen < 100_000:
            node, seen = self.dictionary(pending.pop()), seen + 1
            pending.extend(self.resolve(node.get("Kids")) or [])
            for item in (self.resolve(node.get("Names")) or [])[1::2]:
                spec = self.dictionary(item)
                name = text_of(self.resolve(spec.get("UF") or spec.get("F")))
                ef = self.dictionary(spec.get("EF"))
                stream = self.resolve(ef.get("F") or ef.get("UF"))
                if not isinstance(stream, Stream):
                    raise Unusable(f"the embedded file {name} is damaged: it has no content")
                if name in files:
                    raise Unusable(f"the PDF holds two embedded files named {name}")
                try:
                    files[name] = self.decode(stream)
                except ValueError as error:
                    raise Unusable(f"the embedded file {name} is damaged: {error}") from None
        if not files:
            raise Unusable("the PDF carries no embedded files, or its structure is damaged")
        return files


# Where PDFDocEncoding differs from Latin-1 (ISO 32000-1 annex D.2), from 0x80 on.
PDF_LETTERS_FROM_80 = "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\x9f€"  # noqa: RUF001
PDF_LETTERS = {128 + place: letter for place, letter in enumerate(PDF_LETTERS_FROM_80)}


def text_of(raw: Any) -> str:
    """A PDF text string."""
    if not isinstance(raw, bytes):
        return ""
    if raw[:2] == b"\xfe\xff":
        return raw[2:].decode("utf-16-be", "replace")
    if raw[:3] == b"\xef\xbb\xbf":
        return raw[3:].decode("utf-8", "replace")
    return raw.decode("latin-1").translate(PDF_LETTERS)


# ---- formats --------------------------------------------------------------------------------------------


def load_json(text: str, exact: bool = False) -> dict[str, Any]:
    """One JSON object; repeated keys are refused. `exact`: it must also be RFC 8785 text without floats."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError("a key appears twice")
        if exact and not all(key.isascii() for key, _ in pairs):
            raise ValueError("a key is not ASCII")
        return dict(pairs)

    def integer(digits: str) -> int:
        if len(digits) > 17 or abs(int(digits)) >= 2**53:
            raise ValueError("an integer is not below 2^53")
        return int(digits)

    def no_float(digits: str) -> None:
        raise ValueError(f"{digits} is not an integer")

    try:
        value = json.loads(
            text, object_pairs_hook=unique, parse_int=integer, parse_float=no_float, parse_constant=no_float
        )
        written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) if exact else text
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    if exact and written != text:
        raise ValueError("not in canonical form")
    return value


def decode_base64(text: str, field: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        raise ValueError(f"{field} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise ValueError(f"{field} is not canonical base64")
    return raw


def parse_key(line: str) -> Key:
    """A verifier key in C2SP form, name+id+base64."""
    fields = line.strip().split("+", 2)
    if len(fields) != 3:
        raise ValueError("a key must be written name+id+base64")
    raw = decode_base64(fields[2], "the key")
    key_id = hashlib.sha256(fields[0].encode() + b"\n" + raw).digest()[:4]
    if key_id.hex() != fields[1]:
        raise ValueError(f"the key of {fields[0]} does not fit its id {fields[1]}")
    if len(raw) != 33 or raw[0] != 1:
        raise ValueError(f"the key of {fields[0]} is not an Ed25519 key")
    return Key(fields[0], key_id, raw[1:])


def parse_checkpoint(note: str) -> tuple[Checkpoint, bytes, list[tuple[str, bytes]]]:
    """The checkpoint of a signed note, the bytes that are signed, and (name, id and signature) pairs."""
    text, blank, tail = note.rpartition("\n\n")
    lines = text.split("\n")
    if not blank or len(lines) != 3:
        raise ValueError("not three lines, an empty line and signatures")
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
        raise ValueError(f"the size {lines[1]!r} is not a number without leading zeros")
    root = decode_base64(lines[2], "the root")
    if len(root) != 32:
        raise ValueError("the root is not 32 bytes")
    signatures = []
    for line in tail.removesuffix("\n").split("\n"):
        match = re.fullmatch(r"— (\S+) (\S+)", line)
        if not match:
            raise ValueError("a signature line is malformed")
        signatures.append((match[1], decode_base64(match[2], f"the signature of {match[1]}")))
    return Checkpoint(lines[0], int(lines[1]), root), (text + "\n").encode(), signatures


PAIR = struct.Struct("64s")


def merkle_root(leaves: bytes) -> bytes:
    """Root over leaf hashes one after the other, RFC 9162 section 2.1.1: level by level, an odd last node moving up."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    level, sha256 = leaves, hashlib.sha256
    while len(level) > 32:
        whole = len(level) - len(level) % 64
        above = [sha256(b"\x01" + pair).digest() for (pair,) in PAIR.iter_unpack(memoryview(level)[:whole])]
        level = b"".join([*above, level[whole:]])
    return level


def text_file(files: dict[str, bytes], name: str) -> str:
    if name not in files:
        raise Unusable(f"{name} is missing")
    try:
        return files[name].decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unusable(f"{name} is not UTF-8 text (byte {error.start})") from None


class Scrubs:
    """What proven entries say was scrubbed, and what the pack says is missing for that."""

    def __init__(self) -> None:
        self.parts: dict[tuple[str, str], str] = {}  # (act, name) of a part, and the act of the scrub
        self.documents: dict[str, str] = {}  # key of a document, and the act of the scrub
        self.hashes: dict[str, str] = {}  # key of a document, and its SHA-256
        self.words: dict[str, str] = {}  # act of a scrub: who and why
        self.claims: list[tuple[str, str, str, str]] = []  # place, act and name of a part, act of the scrub

    def learn(self, entry: Entry, name: str, body: str) -> None:
        """Take in a disclosed text of a proven entry."""
        act, kind = entry.data["id"], name.split("/")[:2]
        if kind == ["row", "audit_document"]:
            row = json.loads(body)
            self.hashes[str(row["id"])] = row["sha256"]
        if entry.data["verb"] != "text.scrubbed" or entry.data.get("outcome") != "done":
            return
        if name == "facts":
            facts = json.loads(body)
            self.words[act] = f"{facts['actor_name']}, {facts['office_name']}: {facts['reason']}"
        if kind == ["row", "audit_scrubbing"]:
            row = json.loads(body)
            self.parts.update(dict.fromkeys(map(tuple, row["parts"]), act))
            if row["table_name"] == "audit_document" and row["column_name"] == "bytes":
                self.documents[row["row_key"]] = act


# ---- the checks -----------------------------------------------------------------------------------------


def check_manifest(files: dict[str, bytes], report: Report) -> dict[str, Any]:
    """Every file has the hash the manifest states."""
    try:
        manifest = load_json(text_file(files, "manifest.json"))
    except ValueError as error:
        raise Unusable(f"manifest.json cannot be read: {error}") from None
    if manifest.get("format") != FORMAT:
        raise Unusable(
            f"manifest.json: the format is {manifest.get('format')!r}, and this script knows only {FORMAT!r};"
            " use the verify_pack.py that came with the pack, or a newer one"
        )
    listed = manifest.get("files")
    if not isinstance(listed, dict):
        raise Unusable("manifest.json: 'files' is missing")
    for name, stated in sorted(listed.items()):
        if name not in files:
            report.damage.append(f"{name}: the manifest lists this file, but it is missing")
        elif hashlib.sha256(files[name]).hexdigest() != stated:
            report.damage.append(f"{name}: the file is not the one the manifest lists (its hash differs)")
    for name in sorted(set(DATA_FILES) - set(SEALED_FILES) - set(listed)):
        report.damage.append(f"{name}: the manifest does not list this file")
    for name in sorted(set(SEALED_FILES) - set(files) - set(listed)):
        report.damage.append(f"{name}: every pack holds this file, but it is missing")
    for name in sorted(set(files) - set(listed) - {"manifest.json"} - set(DATA_FILES)):
        report.remarks.append(f"{name} is not listed in the manifest; nothing is said about it.")
    return manifest


def read_leaves(data: bytes, report: Report) -> list[bytes]:
    if over := len(data) % 32:
        report.damage.append(f"leaves.bin: cut or damaged: {over} bytes remain after the last hash")
    return [data[at : at + 32] for at in range(0, len(data) - over, 32)]


def read_entries(data: bytes, places: dict[bytes, int], report: Report) -> list[Entry]:
    """Every readable line: a header as it was hashed, or the leaf of an entry that is withheld, in hexadecimal.

    An entry's number is the place of its leaf among those that the checkpoint proves; else the one it claims for
    itself; else the next. What cannot be read is reported.
    """
    entries: list[Entry] = []
    following = 0
    for line, raw in enumerate(data.removesuffix(b"\n").split(b"\n") if data else [], 1):
        withheld = re.fullmatch(rb"[0-9a-f]{64}", raw)
        leaf = bytes.fromhex(raw.decode()) if withheld else hashlib.sha256(b"\x00" + raw).digest()
        number = places.get(leaf, following)
        if not withheld and not raw.startswith(b"{"):
            report.damage.append(f"entries.ndjson: line {line} is unreadable: it has neither header nor leaf")
            continue
        header = None if withheld else raw.decode("utf-8", "replace")
        if header is not None and leaf not in places:
            number = claimed_number(header, following)
        following = number + 1
        entries.append(Entry(number, header, leaf, {} if header is None else read_header(number, header, report)))
    return entries


def claimed_number(header: str, otherwise: int) -> int:
    try:
        index = load_json(header).get("index")
    except ValueError:
        return otherwise
    return index if isinstance(index, int) and not isinstance(index, bool) and index >= 0 else otherwise


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


def read_header(index: int, header: str, report: Report) -> dict[str, Any]:
    """The header as JSON; empty, and reported, when it is not as the ledger writes headers."""
    try:
        data = load_json(header, exact=True)
        if missing := sorted(HEADER_KEYS - set(data)):
            raise ValueError(f"it has no {', '.join(missing)}")
        if data["index"] != index:
            raise ValueError(f"it was sealed as entry {data['index']}")
        if not isinstance(data["id"], str) or not isinstance(data["at"], str) or not TIME.fullmatch(data["at"]):
            raise ValueError("its id or time is malformed")
        if not isinstance(data["parts"], dict):
            raise ValueError("its parts are malformed")
    except ValueError as error:
        report.damage.append(f"entry {index}: the header is not as the ledger writes it: {error}")
        return {}
    return data


def check_signature(signed: bytes, signatures: list[tuple[str, bytes]], keys: list[Key]) -> str:
    """'valid' or 'not checked'. Raises ValueError when no key signed it, or one did not sign this text."""
    known = {(key.name, key.id): key for key in keys}
    ours = [(known[name, raw[:4]], raw[4:]) for name, raw in signatures if (name, raw[:4]) in known]
    if not ours:
        raise ValueError("none of the keys made its signature")
    if not CAN_CHECK_SIGNATURES:
        return "not checked"
    for key, signature in ours:
        try:
            Ed25519PublicKey.from_public_bytes(key.public).verify(signature, signed)
        except (InvalidSignature, ValueError):
            raise ValueError(f"the signature of {key.name} is false") from None
    return "valid"


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


def check_parts(text: str, entries: list[Entry], proven: set[int], report: Report, scrubs: Scrubs) -> dict[str, int]:
    """Each part of a disclosed entry is disclosed and fits, or is withheld with a reason.

    Returns the SHA-256 values (hexadecimal) that proven headers and parts name, with the entry naming them.
    """
    named: dict[str, int] = {}
    acts: dict[str, Entry] = {}
    for entry in entries:
        if entry.data:
            if entry.data["id"] in acts:
                report.damage.append(
                    f"entry {entry.number}: it carries the act of entry {acts[entry.data['id']].number}"
                )
            acts[entry.data["id"]] = entry
            if entry.number in proven:
                named.update((value, entry.number) for value in HEX_HASH.findall(entry.header or ""))
    seen: set[tuple[str, str]] = set()
    disclosed = withheld = 0
    for number, line in enumerate(text.removesuffix("\n").split("\n") if text else [], 1):
        try:
            part = load_json(line)
            act, name = part["act"], part["name"]
            place = f"entry {acts[act].number}, part {name!r}" if act in acts else f"part {name!r} of act {act}"
            if act not in acts or name not in acts[act].data["parts"]:
                report.damage.append(f"{place}: added; no readable entry names it")
            elif (act, name) in seen:
                report.damage.append(f"{place}: given twice")
            elif "withheld" in part:
                withheld += 1
                if "body" in part or not isinstance(part["withheld"], str) or not part["withheld"].strip():
                    report.damage.append(f"{place}: withheld without a reason")
                elif "scrub" in part:
                    scrubs.claims.append((place, act, name, part["scrub"]))
            else:
                disclosed += 1
                salt, body = bytes.fromhex(part["salt"]), part["body"]
                # A salt of any other length could swallow the beginning of the text.
                digest = hashlib.sha256(b"brightline.part/1\n" + salt + body.encode("utf-8")).hexdigest()
                if len(salt) != 32 or digest != acts[act].data["parts"][name]:
                    report.damage.append(f"{place}: the text or its salt was changed after it was sealed")
                elif acts[act].number in proven:
                    named.update((value, acts[act].number) for value in HEX_HASH.findall(body))
                    scrubs.learn(acts[act], name, body)
            seen.add((act, name))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            report.damage.append(f"parts.ndjson: line {number} is unreadable: {error}")
    for act, entry in acts.items():
        for name in sorted(name for name in entry.data["parts"] if (act, name) not in seen):
            report.damage.append(f"entry {entry.number}, part {name!r}: missing, and no reason is given")
    report.covered.append(f"{disclosed} texts are disclosed, {withheld} are withheld with a reason.")
    return named


def check_scrubs(manifest: dict[str, Any], entries: list[Entry], scrubs: Scrubs, report: Report) -> None:
    """Whatever is missing because patient data was scrubbed, is so by a proven entry; say which, by whom and why."""
    numbers = {entry.data["id"]: entry.number for entry in entries if entry.data}
    texts: dict[str, int] = {}
    for place, act, name, scrub in scrubs.claims:
        if scrubs.parts.get((act, name)) == scrub:
            texts[scrub] = texts.get(scrub, 0) + 1
        else:
            report.damage.append(f"{place}: said to be scrubbed, but no proven entry of this pack scrubbed it")
    for scrub, count in sorted(texts.items(), key=lambda pair: numbers[pair[0]]):
        report.covered.append(
            f"Entry {numbers[scrub]} scrubbed patient data ({scrubs.words.get(scrub, 'by whom is withheld')})."
            f" {count} {'text is' if count == 1 else 'texts are'} missing for that reason; place and hash stay proven."
        )
    dropped = manifest.get("dropped", [])
    for document in dropped if isinstance(dropped, list) else []:
        if not isinstance(document, dict):
            report.damage.append("manifest.json: a dropped document is malformed")
            continue
        title, key, by = document.get("title"), document.get("document"), str(document.get("scrub", ""))
        if not by:
            report.remarks.append(f"Document {title!r} was dropped after the checkpoint; nothing here proves why.")
        elif by not in numbers or scrubs.documents.get(str(key)) != by:
            report.damage.append(f"document {title!r}: said to be dropped by a scrub, but no proven entry says so")
        elif scrubs.hashes.get(str(key), document.get("sha256")) != document.get("sha256"):
            report.damage.append(f"document {title!r}: another hash is recorded for the document that was dropped")
        else:
            report.covered.append(
                f"Document {title!r} held patient data; the scrub of entry {numbers[by]} dropped it"
                f" ({scrubs.words.get(by, 'by whom is withheld')})."
                f" Its hash {document.get('sha256')} stays recorded."
            )


def check_documents(manifest: dict[str, Any], files: dict[str, bytes], named: dict[str, int], report: Report) -> None:
    """Each document has its stated hash; say whether the ledger itself records that hash."""
    documents = manifest.get("documents", [])
    for document in documents if isinstance(documents, list) else []:
        if not isinstance(document, dict):
            report.damage.append("manifest.json: a document is malformed")
            continue
        title, stated, name = document.get("title"), document.get("sha256"), document.get("file")
        if name is not None and hashlib.sha256(files.get(name, b"")).hexdigest() != stated:
            report.damage.append(f"document {title!r}: {name} is not the file with the stated hash")
        elif isinstance(stated, str) and stated in named:
            report.covered.append(f"Document {title!r} is recorded in entry {named[stated]}.")
        else:
            report.remarks.append(f"NOT RECORDED: no proven entry in this pack names the hash of document {title!r}.")


def check_clock(entries: list[Entry], report: Report) -> None:
    """Times must not run backwards. A step back is remarked: the order itself is proven by the tree."""
    last = ""
    for entry in entries:
        at = entry.data.get("at", last)
        if at < last:
            report.remarks.append(f"entry {entry.number}: clock stepped back, from {last} to {at}.")
        last = at


def check(
    files: dict[str, bytes], key: str | None = None, against: str | None = None, report: Report | None = None
) -> Report:
    """Run every check. Raises Unusable when the pack cannot be judged, after filling `report` so far."""
    report = report if report is not None else Report()
    manifest = check_manifest(files, report)
    note, part_text = text_file(files, "checkpoint.txt"), text_file(files, "parts.ndjson")
    for name in SEALED_FILES:
        if name not in files:
            raise Unusable(f"{name} is missing")
    try:
        keys = [parse_key(line) for line in text_file(files, "keys.txt").split("\n") if line.strip()]
    except ValueError as error:
        raise Unusable(f"keys.txt: {error}") from None
    try:
        trusted = [parse_key(key)] if key else keys
    except ValueError as error:
        raise Unusable(f"--key: {error}") from None
    try:
        checkpoint, signed, signatures = parse_checkpoint(note)
    except ValueError as error:
        raise Unusable(f"checkpoint.txt: {error}") from None
    if manifest.get("origin") != checkpoint.origin:
        report.damage.append(f"manifest.json: its origin is {manifest.get('origin')}, the log's is {checkpoint.origin}")
    try:
        report.signature = check_signature(signed, signatures, trusted)
    except ValueError as error:
        report.signature = "false"
        report.damage.append(f"checkpoint.txt: {error}")
    if key and trusted[0] not in keys:
        report.damage.append("keys.txt: it does not hold the key you trust")
    stated = read_leaves(files["leaves.bin"], report)
    sealed = len(stated) == checkpoint.size and merkle_root(b"".join(stated)) == checkpoint.root
    places = {leaf: number for number, leaf in enumerate(stated)} if sealed else {}
    entries = read_entries(files["entries.ndjson"], places, report)
    run = unbroken(entries, report)
    proven = check_tree(entries, run, stated, sealed, checkpoint, report)
    if against is not None:
        try:
            other, other_signed, other_signatures = parse_checkpoint(against)
        except ValueError as error:
            raise Unusable(f"--against: {error}") from None
        try:
            check_signature(other_signed, other_signatures, trusted)
        except ValueError as error:
            report.damage.append(f"the checkpoint you kept: {error}, so pack and checkpoint do not belong together")
        else:
            proven_elsewhere = check_against(run, other, checkpoint.origin, report)
            if report.signature != "false":
                proven |= proven_elsewhere
    scrubs = Scrubs()
    named = check_parts(part_text, entries, proven, report, scrubs)
    check_scrubs(manifest, entries, scrubs, report)
    check_documents(manifest, files, named, report)
    check_clock(entries, report)
    if len({entry.data["log"] for entry in entries if entry.data}) > 1:
        report.damage.append("entries.ndjson: the entries belong to different logs")
    if report.signature == "false":
        report.holds.append("The checkpoint is not vouched for, so nothing that rests on it alone is proven.")
    elif proven:
        whole = len(proven) == checkpoint.size
        which = "All" if whole else f"{len(proven)} of"
        report.holds.append(
            f"{which} {checkpoint.size} entries are as the checkpoint sealed them: content and order."
            " Texts hold too, except those named as damaged."
        )
    times = [entry.data["at"] for entry in entries if entry.data]
    hidden = sum(entry.header is None for entry in entries)
    report.covered.insert(
        0,
        f"Log {checkpoint.origin}, entries 0 to {checkpoint.size - 1}; {hidden} withheld, their place proven."
        if checkpoint.size
        else f"Log {checkpoint.origin}, which is empty.",
    )
    if times:
        report.covered.insert(1, f"Recorded from {times[0]} to {times[-1]}, by the ledger's own clock.")
    if report.signature == "not checked":
        report.remarks.insert(0, UNCHECKED)
        if key:
            raise Unusable("you gave a key, but signatures cannot be checked without the package 'cryptography'")
    return report


# ---- large packs: the same checks on every core ---------------------------------------------------------
#
# A large folder or zip file is first read in blocks, each judged by a process of its own, and never held in memory
# as a whole. This way only ever finds that everything fits. Whatever does not, is left to `check`, which names it.

LARGE = 8 << 20  # bytes of entries.ndjson
BLOCK = 4 << 20  # bytes that one process judges at a time
BATCH = 128 << 10  # bytes of them that it takes apart at a time
MOST_PIECES = 100_000  # pieces of headers that it remembers
SUBTREE = 1 << 13  # leaves whose common root one process computes
COMMITMENT = re.compile(rb'"([^"]*)":"([0-9a-f]{64})"')
PLAIN = bytes(sorted(set(range(32, 127)) - set(b'"\\')))  # ASCII that stands for itself in JSON text
NO_DIGITS = bytes(48 if 48 <= byte < 58 else byte for byte in range(256))
MOMENT = b"0000-00-00T00:00:00.000000Z"


class Unfit(Exception):
    """Not plainly in order: the pack is left to the full check."""


class Large(NamedTuple):
    """A pack on disk whose files are opened as they are needed."""

    path: Path
    names: dict[str, str]  # the name in the pack, and the one in the folder or zip file

    def blocks(self, name: str) -> Iterator[bytes]:
        """The file in blocks of whole lines."""
        with self.open(name) as stream:
            rest = b""
            while data := stream.read(BLOCK):
                lines, newline, rest = (rest + data).rpartition(b"\n")
                if newline:
                    yield lines + newline
            if rest:
                yield rest

    def pieces(self, name: str) -> Iterator[bytes | tuple[str, int]]:
        """The file in blocks, or where each block begins if another process can read it there by itself."""
        if not self.path.is_dir():
            yield from self.blocks(name)
            return
        path = self.path / self.names[name]
        yield from ((str(path), start) for start in range(0, path.stat().st_size, BLOCK))

    def whole(self, name: str) -> bytes:
        with self.open(name) as stream:
            data: bytes = stream.read()
            return data

    def open(self, name: str) -> Any:
        if self.path.is_dir():
            return (self.path / self.names[name]).open("rb")
        return zipfile.ZipFile(self.path).open(self.names[name])

    def sha256(self, name: str) -> str:
        digest = hashlib.sha256()
        with self.open(name) as stream:
            while data := stream.read(1 << 20):
                digest.update(data)
        return digest.hexdigest()


def open_large(path: Path) -> Large | None:
    """The pack, if it is a folder or zip file with many entries."""
    if path.is_dir():
        sizes = {
            item.relative_to(path).as_posix(): item.stat().st_size
            for item in path.rglob("*")
            if item.is_file() and not item.is_symlink()
        }
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
        sizes = {info.filename: info.file_size for info in infos}
        if len(sizes) < len(infos) or max(sizes.values(), default=0) > LARGEST_FILE:
            return None
    else:
        return None
    names = {name: stored.decode() for name, stored in inside_top_folder({n: n.encode() for n in sizes}).items()}
    if not set(DATA_FILES) | {"manifest.json"} <= set(names) or sizes[names["entries.ndjson"]] < LARGE:
        return None
    return Large(path, names)


def judge_parts(block: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """What the disclosed texts of a block commit to, and each SHA-256 value in them with its act. Raises Unfit."""
    keys: list[bytes] = []
    named: list[tuple[str, str]] = []
    try:
        for line in block.decode("utf-8").removesuffix("\n").split("\n"):
            part = load_json(line)
            salt, body = bytes.fromhex(part["salt"]), part["body"]
            if "withheld" in part or len(salt) != 32:
                raise Unfit
            digest = hashlib.sha256(b"brightline.part/1\n" + salt + body.encode("utf-8")).hexdigest()
            keys.append(part_key(part["act"].encode(), part["name"].encode(), digest.encode()))
            named.extend((value, part["act"]) for value in HEX_HASH.findall(body))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Unfit from None
    return b"".join(keys), named


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
        columns = list(zip(*rows))  # noqa: B905 - Python 3.9
        if not all(known.issuperset(columns[at]) for known, at in zip(self.known, PIECES)):  # noqa: B905
            columns = list(zip(*[row if self.fits(row) else self.learn(line) for row, line in zip(rows, lines)]))  # noqa: B905
        return [columns[at] for at in VALUES]

    def fits(self, row: Row) -> bool:
        return all(row[at] in known for known, at in zip(self.known, PIECES))  # noqa: B905

    def learn(self, line: bytes) -> Row:
        """Cut a line of a new length or with new pieces: as one seen before, else by reading it as JSON."""
        for cut in self.cuts[len(line)]:
            if self.fits(row := cut(line)):
                self.usual[len(line)] = cut
                return row
        header, report = line[:-1].decode("ascii"), Report()
        data = read_header(claimed_number(header, 0), header, report)
        if report.damage or "\\" in header or not line.endswith(b"\n"):
            raise Unfit
        parts = json.dumps(data["parts"], separators=(",", ":"))[1:-1]
        values = [data["at"], data["id"], f'","index":{data["index"]},"log":"{self.origin}"', parts]
        openings = ['"at":"', ',"id":"', "", ',"parts":{']
        if isinstance(data.get("request"), str):
            values, openings = [*values, data["request"]], [*openings, ',"request":"']
        lengths, start = [], 0
        for value, opening in zip(values, openings):  # noqa: B905
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
        for known, at in zip(self.known, PIECES):  # noqa: B905
            known.add(row[at])
        self.cuts[len(line)].insert(0, cut)
        self.usual[len(line)] = cut
        return row


forms = functools.lru_cache(1)(Forms)


class Block(NamedTuple):
    """What some entries give: their leaves, times, acts, what their parts must be, and the numbers asked for."""

    first: int
    leaves: bytes
    times: tuple[bytes, bytes]
    acts: bytes
    keys: bytes
    numbers: dict[str, int]


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

    The numbers of the acts in the third part of the task are given back.
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
    for act, committed in zip(ids, parts) if any(parts) else ():  # noqa: B905 - Python 3.9
        pairs = COMMITMENT.findall(committed)
        names = [name for name, _ in pairs]
        if b",".join([b'"%s":"%s"' % pair for pair in pairs]) != committed or b"".join(names).translate(None, PLAIN):
            raise Unfit
        if names != sorted(set(names)):
            raise Unfit
        keys.extend([part_key(act, name, digest) for name, digest in pairs])
    numbers = {act.decode(): first + ids.index(act) for act in asked.intersection(ids)} if asked else {}
    acts = binascii.unhexlify(b"".join(ids).replace(b"-", b""))
    return Block(first, leaves, (times[0], times[-1]), acts, b"".join(keys), numbers)


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


def check_large(pack: Large, key: str | None = None, against: str | None = None) -> Report | None:
    """The report of a large pack in which everything is plainly in order; None when the full check must say more."""
    small = {name: pack.whole(name) for name in ("manifest.json", "checkpoint.txt", "keys.txt")}
    # What was handed out is awaited, never killed: a process killed over its queue would leave this one waiting.
    pool = concurrent.futures.ProcessPoolExecutor(os.cpu_count() or 1)
    try:
        return _large(pool, pack, small, key, against)
    except (Unfit, Unusable, ValueError, KeyError, TypeError, zipfile.BadZipFile, zlib.error, EOFError, OSError):
        return None
    except concurrent.futures.BrokenExecutor:  # a process was ended from outside
        return None
    finally:
        pool.shutdown(cancel_futures=True)


def _large(
    pool: concurrent.futures.Executor, pack: Large, small: dict[str, bytes], key: str | None, against: str | None
) -> Report:
    report = Report()
    manifest = load_json(text_file(small, "manifest.json"))
    listed, documents = manifest["files"], manifest.get("documents", [])
    checkpoint, signed, signatures = parse_checkpoint(text_file(small, "checkpoint.txt"))
    keys = [parse_key(line) for line in text_file(small, "keys.txt").split("\n") if line.strip()]
    trusted = [parse_key(key)] if key else keys
    other = None
    if against is not None:
        other, other_signed, other_signatures = parse_checkpoint(against)
        check_signature(other_signed, other_signatures, trusted)
    fits = (
        manifest["format"] == FORMAT
        and manifest["origin"] == checkpoint.origin
        and set(DATA_FILES) <= set(listed) | set(SEALED_FILES)
        and set(pack.names) == set(listed) | {*SEALED_FILES, "manifest.json"}
        and (not key or (CAN_CHECK_SIGNATURES and trusted[0] in keys))
        and (other is None or (other.origin == checkpoint.origin and 0 < other.size <= checkpoint.size))
        and not manifest.get("dropped")
    )
    if not fits:
        raise Unfit
    report.signature = check_signature(signed, signatures, trusted)
    hashes = [pool.submit(pack.sha256, name) for name in listed]
    disclosed, told = 0, hashlib.sha256()
    naming: dict[str, str] = {}
    wanted = {document["sha256"] for document in documents}
    for part_keys, named in on_every_core(pool, judge_parts, pack.blocks("parts.ndjson")):
        disclosed += len(part_keys) // 32
        told.update(part_keys)
        naming.update((value, act) for value, act in named if value in wanted)
    leaves, committed = bytearray(), hashlib.sha256()
    halves: set[int] = set()
    times: list[bytes] = []
    numbers: dict[str, int] = {}
    asked = frozenset(map(str.encode, naming.values()))
    tasks = ((piece, checkpoint.origin, asked) for piece in pack.pieces("entries.ndjson"))
    for block in itertools.chain.from_iterable(on_every_core(pool, judge_entries, tasks)):
        if block.first * 32 != len(leaves) or (times and block.times[0] < times[-1]):
            raise Unfit
        leaves += block.leaves
        committed.update(block.keys)
        halves.update(memoryview(block.acts).cast("Q")[1::2].tolist())
        numbers.update(block.numbers)
        times = [times[0] if times else block.times[0], block.times[1]]
    size = len(leaves) // 32
    # Two acts with one id would have one half of an id, too. Texts lie in the order of what commits to them.
    if size != checkpoint.size or len(halves) != size or told.digest() != committed.digest():
        raise Unfit
    if leaves != pack.whole("leaves.bin") or [found.result() for found in hashes] != list(listed.values()):
        raise Unfit
    sizes = [size] + ([other.size] if other else [])
    if roots(pool, leaves, sizes) != [checkpoint.root] + ([other.root] if other else []):
        raise Unfit
    if other:
        report.holds.append(f"Entries 0 to {other.size - 1} are those of the checkpoint you kept.")
    report.holds.append(
        f"All {size} entries are as the checkpoint sealed them: content and order."
        " Texts hold too, except those named as damaged."
    )
    report.covered.append(f"Log {checkpoint.origin}, entries 0 to {size - 1}; 0 withheld, their place proven.")
    report.covered.append(f"Recorded from {times[0].decode()} to {times[1].decode()}, by the ledger's own clock.")
    report.covered.append(f"{disclosed} texts are disclosed, 0 are withheld with a reason.")
    files = {
        document["file"]: b"".join(pack.blocks(document["file"])) for document in documents if document.get("file")
    }
    check_documents(manifest, files, {value: numbers[act] for value, act in naming.items()}, report)
    if report.damage or report.remarks or (report.signature == "not checked" and key):
        raise Unfit
    if report.signature == "not checked":
        report.remarks.insert(0, UNCHECKED)
    return report


def show(text: str, indent: str = "") -> None:
    """Print one line; characters that could steer a terminal are replaced."""
    print(indent + "".join(character if character.isprintable() else "?" for character in text))


def main() -> int:
    """Judge the pack named on the command line, print the verdict, return the exit code."""
    parser = argparse.ArgumentParser(description="Check a Brightline audit pack.")
    parser.add_argument("pack", type=Path, help="the PDF, zip file or folder")
    parser.add_argument("--key", help="the log's verifier key as you got it by another way")
    parser.add_argument("--against", type=Path, help="a checkpoint file you kept, to compare with")
    arguments = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    report, unusable = Report(), None
    try:
        kept = None
        if arguments.against:
            try:
                kept = arguments.against.read_text("utf-8")
            except (OSError, UnicodeDecodeError) as error:
                raise Unusable(f"--against: {arguments.against} cannot be read: {error}") from None
        large = open_large(arguments.pack)
        whole = check_large(large, arguments.key, kept) if large else None
        if whole is None:
            check(read_pack(arguments.pack), arguments.key, kept, report)
        report = whole or report
    except Unusable as error:
        unusable = str(error)
    code = 2 if unusable and not report.damage else 1 if unusable or report.damage else 0
    try:
        tell(report, unusable)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read along (head, a pager) has seen enough; the exit code says the verdict still
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def tell(report: Report, unusable: str | None) -> None:
    """Print the verdict, and what led to it."""
    if unusable and not report.damage:
        show(f"UNUSABLE: {unusable}.")
        show("Nothing was judged. Get the pack again, or ask for the zip file.")
        return
    if unusable:
        report.damage.append(unusable)
    if report.damage:
        show(f"TAMPERED: {len(report.damage)} damaged or missing.")
        holds = report.holds or ["Nothing in this pack can be relied on; compare it with another copy."]
    else:
        unsigned = report.signature != "valid"
        show("INTACT, BUT SIGNATURE NOT CHECKED." if unsigned else "INTACT: nothing was changed after sealing.")
        holds = report.holds
    sections = {
        "Damage": report.damage,
        "What still holds" if report.damage else "What holds": holds,
        "Remarks": report.remarks,
        "Covered": report.covered,
        "NOT proven": list(NOT_PROVEN),
    }
    for title, lines in sections.items():
        if lines:
            show("")
            show(title + ":")
            for line in lines:
                show(line, "  - ")


if __name__ == "__main__":
    sys.exit(main())
