"""What printed pages of a PDF from elsewhere would lose without a word: comments, and answers in a form."""

import io
from datetime import UTC, datetime

from pikepdf import String
from pypdf import PdfReader

from audit.documents.adopt import adopt
from audit.documents.unseen import answer
from tests.decisions.paper_files import changed, filled, note, pdf

LINES = "Limited to supervised practice until the first of June of next year: first\nSECOND\nTHIRD"


def test_a_comment_is_told_with_its_page_and_author() -> None:
    data = changed(Annots=note("Text", Contents=String("Strike clause 4"), T=String("Reviewer")))
    told = answer(data)
    assert told["comments"] == [{"page": 1, "kind": "Text", "author": "Reviewer", "text": "Strike clause 4"}]
    assert answer(changed(Annots=note("StrikeOut")))["comments"][0]["text"] == ""
    assert answer(changed(Annots=note("Link", Contents=String("x")))) == answer(pdf()) == {
        "comments": [], "answers": [],
    }  # fmt: skip


def test_an_answer_is_told_unless_the_file_shows_all_of_it() -> None:
    said = [{"field": "reason", "text": LINES}]
    assert answer(filled(LINES))["answers"] == said
    assert answer(filled(LINES, needs_drawing=False))["answers"] == said
    assert answer(filled(LINES, needs_drawing=False, drawn="Limited to supervised practice"))["answers"] == said
    assert answer(filled(LINES, needs_drawing=False, drawn=LINES.replace("\n", " ")))["answers"] == []
    assert answer(filled(" "))["answers"] == []


def test_the_lines_of_an_answer_stay_lines_within_its_box() -> None:
    made = adopt(filled(LINES), title="Form", created=datetime(2026, 12, 1, tzinfo=UTC))
    shown = PdfReader(io.BytesIO(made)).pages[0].extract_text().splitlines()
    assert "SECOND" in shown
    assert "THIRD" in shown
    assert not any(LINES.partition(chr(10))[0] in line for line in shown), "the first line is wrapped"
