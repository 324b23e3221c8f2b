"""The key that signs checkpoints, in a file or on a PKCS#11 token, and the public keys this installation trusts.

Only the checkpointer's process may reach the key: the file, or the token's PIN, which lies in a file as well.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pkcs11
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

from audit.ledger import note
from audit.storage import sync


class KeyMissing(Exception):
    """There is no signing key, though checkpoints were signed with one."""


def key_path() -> Path:
    """The file that gives the signing key to who can read it: the key itself, or the PIN of the token that holds it."""
    if settings.CHECKPOINT_PKCS11_MODULE:
        return Path(settings.CHECKPOINT_PKCS11_PIN_FILE)
    return Path(settings.CHECKPOINT_KEY_FOLDER) / "key.pem"


def state_folder() -> Path:
    """Where the checkpointer keeps what it knows of each log between two checkpoints."""
    return Path(settings.CHECKPOINT_KEY_FOLDER) / "state"


def key_is_separate() -> bool:
    """Whether this process cannot open the signing key."""
    return not os.access(key_path(), os.R_OK)


def trusted_keys() -> list[note.VerifierKey]:
    """The public keys of this installation's checkpoints, oldest first; none before the first one was made.

    Raises note.NoteError when the file holds anything else.
    """
    path = _trusted_path()
    if not path.exists():
        return []
    return [note.VerifierKey.parse(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def load_signer(*, new_key: bool = False) -> note.Signer:
    """The signer, and its public key entered among those this installation trusts.

    A key file is made the first time; `new_key` begins another, and the one in use until now is put aside under its id.
    A key on a token is made there by the operator (docs/operations.md). Either way earlier public keys stay trusted.
    Raises KeyMissing when there is none though checkpoints were signed before, or none on the token; note.NoteError
    when others may read it.
    """
    if settings.CHECKPOINT_PKCS11_MODULE:
        if new_key:
            raise KeyMissing(
                "A key on a token is made there: make it under another label, name that in CHECKPOINT_PKCS11_KEY, and"
                " start the checkpointer again. The keys of earlier checkpoints stay trusted."
            )
        signer = _signer_on_token()
    else:
        signer = _signer_in_file(new_key=new_key)
    known = trusted_keys()
    if signer.key not in known:
        write_whole(_trusted_path(), "".join(f"{key}\n" for key in [*known, signer.key]))
    return signer


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is whole at every moment, also after a loss of power; text as UTF-8."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.partial")
    with partial.open("wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync(path.parent)


def _trusted_path() -> Path:
    return Path(settings.CHECKPOINT_FOLDER) / "keys.txt"


def _signer_in_file(*, new_key: bool) -> note.Signer:
    path = key_path()
    if new_key and path.exists():
        path.rename(path.with_name(f"key-{_read(path).key.id.hex()}.pem"))
    if not path.exists():
        if trusted_keys() and not new_key:
            raise KeyMissing(
                f"{path} is missing, though checkpoints were signed with such a key. Bring it back from its offline"
                " copy, or begin a new one with --new-key and tell everybody who keeps checkpoints."
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        note.write_private_key(path, Ed25519PrivateKey.generate())
    return _read(path)


def _read(path: Path) -> note.Signer:
    return note.Signer.from_private_key(note.load_private_key(path), name=settings.LEDGER_ORIGIN)


def _signer_on_token() -> note.Signer:
    """A signer whose private key never leaves the token. Each signature logs in anew: a token may come and go."""
    with _token_session() as session:
        public = _on_token(session, pkcs11.ObjectClass.PUBLIC_KEY)
        _on_token(session, pkcs11.ObjectClass.PRIVATE_KEY)
        # The point is a DER octet string (PKCS#11 v3.0, section 2.3.5); some modules give its 32 bytes bare.
        point = bytes(public[pkcs11.Attribute.EC_POINT])[-32:]

    def sign(message: bytes) -> bytes:
        with _token_session() as session:
            private = _on_token(session, pkcs11.ObjectClass.PRIVATE_KEY)
            return bytes(private.sign(message, mechanism=pkcs11.Mechanism.EDDSA))

    return note.Signer(key=note.VerifierKey(name=settings.LEDGER_ORIGIN, public=point), sign=sign)


@contextmanager
def _token_session() -> Iterator[pkcs11.Session]:
    path, label = key_path(), settings.CHECKPOINT_PKCS11_TOKEN
    if not path.exists():
        raise KeyMissing(f"{path} is missing: it holds the PIN of the token {label!r}.")
    note.check_private(path)
    try:
        token = pkcs11.lib(settings.CHECKPOINT_PKCS11_MODULE).get_token(token_label=label)
        with token.open(user_pin=path.read_text("utf-8").strip()) as session:
            yield session
    except (pkcs11.PKCS11Error, RuntimeError) as error:
        raise KeyMissing(f"The token {label!r} cannot be used: {type(error).__name__} {error}".rstrip()) from None


def _on_token(session: pkcs11.Session, kind: pkcs11.ObjectClass) -> Any:
    label = settings.CHECKPOINT_PKCS11_KEY
    try:
        return session.get_key(object_class=kind, key_type=pkcs11.KeyType.EC_EDWARDS, label=label)
    except (pkcs11.NoSuchKey, pkcs11.MultipleObjectsReturned) as error:
        raise KeyMissing(f"The token does not give one Ed25519 key {label!r}: {type(error).__name__}") from None
