"""The folder of the content-addressed store: on the disk before whoever stores a file goes on."""

import os
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


class DurableFiles(FileSystemStorage):
    """Files whose bytes and names outlast a loss of power once they are stored, so that no row names a lost file.

    Readable by the installation's user and group alone (0640, folders 0750).
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"file_permissions_mode": 0o640, "directory_permissions_mode": 0o750, **options})

    def _save(self, name: str, content: "File[Any]") -> str:
        """Store the file, then its name in its folder, then each folder in the one around it."""
        kept = str(super()._save(name, content))  # type: ignore[misc]
        path, root = Path(self.path(kept)), Path(self.location)
        sync(path)
        for folder in path.parents:
            sync(folder)
            if folder == root:
                break
        return kept


def sync(path: Path) -> None:
    """Return once a file, or the names in a folder, are on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
