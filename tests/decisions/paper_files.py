"""Small files of each accepted kind, and hostile ones, made in memory."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

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


def with_password(user: str = "secret") -> bytes:
    """Restricted by its author and, unless `user` is empty, closed to whoever does not know the password."""
    with Pdf.open(io.BytesIO(pdf())) as made:
        out = io.BytesIO()
        made.save(out, encryption=Encryption(owner="owner", user=user))
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


def acting(kind: str, **said: Any) -> Dictionary:
    """An action that claims to be of another type."""
    return Dictionary(Type=Name("/Anything"), S=Name(f"/{kind}"), **said)


def changed(**page: object) -> bytes:
    """A PDF whose first page says so besides."""
    with Pdf.open(io.BytesIO(pdf())) as made:
        for name, value in page.items():
            made.pages[0][f"/{name}"] = value
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def note(kind: str, **said: Any) -> Array:
    return Array([Dictionary(Type=Name.Annot, Subtype=Name(f"/{kind}"), Rect=[0, 0, 9, 9], **said)])


def taking_from_elsewhere() -> bytes:
    """A stream whose content lies in another file."""
    with Pdf.open(io.BytesIO(pdf())) as made:
        made.pages[0].Contents = made.make_stream(b"", F=String("http://example.org/x"))
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def filled(answer: str, *, needs_drawing: bool = True, drawn: str = "") -> bytes:
    """A form with one answer of several lines; `drawn` is the appearance that it brings along."""
    with Pdf.open(io.BytesIO(pdf(pages=1))) as made:
        font = made.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        fonts = Dictionary(Font=Dictionary(F1=font))
        field = made.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Ff=4096, F=4, T=String("reason"), V=String(answer),
                DA=String("/F1 12 Tf 0 g"), Rect=[72, 500, 300, 620],
            )
        )  # fmt: skip
        if drawn:
            shown = made.make_stream(f"/Tx BMC BT /F1 12 Tf ({drawn}) Tj ET EMC".encode())
            shown.Type, shown.Subtype, shown.BBox = Name.XObject, Name.Form, Array([0, 0, 228, 120])
            shown.Resources = fonts
            field.AP = Dictionary(N=shown)
        made.pages[0].Annots = Array([field])
        made.Root.AcroForm = made.make_indirect(
            Dictionary(Fields=Array([field]), DR=fonts, DA=String("/F1 12 Tf 0 g"), NeedAppearances=needs_drawing)
        )
        out = io.BytesIO()
        made.save(out)
        return out.getvalue()


def phone_photo() -> bytes:
    """Two pictures in one file, as phones take them (MPO)."""
    out = io.BytesIO()
    first, second = (Image.new("RGB", (60, 40), color) for color in ((210, 220, 235), (20, 20, 20)))
    first.save(out, "MPO", save_all=True, append_images=[second])
    return out.getvalue()


def word(body: str) -> bytes:
    """A Word document with this body."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return office(main=f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')


def field(*runs: str) -> str:
    """A field of Word, its instruction in these runs; `{` and `}` begin and end one inside."""
    said = "".join(
        f'<w:r><w:fldChar w:fldCharType="{ {"{": "begin", "}": "end"}[run] }"/></w:r>'
        if run in ("{", "}")
        else f"<w:r><w:instrText>{run}</w:instrText></w:r>"
        for run in ("{", *runs, "}")
    )
    return f"<w:p>{said}</w:p>"


