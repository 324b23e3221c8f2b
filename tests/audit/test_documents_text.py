"""What the embedded fonts show, and how the rest is written out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.documents.fonts import CUTS, SCHEME, covered, font_bytes, font_faces_css
from audit.documents.further import holds
from audit.documents.text import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Dr. Zoë Wójcik — §4, ≥ 5 mg, TNF-α", "Dr. Zoë Wójcik — §4, ≥ 5 mg, TNF-α"),
        ("amulet 🧿", "amulet [U+1F9FF]"),
        ("read \u202eti", "read [U+202E]ti"),
        ("private \ue000, bell \x07", "private [U+E000], bell [U+0007]"),
        ("half \ud800", "half [U+D800]"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
    ],
)
def test_printable(text: str, shown: str) -> None:
    assert printable(text) == shown


@given(st.text(alphabet=st.characters(codec=None)))
def test_printable_text_stays_within_the_fonts(text: str) -> None:
    shown = printable(text)
    assert all(ord(char) in covered() or holds(char) or char in "\n\t" for char in shown)
    assert printable(shown) == shown


def test_every_cut_is_a_static_font_named_in_the_css() -> None:
    css = font_faces_css()
    for name in CUTS:
        assert f'url("{SCHEME}:{name}")' in css
        data = font_bytes(name)
        assert data.startswith(b"\0\1\0\0")
        assert b"fvar" not in data[:400]
