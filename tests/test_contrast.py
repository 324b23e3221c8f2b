"""The colours of static/css/tokens.css hold WCAG 2.2 AA, light and dark."""

import re
from pathlib import Path

import pytest

TOKENS = Path(__file__).parent.parent / "static" / "css" / "tokens.css"
SURFACES = ["paper", "sheet", "wash"]
TEXTS = ["ink", "ink-2", "ink-3", "line", "pc", "mso", "ok", "due", "stop"]

# (foreground, background): text, criterion 1.4.3, at least 4.5 to 1
TEXT_PAIRS = [(text, surface) for text in TEXTS for surface in SURFACES] + [
    ("on-line", "line"),
    ("on-bar", "bar"),
    ("on-bar-2", "bar"),
    ("ok", "ok-wash"),
    ("due", "due-wash"),
    ("ink", "due-wash"),
    ("stop", "stop-wash"),
]
# Edges of controls, the bright line and the focus ring, criterion 1.4.11, at least 3 to 1
SHAPE_PAIRS = [(shape, surface) for shape in ["edge", "line"] for surface in SURFACES]


def _colours() -> dict[str, tuple[str, str]]:
    """Each token's light and dark colour."""
    found = re.findall(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);", TOKENS.read_text())
    return {name: (light, dark) for name, light, dark in found}


def _luminance(colour: str) -> float:
    """Relative luminance of "#rrggbb", 0 to 1 (WCAG 2.2, definitions)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    darker, lighter = sorted([_luminance(one), _luminance(other)])
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_formula_gives_the_known_extremes() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("foreground", "background"), TEXT_PAIRS)
def test_text_reads_on_its_surface(foreground: str, background: str, scheme: int) -> None:
    colours = _colours()
    assert _contrast(colours[foreground][scheme], colours[background][scheme]) >= 4.5


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("foreground", "background"), SHAPE_PAIRS)
def test_controls_stand_out_from_their_surface(foreground: str, background: str, scheme: int) -> None:
    colours = _colours()
    assert _contrast(colours[foreground][scheme], colours[background][scheme]) >= 3
