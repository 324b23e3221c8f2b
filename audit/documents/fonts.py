"""The embedded fonts: Public Sans for text, Source Serif 4 for headings, Source Code Pro for fixed width.

The font packages hold variable fonts. WeasyPrint embeds those with glyph widths that differ from the font's
(veraPDF: ISO 19005-3, 6.2.11.5), so each weight is cut as a static font once and kept below ``var/``.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from audit.documents.base import PROJECT

SCHEME = "brightline-font"
"""Scheme of the addresses under which stylesheets name a cut, such as ``brightline-font:sans-600.ttf``."""

FEATURES = ["ccmp", "kern", "liga", "lnum", "locl", "mark", "mkmk", "tnum"]


@dataclass(frozen=True)
class Cut:
    """One static font: its file name, CSS family, weight and style, and where it is cut from."""

    name: str
    family: str
    weight: int
    style: str
    package: str
    source: str
    axes: tuple[tuple[str, float], ...]


def _sans(weight: int, style: str) -> Cut:
    return Cut(
        f"sans-{weight}-{style}.ttf",
        "Document Sans",
        weight,
        style,
        "fontpkg_public_sans",
        "PublicSans-Italic[wght].ttf" if style == "italic" else "PublicSans[wght].ttf",
        (("wght", weight),),
    )


def _serif(weight: int, style: str, optical_size: float) -> Cut:
    return Cut(
        f"serif-{weight}-{style}.ttf",
        "Document Serif",
        weight,
        style,
        "fontpkg_source_serif_4",
        "SourceSerif4-Italic[opsz,wght].ttf" if style == "italic" else "SourceSerif4[opsz,wght].ttf",
        (("opsz", optical_size), ("wght", weight)),
    )


def _mono() -> Cut:
    source = "SourceCodePro[wght].ttf"
    return Cut(
        "mono-400-normal.ttf",
        "Document Mono",
        400,
        "normal",
        "fontpkg_source_code_pro",
        source,
        (("wght", 400),),
    )


# Families of our own names, so that no font installed on the machine can take their place.
CUTS = {
    cut.name: cut
    for cut in (
        _sans(400, "normal"),
        _sans(400, "italic"),
        _sans(600, "normal"),
        _sans(600, "italic"),
        _serif(400, "normal", 12),
        _serif(400, "italic", 12),
        _serif(600, "normal", 24),
        _mono(),
    )
}


def font_faces_css() -> str:
    """The ``@font-face`` rules of all cuts: "Document Sans", "Document Serif" and "Document Mono"."""
    return "\n".join(
        f'@font-face {{ font-family: "{cut.family}"; font-weight: {cut.weight}; font-style: {cut.style}; '
        f'src: url("{SCHEME}:{cut.name}") }}'
        for cut in CUTS.values()
    )


def font_bytes(name: str) -> bytes:
    """The static font `name` of `CUTS`; cut on first use. `KeyError` for any other name."""
    return cut_path(CUTS[name]).read_bytes()


def cut_path(cut: Cut) -> Path:
    """The cached file of a cut, made when missing. Its folder names the versions its bytes depend on."""
    key = f"{cut.package}-{version(cut.package)}-fonttools-{version('fonttools')}"
    return kept(key, cut.name, lambda: _instantiate(cut))


def kept(key: str, name: str, make: Callable[[], TTFont]) -> Path:
    """The cached font file `name`, made by `make` when missing; `key` names the versions its bytes depend on."""
    path = PROJECT / "var" / "cache" / "fonts" / key / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and renamed: two processes may cut the same font at the same time.
        handle, aside = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            make().save(file)
        os.replace(aside, path)
    return path


@cache
def covered() -> frozenset[int]:
    """The code points that every cut of at least one family can show."""
    families: dict[str, set[int]] = {}
    for cut in CUTS.values():
        points = set(_variable(cut).getBestCmap())
        families[cut.family] = families.get(cut.family, points) & points
    return frozenset().union(*families.values())


def _variable(cut: Cut) -> TTFont:
    source = Path(str(files(cut.package).joinpath("files", cut.source)))
    # The file's own date stays, else the bytes change from one machine to the next.
    return TTFont(source, recalcTimestamp=False, lazy=True)


def _instantiate(cut: Cut) -> TTFont:
    font = _variable(cut)
    # Glyphs that only unused features reach are dropped first: halves the time of the next step.
    subsetter = Subsetter(Options(layout_features=FEATURES, notdef_outline=True, name_IDs=["*"]))
    subsetter.populate(unicodes=font.getBestCmap())
    subsetter.subset(font)
    return instantiateVariableFont(font, dict(cut.axes), inplace=True)
