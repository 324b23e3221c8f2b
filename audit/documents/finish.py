"""What every PDF gets last, rendered or joined: identification, attachments, header ids, fixed bytes."""

import io
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, String

from audit.documents.base import Attached, whole_second
from audit.documents.text import printable

PRODUCER = "Brightline"

_UA = "http://www.aiim.org/pdfua/ns/id/"

# PDF/A allows a second identification (here PDF/UA) only if its schema is described in the packet itself
# (ISO 19005-3, 6.6.2.3).
_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
  xmlns:dc="http://purl.org/dc/elements/1.1/"
  xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
  xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
  xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
  xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
  xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
  xmlns:pdfuaid="{ua}"
  xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>en</rdf:li></rdf:Bag></dc:language>
<pdf:Producer>{producer}</pdf:Producer>
<xmp:CreateDate>{date}</xmp:CreateDate>
<xmp:ModifyDate>{date}</xmp:ModifyDate>
{claims}</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""

_CLAIMS = """<pdfaid:part>3</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
"""


def finish(
    pdf: Pdf, *, title: str, created: datetime, attachments: Sequence[Attached], conforming: bool = True
) -> bytes:
    """Complete `pdf` and return its bytes, which depend on the arguments alone.

    One that holds pages from elsewhere is not `conforming`: it claims neither PDF/A nor PDF/UA.
    Raises `ValueError` for an empty title, a date without zone or two attachments of one name.
    """
    title = printable(" ".join(title.split()))
    if not title:
        raise ValueError("title of a document must not be empty (ISO 14289-1, 7.1)")
    created = whole_second(created)
    _identify(pdf, title, created, conforming)
    _index_table_headers(pdf)
    for attached in attachments:
        attach(pdf, attached, created)
    out = io.BytesIO()
    pdf.save(
        out,
        deterministic_id=True,
        min_version="1.7",
        object_stream_mode=ObjectStreamMode.generate,
        compress_streams=True,
    )
    return out.getvalue()


def attach(pdf: Pdf, attached: Attached, moment: datetime) -> None:
    """Embed one file and name it as associated with the document; `ValueError` if the name is taken."""
    if attached.name in pdf.attachments:
        raise ValueError(f"attachment {attached.name} is given twice")
    date = _pdf_date(moment)
    spec = AttachedFileSpec(
        pdf,
        attached.data,
        filename=attached.name,
        description=printable(attached.description),
        mime_type=attached.mime,
        creation_date=date,
        mod_date=date,
        relationship=Name(f"/{attached.relationship}"),  # type: ignore[call-arg]  # missing in pikepdf's stub
    )
    pdf.attachments[attached.name] = spec  # also listed in the catalog's /AF


def struct_kids(element: Object) -> Iterator[Object]:
    """The kids of a structure element that are dictionaries; content marks (integers) are left out."""
    kids = element.get("/K", Array())
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary):
            yield kid


def claims(pdf: Pdf) -> bool:
    """Whether a document says that it conforms to PDF/A."""
    return "/Metadata" in pdf.Root and b"<pdfaid:part>" in pdf.Root.Metadata.read_bytes()


def _identify(pdf: Pdf, title: str, created: datetime, conforming: bool) -> None:
    date = _pdf_date(created)
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(Title=String(title), Producer=String(PRODUCER), CreationDate=String(date), ModDate=String(date))
    )
    packet = _XMP.format(
        title=escape(title),
        ua=_UA,
        producer=PRODUCER,
        date=created.strftime("%Y-%m-%dT%H:%M:%SZ"),
        claims=_CLAIMS if conforming else "",
    )
    pdf.Root.Metadata = Stream(pdf, packet.encode(), Type=Name.Metadata, Subtype=Name.XML)


def _pdf_date(moment: datetime) -> str:
    return moment.strftime("D:%Y%m%d%H%M%SZ")


def _index_table_headers(pdf: Pdf) -> None:
    """Give each header cell an id of its own in the file and list all in the IDTree.

    WeasyPrint repeats the ids of repeated header rows and writes no IDTree (ISO 32000-1, 14.7.2 asks for
    one); joined parts share ids too. A table that spans pages has one Table element per page, and its cells
    name headers of their own fragment, so each fragment is renumbered by itself.
    """
    root = pdf.Root.StructTreeRoot
    names: list[Object] = []
    waiting: list[tuple[Object, dict[bytes, String]]] = [(kid, {}) for kid in struct_kids(root)]
    while waiting:
        element, ids = waiting.pop()
        kind = element.get("/S")
        if kind == Name.Table:
            ids = {}
            for header in _header_cells(element):
                if "/ID" in header:
                    new = String(f"h{len(names) // 2:07d}")
                    ids[bytes(header.ID)] = new
                    header.ID = new
                    names += [new, header]
        elif kind in (Name.TD, Name.TH) and "/Headers" in element.get("/A", {}):
            element.A.Headers = Array([ids[bytes(old)] for old in element.A.Headers])
        waiting += [(kid, ids) for kid in struct_kids(element)]
    if names:
        tree = Dictionary(Names=Array(names), Limits=Array([names[0], names[-2]]))
        root.IDTree = pdf.make_indirect(Dictionary(Kids=Array([pdf.make_indirect(tree)])))


def _header_cells(table: Object) -> Iterator[Object]:
    for kid in struct_kids(table):
        kind = kid.get("/S")
        if kind == Name.TH:
            yield kid
        elif kind != Name.Table:
            yield from _header_cells(kid)


def file_name(text: str) -> str:
    """A plain ASCII file name from any text, for attachments of joined parts."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", text).strip("-.") or "file"
