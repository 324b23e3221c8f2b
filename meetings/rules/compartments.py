"""Who is entitled to what lies in a compartment, and by which rule: the four compartments as a table over plain values.

Entitled is who held the office on the date of the meeting and holds one on that side now; a later holder by release
alone; never the management company where it has no part; never the person concerned, the Medical Director included.
"""

from collections.abc import Collection
from dataclasses import dataclass

from governance.choices import Office, Side
from governance.offices import CHAIRS, MSO_STAFF, SEE_CONFIDENTIAL, SIDE, offices_granting
from meetings.choices import Compartment, Designation, Part

PC_OFFICES = frozenset(office for office in Office if SIDE[office] == Side.PC) - {
    Office.AUDITOR,
    Office.PC_ADMINISTRATOR,
}
"""Offices of the PC in which somebody may see a closed part. An auditor sees what a grant names, and none names one."""

CONFIDENTIAL = frozenset(offices_granting(SEE_CONFIDENTIAL))
"""Offices to which what is clinical confidential is open."""

TITLES: dict[Compartment, str] = {
    Compartment.CLINICAL: "Clinical confidential matter",
    Compartment.PEER_REVIEW: "Closed session: peer review",
    Compartment.LEGAL: "Closed session: legal advice",
}
"""All that an agenda says of a closed item."""

_BASES: dict[Compartment, str] = {
    Compartment.CLINICAL: "clinical confidential",
    Compartment.PEER_REVIEW: "peer review (Evidence Code 1157)",
    Compartment.LEGAL: "legal advice (attorney-client)",
}


def basis(compartment: str, designation: str) -> str:
    """The legal basis in words. Protection is never told as a fact, but as counsel designates it."""
    words = _BASES[Compartment(compartment)]
    if compartment == Compartment.CLINICAL:
        return words
    return f"{words}; protection, by counsel's designation: {Designation(designation).label.lower()}"


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What is known of whoever asks for a closed part."""

    then: Collection[str]
    """Offices held on the date of the meeting; before the meeting, those of today."""
    now: Collection[str]
    """Offices in force now that count: of a person with offices on both sides, the one that is stated."""
    parts: Collection[str] = ()
    """As what the person is named on the item."""
    seat: str = Office.DIRECTOR
    """The office whose holders are the members of the body that meets."""
    records: bool = False
    """Whether the person is the recording secretary of this very meeting."""


def ground(compartment: str, reader: Reader) -> str:
    """The rule by which a reader is entitled to what is said in a compartment, in words; empty for who is not."""
    then, now, parts = set(reader.then), set(reader.now), set(reader.parts)
    if compartment == Compartment.OPEN:
        return "the open record"
    if Part.CONCERNED in parts:
        return ""
    if compartment == Compartment.CLINICAL and not now & PC_OFFICES:
        return _of_the_management_company(then, now, parts, records=reader.records)
    if not now & PC_OFFICES:
        return ""
    if Part.RECORDER in parts:
        return "named by the chair to record this part"
    if Part.RELEASED in parts:
        return "released by the PC"
    match compartment:
        case Compartment.CLINICAL:
            entitled = then & CONFIDENTIAL and now & CONFIDENTIAL
            return "an office of the PC on the date of the meeting" if entitled else ""
        case Compartment.PEER_REVIEW:
            if reader.seat in then:
                return "member of the body on the date of the meeting"
            return "chair on the date of the meeting" if then & CHAIRS else ""
        case Compartment.LEGAL:
            if Office.PC_COUNSEL in then:
                return "counsel of the PC on the date of the meeting"
            return "invited" if Part.INVITED in parts and then & PC_OFFICES else ""
    return ""


def _of_the_management_company(then: set[str], now: set[str], parts: set[str], *, records: bool) -> str:
    if records and Office.RECORDING_SECRETARY in then & now:
        return "recording secretary of this meeting"
    staff = MSO_STAFF | {Office.RECORDING_SECRETARY}
    return "assigned to the matter" if Part.ASSIGNED in parts and then & staff and now & staff else ""


def may_be_named(part: str, compartment: str, offices: Collection[str]) -> str:
    """Why a person with these offices cannot be named so on an item; empty where they can."""
    pc = bool(set(offices) & PC_OFFICES)
    match part:
        case Part.RECORDER if not pc and compartment != Compartment.CLINICAL:
            return "a closed session is recorded by a physician or a person engaged by the PC"
        case Part.RECORDER if not pc and Office.RECORDING_SECRETARY not in offices:
            return "a confidential part is recorded by the PC or the recording secretary"
        case Part.INVITED if not pc or compartment != Compartment.LEGAL:
            return "people of the PC are invited, to legal advice"
        case Part.ASSIGNED if compartment != Compartment.CLINICAL or not set(offices) & MSO_STAFF:
            return "what is clinical confidential is assigned to staff of the management company"
        case Part.RELEASED if not pc:
            return "a closed part is released to people in office in the PC alone, never to the management company"
    return ""
