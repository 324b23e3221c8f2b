"""Signed notes and checkpoints as C2SP defines them (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).

A note is text, an empty line, and one line for each signature. A checkpoint is a note of three lines:
origin (the name of the log), size (number of entries) and root (base64 of the Merkle root).
"""

import base64
import binascii
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from audit.ledger.merkle import HASH_SIZE

ED25519 = 0x01
_KEY_ID_SIZE = 4
_MAX_SIGNATURES = 100
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE_LINE = re.compile(r"— (\S+) (\S+)")


class NoteError(ValueError):
    """A note, checkpoint or key that must not be trusted; the message says why."""


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """The state of a log: its name, its number of entries, and the 32-byte root over them."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or not self.origin.isprintable():
            raise NoteError("origin: must be one line of printable text")
        if not _SIZE.fullmatch(str(self.size)):
            raise NoteError(f"size: {self.size} is not between 0 and 10^19")
        if len(self.root) != HASH_SIZE:
            raise NoteError(f"root: must be {HASH_SIZE} bytes, not {len(self.root)}")

    def text(self) -> str:
        """The three lines that are signed, with the final newline."""
        return f"{self.origin}\n{self.size}\n{_encode(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The checkpoint of an unsigned text of exactly three lines. Raises NoteError."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3]:
            raise NoteError("checkpoint: must be three lines: origin, size and root")
        origin, size, root, _ = lines
        if not _SIZE.fullmatch(size):
            raise NoteError(f"size: {size!r} is not a decimal number without leading zeros")
        return cls(origin=origin, size=int(size), root=_decode(root, "root"))


@dataclass(frozen=True, kw_only=True)
class VerifierKey:
    """A public key with the name it signs under. `algorithm` is the C2SP signature type byte."""

    name: str
    public: bytes
    algorithm: int = ED25519

    def __post_init__(self) -> None:
        if not self.name or not self.name.isprintable() or re.search(r"[\s+]", self.name):
            raise NoteError(f"key name: {self.name!r} must be printable, without spaces or '+'")
        if self.algorithm not in _VERIFIERS:
            raise NoteError(f"key {self.name}: signature algorithm {self.algorithm:#04x} is not supported")
        if self.algorithm == ED25519 and len(self.public) != 32:
            raise NoteError(f"key {self.name}: an Ed25519 key has 32 bytes, not {len(self.public)}")

    @property
    def id(self) -> bytes:
        """Four bytes that tell this key from others of the same name; no proof of anything."""
        material = self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public
        return hashlib.sha256(material).digest()[:_KEY_ID_SIZE]

    def __str__(self) -> str:
        """The key in C2SP form: name+id+base64, as `parse` reads it."""
        return f"{self.name}+{self.id.hex()}+{_encode(bytes([self.algorithm]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The key of a C2SP verifier key line. Raises NoteError."""
        fields = text.strip().split("+", 2)
        if len(fields) != 3:
            raise NoteError("verifier key: must be name+id+base64")
        name, key_id, material = fields
        raw = _decode(material, "verifier key")
        if not raw:
            raise NoteError("verifier key: is empty")
        key = cls(name=name, algorithm=raw[0], public=raw[1:])
        if key.id.hex() != key_id:
            raise NoteError(f"verifier key {name}: id {key_id} does not belong to this key ({key.id.hex()})")
        return key

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether this key made `signature` over `message`."""
        return _VERIFIERS[self.algorithm](self.public, message, signature)


@dataclass(frozen=True, kw_only=True)
class Signer:
    """A key that signs. `sign` may reach a key held elsewhere, such as a PKCS#11 token."""

    key: VerifierKey
    sign: Callable[[bytes], bytes]

    @classmethod
    def from_private_key(cls, private: Ed25519PrivateKey, *, name: str) -> Self:
        """A signer for an Ed25519 key held in memory."""
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return cls(key=VerifierKey(name=name, public=public), sign=private.sign)


