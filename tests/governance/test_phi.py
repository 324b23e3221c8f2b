"""The scan for patient data: it finds what it promises, wherever it stands, and is silent on governance's own texts."""

import string
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from governance.phi import kinds, scan

ROOT = Path(__file__).parents[2]
WORDS = st.text(alphabet=string.ascii_lowercase + " ,;\n", max_size=60)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The form of MRN 00482913 was late.", "a record number"),
        ("medical record number: RV-48291", "a record number"),
        ("Patient ID 44821", "a record number"),
        ("SSN 123-45-6789", "a social security number"),
        ("DOB 4/5/1990", "a date of birth"),
        ("born on 4 May 1990", "a date of birth"),
        ("date of birth: 1990-05-04", "a date of birth"),
        ("Born May 4th, 1990", "a date of birth"),
        ("seen on 12 October 2026", "a date of service"),
        ("DOS: 10/12/2026", "a date of service"),
        ("call (951) 555-0142 today", "a telephone number"),
        ("951-555-0142", "a telephone number"),
        ("+1 951 555 0142", "a telephone number"),
        ("jane.doe@example.org wrote", "an e-mail address"),
        ("Patient Jane Doe complains", "a patient's name"),
        ("the patient, Mrs. Doe, waited", "a patient's name"),
        ("patient named Jane", "a patient's name"),
        ("pt. Doe", "a patient's name"),
    ],
)
def test_it_finds(text: str, kind: str) -> None:
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Approve CP-2026-014, revision 3, under DR-22.",
        "Corp. Code 307(a)(8); B&P 2836.1(e); 16 CCR 1474; 45 CFR 164.316(b).",
        "The protocol was signed on 12 October 2026 and is due on 2027-10-12.",
        "The Patient Safety Committee met; patient Access improved. Patients who wait are called.",
        "License A-182734 was verified on 5 November 2026.",
        "Turnaround fell from 48-72 hours to 24; 1,240 visits; 98.5 %; $125.00.",
        "A case is named by its reference, such as case QA-2026-014.",
        "Dr. Samuel Ortiz presented. Elena Marsh, MD, presided.",
        "D-2026-004 supersedes D-2025-118. Entry 951 of 5550.",
        "sha256 9a0364b9e99bb480dd25e1f0284c8555",
    ],
)
def test_it_is_silent(text: str) -> None:
    assert kinds(text) == []


def test_it_is_silent_on_every_text_of_the_demonstration_and_the_catalogue() -> None:
    """Zero warnings: measured on the sources themselves, every sentence of them."""
    sources = [
        *sorted((ROOT / "meetings" / "demonstration").glob("*.py")), ROOT / "governance/data/decision_rights.csv"
    ]  # fmt: skip
    assert len(sources) > 3
    told = {f"{path.name}: {found}" for path in sources for found in _found(path)}
    assert told == set()


def _found(path: Path) -> list[str]:
    # The invented people sign in with addresses of their own, which are no text of the record.
    lines = [line for line in path.read_text().splitlines() if "@" not in line]
    text = "\n".join(lines)
    return [text[finding.start : finding.end] for finding in scan(text)]


@given(st.integers(1, 665), st.integers(1, 99), st.integers(1, 9999), WORDS, WORDS)
def test_every_social_security_number_is_found(area: int, group: int, serial: int, before: str, after: str) -> None:
    number = f"{area:03}-{group:02}-{serial:04}"
    text = f"{before} {number} {after}"
    assert [text[one.start : one.end] for one in scan(text) if one.kind == "a social security number"] == [number]


@given(st.integers(200, 999), st.integers(200, 999), st.integers(0, 9999), st.sampled_from([" ", "-", "."]), WORDS)
def test_every_telephone_number_is_found(area: int, office: int, line: int, gap: str, around: str) -> None:
    text = f"{around} {area}{gap}{office}{gap}{line:04} {around}"
    assert kinds(text) == ["a telephone number"]


@given(st.text(alphabet=string.ascii_letters + string.digits, min_size=1, max_size=20), WORDS)
@example("a", "")
def test_every_address_is_found(name: str, around: str) -> None:
    assert "an e-mail address" in kinds(f"{around} {name}@clinic.example {around}")


@given(st.text(max_size=400))
def test_findings_lie_in_the_text_in_order_and_apart(text: str) -> None:
    found = scan(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(WORDS)
def test_plain_words_are_never_a_finding(text: str) -> None:
    assert scan(text) == []
