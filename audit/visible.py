"""Characters that a reader cannot see, written so that everybody sees the same: on the page and on paper alike."""

import re
import unicodedata

_BREAKS = re.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# The bullets and boxes of Word stand at places of their own in its symbol fonts, not at those of Unicode.
_SYMBOL_FONT = str.maketrans(
    {0xF0B7: "•", 0xF0A7: "▪", 0xF0D8: "➢", 0xF0FC: "✓", 0xF0A8: "☐", 0xF06F: "☐", 0xF0FE: "☒"}
)
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
_KEPT = frozenset("\n\t\u00ad")
_JOINERS = frozenset("\u200c\u200d")
# Scripts in which a joiner inside a word is spelling, by the first word of their letters' names.
_JOINED = {
    "ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL",
    "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "MYANMAR", "KHMER", "TIBETAN",
}  # fmt: skip


def line_feeds(text: str) -> str:
    """`text` with every kind of line end, Word's line break (U+000B) among them, as a line feed."""
    return _BREAKS.sub("\n", text)


def visible(text: str) -> str:
    """`text` with line feeds alone as line ends and each invisible character written out as ``[U+XXXX]``.

    Written out are control, format, private-use, surrogate and unassigned code points: a direction mark or a
    zero-width letter would make a record read differently from what it says. Tabs, soft hyphens, and joiners inside a
    word of a script that spells with them stay; what Word's symbol fonts show becomes the character it shows.
    """
    if text.isascii() and text.isprintable():
        return text
    text = line_feeds(text).translate(_SYMBOL_FONT)
    return "".join(
        f"[U+{ord(char):04X}]"
        if unicodedata.category(char) in _UNSEEN and char not in _KEPT and not _spelled(text, place)
        else char
        for place, char in enumerate(text)
    )


def _spelled(text: str, place: int) -> bool:
    if text[place] not in _JOINERS or not place:
        return False
    return unicodedata.name(text[place - 1], "").partition(" ")[0] in _JOINED
