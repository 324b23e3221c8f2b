"""Files from elsewhere: what one is, told by its content alone, and whether it is fit to be kept and shown.

A name or a declared type proves nothing, so each file is opened as what it begins as: a PDF with pikepdf, an image with
Pillow, an Office file as the zip of parts that it is. Hostile files are the rule here: call `check` through
`audit.documents.incoming`, where a file that eats memory ends a child process and nothing else.
"""

import io
import struct
import warnings
import zipfile
import zlib
from dataclasses import dataclass

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError
from pikepdf import PasswordError, Pdf, PdfError
from PIL import Image, ImageFile, UnidentifiedImageError

from audit.documents import passive_office, passive_pdf
from audit.documents.base import FileRefused, is_pdf

PAGES = 500
"""Pages of a PDF at most."""
PIXELS = 60_000_000
"""Pixels of an image at most: an A4 sheet scanned at 800 dpi."""
UNPACKED = 200 << 20
"""Bytes of an Office file at most, unpacked."""
RATIO = 200
"""Times that one part of an Office file may grow when it is unpacked."""
MEMBERS = 3000
"""Parts of an Office file at most."""


_HEADER = 1024
"""Bytes of a file in which readers look for the beginning of a PDF."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is accepted."""

    name: str
    words: str
    media_type: str
    ending: str


_OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {
    kind.name: kind
    for kind in (
        Kind("pdf", "PDF", "application/pdf", "pdf"),
        Kind("png", "PNG image", "image/png", "png"),
        Kind("jpeg", "JPEG image", "image/jpeg", "jpg"),
        Kind("docx", "Word document", f"{_OFFICE}.wordprocessingml.document", "docx"),
        Kind("xlsx", "Excel workbook", f"{_OFFICE}.spreadsheetml.sheet", "xlsx"),
        Kind("pptx", "PowerPoint presentation", f"{_OFFICE}.presentationml.presentation", "pptx"),
    )
}
OFFICE = frozenset({"docx", "xlsx", "pptx"})
IMAGES = frozenset({"png", "jpeg"})
ACCEPTED = "PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), PNG or JPEG"


def answer(data: bytes) -> dict[str, str]:
    """What `check` finds, as JSON can hold it."""
    try:
        return {"kind": check(data).name}
    except FileRefused as refusal:
        return {"refused": str(refusal)}


def check(data: bytes) -> Kind:
    """What the file is. Raises FileRefused for anything but a sound, passive file of an accepted kind."""
    if not data:
        raise FileRefused("the file is empty")
    if is_pdf(data):
        return _pdf(data)
    if (before := data[:_HEADER].find(b"%PDF-")) > 0:
        raise FileRefused(
            f"{before} bytes that are no part of a PDF come before it; open it, save it again as PDF, and attach that"
        )
    if data.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        return _image(data)
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        raise FileRefused(
            "an Office file that is encrypted or of before 2007 is not accepted; save it as docx, xlsx or pptx"
        )
    raise FileRefused(f"by its content it is none of {ACCEPTED}")


# PDF


def _pdf(data: bytes) -> Kind:
    try:
        # A file that opens without a password is readable by everybody; its author's restrictions hide nothing.
        with Pdf.open(io.BytesIO(data)) as pdf:
            pages = len(pdf.pages)
            if not 1 <= pages <= PAGES:
                raise FileRefused(f"a PDF has 1 to {PAGES} pages, this one has {pages}")
            for reason in passive_pdf.reasons(pdf):
                raise FileRefused(f"a PDF with active content is not accepted: it {reason}")
    except PasswordError:
        raise FileRefused("a PDF that asks for a password is not accepted; save it without one") from None
    except FileRefused:
        raise
    except (PdfError, RuntimeError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError) as error:
        # A damaged file raises whatever its reader stumbles over.
        raise FileRefused("it begins as a PDF and cannot be read as one; save it anew") from error
    return KINDS["pdf"]


# Images


