"""One HTML document to one PDF that is both PDF/A-3a and PDF/UA-1.

The same arguments give the same bytes in every process. Nothing outside the project is read: an address that
is neither a bundled font nor a place in the document itself ends the rendering.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from types import MappingProxyType

from pikepdf import Pdf
from PIL import Image, ImageOps
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from audit.documents.base import PROJECT, Attached, RenderError
from audit.documents.finish import finish
from audit.documents.fonts import CUTS, SCHEME, font_bytes, font_faces_css
from audit.documents.further import FURTHER, Further, faces_css, further_bytes, needed
from audit.documents.text import printable

STYLESHEET = PROJECT / "static" / "css" / "print-document.css"
VARIANT = "pdf/a-3a"

FINEST = (2000, 2600)
"""Pixels of an image on a page at most: 300 to the inch."""
_NONE: Mapping[str, bytes] = MappingProxyType({})

BASE = "document:///"
"""Makes relative addresses absolute, so that they are refused too and not dropped in silence."""


def render_pdf(
    *,
    html: str,
    title: str,
    created: datetime,
    attachments: Sequence[Attached] = (),
    images: Mapping[str, bytes] = _NONE,
) -> bytes:
    """The PDF of an HTML document, styled by ``static/css/print-document.css``.

    `title` is the document's title in its metadata; `created` its only date, to the second. Headings become
    the outline; ``image:NAME`` shows one of `images`. Text that the embedded fonts lack is written as
    ``[U+XXXX]``, wherever it stands in `html`.

    Raises `RenderError` if the document asks for an outside address and `ValueError` for an empty title, a
    date without zone or two attachments of one name.
    """
    fonts = FontConfiguration()
    document = HTML(string=html, base_url=BASE, url_fetcher=_BundledOnly(images), media_type="print")
    further = needed(_prepare(document))
    try:
        # Both calls want the variant: without it the second silently writes a plain PDF.
        rendered = document.render(
            stylesheets=[_stylesheet(fonts, further)],
            font_config=fonts,
            pdf_variant=VARIANT,
            presentational_hints=False,
        )
        rendered.metadata.lang = "en"
        plain = rendered.write_pdf(pdf_variant=VARIANT, pdf_tags=True)
    except FatalURLFetchingError as error:
        raise RenderError(f"document {title!r}: {error}: {error.__cause__}") from error
    with Pdf.open(io.BytesIO(plain)) as pdf:
        return finish(pdf, title=title, created=created, attachments=attachments)


def _plain(image: bytes) -> bytes:
    """The image upright, without transparency or data beside its pixels, and no finer than a page can print."""
    with Image.open(io.BytesIO(image), formats=["PNG", "JPEG"]) as source:
        upright = ImageOps.exif_transpose(source).convert("RGBA")
    upright.thumbnail(FINEST)
    plain = Image.new("RGB", upright.size, "white")
    plain.paste(upright, mask=upright.getchannel("A"))
    out = io.BytesIO()
    plain.save(out, "PNG")
    return out.getvalue()


class _BundledOnly(URLFetcher):
    """Serves the bundled fonts and given images, refuses all else, loudly: a silent gap would be a false record."""

    def __init__(self, images: Mapping[str, bytes] = _NONE) -> None:
        super().__init__(allowed_protocols=(), fail_on_errors=True)
        self.images = images

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme == "image" and name in self.images:
            return URLFetcherResponse(url, _plain(self.images[name]), {"Content-Type": "image/png"})
        if scheme != SCHEME or name not in CUTS.keys() | {font.name for font in FURTHER}:
            raise PermissionError("a document may use only the bundled fonts and its own stylesheet")
        data = font_bytes(name) if name in CUTS else further_bytes(name)
        return URLFetcherResponse(url, data, {"Content-Type": "font/ttf"})


@cache
def _fetcher() -> _BundledOnly:
    return _BundledOnly()


def _stylesheet(fonts: FontConfiguration, further: Sequence[Further]) -> CSS:
    return CSS(
        string=f"{font_faces_css()}\n{faces_css(further)}\n{STYLESHEET.read_text(encoding='utf-8')}",
        font_config=fonts,
        url_fetcher=_fetcher(),
    )


def _prepare(document: HTML) -> set[str]:
    """Make every text of the document printable; the characters that then stand in it."""
    root = document.etree_element
    root.set("lang", "en")
    seen = set[str]()
    # After parsing, so that character references are covered as well.
    for element in root.iter():
        if element.text:
            element.text = printable(element.text)
            seen.update(element.text)
        if element.tail:
            element.tail = printable(element.tail)
            seen.update(element.tail)
        for name, value in element.items():
            element.set(name, printable(value))
            seen.update(printable(value))
    return seen
