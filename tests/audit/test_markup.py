"""Markdown of the record: what it shows, and that nothing comes alive in it."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit.markup import TAGS, rendered


def test_the_forms_that_minutes_use() -> None:
    text = "## 1. Scope\n\nTwo **charts** of _forty_.\n\n> To approve.\n\n- one\n- two\n\n3. three"
    assert rendered(text) == (
        "<h2>1. Scope</h2>\n<p>Two <strong>charts</strong> of <em>forty</em>.</p>\n<blockquote>\n<p>To approve.</p>\n"
        '</blockquote>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<ol start="3">\n<li>three</li>\n</ol>\n'
    )


@pytest.mark.parametrize(
    ("text", "levels"),
    [("# A\n\n# B", "22"), ("### A", "2"), ("# A\n\n#### B\n\n## C\n\n###### D", "2323"), ("A\n===\n\nB\n---", "22")],
)
def test_headings_begin_at_the_second_level_and_skip_none(text: str, levels: str) -> None:
    assert "".join(re.findall(r"<h(\d)", rendered(text))) == levels


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[go](javascript:alert(1))",
        "![x](https://example.com/p.png)",
        "<https://example.com>",
        "<img src=x onerror=alert(1)>",
    ],
)
def test_what_could_act_stays_text(text: str) -> None:
    html = rendered(text)
    assert set(re.findall(r"<(\w+)", html)) <= {"p"}
    assert html.count("<") == html.count("<p>") + html.count("</p>")


@given(st.text(alphabet=st.sampled_from(list("<>#*_`[]()!&;:/\"'= \nabchref123")), max_size=80))
def test_only_known_tags_come_out(text: str) -> None:
    assert set(re.findall(r"</?\s*([a-z][a-z0-9]*)", rendered(text))) <= TAGS