def _image(data: bytes) -> Kind:
    # WeasyPrint, where it is loaded, has Pillow fill up what is cut off.
    tolerant, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=["PNG", "JPEG"]) as picture:
                if picture.width * picture.height > PIXELS:
                    raise FileRefused(f"an image has at most {PIXELS // 1_000_000} million pixels")
                # A phone's photo holds a second picture behind the first (MPO); readers of JPEG show the first.
                kind = KINDS["png" if picture.format == "PNG" else "jpeg"]
                picture.load()
                return kind
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise FileRefused(f"an image has at most {PIXELS // 1_000_000} million pixels") from None
        except FileRefused:
            raise
        except (
            UnidentifiedImageError, OSError, SyntaxError, ValueError, TypeError, LookupError, ArithmeticError,
            AttributeError, EOFError, struct.error, zlib.error,
        ) as error:  # fmt: skip
            raise FileRefused("it begins as an image and cannot be read as one; save it anew") from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = tolerant


# Office

_MAIN = {
    f"{_OFFICE}.wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE}.spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OFFICE}.presentationml.presentation.main+xml": "pptx",
}
_TEMPLATES = {
    "wordprocessingml.template": "a Word template (dotx); open it, save it as a Word document (docx)",
    "spreadsheetml.template": "an Excel template (xltx); open it, save it as a workbook (xlsx)",
    "presentationml.template": "a PowerPoint template (potx); open it, save it as a presentation (pptx)",
    "presentationml.slideshow": "a PowerPoint show (ppsx); open it, save it as a presentation (pptx)",
}


def _office(data: bytes, depth: int = 0) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _not_a_bomb(parts)
            kind = _main_part(parts)
            for reason in passive_office.reasons(parts):
                raise FileRefused(f"an Office file that does something by itself is not accepted: it {reason}")
            for name in passive_office.embedded(parts):
                if depth:
                    raise FileRefused("an Office file in an Office file in an Office file is not accepted")
                _office(parts.read(name), depth + 1)
            if parts.testzip() is not None:
                raise FileRefused("the Office file is damaged; save it anew")
            return kind
    except FileRefused:
        raise
    except DefusedXmlException as error:
        raise FileRefused("the Office file declares entities of its own, which is not accepted") from error
    except (
        ParseError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError,
        OSError, KeyError, ValueError, OverflowError, struct.error,
    ) as error:  # fmt: skip
        raise FileRefused(
            "it begins as an Office file and cannot be read as one, so it may be damaged; open it, and save it again"
        ) from error


def _not_a_bomb(parts: zipfile.ZipFile) -> None:
    """Sizes are those that the zip declares; reading stops there, and a part that is longer fails its checksum."""
    members = parts.infolist()
    if len(members) > MEMBERS or len({member.filename for member in members}) != len(members):
        raise FileRefused(f"an Office file has at most {MEMBERS} parts, each once")
    if sum(member.file_size for member in members) > UNPACKED:
        raise FileRefused(f"an Office file is at most {UNPACKED >> 20} MB unpacked")
    for member in members:
        if member.flag_bits & 1:
            raise FileRefused("an encrypted Office file is not accepted; save it without a password")
        if member.file_size > 1 << 20 and member.file_size > RATIO * max(1, member.compress_size):
            raise FileRefused("the Office file unpacks to far more than it holds, as only a zip bomb does")
        if member.filename.startswith(("/", "\\")) or ".." in member.filename.replace("\\", "/").split("/"):
            raise FileRefused("the Office file names a part outside itself")


def _main_part(parts: zipfile.ZipFile) -> Kind:
    if "[Content_Types].xml" not in parts.namelist():
        raise FileRefused(f"by its content it is none of {ACCEPTED}")
    listed = passive_office.content_types(parts)
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in listed):
        raise FileRefused("an Office file with macros is not accepted; save it as docx, xlsx or pptx")
    for one in listed:
        if said := _TEMPLATES.get(one.removeprefix(f"{_OFFICE}.").removesuffix(".main+xml")):
            raise FileRefused(f"this is {said}, and attach that")
    kinds = {_MAIN[one] for one in listed if one in _MAIN}
    if len(kinds) != 1:
        raise FileRefused(f"by its content it is none of {ACCEPTED}")
    return KINDS[kinds.pop()]
