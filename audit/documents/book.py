"""A book: parts joined behind a cover with contents, under one outline, numbered through over all its pages."""

import io
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import quoteattr

from pikepdf import Array, Dictionary, Name, OutlineItem, Pdf, parse_content_stream, unparse_content_stream

from audit.documents.base import PAGE_OF, Attached, Leaf, RenderError
from audit.documents.finish import finish
from audit.documents.join import joined
from audit.documents.render import render_pdf


def bind(leaves: Sequence[Leaf], *, title: str, created: datetime, attachments: Sequence[Attached] = ()) -> bytes:
    """The book of these leaves, of which the first is the front: cover and contents.

    Raises `RenderError` as `join` does, and where the contents take another number of pages once they are filled in.
    """
    front, *rest = leaves
    parts = [leaf.pdf or render_pdf(html=leaf.html, title=leaf.title, created=created) for leaf in rest]
    counts = [_pages(part) for part in parts]
    length = _pages(_front(front, [0] * len(leaves), created))
    firsts = [1, *(1 + length + sum(counts[:place]) for place in range(len(rest)))]
    cover = _front(front, firsts, created)
    if _pages(cover) != length:
        raise RenderError("the contents change their own length")
    with joined([cover, *parts]) as (book, conforming):
        _number(
            book, [leaf for leaf, count in zip(leaves, [length, *counts], strict=True) for _ in range(count)], created
        )
        book.Root.PageLabels = Dictionary(Nums=Array([0, Dictionary(S=Name.D)]))
        _outline(book, leaves, firsts)
        return finish(book, title=title, created=created, attachments=attachments, conforming=conforming)


def _front(front: Leaf, firsts: Sequence[int], created: datetime) -> bytes:
    html = front.html
    for number, first in enumerate(firsts, start=1):
        html = html.replace(PAGE_OF.format(number), str(first or 888))
    return render_pdf(html=html, title=front.title, created=created)


def _pages(part: bytes) -> int:
    with Pdf.open(io.BytesIO(part)) as pdf:
        return len(pdf.pages)


def _number(book: Pdf, leaves: Sequence[Leaf], created: datetime) -> None:
    """Print on each page its number, and over it the header of its leaf: decoration, and marked so."""
    total = len(book.pages)
    sheets = "".join(
        f'<section class="stamp{" wide" if _wide(page.mediabox) else ""}" data-stamp="Page {number} of {total}"'
        f" data-header={quoteattr(leaf.header or ' ')}>&#160;</section>"
        for number, (page, leaf) in enumerate(zip(book.pages, leaves, strict=True), start=1)
    )
    stamps = render_pdf(html=f"<body>{sheets}</body>", title="Page numbers", created=created)
    with Pdf.open(io.BytesIO(stamps)) as sheet:
        for page, stamp in zip(book.pages, sheet.pages, strict=True):
            kept = [one for one in parse_content_stream(stamp) if str(one.operator) not in ("BDC", "BMC", "EMC")]
            stamp.Contents = sheet.make_stream(unparse_content_stream(kept))
            name = page.add_resource(book.copy_foreign(stamp.as_form_xobject()), Name.XObject, prefix="Stamp")
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(f"\nQ /Artifact <</Type /Pagination>> BDC q {name} Do Q EMC".encode())


def _wide(box: Array) -> bool:
    left, bottom, right, top = (float(value) for value in box)
    return right - left > top - bottom


def _outline(book: Pdf, leaves: Sequence[Leaf], firsts: Sequence[int]) -> None:
    if "/Outlines" in book.Root:
        del book.Root.Outlines
    with book.open_outline() as outline:
        for item, level in _items(leaves, firsts):
            (outline.root[-1].children if level > 1 and outline.root else outline.root).append(item)
    book.Root.PageMode = Name.UseOutlines


def _items(leaves: Sequence[Leaf], firsts: Sequence[int]) -> Iterator[tuple[OutlineItem, int]]:
    for leaf, first in zip(leaves, firsts, strict=True):
        yield OutlineItem(leaf.title, first - 1, "Fit"), leaf.level
