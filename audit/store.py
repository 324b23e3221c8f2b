"""One content-addressed store for papers and sealed files, over Django's default storage (folder, or S3 by settings).

The address of a file is its SHA-256, so two equal files are one, and a file that was changed is known by its name.
"""

import hashlib
import re

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

_ADDRESS = re.compile(r"[0-9a-f]{64}")


class StoreError(Exception):
    """A stored file is missing or is not what was stored; the message says which."""


def put(data: bytes) -> str:
    """Store the bytes, unless they are stored already. Returns their address: SHA-256, 64 hexadecimal digits."""
    address = hashlib.sha256(data).hexdigest()
    path = path_of(address)
    if default_storage.exists(path):
        try:
            get(address)
        except StoreError:
            # A crash in the middle of writing leaves half a file under the right name.
            default_storage.delete(path)
        else:
            return address
    kept = default_storage.save(path, ContentFile(data))
    if kept != path:
        # Another process stored the same bytes in between.
        default_storage.delete(kept)
    return address


def get(address: str) -> bytes:
    """The bytes stored under this address. Raises StoreError when they are missing or changed."""
    try:
        with default_storage.open(path_of(address), "rb") as file:
            data = bytes(file.read())
    except FileNotFoundError:
        raise StoreError(f"The file {address} is missing from the store.") from None
    if hashlib.sha256(data).hexdigest() != address:
        raise StoreError(f"The file {address} was changed in the store.")
    return data


def drop(address: str) -> None:
    """Remove a file: only what a scrub dropped or counsel's act destroyed. No error when it is gone."""
    default_storage.delete(path_of(address))


def holds(address: str) -> bool:
    """Whether there are bytes under this address, whatever they are."""
    return bool(default_storage.exists(path_of(address)))


def path_of(address: str) -> str:
    """Where a file lies in the storage. Raises ValueError for anything but a SHA-256 in hexadecimal."""
    if not _ADDRESS.fullmatch(address):
        raise ValueError(f"address: {address!r} is not 64 hexadecimal digits.")
    return f"sha256/{address[:2]}/{address[2:4]}/{address}"
