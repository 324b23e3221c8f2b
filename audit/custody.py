"""Encryption of what scrubs take out: anybody here can lock a value away, only the private key opens it.

A box is X25519 with a key made for it alone, HKDF-SHA256 and ChaCha20-Poly1305. The public half serves every scrub;
the private half, `key-<id>.pem` in settings.SEQUESTER_KEY_FOLDER, may be protected by a passphrase that only counsel
knows: then no process can open a box by itself.
"""

import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

MAGIC = b"brightline.sequester/1\n"
_PUBLIC = 32
_ONCE = bytes(12)
"""Each box has a key of its own, so the nonce need not differ."""


NO_KEY = (
    "What is hidden or held is kept encrypted, and there is no key for it yet. Ask your Brightline operator to make it"
    " (manage.py make_sequester_key)."
)


class CustodyError(Exception):
    """A box cannot be made or opened; the message says why."""


def _folder() -> Path:
    return Path(settings.SEQUESTER_KEY_FOLDER)


def key_id(public: bytes) -> str:
    """The name of a key: the first 8 bytes of its SHA-256 in hexadecimal."""
    return hashlib.sha256(public).hexdigest()[:16]


def public_key() -> bytes | None:
    """The public key to which values are locked away now; None before one was made."""
    path = _folder() / "public"
    return bytes.fromhex(path.read_text("ascii")) if path.exists() else None


def is_ready() -> bool:
    """Whether values can be locked away; in a demonstration the key is made on first need."""
    if public_key() is None and settings.DEMONSTRATION:
        make_key()
    return public_key() is not None


def make_key(passphrase: str = "") -> str:
    """Make a key and lock to it from now on; earlier keys stay and open what was locked to them. Returns its id."""
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    protection: KeySerializationEncryption = NoEncryption()
    if passphrase:
        protection = BestAvailableEncryption(passphrase.encode())
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection)
    descriptor = os.open(_path(key_id(public)), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(descriptor)
    partial = folder / "public.partial"
    partial.write_text(public.hex(), "ascii")
    partial.replace(folder / "public")
    return key_id(public)


def wants_passphrase(key: str) -> bool:
    """Whether the private key is protected. Raises CustodyError when it is not within reach."""
    return b"ENCRYPTED" in _pem(key)


def lock(content: bytes, *, about: str) -> bytes:
    """Put the content into a box that opens only for the same `about`. Raises CustodyError when no key was made."""
    public = public_key() if is_ready() else None
    if public is None:
        raise CustodyError(NO_KEY)
    once = X25519PrivateKey.generate()
    own = once.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    cipher = _cipher(once.exchange(X25519PublicKey.from_public_bytes(public)), own, public)
    return MAGIC + own + cipher.encrypt(_ONCE, content, about.encode())


def unlock(box: bytes, *, key: str, about: str, passphrase: str = "") -> bytes:
    """What lies in the box. Raises CustodyError for a wrong passphrase, a missing key or a box that was changed."""
    pem = _pem(key)
    try:
        private = load_pem_private_key(pem, passphrase.encode() if passphrase and b"ENCRYPTED" in pem else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise CustodyError("Passphrase: it does not open the key.") from None
    if not isinstance(private, X25519PrivateKey) or not box.startswith(MAGIC):
        raise CustodyError("This is no sequestered value, or no key for one.")
    own, sealed = box[len(MAGIC) : len(MAGIC) + _PUBLIC], box[len(MAGIC) + _PUBLIC :]
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    try:
        shared = private.exchange(X25519PublicKey.from_public_bytes(own))
        return _cipher(shared, own, public).decrypt(_ONCE, sealed, about.encode())
    except (InvalidTag, ValueError):
        raise CustodyError("The sequestered value was changed, or belongs to another place.") from None


def _cipher(shared: bytes, own: bytes, public: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(HKDF(SHA256(), 32, salt=own + public, info=MAGIC).derive(shared))


def _path(key: str) -> Path:
    return _folder() / f"key-{key}.pem"


def _pem(key: str) -> bytes:
    try:
        return _path(key).read_bytes()
    except OSError:
        raise CustodyError(f"The private key {key} is not within reach of this process.") from None
