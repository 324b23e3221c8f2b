"""A text of several lines goes through the one reading (audit/markup.py), wherever a template shows it."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

TEMPLATES = Path(__file__).parent.parent / "templates"
READINGS = ("markup", "typed", "inline", "truncatewords", "truncatechars", "length", "default")
"""The filters that show such a text; the truncating ones stand in lists, beside a link to the whole."""

WORDS = {
    "actor_name", "address", "body", "capacity", "compartment", "error", "fields", "flag", "header", "key", "kind",
    "media_type", "name", "object", "object_id", "object_type", "office", "office_name", "origin", "outcome", "path",
    "renderer", "request", "right", "row_key", "session_data", "side", "state", "table_name", "column_name", "title",
    "token", "token_secret", "value", "verb", "via",
}  # fmt: skip
"""Columns of one word or one line, and those that only the machine writes."""

OWN = {"canonical", "meaning", "sentence", "account", "own_days", "points", "note"}
"""Composed by the product, shown byte for byte, or shown by a template that names them for itself."""


def typed_columns() -> set[str]:
    return {
        field.name
        for model in apps.get_models()
        if not model.__name__.startswith("Historical")
        for field in model._meta.get_fields()
        if isinstance(field, models.TextField)
    } - WORDS - OWN  # fmt: skip


PRINTED = sorted(
    path
    for pattern in ("print_*", "pack_*", "packet_*", "minutes_record*", "consent*", "decision*", "proposal*", "action*")
    for path in TEMPLATES.rglob(pattern)
    if path.suffix == ".html" and "components" not in path.parts
)


@pytest.mark.parametrize("path", PRINTED, ids=lambda path: path.name)
def test_a_typed_text_is_never_shown_by_another_filter(path: Path) -> None:
    columns = typed_columns()
    assert {"text", "rationale", "reason", "detail", "disclosure", "conditions"} <= columns
    other = [
        found[0]
        for found in re.finditer(r"{{ ([\w.]+)((?:\|[^}]*?)?) }}", path.read_text())
        if found[1].split(".")[-1] in columns and not re.match(rf"\|({'|'.join(READINGS)})\b", found[2])
    ]
    known = [
        "{{ purpose }}",
        "{{ month.status.text|capfirst }}",
        '{{ session.reported_out|default:"nothing" }}',
        "{{ form.text }}",
    ]
    assert [one for one in other if one not in known] == []


def test_no_template_breaks_lines_in_its_own_way() -> None:
    assert [
        path.name for path in TEMPLATES.rglob("*.html") if re.search(r"\|linebreaks(br)?\b", path.read_text())
    ] == []
