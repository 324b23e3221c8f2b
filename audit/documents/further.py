"""Fonts for letters that the document's own families lack, embedded only where a text needs them.

A name is a name: Hebrew, Arabic, Thai, Devanagari, Chinese, Japanese and Korean letters are printed, and so are the
boxes and hyphens of word processors. Files without such letters stay byte for byte as they were.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.metadata import version
from importlib.resources import files

from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from audit.documents.fonts import SCHEME, covered, kept


@dataclass(frozen=True)
class Further:
    """A font: its file name, CSS family, the package it comes from, and the file or module in it."""

    name: str
    family: str
    distribution: str
    source: str


FURTHER = (
    Further("further-latin.ttf", "Document Latin", "fontpkg_noto_sans", "files/NotoSans[wdth,wght].ttf"),
    Further("further-symbols.ttf", "Document Symbols", "pymupdf_fonts", "NotoSansSymbols2_Regular"),
    Further("further-hebrew.ttf", "Document Hebrew", "fontpkg_heebo", "files/Heebo[wght].ttf"),
    Further("further-arabic.ttf", "Document Arabic", "fontpkg_noto_sans_arabic", "files/NotoSansArabic[wdth,wght].ttf"),
    Further("further-thai.ttf", "Document Thai", "fontpkg_noto_sans_thai", "files/NotoSansThai[wdth,wght].ttf"),
    Further("further-han.otf", "Document Han", "noto_cjk_sans_jp_regular", "NotoSansCJKjp-Regular.otf"),
)
"""In the order in which they are asked; print-document.css names the families in the same order."""

_STYLES = [(weight, style) for weight in (400, 600) for style in ("normal", "italic")]


def needed(text: Iterable[str]) -> list[Further]:
    """The further fonts that hold the characters of `text` which the document's own families lack."""
    missing = {ord(char) for char in text} - covered()
    found = []
    for font in FURTHER if missing else ():
        if missing & _points(font):
            found.append(font)
            missing -= _points(font)
    return found


def holds(char: str) -> bool:
    """Whether one of the further fonts can show this character."""
    return any(ord(char) in _points(font) for font in FURTHER)


def faces_css(fonts: Iterable[Further]) -> str:
    """Their ``@font-face`` rules: one file for every weight and style, since none is made up from another."""
    return "\n".join(
        f'@font-face {{ font-family: "{font.family}"; font-weight: {weight}; font-style: {style}; '
        f'src: url("{SCHEME}:{font.name}") }}'
        for font in fonts
        for weight, style in _STYLES
    )


def further_bytes(name: str) -> bytes:
    """The static font of this file name, made once and kept. `KeyError` for any other name."""
    font = {font.name: font for font in FURTHER}[name]
    key = f"{font.distribution}-{version(font.distribution)}-fonttools-{version('fonttools')}"
    return kept(key, font.name, lambda: _static(font)).read_bytes()


def _source(font: Further) -> bytes:
    if font.distribution == "pymupdf_fonts":
        return bytes(import_module(f"pymupdf_fonts.{font.source}").fontbuffer)
    return files(font.distribution).joinpath(font.source).read_bytes()


def _static(font: Further) -> TTFont:
    # The file's own date stays, else the bytes change from one machine to the next.
    found = TTFont(io.BytesIO(_source(font)), recalcTimestamp=False)
    if "fvar" not in found:
        return found
    axes = {"wght": 400.0, "wdth": 100.0}
    return instantiateVariableFont(found, {axis.axisTag: axes[axis.axisTag] for axis in found["fvar"].axes})


@cache
def _points(font: Further) -> frozenset[int]:
    return frozenset(TTFont(io.BytesIO(_source(font)), lazy=True).getBestCmap())
