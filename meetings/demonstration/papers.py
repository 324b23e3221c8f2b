"""The demonstration's papers: small files of every kind, made here, and put through the services."""

import io
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from PIL import Image, ImageDraw, ImageFont

from audit.documents.render import render_pdf
from decisions.models import PaperVersion, Proposal
from decisions.services.papers import attach_to_proposal, withdraw_proposal_paper
from governance.models import Person
from meetings.demonstration.diary import Diary
from meetings.models import AgendaItem, ClosedPaper, Meeting
from meetings.services.closed_papers import put_closed_paper
from meetings.services.papers import attach_to_item

MADE = datetime(2025, 1, 6, tzinfo=UTC)
"""The date inside the files."""
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True)
class Paper:
    """A file to be put: its kind, its title, a sentence or more, and figures with a heading."""

    kind: str
    title: str
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


PAPERS = {
    "visits": Paper(
        "pdf", "Visit types and rooms at Riverside",
        "Student clearances need two rooms on weekday mornings. Visit lengths are for the Medical Director to set; the "
        "figures below count what the front desk was asked for in six weeks of summer.",
        (("Visit", "Asked for", "Kept"), ("School physical", "212", "187"), ("TB screening", "96", "90"), ("Immunization", "141", "128")),
    ),
    "campus": Paper(
        "pdf", "What students of the Victorville campus asked for",
        "The campus office kept a list for one term. Most of what was asked for is a form, a test or an immunization; "
        "one request in nine was a complaint that a clinician has to see.",
        (("Asked for", "Students"), ("Forms and physicals", "164"), ("TB tests", "88"), ("Immunizations", "73"), ("Complaints", "41")),
    ),
    "referrals": Paper(
        "docx", "List of what is referred out",
        "Referred the same day: chest pain, shortness of breath, fever above 39 °C with stiffness of the neck, wounds that "
        "need stitches, pregnancy with pain, thoughts of self-harm. The back-up physician is called for anything in doubt.",
    ),
    "walk in": Paper(
        "xlsx", "Walk-in demand by hour",
        "Counted at the campus door in two weeks.",
        (("Hour", "Monday", "Wednesday"), ("9", "6", "4"), ("10", "9", "7"), ("11", "11", "9"), ("12", "7", "8"), ("13", "5", "4"), ("14", "3", "2")),
    ),
    "schedule": Paper(
        "pdf", "Supervision schedule for the quarter",
        "Each campus day names the supervising physician and who backs up. The ratio never exceeds one physician to one "
        "physician assistant.",
        (("Day", "Supervises", "Backs up"), ("Monday", "Dr. Marsh", "Dr. Adeyemi"), ("Wednesday", "Dr. Ortiz", "Dr. Adeyemi")),
    ),
    "logger": Paper(
        "png", "Temperature of the vaccine refrigerator",
        "Degrees Celsius by the hour, the night of the excursion; the limit is 8.",
        tuple((f"{hour}", f"{value}") for hour, value in zip(range(20, 30), (4, 4, 5, 7, 9, 10, 11, 11, 11, 10), strict=True)),
    ),
    "alarm": Paper(
        "docx", "Two telephone alarms compared",
        "Both call three numbers in turn until somebody answers. The first needs the building's network, the second has a "
        "card of its own and rings when the power fails. The second costs nine dollars a month more.",
    ),
    "intervals": Paper(
        "pdf", "Immunization table of intervals",
        "For the standing orders of the coming season. Two physicians have to check it before it is adopted.",
        (("Vaccine", "Doses", "Least interval"), ("Hepatitis B", "3", "4 and 8 weeks"), ("MMR", "2", "4 weeks"), ("Varicella", "2", "4 weeks")),
    ),
    "questions": Paper(
        "docx", "Intake question set",
        "Seven questions about exposure to tuberculosis, answered on paper in the waiting room. The clinician reads the "
        "answers in the room and asks again what matters.",
    ),
    "forms": Paper(
        "xlsx", "Forms without initials, by week",
        "Sample of 50 forms a week.",
        (("Week", "Without initials"), ("1", "9"), ("2", "7"), ("3", "8"), ("4", "4")),
    ),
    "tb demand": Paper(
        "pdf", "TB tests: demand and courier times",
        "Students of three programs need a test before placement. Blood samples keep for sixteen hours, so the 3:30 p.m. "
        "courier reaches the laboratory in time on both campus days.",
        (("Program", "Students a year", "Test by"), ("Nursing", "120", "August"), ("Early education", "85", "September"), ("Culinary arts", "60", "January")),
    ),
    "tb readings": Paper(
        "xlsx", "Reading visits, 48 to 72 hours",
        "Which campus days fit a reading visit.",
        (("Placed on", "Read on", "Fits"), ("Monday", "Wednesday", "yes"), ("Wednesday", "Friday", "no campus day")),
    ),
    "tb leaflet": Paper(
        "png", "Leaflet for students, sketch", "A sketch that names no price and makes no promise.",
        (("ask", "6"), ("test", "8"), ("read", "7")),
    ),
    "exclusions": Paper(
        "pdf", "Monthly exclusion checks",
        "Every clinician and vendor was looked up in the federal and the state list. Nobody is listed.",
        (("List", "Looked up", "Listed"), ("OIG LEIE", "31", "0"), ("SAM", "31", "0"), ("State list", "31", "0")),
    ),
    "reading": Paper(
        "pdf", "Summary of the charts read, case reference QA-11",
        "Twelve charts with a referral were read against the protocol. The key to the case reference is in the EHR.",
        (("Asked of each chart", "Yes", "No"), ("Red flag written down", "11", "1"), ("Referred the same day", "10", "2")),
    ),
}  # fmt: skip


