"""The text format of the record: one reading of what was typed, on the page, before the signer and in the sealed file.

Whoever types sees on paper what was typed. Two marks alone are read and not shown: ``##`` with a space before a line
makes it a heading (where the text stands for itself), and asterisks close around words: ``*words*`` emphasized,
``**words**`` strong. Everything else is literal: line ends, tabs and further spaces, signs, addresses, HTML. A line
that begins with a number or a bullet hangs under it, with the number and the bullet as typed; a line that begins with
spaces stands further in.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from audit.visible import visible

SEALED_WITH = {"text_format": 2}
"""Goes into the canonical record of a text, so that it says how it is read. Texts without it are of the time when
Markdown was read; they are shown in this format too, since it leaves nothing out, and the page says so."""

TAB = 4
"""Columns from one tab stop to the next."""

TAGS = frozenset({"p", "h2", "h3", "ul", "li", "span", "strong", "em", "br"})
"""Every element that comes out; print-document.css and prose.css style each (a test compares)."""

_HEADING = re.compile(r"(#{1,6}) +(?=\S)")
_MARKED = re.compile(r"([ \t]*)((?:\(?(?:\d{1,3}|[A-Za-z])\)|\d{1,3}(?:\.\d{1,3})*\.|[-*•▪◦‣\u2013☐☑☒✓➢]))[ \t]+(?=\S)")
# Marks stand around whole words as quotation marks do; an asterisk alone, between figures or in an address is one.
_BEFORE = r"(?<![^\s(\u201c\u2018\"'\[\u2014\u2013-])"
_FIRST = r"(?=[\w\u201c\u2018\"'($§\[])"
_LAST = r"(?<=[\w.,;:!?%\u201d\u2019\"')\]])"
_AFTER = r"(?![^\s.,;:!?)\u201d\u2019\"'\]\u2014\u2013-])"
_EMPHASIS = re.compile(
    rf"{_BEFORE}(?:\*\*{_FIRST}(?P<strong>[^*\n]+){_LAST}\*\*|\*{_FIRST}(?P<em>[^*\n]+){_LAST}\*){_AFTER}"
)
_DEEPEST = 6


def rendered(text: str, *, headings: bool = True) -> SafeString:
    """The HTML of a text: paragraphs, lists, emphasis, and unless `headings` is off, two levels of headings.

    The page or the document has its own h1, so headings begin at h2 and never skip a level (ISO 14289-1, 7.4.2).
    Where `headings` is off, a line that begins with ``##`` shows it.
    """
    return mark_safe("".join(_blocks(visible(text), headings)))  # noqa: S308 - every text is escaped below


def sealed_as_typed(canonical: str) -> bool:
    """Whether a canonical record names this format. Its keys are in order (RFC 8785), and this is the last one."""
    return canonical.endswith(f'"text_format":{SEALED_WITH["text_format"]}}}')


def in_line(text: str) -> SafeString:
    """The same reading inside a sentence or a cell: line ends stay, lists and headings show their marks."""
    lines = visible(text).strip("\n").split("\n")
    return mark_safe(f'<span class="typed">{"<br>".join(_inline(line.rstrip()) for line in lines)}</span>')  # noqa: S308


def _blocks(text: str, headings: bool) -> Iterator[str]:
    under = False
    for block in _gathered(text, headings):
        if isinstance(block, list):
            yield f'<ul class="typed">{"".join(block)}</ul>'
        elif found := _HEADING.match(block) if headings else None:
            level = 3 if under and len(found[1]) > 2 else 2
            under = True
            yield f"<h{level}>{_inline(block[found.end() :])}</h{level}>"
        else:
            yield _paragraph(block.split("\n"))


def _gathered(text: str, headings: bool) -> Iterator[str | list[str]]:
    """Paragraphs and headings as text, each list as its items in HTML; blank lines between items keep one list."""
    items: list[str] = []
    for filled, group in groupby(text.split("\n"), key=lambda line: bool(line.strip())):
        if not filled:
            continue
        for kind, lines in _runs([line.rstrip() for line in group], headings):
            if kind == "item":
                items.append(_item(lines))
                continue
            if items:
                yield items
                items = []
            yield "\n".join(lines)
    if items:
        yield items


def _runs(lines: list[str], headings: bool) -> Iterator[tuple[str, list[str]]]:
    """The lines between two blank ones in runs: a heading, an item with the lines under it, a paragraph."""
    kind, run = "", list[str]()
    for line in lines:
        new = "heading" if headings and _HEADING.match(line) else "item" if _MARKED.match(line) else "text"
        follows = new == "text" and run and (kind == "text" or (kind == "item" and line[0] in " \t"))
        if follows:
            run.append(line)
            continue
        if run:
            yield kind, run
        kind, run = new, [line]
    if run:
        yield kind, run


def _item(lines: list[str]) -> str:
    found = _MARKED.match(lines[0])
    assert found
    said = "<br>".join(_inline(line) for line in [lines[0][found.end() :], *(line.strip() for line in lines[1:])])
    return f'<li{_indented(_columns(found[1]))}><span class="sign">{escape(found[2])}</span> {said}</li>'


def _paragraph(lines: list[str]) -> str:
    """A paragraph; the spaces that all its lines begin with move it in as a whole, further ones stay as typed."""
    spread = [_spread(line) for line in lines]
    common = min(len(line) - len(line.lstrip(" ")) for line in spread)
    level = f"typed{f' in-{_level(common)}' if common else ''}"
    return f'<p class="{level}">{"<br>".join(_inline(line[common:]) for line in spread)}</p>'


def _spread(line: str) -> str:
    """The line with its leading tabs as spaces; tabs within it stay."""
    said = line.lstrip(" \t")
    return " " * _columns(line[: len(line) - len(said)]) + said


def _columns(blank: str) -> int:
    return len(blank.expandtabs(TAB))


def _level(columns: int) -> int:
    return min((columns + 1) // 2, _DEEPEST)


def _indented(columns: int) -> str:
    return f' class="in-{_level(columns)}"' if columns else ""


def _inline(text: str) -> str:
    parts, end = [], 0
    for found in _EMPHASIS.finditer(text):
        tag = "strong" if found["strong"] else "em"
        parts += [escape(text[end : found.start()]), f"<{tag}>{escape(found[tag])}</{tag}>"]
        end = found.end()
    return "".join([*parts, escape(text[end:])])
