"""The text format of the record: what is typed is what is read, and nothing comes alive in it."""

import html
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.markup import SEALED_WITH, TAGS, in_line, rendered, sealed_as_typed
from audit.visible import visible

STATIC = Path(__file__).parents[2] / "static" / "css"


def shown(markup: str) -> str:
    """The text a reader sees in it: blocks and line breaks as line feeds, references resolved."""
    text = re.sub(r"<br>|</p>|</li>|</h[23]>", "\n", markup)
    return html.unescape(re.sub(r"<[^>]*>", "", text))


def words(text: str, *, marks: str = "") -> list[str]:
    """What a reader sees of a text, word by word; `marks` are the signs that the format reads."""
    return text.translate(str.maketrans("", "", marks)).split()


def test_the_forms_that_minutes_use() -> None:
    text = (
        "## 1. Scope\n\nTwo **charts** of *forty*,\nread aloud.\n\n    To approve.\n      3. The budget\n\n"
        "- one\n  - two\n\n7. three\n   and more"
    )
    assert rendered(text) == (
        "<h2>1. Scope</h2>"
        '<p class="typed">Two <strong>charts</strong> of <em>forty</em>,<br>read aloud.</p>'
        '<p class="typed in-2">To approve.</p>'
        '<ul class="typed"><li class="in-3"><span class="sign">3.</span> The budget</li>'
        '<li><span class="sign">-</span> one</li><li class="in-1"><span class="sign">-</span> two</li>'
        '<li><span class="sign">7.</span> three<br>and more</li></ul>'
    )


@pytest.mark.parametrize(
    "text",
    [
        ">7 days open: 14 charts.",
        "< 5 mg, <b>not</b> bold & &lt; &#42; &amp;",
        "1986. A great year",
        "Counsel: *",
        "3 * 4 * 5 = 60; 2*3*4",
        "A* and B* are marked (*) as before (*).",
        "_not emphasis_ __nor this__ ~~nor this~~ `nor that`",
        "\\*escaped\\* \\# \\\\",
        "https://files.example.org/a_b_c/*final*?x=1&y=<2> and <https://example.org>",
        "[go](javascript:alert(1)) ![x](https://example.com/p.png) [1]: http://example.org",
        "#5 of the list, #",
        "Title\n=====",
        "Title\n-----",
        "***",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "```\nfenced\n```",
        "A line  \nwith two blanks before its end\\\nand a backslash",
        "\tCounsel advised\tthat 3.5 %\t−4",
        "** not strong ** and **unclosed",
        "Dr. O'Neil said “**”.",
        "\u2610 yes \u2612 no non\u2011breaking",
    ],
)
def test_what_is_no_mark_is_read_as_typed(text: str) -> None:
    assert words(shown(rendered(text))) == words(text)
    assert not re.search(r"<(?:strong|em|h2|h3)", rendered(text))
    assert shown(in_line(text)).split("\n") == [line.rstrip() for line in text.split("\n")]


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("3. Budget\n7. Privileges\n9. Adjournment", "3. 7. 9."),
        ("1. a\n1. b\n\n1. c", "1. 1. 1."),
        ("- 3.5 % against budget\n* b\n• c\n▪ d\n– e", "- * • ▪ –"),
        ("a) first\n(b) second\n12) third\n3.1.2. fourth", "a) (b) 12) 3.1.2."),
        ("☐ yes\n☒ no", "☐ ☒"),
    ],
)
def test_a_list_keeps_its_numbers_and_bullets(text: str, signs: str) -> None:
    assert re.findall(r'<span class="sign">(.*?)</span>', rendered(text)) == signs.split()
    assert rendered(text).count("<ul") == 1


def test_lines_and_spaces_stay() -> None:
    assert rendered("\tA\n\t  B  C\tD") == '<p class="typed in-2">A<br>  B  C\tD</p>'
    assert rendered("A\r\nB\rC\vD\u2028E") == '<p class="typed">A<br>B<br>C<br>D<br>E</p>'
    assert rendered("RESOLVED:\n3. The fees\nFURTHER") == (
        '<p class="typed">RESOLVED:</p><ul class="typed"><li><span class="sign">3.</span> The fees</li></ul>'
        '<p class="typed">FURTHER</p>'
    )


@pytest.mark.parametrize(
    ("text", "levels"),
    [("# A\n\n# B", "22"), ("### A", "2"), ("# A\n\n#### B\n\n## C\n\n###### D", "2323"), ("# A\nB\n## C", "22")],
)
def test_headings_begin_at_the_second_level_and_skip_none(text: str, levels: str) -> None:
    assert "".join(re.findall(r"<h(\d)", rendered(text))) == levels


def test_a_text_under_a_heading_of_its_page_makes_none() -> None:
    assert rendered("## A\n\nB", headings=False) == '<p class="typed">## A</p><p class="typed">B</p>'


def test_what_cannot_be_seen_is_written_out() -> None:
    assert visible("a\u202eb\u200b\ufeff\x07\ue000\U000f0000") == "a[U+202E]b[U+200B][U+FEFF][U+0007][U+E000][U+F0000]"
    assert visible("\uf0b7 one \uf0fe two") == "• one ☒ two"
    assert visible("نمی\u200cشود क्\u200dष a\u200db") == "نمی\u200cشود क्\u200dष a[U+200D]b"
    assert "\u202e" not in rendered("x\u202ey")


MARKS = "#*"


@given(st.text(alphabet=st.sampled_from(list("<>_`[]()!&;:/\"'=-+|~\\. \t\n•ab1237§é")), max_size=200))
def test_without_its_marks_the_format_shows_every_character(text: str) -> None:
    assert words(shown(rendered(text))) == words(text)
    assert words(shown(rendered(text, headings=False))) == words(text)
    assert shown(in_line(text)) == "\n".join(line.rstrip() for line in text.strip("\n").split("\n"))


@given(st.text(max_size=120) | st.text(alphabet=st.sampled_from(list("#* \n\tab1.)-“”")), max_size=120))
def test_with_them_it_leaves_out_nothing_else(text: str) -> None:
    seen = visible(text)
    assert words(shown(rendered(text)), marks=MARKS) == words(seen, marks=MARKS)
    assert words(shown(in_line(text)), marks=MARKS) == words(seen, marks=MARKS)


@given(st.text(alphabet=st.sampled_from(list("<>#*_`[]()!&;:/\"'= \nabchref123")), max_size=80))
def test_only_known_tags_come_out(text: str) -> None:
    assert set(re.findall(r"<\s*/?\s*([a-z][a-z0-9]*)", rendered(text) + in_line(text))) <= TAGS
    assert set(re.findall(r" ([a-z]+)=", re.sub(r">[^<]*<", "><", rendered(text)))) <= {"class"}


@pytest.mark.parametrize("sheet", ["base.css", "print-document.css"])
def test_every_tag_it_makes_is_styled_on_screen_and_on_paper(sheet: str) -> None:
    css = (STATIC / sheet).read_text()
    for selector in (r"\bh2\b", r"\bh3\b", r"\bstrong\b", r"\bem\b", r"\.typed\b", r"ul\.typed\b", r"ul\.typed li\b",
                     r"\.sign\b", *(rf"\.in-{level}\b" for level in range(1, 7))):  # fmt: skip
        assert re.search(selector, css), selector


def test_a_record_says_how_its_text_is_read() -> None:
    from audit.ledger.canonical import canonical

    text = 'a "text_format":2}'
    assert sealed_as_typed(canonical({"facts": {}, "papers": [], "text": text, **SEALED_WITH}))
    assert not sealed_as_typed(canonical({"facts": {}, "papers": [], "text": text}))
