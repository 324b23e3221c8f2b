"""A PDF from elsewhere, made into a part that a joined document of ours can hold.

Its pages are set whole, as they are, onto pages of ours: their content stays text, what was filled into forms is drawn
in, links and scripts stay behind. Tags from elsewhere are not trusted: each page is one paragraph for a screen reader,
or a figure where it holds no text. Such a part claims neither PDF/A nor PDF/UA, and no document that holds it does.
"""

import contextlib
import io
from datetime import datetime

from pikepdf import Array, Dictionary, FormFieldFlag, Name, Object, Pdf, String
from pikepdf.form import ExtendedAppearanceStreamGenerator

from audit.documents.finish import finish

PORTRAIT = (612.0, 792.0)
"""US Letter in points; what is wider than high is set on it lying."""
SIDE, ENDS = 40.0, 56.0
"""Points left free at the sides, and at head and foot, where title and page number are printed."""


def adopt(data: bytes, *, title: str, created: datetime) -> bytes:
    """The part that shows a PDF of a kind that `foreign.check` accepts. Raises PdfError for one that cannot be read."""
    with Pdf.open(io.BytesIO(data)) as source, Pdf.new() as made:
        _draw_answers(source)
        source.flatten_annotations("screen")
        root = made.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document = made.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, P=root, K=Array()))
        parents: list[Object | int] = []
        total = len(source.pages)
        for number, page in enumerate(source.pages):
            form = made.copy_foreign(page.as_form_xobject())
            element = made.make_indirect(
                Dictionary(Type=Name.StructElem, S=Name.P if _has_text(page.obj) else Name.Figure, P=document, K=0)
            )
            if Name.Figure == element.S:
                element.Alt = String(f"Page {number + 1} of {total} of {title}, without text")
            new = _page(made, form, element)
            new.StructParents = number
            element.Pg = new
            document.K.append(element)
            parents += [number, Array([element])]
        root.K = Array([document])
        root.ParentTree = made.make_indirect(Dictionary(Nums=Array(parents)))
        root.ParentTreeNextKey = total
        made.Root.StructTreeRoot = root
        made.Root.MarkInfo = Dictionary(Marked=True)
        made.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        made.Root.Lang = String("en")
        made.Root.OutputIntents = Array()
        return finish(made, title=title, created=created, attachments=(), conforming=False)


def _draw_answers(source: Pdf) -> None:
    """Draw the answers of a form that leaves this to whoever shows it, those of several lines wrapped.

    qpdf sets such an answer as one line that runs off the page. Whether one fits its box nobody can say, so `unseen`
    tells it in full besides. The fonts that every viewer has say nothing of their measures; for the wrapping they are
    taken to be wide.
    """
    form = source.Root.get("/AcroForm")
    if not isinstance(form, Dictionary) or not form.get("/NeedAppearances", False):
        return
    source.generate_appearance_streams()
    fonts = form.get("/DR", Dictionary()).get("/Font", Dictionary())
    bare = [font for font in fonts.values() if isinstance(font, Dictionary) and "/FontDescriptor" not in font]
    for font in bare:
        if "/Encoding" not in font and str(font.get("/BaseFont", "")) not in ("/Symbol", "/ZapfDingbats"):
            font.Encoding = Name.WinAnsiEncoding
        font.FontDescriptor = Dictionary(Ascent=750, Descent=-250, MissingWidth=600)
    writer = ExtendedAppearanceStreamGenerator(source, source.acroform)
    for field in source.acroform.fields:
        if field.is_text and field.flags & FormFieldFlag.tx_multiline and field.value_as_string:
            # A form whose font or size cannot be read keeps what qpdf set.
            with contextlib.suppress(Exception):
                writer.generate_text(field)
    for font in bare:
        del font["/FontDescriptor"]


def _page(made: Pdf, form: Object, element: Object) -> Object:
    """A page with the form drawn in its middle, never larger than it was."""
    left, bottom, right, top = (float(value) for value in form.BBox)
    a, b, c, d, e, f = (float(value) for value in form.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    x0, y0 = min(x for x, _ in corners), min(y for _, y in corners)
    width, height = max(x for x, _ in corners) - x0, max(y for _, y in corners) - y0
    wide, high = PORTRAIT[::-1] if width > height else PORTRAIT
    scale = min(1.0, (wide - 2 * SIDE) / max(width, 1.0), (high - 2 * ENDS) / max(height, 1.0))
    across, up = (wide - width * scale) / 2 - x0 * scale, (high - height * scale) / 2 - y0 * scale
    made.add_blank_page(page_size=(wide, high))
    page = made.pages[-1].obj
    page.Resources = Dictionary(XObject=Dictionary(Sheet=form))
    placed = f"{scale:.5f} 0 0 {scale:.5f} {across:.3f} {up:.3f} cm"
    page.Contents = made.make_stream(f"{element.S} <</MCID 0>> BDC q {placed} /Sheet Do Q EMC".encode())
    page.Tabs = Name.S
    return page


def _has_text(page: Object) -> bool:
    """Whether a page, or a form that it draws, uses a font."""
    resources = page.get("/Resources", Dictionary())
    drawn = [one.get("/Resources", Dictionary()) for one in resources.get("/XObject", Dictionary()).values()]
    return any("/Font" in one for one in (resources, *drawn))
