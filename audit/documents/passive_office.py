"""Whether an Office file does nothing by itself: its parts, what they refer to and its fields are on lists of what is
allowed. What fetches, starts or links to something elsewhere when the file is opened is on none of them.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import unquote, urlsplit
from xml.parsers import expat

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from audit.documents.passive_pdf import LINKS

_PART = re.compile(
    r"""
    image/(?:png|jpe?g|gif|bmp|tiff|x-emf|x-wmf|emf|wmf|svg\+xml|webp|vnd\.ms-photo|pict|x-pict)
    | application/(?:xml|x-fontdata|x-font-ttf|inkml\+xml|vnd\.openxmlformats-package\.[a-z.-]+\+xml)
    | application/vnd\.openxmlformats-officedocument\.
      (?: (?:drawing|drawingml)[.\w-]*\+xml | vmlDrawing | theme\+xml | themeOverride\+xml | themeManager\+xml
        | custom-properties\+xml | extended-properties\+xml | customXmlProperties\+xml | obfuscatedFont
        | wordprocessingml\.(?:document\.main|document\.glossary|styles|stylesWithEffects|settings|webSettings|fontTable
            |numbering|footnotes|endnotes|header|footer|comments|commentsExtended|commentsIds|commentsExtensible
            |people|printerSettings)(?:\+xml)?
        | spreadsheetml\.(?:sheet\.main|worksheet|chartsheet|styles|sharedStrings|calcChain|comments|table
            |tableSingleCells|pivotTable|pivotCacheDefinition|pivotCacheRecords|sheetMetadata|printerSettings|userNames|revisionHeaders
            |revisionLog|customProperty|slicer|slicerCache|timeline|timelineCache)(?:\+xml)?
        | presentationml\.(?:presentation\.main|slide|slideLayout|slideMaster|notesSlide|notesMaster|handoutMaster
            |presProps|viewProps|tableStyles|commentAuthors|comments|tags|printerSettings|slideUpdateInfo)(?:\+xml)?
      )
    | application/vnd\.ms-(?:word|excel|powerpoint|office)\.(?:
        chartstyle|chartcolorstyle|chartex|threadedcomments|person|slicer|slicerCache|timeline|timelineCache|rdrichvalue
        |rdrichvaluestructure|rdrichvaluetypes|rdarray|rdsupportingpropertybag|rdsupportingpropertybagstructure
        |richvaluerel|comments|authors|changesinfo|revisioninfo|classificationlabels|documenttasks|theme
        |intelligence2|stylesWithEffects|commentsExtensible|commentsIds|people|drawingml\.diagramDrawing)\+xml
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Types of the parts a document may have, apart from relations and embedded Office files, which are looked through."""
RELATIONS = "application/vnd.openxmlformats-package.relationships+xml"
_EMBEDDED = re.compile(
    r"application/vnd\.openxmlformats-officedocument\."
    r"(?:wordprocessingml\.document|spreadsheetml\.sheet|presentationml\.presentation)"
)

_FIELDS_SAID = """
    = ADDIN ADDRESSBLOCK ADVANCE AUTHOR AUTONUM AUTONUMLGL AUTONUMOUT BARCODE BIBLIOGRAPHY BIDIOUTLINE CITATION
    COMMENTS COMPARE CREATEDATE DATE DISPLAYBARCODE DOCPROPERTY DOCVARIABLE EDITTIME EQ FILENAME FILESIZE
    FORMCHECKBOX FORMDROPDOWN FORMTEXT GOTOBUTTON GREETINGLINE HYPERLINK IF INDEX INFO KEYWORDS LASTSAVEDBY LISTNUM
    MACROBUTTON MERGEBARCODE MERGEFIELD MERGEREC MERGESEQ NEXT NEXTIF NOTEREF NUMCHARS NUMPAGES NUMWORDS PAGE
    PAGEREF PRINTDATE PRIVATE QUOTE REF REVNUM SAVEDATE SECTION SECTIONPAGES SEQ SET SHAPE SKIPIF STYLEREF SUBJECT
    SYMBOL TA TC TEMPLATE TIME TITLE TOA TOC USERADDRESS USERINITIALS USERNAME XE
