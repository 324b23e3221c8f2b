"""A pack as a folder or a zip file. Files are read in pieces; a damaged one is named and the others still are read."""

from __future__ import annotations

import hashlib
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from audit.verifier.base import AT_ONCE, LARGEST, MOST_FILES, Unusable


class Broken(ValueError):
    """One file of the pack cannot be read; the message says why."""


class Files:
    """The files of a pack by name, with forward slashes.

    `odd` says of the container itself what no pack of Brightline shows: names that lead out of it, bytes that no
    reader sees, a file that is no ordinary one.
    """

    unfolds = True
    """Whether the files are compressed, so that few bytes may become many."""

    def __init__(self, names: list[str]) -> None:
        self.stored = inside_top_folder(names)
        self.odd: list[str] = []
        self._read = 0

    @property
    def names(self) -> list[str]:
        return list(self.stored)

    def open(self, name: str) -> Iterator[bytes]:
        """The pieces of the file that the container calls so. Raises Broken."""
        raise NotImplementedError

    def chunks(self, name: str) -> Iterator[bytes]:
        """The file in pieces. Raises Broken, and Unusable when the pack unfolds to more than the limit."""
        for piece in self.open(self.stored[name]):
            self._read += len(piece)
            # A file is read at most twice: for its hash, and for what it says.
            if self.unfolds and self._read > 2 * LARGEST:
                raise Unusable(f"its files unfold to more than {LARGEST >> 30} GiB, {name} among them")
            yield piece

    def read(self, name: str, most: int) -> bytes:
        """The whole file. Raises Broken, also for one of more than `most` bytes."""
        pieces, size = [], 0
        for piece in self.chunks(name):
            size += len(piece)
            if size > most:
                raise Broken(f"it is larger than {most >> 20} MB")
            pieces.append(piece)
        return b"".join(pieces)

    def sha256(self, name: str) -> str:
        """The hash of the file, hexadecimal. Raises Broken."""
        digest = hashlib.sha256()
        for piece in self.chunks(name):
            digest.update(piece)
        return digest.hexdigest()


def inside_top_folder(names: list[str]) -> dict[str, str]:
    """The names in the pack, without the one folder around them that unpacking may add, and the stored ones."""
    tops = [name[: -len("manifest.json")] for name in names if name.endswith("/manifest.json")]
    top = tops[0] if "manifest.json" not in names and len(tops) == 1 else ""
    return {name[len(top) :]: name for name in names if name.startswith(top)}


class Folder(Files):
    unfolds = False

    def __init__(self, path: Path) -> None:
        self.path = path
        found, odd = [], []
        for item in walk(path):
            name = item.relative_to(path).as_posix()
            if stat.S_ISREG(item.lstat().st_mode):
                found.append(name)
            else:
                odd.append(f"{name}: not an ordinary file; it was not read")
            if len(found) + len(odd) > MOST_FILES:
                raise Unusable(f"the folder holds more than {MOST_FILES:,} files")
        super().__init__(sorted(found))
        self.odd = odd

    def open(self, name: str) -> Iterator[bytes]:
        try:
            with (self.path / name).open("rb") as stream:
                while piece := stream.read(AT_ONCE):
                    yield piece
        except OSError as error:
            raise Broken(f"it cannot be read: {error.strerror}") from None


def walk(path: Path) -> Iterator[Path]:
    """Everything below a folder that is no folder itself; links are not followed."""
    for place, _folders, names in os.walk(path, followlinks=False):
        links = [name for name in _folders if os.path.islink(os.path.join(place, name))]
        for name in sorted(names + links):
            yield Path(place, name)


METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ZIP_END = struct.Struct("<4s4H2LH")  # the record at the end of a zip file
LARGEST_DIRECTORY = 4 << 20


class Zip(Files):
    ERRORS = (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError,
        IndexError, OverflowError, struct.error,
    )  # fmt: skip

    def __init__(self, path: Path) -> None:
        check_directory(path)
        try:
            self.archive = zipfile.ZipFile(path)
            infos = [info for info in self.archive.infolist() if not info.is_dir()]
        except self.ERRORS:
            raise Unusable("the zip file is damaged: its list of files cannot be read") from None
        names = [info.filename for info in infos]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise Unusable(f"the zip file holds two files named {twice}")
        if sum(info.file_size for info in infos) > LARGEST:
            raise Unusable(f"the files of the zip file unfold to more than {LARGEST >> 30} GiB")
        self.infos = dict(zip(names, infos))
        super().__init__(names)
        self.odd = [
            f"{name}: its name leads out of the pack" for name in names if name[:1] == "/" or ".." in name.split("/")
        ]

    def open(self, name: str) -> Iterator[bytes]:
        info = self.infos[name]
        if info.flag_bits & 1:
            raise Broken("it is encrypted")
        if info.compress_type not in METHODS:
            raise Broken("it is compressed by a method that no pack uses")
        try:
            with self.archive.open(info) as stream:
                while piece := stream.read(AT_ONCE):
                    yield piece
        except self.ERRORS:
            raise Broken("it is damaged inside the zip file") from None


def check_directory(path: Path) -> None:
    """The list of files must be of a size that can be read. Raises Unusable."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - ZIP_END.size - 0xFFFF))
        tail = stream.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < ZIP_END.size:
        raise Unusable("the zip file is damaged: it has no end, so part of it is missing")
    record: Any = ZIP_END.unpack_from(tail, at)
    if record[4] > MOST_FILES or record[5] > LARGEST_DIRECTORY:
        raise Unusable(f"the zip file names more than {MOST_FILES:,} files; unpack it and give the folder")
