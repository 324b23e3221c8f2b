"""Two texts of the minutes side by side, section by section, with the words that differ marked."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_HEADING = re.compile(r"^#{1,6}\s+(.*)$")
_WORDS = re.compile(r"\s+|\S+")
MANY = 3000
"""Words of a section above which it is shown as replaced: the comparison of words takes quadratic time."""


@dataclass(frozen=True)
class Row:
    """A section of both texts; `same` when nothing in it differs."""

    label: str
    old: SafeString
    new: SafeString
    same: bool


def compared(old: str, new: str) -> list[Row]:
    """The sections of `new` in their order, then those that only `old` has."""
    before, after = _sections(old), _sections(new)
    labels = [*after, *(label for label in before if label not in after)]
    return [_row(label, before.get(label, ""), after.get(label, "")) for label in labels]


def _sections(text: str) -> dict[str, str]:
    """Each heading with the text under it; a heading that comes twice is numbered."""
    found: dict[str, list[str]] = {}
    seen: Counter[str] = Counter()
    label = "Before the first heading"
    for line in text.splitlines():
        if heading := _HEADING.match(line):
            seen[heading[1]] += 1
            label = heading[1] if seen[heading[1]] == 1 else f"{heading[1]} ({seen[heading[1]]})"
            found[label] = []
        else:
            found.setdefault(label, []).append(line)
    sections = {label: "\n".join(lines).strip() for label, lines in found.items()}
    if not sections.get("Before the first heading", "x"):
        del sections["Before the first heading"]
    return sections


def _row(label: str, old: str, new: str) -> Row:
    if old == new:
        return Row(label, linebreaksbr(old), linebreaksbr(new), True)
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    if len(before) + len(after) > MANY:
        return Row(label, _marked("del", old), _marked("ins", new), False)
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        gone, come = "".join(before[a:b]), "".join(after[c:d])
        left.append(linebreaksbr(gone) if kind == "equal" else _marked("del", gone))
        right.append(linebreaksbr(come) if kind == "equal" else _marked("ins", come))
    return Row(label, _joined(left), _joined(right), False)


def _marked(tag: str, text: str) -> SafeString:
    return format_html("<{}>{}</{}>", tag, linebreaksbr(text), tag) if text else SafeString("")


def _joined(parts: list[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
