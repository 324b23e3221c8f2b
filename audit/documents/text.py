"""Text that a document can show: what no embedded font has is written out, never dropped."""

import unicodedata

from audit.documents.fonts import covered

_LAYOUT = frozenset("\n\t")
_NEVER = frozenset({"Cc", "Co", "Cs", "Cn"})


def printable(text: str) -> str:
    """`text` with each code point outside the embedded fonts written as ``[U+XXXX]``.

    Control, private-use, surrogate and unassigned code points are always written out; line feed and tab
    stay, other line ends become line feeds. Without this a missing glyph breaks PDF/A (ISO 19005-3,
    6.2.11.8), and an invisible direction mark could make a record read differently from what it says.
    """
    if text.isascii() and text.isprintable():
        return text
    fonts = covered()
    return "".join(
        char
        if char in _LAYOUT or (ord(char) in fonts and unicodedata.category(char) not in _NEVER)
        else f"[U+{ord(char):04X}]"
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
    )
