"""Templates keep the content security policy and the component contract."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COMPONENTS = sorted((ROOT / "templates" / "components").glob("*.html"))
STYLES = sorted((ROOT / "static" / "css" / "components").glob("*.css"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_no_inline_script_or_style(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style\b", text)
    assert not re.search(r"<[^>]*\sstyle\s*=", text)
    assert not re.search(r"<[^>]*\s(on[a-z]+|hx-on[:\w-]*)\s*=", text)
    for tag in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in tag or 'type="application/json"' in tag


@pytest.mark.parametrize("path", COMPONENTS, ids=_name)
def test_component_names_its_variables_at_its_top(path: Path) -> None:
    assert path.read_text().startswith("{# ")


@pytest.mark.parametrize("path", STYLES, ids=_name)
def test_component_style_is_loaded(path: Path) -> None:
    sheet = "styleguide/index.html" if path.stem == "styleguide" else None
    loader = ROOT / "templates" / sheet if sheet else ROOT / "static" / "css" / "site.css"
    assert f"components/{path.name}" in loader.read_text()


def test_a_form_included_alone_is_given_its_token() -> None:
    """Without it each sending of the form is refused; Django's test client does not ask for it."""
    sends = {_name(path).removeprefix("templates/") for path in TEMPLATES if "csrf_token" in path.read_text()}
    alone = [
        (path, tag)
        for path in TEMPLATES
        for tag in re.findall(r"{% include .*? only %}", path.read_text())
        if "styleguide" not in path.parts and (found := re.match(r'{% include "(.+?)"', tag)) and found[1] in sends
    ]
    assert len(alone) > 50
    assert [f"{_name(path)}: {tag}" for path, tag in alone if " csrf_token=csrf_token" not in tag] == []
