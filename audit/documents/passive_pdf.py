"""Whether a PDF does nothing by itself: what its pages, notes, fields and outline do is on a list of what is allowed.

Two looks that must both find nothing. The first follows the places at which a reader runs something, and accepts there
what is listed below alone. The second takes every object of the file, reachable or not, as qpdf writes it, where a name
has one spelling; that is compiled, so a tagged report of a thousand pages takes seconds.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from pikepdf import Array, Dictionary, Object, Pdf, Stream, String

_BY_CLICK = frozenset({
    "/GoTo", "/GoToR", "/URI", "/Named", "/Hide", "/ResetForm", "/SetOCGState", "/Thread",
})  # fmt: skip
"""What may happen when a reader follows a link."""
_BY_ITSELF = frozenset({"/GoTo"})
"""What may happen when a file or a page is opened, a pointer passes over a field, or anything else is no click."""
_NAMED = frozenset({
    "/NextPage", "/PrevPage", "/FirstPage", "/LastPage", "/GoBack", "/GoForward", "/GoToPage", "/Print", "/Find",
})  # fmt: skip
_ANNOTATIONS = frozenset({
    "/Text", "/Link", "/FreeText", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Highlight", "/Underline",
    "/Squiggly", "/StrikeOut", "/Stamp", "/Caret", "/Ink", "/Popup", "/Widget", "/PrinterMark", "/TrapNet",
    "/Watermark", "/Redact",
})  # fmt: skip
LINKS = frozenset({"", "http", "https", "mailto", "tel", "ftp", "file"})
"""Kinds of address that a link may lead to; nothing is fetched before somebody follows it."""

_WORDS = {
    "/JavaScript": "holds JavaScript",
    "/Launch": "starts a program",
    "/SubmitForm": "sends a form away",
    "/ImportData": "reads data from elsewhere",
    "/GoToE": "leads into an embedded file",
    "/RichMediaExecute": "holds rich media",
    "/Rendition": "plays media",
    "/Movie": "plays media",
    "/Sound": "plays media",
    "/FileAttachment": "holds other files; attach each as a paper of its own",
}
_MEDIA = ("RichMedia", "Movie", "Sound", "Screen", "3D", "Projection")
_SUSPECT = re.compile(
    rb"/(?:JS|EF|AF|XFA|JavaScript|EmbeddedFiles|Launch|SubmitForm|ImportData|GoToE|RichMediaExecute|Rendition|Movie|"
    rb"Sound|FileAttachment|RichMedia|RichMediaContent|Screen|3D|Projection|Ref|OPI|FFilter)[ \r\n/\[\]<>()]|/FS /URL"
)
"""Names that an object must be looked at for; a text may hold them too."""
_NESTED = 12
_OUTLINE = 100_000


def reasons(pdf: Pdf) -> Iterator[str]:
    """Why the file is not passive, each as what it does; nothing when it is."""
    yield from _catalog(pdf)
    for page in pdf.pages:
        yield from _page(page.obj)
    yield from _fields(pdf)
    yield from _outline(pdf)
    for found in pdf.objects:
        stream = isinstance(found, Stream)
        words = found.stream_dict if stream else found
        if stream and "/F" in words:
            yield "takes part of its content from another file"
        if isinstance(words, (Dictionary, Array)) and _SUSPECT.search(words.unparse(resolved=True)):
            yield from _suspect(words, depth=0)


def _catalog(pdf: Pdf) -> Iterator[str]:
    root = pdf.Root
    names = _dictionary(root.get("/Names"))
    if "/JavaScript" in names:
        yield "holds JavaScript"
    if "/EmbeddedFiles" in names or "/AF" in root or "/Collection" in root:
        yield _WORDS["/FileAttachment"]
    layers = _dictionary(_dictionary(root.get("/OCProperties")).get("/D"))
    off = layers.get("/OFF", Array())
    if (isinstance(off, Array) and len(off)) or str(layers.get("/BaseState", "")) == "/OFF":
        yield "holds hidden layers; what is kept must be seen"
    if "/XFA" in _dictionary(root.get("/AcroForm")):
        yield "holds an XFA form"
    opened = root.get("/OpenAction")
    if isinstance(opened, Dictionary):
        yield from _action(opened, _BY_ITSELF)
    yield from _additional(root)


def _page(page: Object) -> Iterator[str]:
    yield from _additional(page)
    noted = page.get("/Annots", Array())
    for one in noted if isinstance(noted, Array) else ():
        if not isinstance(one, Dictionary):
            continue
        kind = str(one.get("/Subtype", ""))
        if kind not in _ANNOTATIONS:
            yield _WORDS.get(kind, f"plays or carries other media ({kind[1:20] or 'of no kind'})")
        yield from _acting(one)


def _acting(one: Object) -> Iterator[str]:
    """The actions of a note, a field or an entry of the outline."""
    for key in ("/A", "/PA"):
        if isinstance(one.get(key), Dictionary):
            yield from _action(one[key], _BY_CLICK)
    yield from _additional(one)


def _additional(one: Object) -> Iterator[str]:
    for said in _dictionary(one.get("/AA")).values():
        if isinstance(said, Dictionary):
            yield from _action(said, _BY_ITSELF)


def _action(action: Object, allowed: frozenset[str], depth: int = 0) -> Iterator[str]:
    kind = str(action.get("/S", ""))
    if kind not in allowed:
        yield _WORDS.get(kind, f"does something that is not on the list of what a paper may do ({kind[1:20]})")
    if kind == "/URI" and _scheme(action.get("/URI")) not in LINKS:
        yield "has a link that is no address of a page or a mailbox"
    if kind == "/Named" and str(action.get("/N", "")) not in _NAMED:
        yield f"uses a command of the reader ({str(action.get('/N', ''))[1:20]})"
    if kind == "/GoToR" and _remote(action.get("/F")):
        yield "opens a file on another computer"
    follow = action.get("/Next")
    for one in follow if isinstance(follow, Array) else [follow]:
        if isinstance(one, Dictionary):
            if depth > _NESTED:
                yield "chains more actions than can be looked through"
                return
            yield from _action(one, allowed, depth + 1)


def _scheme(address: Object | None) -> str:
    said = bytes(address).decode("latin-1") if isinstance(address, String) else ""
    try:
        return urlsplit("".join(said.split())).scheme.lower()
    except ValueError:
        return "?"


def _remote(file: Object | None) -> bool:
    """Whether a file specification names a share or an address; opening one tells that computer who reads."""
    if isinstance(file, Dictionary):
        return "/FS" in file or any(_remote(file.get(key)) for key in ("/F", "/UF", "/DOS", "/Unix", "/Mac"))
    said = str(file) if isinstance(file, String) else ""
    return said.replace("\\", "/").startswith("//") or "://" in said


def _fields(pdf: Pdf) -> Iterator[str]:
    form = _dictionary(pdf.Root.get("/AcroForm"))
    listed = form.get("/Fields", Array())
    waiting, seen = list(listed) if isinstance(listed, Array) else [], set[tuple[int, int]]()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, Dictionary) or (one.is_indirect and one.objgen in seen):
            continue
        seen.add(one.objgen)
        yield from _acting(one)
        kids = one.get("/Kids", Array())
        waiting += list(kids) if isinstance(kids, Array) else []


def _outline(pdf: Pdf) -> Iterator[str]:
    waiting, seen = [_dictionary(pdf.Root.get("/Outlines")).get("/First")], set[tuple[int, int]]()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, Dictionary) or one.objgen in seen:
            continue
        if len(seen) > _OUTLINE:
            yield f"has more than {_OUTLINE:,} bookmarks"
            return
        seen.add(one.objgen)
        yield from _acting(one)
        waiting += [one.get("/First"), one.get("/Next")]


def _suspect(found: Object, depth: int) -> Iterator[str]:
    """What an object holds that no paper may hold, wherever it lies and whatever type it claims."""
    if depth > _NESTED:
        yield "nests its objects too deeply to be looked through"
        return
    if isinstance(found, Dictionary):
        if "/JS" in found or "/JavaScript" in found:
            yield "holds JavaScript"
        if "/EF" in found or "/AF" in found or "/EmbeddedFiles" in found:
            yield _WORDS["/FileAttachment"]
        if "/XFA" in found:
            yield "holds an XFA form"
        if "/FFilter" in found or "/OPI" in found or str(found.get("/FS", "")) == "/URL":
            yield "takes part of its content from another file"
        if "/Ref" in found and str(found.get("/Subtype", "")) == "/Form":
            yield "takes part of its content from another file"
        kind = str(found.get("/S", ""))
        if kind in _WORDS and not _is_structure(found):
            yield _WORDS[kind]
        if str(found.get("/Subtype", ""))[1:] in (*_MEDIA, "FileAttachment") and "/Rect" in found:
            yield "plays or carries other media"
        kids = list(found.values())
    else:
        kids = list(found)
    for kid in kids:
        if isinstance(kid, (Array, Dictionary)) and not kid.is_indirect:
            yield from _suspect(kid, depth + 1)


def _is_structure(found: Object) -> bool:
    """An element of the structure may be of a type called Sound; it has a parent, and no reader runs it."""
    return str(found.get("/Type", "")) == "/StructElem" and "/P" in found and not {"/JS", "/F", "/Win"} & set(found)


def _dictionary(found: Object | None) -> Object:
    return found if isinstance(found, Dictionary) else Dictionary()
