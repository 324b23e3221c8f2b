"""Letters whose encoding a file does not say: kept byte for byte until the person has said how they are read.

Pure functions. Such a text is held as one character per byte (ISO 8859-1), from which every reading can still be made.
"""

from collections.abc import Sequence

ENCODINGS = {
    "cp1252": "Windows, as Excel saves CSV in the United States and Western Europe",
    "mac_roman": "Mac, as older programs on a Mac save it",
    "cp1250": "Windows, Central Europe",
}
"""How the letters may be meant, the most frequent first."""


def held(data: bytes) -> str:
    """The bytes as text that loses none of them."""
    return data.decode("iso-8859-1")


def meant(text: str, encoding: str) -> str:
    """A held text as it reads in this encoding. Raises UnicodeDecodeError for a byte that has no meaning there."""
    return text.encode("iso-8859-1").decode(encoding)


def readings(texts: Sequence[str], shown: int = 3) -> list[tuple[str, str, list[str]]]:
    """The encodings in which all these texts can be read, each with its words and the first texts that differ.

    Encodings in which all read alike are offered once.
    """
    asked = [text for text in texts if not text.isascii()]
    found: dict[tuple[str, ...], tuple[str, str, list[str]]] = {}
    for encoding, words in ENCODINGS.items():
        try:
            so = tuple(meant(text, encoding) for text in asked)
        except UnicodeDecodeError:
            continue
        if all(char.isprintable() or char in "\r\n\t\u00a0" for text in so for char in text):
            found.setdefault(so, (encoding, words, [text.strip()[:60] for text in so[:shown]]))
    return list(found.values())
