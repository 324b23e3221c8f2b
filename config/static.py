"""Static files as they are served: named after their content, compressed, and one style sheet a page.

The sources keep one style sheet a component, joined by the imports of `SHEET`. A browser would ask for each of
them; so `collectstatic` writes into `SHEET` what it imports. Under `runserver` the imports themselves serve.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

FOLDER = "css/"
SHEET = f"{FOLDER}site.css"
_IMPORT = re.compile(r'@import url\("(?P<path>[^"]+)"\)(?: layer\((?P<layer>\w+)\))?;')


class StaticFiles(CompressedManifestStaticFilesStorage):
    """The storage of `collectstatic`."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Join `SHEET` before everything is hashed and compressed."""
        if not dry_run:
            sheet = InMemoryStorage()
            sheet.save(SHEET, ContentFile(joined(paths).encode()))
            paths = paths | {SHEET: (sheet, SHEET)}
        yield from super().post_process(paths, dry_run=dry_run, **options)


def joined(paths: dict[str, Any]) -> str:
    """The sheet with each import replaced by what it names.

    Raises `ValueError` for a sheet in a folder below that names a file itself: its address would lead elsewhere.
    """

    def text(name: str) -> str:
        storage, path = paths[name]
        with storage.open(path) as file:
            return str(file.read().decode())

    def imported(found: re.Match[str]) -> str:
        sheet = text(FOLDER + found["path"])
        if "/" in found["path"] and "url(" in sheet:
            raise ValueError(f"{FOLDER}{found['path']} names a file by url(); only sheets beside {SHEET} may.")
        return f"@layer {found['layer']} {{\n{sheet}}}" if found["layer"] else sheet

    return _IMPORT.sub(imported, text(SHEET))
