"""What a PDF from elsewhere holds that its pages, printed, do not show for certain: comments, and answers in its form.

A viewer opens a comment when it is clicked, and fits an answer into its box as it likes. On paper both would be lost
without a word, so whoever joins the pages prints these beside them.
"""

import io
import unicodedata
from collections.abc import Iterator
from typing import Any

from pikepdf import Array, Dictionary, Object, Pdf, PdfError, Stream, String, parse_content_stream

_NO_COMMENT = frozenset({"/Link", "/Popup", "/Widget", "/PrinterMark", "/TrapNet", "/Watermark"})
_HIDDEN = 2 | 32
"""Flags of what no viewer shows."""
LONGEST = 20_000
"""Characters of one comment or answer that are told; what is longer says so."""


def answer(data: bytes) -> dict[str, list[dict[str, Any]]]:
    """Comments (``page``, ``kind``, ``author``, ``text``) and answers (``field``, ``text``), as JSON can hold them."""
    with Pdf.open(io.BytesIO(data)) as pdf:
        return {"comments": list(_comments(pdf)), "answers": list(_answers(pdf))}


def _comments(pdf: Pdf) -> Iterator[dict[str, Any]]:
    for number, page in enumerate(pdf.pages, start=1):
        noted = page.obj.get("/Annots", Array())
        for one in noted if isinstance(noted, Array) else ():
            if not isinstance(one, Dictionary) or str(one.get("/Subtype", "")) in _NO_COMMENT:
                continue
            kind, text = str(one.get("/Subtype", ""))[1:], _words(one.get("/Contents"))
            drawn = isinstance(one.get("/AP"), Dictionary) and kind != "Text"
            if not drawn or (text and kind != "FreeText"):
                yield {"page": number, "kind": kind, "author": _words(one.get("/T")), "text": text}


def _answers(pdf: Pdf) -> Iterator[dict[str, Any]]:
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary):
        return
    drawn_anew = bool(form.get("/NeedAppearances", False))
    for field in pdf.acroform.fields:
        said = field.get_inheritable_field_value("/V")
        text = _words(said) if isinstance(said, (String, Stream)) else ""
        if isinstance(said, Array):
            text = ", ".join(_words(one) for one in said if isinstance(one, String))
        if not text.strip():
            continue
        shown = list(pdf.acroform.get_annotations_for_field(field))
        if shown and all(int(one.obj.get("/F", 0)) & _HIDDEN for one in shown):
            continue
        if drawn_anew or not shown or not all(_shows(one.obj, text) for one in shown):
            yield {"field": field.fully_qualified_name or field.partial_name, "text": text}


def _shows(widget: Object, text: str) -> bool:
    """Whether the appearance that the file brings along holds the whole answer."""
    appearance = widget.get("/AP")
    normal = appearance.get("/N") if isinstance(appearance, Dictionary) else None
    if not isinstance(normal, Stream):
        return False
    try:
        shown = b"".join(
            bytes(one)
            for instruction in parse_content_stream(normal)
            for operand in instruction.operands
            for one in (operand if isinstance(operand, Array) else [operand])
            if isinstance(one, String)
        )
    except PdfError:
        return False
    return _letters(text) in _letters(shown.decode("cp1252", "replace"))


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text) if not c.isspace())


def _words(said: Object | None) -> str:
    if isinstance(said, Stream):
        text = said.read_bytes().decode("utf-8", "replace")
    else:
        text = str(said) if isinstance(said, String) else ""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if len(text) <= LONGEST else text[:LONGEST] + " … (longer; the rest is in the original)"