def made(paper: Paper) -> bytes:
    """The file of a paper."""
    return {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "png": _png}[paper.kind](paper)


def _pdf(paper: Paper) -> bytes:
    head, *rows = paper.rows
    table = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    titles = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    html = (
        f'<body data-practice="Demonstration" data-document="{escape(paper.title)}" data-seal="Invented figures">'
        f"<h1>{escape(paper.title)}</h1><p>{escape(paper.text)}</p>"
        f"<table><thead><tr>{titles}</tr></thead><tbody>{table}</tbody></table></body>"
    )
    return render_pdf(html=html, title=paper.title, created=MADE)


def _docx(paper: Paper) -> bytes:
    def paragraph(text: str, size: int) -> str:
        return f'<w:p><w:r><w:rPr><w:sz w:val="{size}"/></w:rPr><w:t>{escape(text)}</w:t></w:r></w:p>'

    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_RELATIONS}"><Relationship Id="r1" Type="{_OFFICE}/officeDocument"'
        ' Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{_W}"><w:body>{paragraph(paper.title, 36)}'
        f"{paragraph(paper.text, 22)}</w:body></w:document>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, text in files.items():
            parts.writestr(
                zipfile.ZipInfo(name, (2025, 1, 6, 0, 0, 0)), f'<?xml version="1.0" encoding="UTF-8"?>{text}'
            )
    return out.getvalue()


def _xlsx(paper: Paper) -> bytes:
    book = Workbook()
    book.properties.created = book.properties.modified = MADE.replace(tzinfo=None)
    sheet = book.create_sheet(paper.title[:31], 0)
    for row in paper.rows:
        sheet.append([int(cell) if cell.isdecimal() else cell for cell in row])
    for column in sheet.columns:
        width = 2 + max(len(str(cell.value)) for cell in column)
        sheet.column_dimensions[get_column_letter(column[0].column)].width = width
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _png(paper: Paper) -> bytes:
    """Bars with their labels."""
    picture = Image.new("RGB", (1200, 760), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(28)
    pen.text((60, 40), paper.title, "#161a24", ImageFont.load_default(40))
    pen.text((60, 100), paper.text, "#474d5b", font)
    width, top = 1080 // len(paper.rows), max(float(value) for _, value in paper.rows)
    for place, (label, value) in enumerate(paper.rows):
        left, high = 60 + place * width, 440 * float(value) / top
        pen.rectangle((left, 660 - high, left + width - 24, 660), fill="#1d3f72")
        pen.text((left, 676), label if not label.isdecimal() else f"{int(label) % 24} h", "#474d5b", font)
        pen.text((left, 624 - high), value, "#161a24", font)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _file(key: str) -> dict[str, object]:
    paper = PAPERS[key]
    name = paper.title.replace(":", "").replace(",", "")
    return {"data": made(paper), "name": f"{name}.{paper.kind}", "title": paper.title}


def put(diary: Diary, who: Person, proposal: Proposal, *keys: str) -> list[PaperVersion]:
    """Put papers under a proposal, a few minutes apart."""
    found = []
    for key in keys:
        with diary.next(4):
            found.append(attach_to_proposal(actor=who, proposal=proposal, **_file(key)))  # type: ignore[arg-type]
    return found


def take_back(diary: Diary, who: Person, version: PaperVersion, reason: str) -> None:
    """Withdraw a paper."""
    with diary.next(6):
        withdraw_proposal_paper(actor=who, paper=version.paper, reason=reason)


def lay_closed(diary: Diary, who: Person, item: AgendaItem, key: str) -> ClosedPaper:
    """Put a paper under a closed item, in its closed part."""
    with diary.next(6):
        return put_closed_paper(actor=who, item=item, **_file(key))  # type: ignore[arg-type]


def lay(diary: Diary, who: Person, meeting: Meeting, topic: str, key: str, *, hours: float = 0.1) -> PaperVersion:
    """Put a paper under the first item of a topic; after the release it comes late."""
    item = meeting.items.filter(topic=topic).earliest("position")
    with diary.next(60 * hours):
        return attach_to_item(actor=who, item=item, **_file(key))  # type: ignore[arg-type]
