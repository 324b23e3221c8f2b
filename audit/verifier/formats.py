"""The forms of what lies in a pack: JSON, keys, checkpoints, and the Merkle tree."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from typing import Any, NamedTuple

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    CAN_CHECK_SIGNATURES = False
else:
    CAN_CHECK_SIGNATURES = True

FORMAT = "brightline-pack/2"
"""The form in which packs are made."""
BINDING_FORMAT = "brightline-pack/3"
"""The form in which the ledger names the manifest, so that lists are bound (docs/decisions/0040-three-headlines.md)."""
FORMATS = (FORMAT, BINDING_FORMAT)
SEALED_FILES = ("entries.ndjson", "leaves.bin")
"""The checkpoint's root vouches for every byte of them."""
DATA_FILES = (*SEALED_FILES, "parts.ndjson", "checkpoint.txt", "keys.txt")
"""What proves itself: by root, salted hashes and signature."""
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
HEADER_KEYS = {"v", "log", "index", "id", "at", "verb", "parts"}


class Checkpoint(NamedTuple):
    origin: str
    size: int
    root: bytes


class Key(NamedTuple):
    name: str
    id: bytes
    public: bytes


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
