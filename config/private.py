"""Files that only their owner may read: passwords and keys."""

import os
import secrets
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write `text` so that the file is complete and readable by its owner alone at every moment."""
    partial = path.with_name(f"{path.name}.partial")
    partial.unlink(missing_ok=True)
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    partial.replace(path)


def kept_secret(path: Path) -> str:
    """Return the secret in `path`, made of 32 random bytes the first time."""
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32))
    return path.read_text()
