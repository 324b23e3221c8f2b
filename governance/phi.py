"""Patient data in free text, found by its patterns: what must never be entered, told before it is.

Pure functions over text. They err towards silence: a warning that is mostly wrong is soon clicked away. What they miss
a reader finds, and a physician scrubs. No name alone is a finding; governance is about people with names.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:19|20)?\d\d|(?:19|20)\d\d-\d\d-\d\d|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH},?\s+"
    rf"(?:19|20)\d\d|{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d)"
)
_NAME = r"[A-Z][\w'\u2019-]+(?:\s+(?:[A-Z]\.\s*)?[A-Z][\w'\u2019-]+)*"

_PATTERNS: dict[str, re.Pattern[str]] = {
    "a social security number": re.compile(r"(?<![\d-])(?!000|666|9\d\d)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\d-])"),
    "a record number": re.compile(
        r"\b(?:MRN|medical record|(?:record|chart|account) (?:no|number)|patient (?:id|no|number))"
        r"\b[\s.:#]*(?:(?:no|number|is)\b[\s.:#]*)?(?=[A-Z-]{0,4}\d)[A-Z\d-]{4,}",
        re.IGNORECASE,
    ),
    "a date of birth": re.compile(
        rf"\b(?:born(?:\s+on)?|d\.?o\.?b\.?|date of birth|birth ?date|birthday)\b[\s:.,]*(?:is\s+)?{_DAY}",
        re.IGNORECASE,
    ),
    "a date of service": re.compile(
        rf"\b(?:d\.?o\.?s\.?|date of service|(?:seen|treated|admitted|examined|discharged)\s+on)\b[\s:.,]*{_DAY}",
        re.IGNORECASE,
    ),
    "a telephone number": re.compile(
        r"(?<![\w-])(?:\+?1[ .-]?)?(?:\([2-9]\d\d\)\s?|[2-9]\d\d[ .-])[2-9]\d\d[ .-]\d{4}(?![\w-])"
    ),
    "an e-mail address": re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}\b"),
    "a patient's name": re.compile(
        rf"\b(?:[Pp]atients?|[Pp]t\.|PATIENT)(?:\s+(?:named?|called|is|was)|\s*[:,])?\s+(?:(?:Mrs?|Ms|Miss)\.?\s+)?"
        rf"(?P<name>{_NAME})"
    ),
}
_NO_NAMES = frozenset({
    "access", "advocate", "advocacy", "advisory", "affairs", "bill", "care", "clinic", "communication", "committee",
    "complaint", "complaints", "education", "experience", "flow", "forms", "i", "if", "in", "it", "intake", "no",
    "portal", "privacy", "protection", "records", "registration", "relations", "rights", "safety", "satisfaction",
    "services", "survey", "surveys", "the", "they", "this", "visit", "volume", "we", "when", "who",
})  # fmt: skip
"""Words that follow "patient" with a capital in titles, and are nobody's name."""


@dataclass(frozen=True, order=True)
class Finding:
    """What looks like patient data: from where to where in the text, and what kind it is."""

    start: int
    end: int
    kind: str


def scan(text: str) -> list[Finding]:
    """Everything in the text that looks like patient data, in its order. Never more than one finding for a place."""
    found: list[Finding] = []
    for finding in sorted(_all(text), key=lambda one: (one.start, -one.end)):
        if not found or finding.start >= found[-1].end:
            found.append(finding)
    return found


def kinds(text: str) -> list[str]:
    """The kinds of what was found, each once, in the order in which they first appear."""
    return list(dict.fromkeys(finding.kind for finding in scan(text)))


def _all(text: str) -> Iterator[Finding]:
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            if kind == "a patient's name" and match["name"].split()[0].lower() in _NO_NAMES:
                continue
            yield Finding(match.start(), match.end(), kind)
