"""Files from elsewhere: what one is, told by its content alone, and whether it is fit to be kept and shown.

A name or a declared type proves nothing, so each file is opened as what it begins as: a PDF with pikepdf, an image with
Pillow, an Office file as the zip of parts that it is. Hostile files are the rule here: call `check` through
`audit.documents.incoming`, where a file that eats memory ends a child process and nothing else.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring
from pikepdf import Array, Dictionary, Object, PasswordError, Pdf, PdfError, Stream
from PIL import Image, ImageFile, UnidentifiedImageError

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


class FileRefused(ValueError):
    """The file breaks a rule; the message is the rule, in words for whoever chose the file."""


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
    if data.startswith(b"%PDF-"):
        return _pdf(data)
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

_ACTIVE = {
    "/JavaScript": "holds JavaScript",
    "/Launch": "starts a program",
    "/SubmitForm": "sends a form away",
    "/ImportData": "reads data from elsewhere",
    "/GoToE": "leads into an embedded file",
    "/RichMediaExecute": "holds rich media",
    "/Rendition": "plays media",
    "/Movie": "plays media",
    "/Sound": "plays media",
}
"""Actions that a paper must not hold, each with what it does."""
_MEDIA = frozenset({"/RichMedia", "/Movie", "/Sound", "/Screen", "/3D", "/FileAttachment"})
"""Annotations that play or carry something."""


def _pdf(data: bytes) -> Kind:
    try:
        with Pdf.open(io.BytesIO(data)) as pdf:
            if pdf.is_encrypted:
                raise FileRefused("an encrypted PDF is not accepted; save it without a password")
            pages = len(pdf.pages)
            if not 1 <= pages <= PAGES:
                raise FileRefused(f"a PDF has 1 to {PAGES} pages, this one has {pages}")
            for reason in _active(pdf):
                raise FileRefused(f"a PDF with active content is not accepted: it {reason}")
    except PasswordError:
        raise FileRefused("an encrypted PDF is not accepted; save it without a password") from None
    except PdfError as error:
        raise FileRefused("it begins as a PDF and cannot be read as one; save it anew") from error
    return KINDS["pdf"]


def _active(pdf: Pdf) -> Iterator[str]:
    names = pdf.Root.get("/Names", Dictionary())
    if "/JavaScript" in names:
        yield "holds JavaScript"
    if "/EmbeddedFiles" in names or "/AF" in pdf.Root:
        yield "holds other files; attach each as a paper of its own"
    layers = pdf.Root.get("/OCProperties", Dictionary()).get("/D", Dictionary())
    if len(layers.get("/OFF", Array())) or str(layers.get("/BaseState", "")) == "/OFF":
        yield "holds hidden layers; what is kept must be seen"
    if "/XFA" in pdf.Root.get("/AcroForm", Dictionary()):
        yield "holds an XFA form"
    for found in pdf.objects:
        yield from _in_object(found, depth=0)


def _in_object(found: Object, depth: int) -> Iterator[str]:
    """Actions lie in objects of their own or directly in annotations, pages and the catalog."""
    if depth > 12:
        yield "nests its objects too deeply to be looked through"
        return
    if isinstance(found, Array):
        kids: list[Object] = [one for one in found if isinstance(one, (Array, Dictionary)) and not one.is_indirect]
    elif isinstance(found, (Dictionary, Stream)):
        if "/JS" in found:
            yield "holds JavaScript"
        kind = str(found.get("/S", "")) if str(found.get("/Type", "/Action")) == "/Action" else ""
        if kind in _ACTIVE:
            yield _ACTIVE[kind]
        if str(found.get("/Subtype", "")) in _MEDIA and ("/Rect" in found or str(found.get("/Type")) == "/Annot"):
            yield "plays or carries other media"
        kids = [
            one
            for key, one in found.items()
            if key != "/Parent" and isinstance(one, (Array, Dictionary)) and not one.is_indirect
        ]
    else:
        return
    for kid in kids:
        yield from _in_object(kid, depth + 1)


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
                kind = KINDS[str(picture.format).lower()]
                picture.load()
                return kind
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise FileRefused(f"an image has at most {PIXELS // 1_000_000} million pixels") from None
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
            if isinstance(error, FileRefused):
                raise
            raise FileRefused("it begins as an image and cannot be read as one; save it anew") from error
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = tolerant


# Office

_MAIN = {
    f"{_OFFICE}.wordprocessingml.document.main+xml": "docx",
    f"{_OFFICE}.spreadsheetml.sheet.main+xml": "xlsx",
    f"{_OFFICE}.presentationml.presentation.main+xml": "pptx",
}
_ACTIVE_PART = re.compile(
    r"(?:^|/)(?:activeX|macrosheets|externalLinks|ctrlProps)/|(?:^|/)embeddings/(?!.*\.(?:docx|xlsx|pptx)$)|vba(?:Project|Data)",
    re.IGNORECASE,
)
_PACKAGE = re.compile(r"(?:^|/)embeddings/", re.IGNORECASE)
"""An embedded Office file, such as the numbers behind a chart; it is looked through as well."""


def _office(data: bytes, depth: int = 0) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _not_a_bomb(parts)
            kind = _main_part(parts)
            for name in parts.namelist():
                if _ACTIVE_PART.search(name) or (_PACKAGE.search(name) and depth > 0):
                    raise FileRefused(
                        "an Office file with macros, controls, embedded objects or links to other files is not "
                        f"accepted: {name[:80]}"
                    )
                if _PACKAGE.search(name):
                    _office(parts.read(name), depth + 1)
                if name.endswith(".rels"):
                    _relations(_attributes(parts, name))
            if parts.testzip() is not None:
                raise FileRefused("the Office file is damaged; save it anew")
            return kind
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused(f"it begins as an Office file and cannot be read as one; accepted are {ACCEPTED}") from error


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
    listed = [said["ContentType"] for said in _attributes(parts, "[Content_Types].xml") if "ContentType" in said]
    if any("macroenabled" in one.lower() or "vbaproject" in one.lower() for one in listed):
        raise FileRefused("an Office file with macros is not accepted; save it as docx, xlsx or pptx")
    kinds = {_MAIN[one] for one in listed if one in _MAIN}
    if len(kinds) != 1:
        raise FileRefused(f"by its content it is none of {ACCEPTED}")
    return KINDS[kinds.pop()]


def _relations(relations: Iterable[dict[str, str]]) -> None:
    """What a part refers to outside the file is fetched by whoever opens it; a link that a reader follows is none."""
    for said in relations:
        if said.get("TargetMode", "").lower() == "external" and not said.get("Type", "").endswith("/hyperlink"):
            raise FileRefused("an Office file that fetches something from elsewhere is not accepted; embed it instead")


def _attributes(parts: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """The attributes of every element of a part; a document type, in which entities could be declared, is refused."""
    try:
        return [element.attrib for element in fromstring(parts.read(name), forbid_dtd=True).iter()]
    except DefusedXmlException as error:
        raise FileRefused("the Office file declares entities of its own, which is not accepted") from error
    except ParseError as error:
        raise FileRefused("the Office file is damaged; save it anew") from error