"""
_FIELDS = frozenset(_FIELDS_SAID.split())
"""Fields of Word that read nothing outside the document."""
_FUNCTION = re.compile(
    r"(?:^|[^\w.]|_xlfn\.|_xludf\.)(WEBSERVICE|IMAGE|RTD|CALL|REGISTER(?:\.ID)?|EXEC|SQL\.REQUEST|DDE)\s*\(",
    re.IGNORECASE,
)
_TEMPLATE = re.compile(
    r"(?:file:/{3})?(?:[A-Za-z]:[\\/])?(?:[^\\/:*?\"<>|]+[\\/])*[^\\/:*?\"<>|]+\.do[ct][xm]?", re.IGNORECASE
)
"""A template on the computer of whoever opens the document: no share, no address."""
_ACTING_PART = re.compile(
    r"(?:^|/)(?:activeX|macrosheets|externalLinks|ctrlProps|webExtensions)/|vba(?:Project|Data)", re.I
)
_ACTING_RELATION_SAID = """
    activexcontrolbinary afchunk attachedtoolbars connections control ctrlprop externallink externallinkpath frame
    keymapcustomizations mailmergesource oleobject querytable recipientdata subdocument taskpanes vbaproject
    webextension webextensiontaskpanes wordvbadata xlmacrosheet
"""
_ACTING_RELATION = frozenset(_ACTING_RELATION_SAID.split())
"""Whatever type such a part claims, a program opens it by its relation."""
_NESTED = 20
_TEXTS = frozenset({"instrText", "f", "formula", "definedName"})
"""Elements whose text is an instruction."""
_WORD = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)


def reasons(parts: zipfile.ZipFile) -> Iterator[str]:
    """Why the file is not passive, each as what it does; nothing when it is. Raises ParseError for damaged XML."""
    type_of = _types(parts)
    for name in parts.namelist():
        if name.endswith("/") or name == "[Content_Types].xml":
            continue
        kind = type_of(name)
        if "macroenabled" in kind.lower() or "vba" in (kind + name).lower():
            yield "has macros; save it as docx, xlsx or pptx"
        elif _ACTING_PART.search(name):
            yield f"has a part that a passive document does not have ({name[:60]})"
        elif name.lower().endswith(".rels"):
            yield from _relations(parts, name)
        elif _EMBEDDED.fullmatch(kind):
            continue
        elif not _PART.fullmatch(kind):
            yield f"has a part that a passive document does not have ({name[:60]}: {kind.rpartition('.')[2][:40]})"
        elif kind.lower().endswith(("+xml", "/xml", "vmldrawing")) and not kind.lower().startswith("image/"):
            yield from _content(parts, name)


def embedded(parts: zipfile.ZipFile) -> list[str]:
    """The Office files inside, such as the numbers behind a chart."""
    type_of = _types(parts)
    return [name for name in parts.namelist() if _EMBEDDED.fullmatch(type_of(name))]


def content_types(parts: zipfile.ZipFile) -> list[str]:
    """Every type that the file declares for a part."""
    return [said["ContentType"] for said in _attributes(parts, "[Content_Types].xml") if "ContentType" in said]


def _types(parts: zipfile.ZipFile) -> Callable[[str], str]:
    """What type a part is of, by its name or, failing that, its ending."""
    overrides, defaults = {}, {}
    for said in _attributes(parts, "[Content_Types].xml"):
        if "PartName" in said:
            overrides[said["PartName"].lower().lstrip("/")] = said.get("ContentType", "")
        elif "Extension" in said:
            defaults[said["Extension"].lower()] = said.get("ContentType", "")

    def type_of(name: str) -> str:
        low = name.lower()
        return (overrides.get(low) or defaults.get(posixpath.splitext(low)[1][1:]) or "no type").strip()

    return type_of


def _relations(parts: zipfile.ZipFile, name: str) -> Iterator[str]:
    """What a part refers to outside the file is fetched by whoever opens it; a link that a reader follows is not."""
    for said in _attributes(parts, name):
        target, kind = said.get("Target", "").strip(), said.get("Type", "").rpartition("/")[2].lower()
        if kind in _ACTING_RELATION and said.get("TargetMode", "Internal") == "Internal":
            yield f"has a part that a passive document does not have ({kind})"
            continue
        outside = said.get("TargetMode", "Internal").strip().lower() != "internal"
        if not outside and not _elsewhere(target):
            continue
        if kind == "attachedtemplate":
            if not _local_template(target):
                yield "loads its template from another computer; in Word, attach Normal.dotm instead, and save it"
        elif kind != "hyperlink":
            yield f"fetches something from elsewhere ({kind[:30]}); embed it instead"
        elif _scheme(target) not in LINKS:
            yield "has a link that is no address of a page or a mailbox"


def _elsewhere(target: str) -> bool:
    plain = unquote(target).replace("\\", "/")
    return plain.startswith("//") or bool(_scheme(plain))


def _scheme(target: str) -> str:
    try:
        return urlsplit("".join(target.split())).scheme.lower()
    except ValueError:
        return "?"


def _local_template(target: str) -> bool:
    """Whether the template lies on the reader's own computer, however the address is spelled."""
    plain, before = target, ""
    while plain != before:
        plain, before = unquote(plain), plain
    return bool(_TEMPLATE.fullmatch(plain))