def image(format: str = "PNG", size: tuple[int, int] = (60, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, (210, 220, 235)).save(out, format)
    return out.getvalue()


def office(
    kind: str = "docx",
    *,
    types: str = "",
    parts: Mapping[str, bytes | str] | None = None,
    relations: str = "",
    main: str = "<document/>",
    main_type: str = "",
) -> bytes:
    """An Office file with its main part alone; `types`, `parts` and `relations` go in besides."""
    path, type_of_main = MAIN[kind]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "[Content_Types].xml",
            '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            + "".join(
                f'<Default Extension="{name}" ContentType="{_OFFICE}.{said}"/>'
                for name, said in (("xlsx", "spreadsheetml.sheet"), ("docx", "wordprocessingml.document"))
            )
            + '<Default Extension="bmp" ContentType="image/bmp"/>'
            f'<Override PartName="/{path}" ContentType="{main_type or type_of_main}"/>{types}</Types>',
        )
        made.writestr(
            "_rels/.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{relations}</Relationships>",
        )
        made.writestr(path, main)
        for name, data in (parts or {}).items():
            made.writestr(name, data)
    return out.getvalue()


def relation(kind: str, target: str = "https://example.org/x", mode: str = ' TargetMode="Extern&#97;l"') -> str:
    """A relationship that leads outside the file."""
    return f'<Relationship Id="r1" Type="http://x/{kind}" Target="{target}"{mode}/>'


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "empty"),
    "a page of HTML": (b"<html><script>alert(1)</script></html>", "none of PDF"),
    "a program": (b"MZ\x90\x00" + bytes(200), "none of PDF"),
    "an image of vectors": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "none of PDF"),
    "an old Office file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "before 2007"),
    "half a PDF": (b"%PDF-1.7\nnothing", "cannot be read"),
    "a PDF with a password": (with_password(), "asks for a password"),
    "a PDF with a script": (scripted(), "JavaScript"),
    "a PDF that starts a program": (launching(), "starts a program"),
    "a PDF with a file inside": (carrying(), "other files"),
    "a PDF behind a page of HTML": (b"<script>alert(1)</script>" + pdf(), "25 bytes that are no part of a PDF"),
    **{
        f"a PDF with {kind}, under any type, {where}": (data, "active content")
        for kind in ("Launch", "SubmitForm", "ImportData", "JavaScript", "GoToE", "Rendition", "Invented")
        for where, data in (
            ("when it is opened", pdf(OpenAction=acting(kind))),
            ("when it is printed", pdf(AA=Dictionary(WP=acting(kind)))),
            ("when a page is opened", changed(AA=Dictionary(O=acting(kind)))),
            ("on a link", changed(Annots=note("Link", A=acting(kind)))),
            ("after another", pdf(OpenAction=acting("GoTo", D=String("x"), Next=Array([acting(kind)])))),
            ("in the outline", pdf(Outlines=Dictionary(First=Dictionary(Title=String("x"), A=acting(kind))))),
            ("in a form", pdf(AcroForm=Dictionary(Fields=Array([Dictionary(T=String("x"), A=acting(kind))])))),
        )
    },
    "a PDF that opens a page of the web": (pdf(OpenAction=acting("URI", URI=String("http://example.org"))), "active"),
    "a PDF that opens a share": (
        changed(Annots=note("Link", A=acting("GoToR", F=String("//server/x.pdf")))),
        "another",
    ),
    "a PDF whose link is a script": (
        changed(Annots=note("Link", A=acting("URI", URI=String("java\nscript:alert(1)")))),
        "no address",
    ),
    "a PDF with a file at a page": (changed(AF=Array([Dictionary(EF=Dictionary())])), "other files"),
    "a PDF with a file at a note": (changed(Annots=note("FileAttachment")), "other files"),
    "a PDF with a film": (changed(Annots=note("RichMedia")), "other media"),
    "a PDF with a note of an unknown kind": (changed(Annots=note("Invented")), "other media"),
    "a PDF with content from elsewhere": (taking_from_elsewhere(), "content from another file"),
    "a PDF with a form of scripts": (pdf(AcroForm=Dictionary(XFA=String("<xdp/>"))), "XFA"),
    "half an image": (image()[:60], "cannot be read"),
    "a zip": (office().replace(b"[Content_Types].xml", b"[Content_Typos].xml"), "none of PDF"),
    "macros by type": (
        office(types='<Override PartName="/x" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/>'),
        "macros",
    ),
    "macros by part": (office(parts={"word/vbaProject.bin": b"x"}), "macros"),
    "a control": (
        office("xlsx", parts={"xl/activeX/activeX1.xml": b"<x/>"}),
        "a part that a passive document does not have",
    ),
    "an embedded object": (
        office("pptx", parts={"ppt/embeddings/oleObject1.bin": b"x"}),
        "a part that a passive document does not have",
    ),
    "macros in an embedded workbook": (
        office("pptx", parts={"ppt/embeddings/a.xlsx": office("xlsx", parts={"xl/vbaProject.bin": b"x"})}),
        "macros",
    ),
    "a template from elsewhere": (office(relations=relation("attachedTemplate")), "template from another computer"),
    **{
        f"a template at {target}": (
            office(relations=relation("attachedTemplate", target)),
            "template from another computer",
        )
        for target in (
            r"\\\\server\\share\\a.dotm",
            "file://server/share/a.dotx",
            "file:////server/share/a.dotx",
            "file:///%5C%5Cserver%5Cshare%5Ca.dotx",
            "file:///%255C%255Cserver%255Cshare%255Ca.dotx",
            "HTTPS://example.org/a.dotx",
            "//example.org/a.dotx",
            " http://example.org/a.dotx",
            "mhtml:http://example.org/a.dotx",
        )
    },
    "a picture from elsewhere": (office(relations=relation("image")), "fetches something"),
    "a picture from elsewhere that calls itself inside": (office(relations=relation("image", mode="")), "fetches"),
    "an object from elsewhere": (office(relations=relation("oleObject", "file:///c:/x.xls")), "fetches something"),
    "a link that runs a script": (office(relations=relation("hyperlink", "javascript:alert(1)")), "no address"),
    "a Word template": (office(main_type=f"{_OFFICE}.wordprocessingml.template.main+xml"), r"Word template \(dotx\)"),
    "an Office file of an unknown part": (office(parts={"word/new.bin": b"x"}), "a part that a passive document"),
    **{
        f"a field {' '.join(runs)}": (word(field(*runs)), "a field that may fetch something")
        for runs in (
            ("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe",),
            (
                "DD",
                "E excel",
            ),
            (" INCLUDE", 'PICTURE "http://example.org/x.png"'),
            ("includetext http://example.org/x",),
            ("LINK Excel.Sheet",),
            ("{", "QUOTE 68 68 69", "}", " excel"),
            ("SET a ", "{", "IMPORT x", "}"),
            ("RD x.docx",),
        )
    },
    "a field in one piece": (
        word('<w:p><w:fldSimple w:instr=" DDE excel "/></w:p>'),
        "a field that may fetch something",
    ),
    "letters tied to a source": (
        office(
            parts={
                "word/settings.xml": '<w:settings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                "<w:mailMerge/></w:settings>"
            }
        ),
        "mailMerge",
    ),
    "a formula that fetches": (
        office(
            "xlsx",
            parts={
                "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                '<c><f>1+_xlfn.WEBSERVICE("http://example.org")</f></c></worksheet>'
            },
        ),
        "a formula that fetches something",
    ),
    "a formula of another program": (
        office(
            "xlsx",
            parts={
                "xl/worksheets/sheet1.xml": '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
                "<c><f>cmd|'/c calc'!A0</f></c></worksheet>"
            },
        ),
        "a link to another program",
    ),
    "a slide that starts a program": (
        office(
            "pptx",
            parts={
                "ppt/slides/slide1.xml": '<s xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
                '<a:hlinkClick action="ppaction://program"/></s>'
            },
        ),
        "starts something from a slide",
    ),
    "an entity": (
        office(parts={"word/_rels/document.xml.rels": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
        "entities",
    ),
    "a zip bomb": (office(parts={"word/media/image.bmp": bytes(30 << 20)}), "zip bomb"),
    "a part outside": (office(parts={"../../etc/x": b"x"}), "outside itself"),
}
"""What is refused, with a word of the rule it breaks."""
