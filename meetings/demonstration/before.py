"""The demonstration's one meeting of before: its signed minutes are a scan, and the entry says so."""

import io
from datetime import datetime, time, timedelta

from pikepdf import Dictionary, Name, Pdf

from meetings.demonstration.diary import ZONE, Diary
from meetings.demonstration.people import People
from meetings.rules.past import attendees, results
from meetings.services.past import PastFacts, confirm_past_meeting, enter_past_meeting

ATTENDANCE = """Elena Marsh, MD
Samuel Ortiz, MD
Ruth Adeyemi, MD; member; excused
Mina Vale; secretary"""
RESULTS = """To take student clearances as the first service line at Riverside; carried; 2-0-0; Samuel Ortiz; Elena Marsh
To look for a second site in Victorville; decided"""


def scan(*lines: str) -> bytes:
    """A page with these lines, as a scanner's PDF; the same bytes each time."""
    typed = " ".join(f"({line.replace('(', '').replace(')', '')}) Tj T*" for line in lines)
    with Pdf.new() as pdf:
        page = pdf.add_blank_page(page_size=(612, 792))
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name("/Times-Roman"))
        page.obj.Resources = Dictionary(Font=Dictionary(F=font))
        page.obj.Contents = pdf.make_stream(f"BT /F 12 Tf 18 TL 72 700 Td {typed} ET".encode("latin-1", "replace"))
        kept = io.BytesIO()
        pdf.save(kept, deterministic_id=True)
    return kept.getvalue()


def enter_earlier_meeting(people: People, diary: Diary) -> None:
    """The secretary enters the meeting of the month before the first; the Medical Director confirms it."""
    day = diary.month(-1) + timedelta(days=7)
    facts = PastFacts(
        held_at=datetime.combine(day, time(17, 30), ZONE),
        ended_at=datetime.combine(day, time(18, 20), ZONE),
        place="Riverside, conference room",
        mode="in person",
        chair="Elena Marsh, MD",
        chair_office="President",
        secretary="Mina Vale",
        quorate=True,
        attendees=attendees(ATTENDANCE),
        results=results(RESULTS),
    )
    page = scan(f"Minutes of {day:%-d %B %Y}", "Called to order at 5:30 p.m.", *RESULTS.splitlines(), "Elena Marsh, MD")
    with diary.next(60):
        entered = enter_past_meeting(
            actor=people.vale, body=people.practice.bodies.get(), facts=facts, scan=page, compartment="open"
        )
    with diary.next(30):
        confirm_past_meeting(actor=people.marsh, past=entered)