class _Fields:
    """The instructions of Word's fields, put together from the runs in which they are split."""

    def __init__(self) -> None:
        self.open: list[tuple[list[str], bool]] = []
        self.reasons: list[str] = []

    def begin(self) -> None:
        if self.open:
            self.open[-1][0].append("\0")  # What a field inside gives is not known here.
        if len(self.open) > _NESTED:
            self.reasons.append("nests its fields too deeply to be looked through")
        self.open.append(([], False))

    def say(self, text: str) -> None:
        if self.open and not self.open[-1][1]:
            self.open[-1][0].append(text)
        elif text.strip():
            self.judge(text)

    def separate(self) -> None:
        if self.open:
            self.open[-1] = (self.open[-1][0], True)

    def end(self) -> None:
        if self.open:
            self.judge("".join(self.open.pop()[0]))

    def close(self) -> None:
        while self.open:
            self.end()

    def judge(self, instruction: str) -> None:
        said = instruction.strip()
        if not said:
            return
        name = "=" if said.startswith("=") else re.split(r"[\s\"\\\u201c]", said, maxsplit=1)[0].upper()
        if name not in _FIELDS:
            shown = "one put together from others" if "\0" in name or not name else name[:30]
            self.reasons.append(f"has a field that may fetch something when it is opened ({shown}); replace it by text")


def _content(parts: zipfile.ZipFile, name: str) -> Iterator[str]:
    """What the XML of a part does. Looked through as it is read, so that a long document takes no memory."""
    found: list[str] = []
    fields, text, inside = _Fields(), list[str](), [False]

    def start(tag: str, attributes: dict[str, str]) -> None:
        space, _, local = tag.rpartition(" ")
        if space in _WORD:
            values = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
            if local == "fldChar":
                turn = values.get("fldCharType", "")
                {"begin": fields.begin, "separate": fields.separate, "end": fields.end}.get(turn, lambda: None)()
            elif local == "fldSimple":
                fields.judge(values.get("instr", ""))
            elif local in {"altChunk", "subDoc", "object", "control", "mailMerge", "frameset"}:
                found.append(f"holds what a passive document does not ({local})")
        elif local in {"oleObj", "oleObject", "control", "ddeLink", "webPublishItem", "dbPr", "webPr", "OLEObject"}:
            found.append(f"holds what a passive document does not ({local})")
        if local in {"hlinkHover", "hlinkMouseOver"} and any(
            key.endswith(" id") and v for key, v in attributes.items()
        ):
            found.append("opens something when the pointer passes over it")
        for key, value in attributes.items():
            what = key.rpartition(" ")[2]
            if what == "action" and value.lower().startswith("ppaction:") and not value.lower().startswith((
                "ppaction://hlinksldjump", "ppaction://hlinkshowjump", "ppaction://noaction", "ppaction://customshow",
                "ppaction://media",
            )):  # fmt: skip
                found.append("starts something from a slide")
            elif what == "src" and _elsewhere(value) and not value.startswith("cid:"):
                found.append("fetches something from elsewhere (a picture); embed it instead")
        inside[0] = local in _TEXTS
        text.clear()

    def end(tag: str) -> None:
        space, _, local = tag.rpartition(" ")
        if space in _WORD and local == "instrText":
            fields.say("".join(text))
        elif local in _TEXTS and "spreadsheetml" in space:
            formula = re.sub(r'"(?:[^"]|"")*"', '""', "".join(text))
            if (worse := _FUNCTION.search(formula)) or "|" in formula:
                what = worse[1].upper() if worse else "a link to another program"
                found.append(f"has a formula that fetches something ({what}); keep its value instead")
        inside[0] = False

    def hear(said: str) -> None:
        if inside[0]:
            text.append(said)

    def refuse(*_: object) -> None:
        raise DefusedXmlException("document type")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = hear
    parser.StartDoctypeDeclHandler = refuse
    try:
        with parts.open(name) as source:
            while chunk := source.read(1 << 16):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise ParseError(str(error)) from error
    fields.close()
    yield from [*found, *fields.reasons]


def _attributes(parts: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    """The attributes of every element of a part; a document type, in which entities could be declared, is refused."""
    return [element.attrib for element in fromstring(parts.read(name), forbid_dtd=True).iter()]
