"""Text that a document can show: what no embedded font has is written out, never dropped."""

from audit.documents.fonts import covered
from audit.documents.further import holds
from audit.visible import visible

_LAYOUT = frozenset("\n\t")


def printable(text: str) -> str:
    """`text` with each code point outside the embedded fonts, and each invisible one, written as ``[U+XXXX]``.

    Line feed and tab stay, other line ends become line feeds. Without this a missing glyph breaks PDF/A (ISO 19005-3,
    6.2.11.8).
    """
    if text.isascii() and text.isprintable():
        return text
    fonts = covered()
    return "".join(
        char if char in _LAYOUT or ord(char) in fonts or holds(char) else f"[U+{ord(char):04X}]"
        for char in visible(text)
    )
