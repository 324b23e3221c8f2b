"""Reading a sealed file again: whether a span of text stands on its pages or in the files attached to it."""

import html
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator

from pikepdf import Pdf
from pypdf import PdfReader

from audit.documents.base import is_pdf

_TAG = re.compile(r"<[^<>]*>")
DEEPEST = 4
"""Times that JSON may lie as text within JSON: a payload, in a line of a pack, with a canonical record inside."""


def mentions(data: bytes, value: str) -> bool:
    """Whether the file holds the span: a PDF on a page, in its title or in an attachment; another file in its text.

    Line breaks and hyphenation on a page make no difference. A file that cannot be read is taken to hold it.
    """
    try:
        return any(_found(text, value) for text in texts(data))
    except Exception:  # A damaged PDF raises whatever its reader stumbles over; nobody can say it is clean.
        return True


def texts(data: bytes) -> Iterator[str]:
    """Every text of a file: of a PDF its title and pages as one, then what is attached; of an Office file its parts."""
    if data.startswith(b"PK\x03\x04"):
        yield from _office_texts(data)
        return
    if not is_pdf(data):
        yield data.decode("utf-8", "replace")
        return
    reader = PdfReader(io.BytesIO(data))
    title = (reader.metadata.title if reader.metadata else None) or ""
    yield "\n".join([title, *(page.extract_text() for page in reader.pages)])
    with Pdf.open(io.BytesIO(data)) as pdf:
        attached = [spec.get_file().read_bytes() for spec in pdf.attachments.values()]
    for inner in attached:
        yield from texts(inner)


def _office_texts(data: bytes) -> Iterator[str]:
    """Each part of an Office file without its tags, so that a word in two formats is one; an image is not read."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        for name in parts.namelist():
            yield html.unescape(_TAG.sub("", parts.read(name).decode("utf-8", "replace")))


def spellings(value: str) -> set[str]:
    """The span as it is written in plain text, and as JSON writes it, once or nested."""
    found = {value}
    for plainly in (True, False):
        written = value
        for _ in range(DEEPEST):
            written = json.dumps(written, ensure_ascii=not plainly)[1:-1]
            found.add(written)
    # CSV doubles quotation marks.
    return found | {value.replace('"', '""')}


def _found(text: str, value: str) -> bool:
    return any(spelling in text for spelling in spellings(value)) or _run_together(value) in _run_together(text)


def _run_together(text: str) -> str:
    """Letters alone, in one form: pages break lines anywhere and hyphenate."""
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace() and c not in "-\u00ad\u2010")
