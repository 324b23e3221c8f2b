"""Small files of each accepted kind, and hostile ones, made in memory."""

import io
import zipfile
from collections.abc import Mapping

from pikepdf import Array, Dictionary, Encryption, Name, Pdf, String
from PIL import Image

_OFFICE = "application/vnd.openxmlformats-officedocument"
MAIN = {
    "docx": ("word/document.xml", f"{_OFFICE}.wordprocessingml.document.main+xml"),
    "xlsx": ("xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{_OFFICE}.presentationml.presentation.main+xml"),
}


def pdf(*, pages: int = 2, mark: str = "", **root: object) -> bytes:
    """A PDF of so many Letter pages with a line of text; `mark` makes it another file, `root` goes into its catalog."""
    with Pdf.new() as made:
        for number in range(pages):
            made.add_blank_page(page_size=(612, 792))
            page = made.pages[-1]
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.Resources = Dictionary(Font=Dictionary(F1=made.make_indirect(font)))
            page.Contents = made.make_stream(f"BT /F1 18 Tf 72 700 Td (Page {number + 1} {mark}) Tj ET".encode())
        for name, value in root.items():
            made.Root[f"/{name}"] = value
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def scripted() -> bytes:
    return pdf(OpenAction=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")))


def with_password() -> bytes:
    with Pdf.open(io.BytesIO(pdf())) as made:
        out = io.BytesIO()
        made.save(out, encryption=Encryption(owner="owner", user=""))
        return out.getvalue()


def launching() -> bytes:
    """A link that starts a program when it is followed."""
    with Pdf.open(io.BytesIO(pdf())) as made:
        link = Dictionary(
            Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=Dictionary(S=Name.Launch, F=String("x"))
        )
        made.pages[0].Annots = Array([link])
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def carrying() -> bytes:
    """Another file inside."""
    with Pdf.open(io.BytesIO(pdf())) as made:
        made.attachments["inner.exe"] = b"MZ"
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def image(format: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (210, 220, 235)).save(out, format)
    return out.getvalue()


def office(
    kind: str = "docx", *, types: str = "", parts: Mapping[str, bytes | str] | None = None, relations: str = ""
) -> bytes:
    """An Office file with its main part alone; `types`, `parts` and `relations` go in besides."""
    path, main = MAIN[kind]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/{path}" ContentType="{main}"/>{types}</Types>',
        )
        made.writestr(
            "_rels/.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{relations}</Relationships>",
        )
        made.writestr(path, "<document/>")
        for name, data in (parts or {}).items():
            made.writestr(name, data)
    return out.getvalue()


def relation(kind: str) -> str:
    """A relationship that leads outside the file."""
    return f'<Relationship Id="r1" Type="http://x/{kind}" Target="https://example.org/x" TargetMode="Extern&#97;l"/>'


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "a page of HTML": (b"<html><script>alert(1)</script></html>", "none of PDF"),
    "a program": (b"MZ\x90\x00" + bytes(200), "none of PDF"),
    "an image of vectors": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "none of PDF"),
    "an old Office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "before 2007"),
    "half a PDF": (b"%PDF-1.7\nnothing", "cannot be read"),
    "a PDF with a password": (with_password(), "encrypted PDF"),
    "a PDF with a script": (scripted(), "JavaScript"),
    "a PDF that starts a program": (launching(), "starts a program"),
    "a PDF with a file inside": (carrying(), "other files"),
    "a PDF with a form of scripts": (pdf(AcroForm=Dictionary(XFA=String("<xdp/>"))), "XFA"),
    "half an image": (image()[:60], "cannot be read"),
    "a zip": (office().replace(b"[Content_Types].xml", b"[Content_Typos].xml"), "none of PDF"),
    "macros by type": (
        office(types='<Override PartName="/x" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'),
        "macros",
    ),
    "macros by part": (office(parts={"word/vbaProject.bin": b"x"}), "macros"),
    "a control": (office("xlsx", parts={"xl/activeX/activeX1.xml": b"<x/>"}), "controls"),
    "an embedded object": (office("pptx", parts={"ppt/embeddings/oleObject1.bin": b"x"}), "embedded objects"),
    "macros in an embedded workbook": (
        office("pptx", parts={"ppt/embeddings/a.xlsx": office("xlsx", parts={"xl/vbaProject.bin": b"x"})}),
        "macros",
    ),
    "a template from elsewhere": (office(relations=relation("attachedTemplate")), "fetches something"),
    "an entity": (
        office(parts={"word/_rels/document.xml.rels": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        "entities",
    ),
    "a zip bomb": (office(parts={"word/media/image.bmp": bytes(30 << 20)}), "zip bomb"),
    "a part outside": (office(parts={"../../etc/x": b"x"}), "outside itself"),
}
"""What is refused, with a word of the rule it breaks."""