def sign(text: str, signers: Iterable[Signer]) -> str:
    """The note: `text` with a signature line from each signer. Raises NoteError for text no note may hold."""
    _check_text(text)
    lines = [f"— {signer.key.name} {_encode(signer.key.id + signer.sign(text.encode()))}\n" for signer in signers]
    if not lines:
        raise NoteError("signers: a note needs at least one signature")
    return text + "\n" + "".join(lines)


def open_note(note: str, keys: Sequence[VerifierKey], *, origin: str | None = None) -> Checkpoint:
    """The checkpoint of a note that one of `keys` signed; pass `origin` to insist on one log.

    Signatures by keys not given are passed over, as the format asks. One bad signature by a given key
    refuses the note. Raises NoteError.
    """
    text, blank, signatures = note.rpartition("\n\n")
    if not blank:
        raise NoteError("note: no empty line between text and signatures")
    text += "\n"
    _check_text(text)
    if not signatures.endswith("\n"):
        raise NoteError("note: the last signature line does not end with a newline")
    lines = signatures[:-1].split("\n")
    if len(lines) > _MAX_SIGNATURES:
        raise NoteError(f"note: more than {_MAX_SIGNATURES} signatures")
    known = {(key.name, key.id): key for key in keys}
    verified = False
    for line in lines:
        match = _SIGNATURE_LINE.fullmatch(line)
        if not match:
            raise NoteError(f"note: malformed signature line {line!r}")
        name, encoded = match.groups()
        raw = _decode(encoded, f"signature of {name}")
        if len(raw) <= _KEY_ID_SIZE:
            raise NoteError(f"signature of {name}: is too short")
        key = known.get((name, raw[:_KEY_ID_SIZE]))
        if key is None:
            continue
        if not key.verify(text.encode(), raw[_KEY_ID_SIZE:]):
            raise NoteError(f"signature of {name}: bad signature, the text was changed or another key made it")
        verified = True
    if not verified:
        raise NoteError("note: unknown key, no signature is by a key that was given")
    checkpoint = Checkpoint.parse(text)
    if origin is not None and checkpoint.origin != origin:
        raise NoteError(f"origin: the checkpoint is of {checkpoint.origin!r}, not of {origin!r}")
    return checkpoint


def write_private_key(path: Path, private: Ed25519PrivateKey) -> None:
    """Write the key as unencrypted PEM with mode 0600. Raises FileExistsError, never overwrites a key."""
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        # The mode given to open is cut by the umask, which could leave the owner without access.
        os.fchmod(descriptor, 0o600)
        file.write(pem)
        file.flush()
        os.fsync(descriptor)


def check_private(path: Path) -> None:
    """Raise NoteError when others than its owner may access the file of a secret."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise NoteError(f"{path}: the key file has mode {mode:04o}; it must be 0600")


def load_private_key(path: Path) -> Ed25519PrivateKey:
    """The Ed25519 key of a PEM file. Raises NoteError when others may access it or it is no such key."""
    check_private(path)
    pem = path.read_bytes()
    try:
        private = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise NoteError(f"{path}: is not an unencrypted PEM private key") from None
    if not isinstance(private, Ed25519PrivateKey):
        raise NoteError(f"{path}: is not an Ed25519 key")
    return private


def _verify_ed25519(public: bytes, message: bytes, signature: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


# One more algorithm is one more line here: type byte -> verify(public, message, signature).
_VERIFIERS: dict[int, Callable[[bytes, bytes, bytes], bool]] = {ED25519: _verify_ed25519}


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise NoteError("text: must end with a newline")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise NoteError("text: is not valid Unicode") from None
    if any(ord(character) < 0x20 and character != "\n" for character in text):
        raise NoteError("text: must not contain control characters")


def _encode(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")


def _decode(text: str, field: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise NoteError(f"{field}: bad base64") from None
    if _encode(raw) != text:
        raise NoteError(f"{field}: bad base64, not in its one canonical form")
    return raw
