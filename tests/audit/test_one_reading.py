"""What is typed is what is read: the text layer inside the page of a sealed file, and what its signer was shown."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.template import engines

from audit.documents.render import render_pdf
from audit.visible import visible
from tests.audit.printed import words
from tests.audit.test_markup import MARKS, shown

CREATED = datetime(2026, 11, 20, 17, 42, 9, tzinfo=UTC)

TEXTS = {
    "minutes": (Path(__file__).parent / "texts" / "minutes.txt").read_text(),
    "motion": (Path(__file__).parent / "texts" / "motion.txt").read_text(),
    "signs": ">7 days, < 5 mg, ≥ 3, −4 °C, +2, ±1, 3.5 %, $ 40, § 2052, ½, 10⁹\n"
    "* alone, _ alone, # alone, \\ alone, | and ~",
    "tabs": "\tBudget\t3.5\t4.0\n\tRent\t12\t13\n" + "\t" * 24 + "Far to the right: DID NOT APPROVE",
    "blanks": f"A{' ' * 400}B and then DID NOT APPROVE\n{' ' * 300}C",
    "long": f"{'x' * 700} and {'-' * 300} and {'1234567890' * 60} and {'a/b.' * 150}",
    "long in a list": f"12. {'x' * 300}\n    - {'y' * 300}\n\t\t\t\t\t\t- {'z' * 300}",
    "nested": "1. a\n  1.1. b\n    (a) c\n      - d\n        - e\n2. f",
    "numbers": "1986. A great year\n\n1986) not a list\n3. 7. 9.\n3.\n\n7.\tthree\n100. hundred",
    "word": "non\u2011breaking \u2610 \u2611 \u2612 \uf0b7 \u2022 \u25aa \u25e6 "
    "line\u000btab \u00a0hard\u00a0space \u2026 \u201cx\u201d \u2013 \u2014 \u2192",
    "html": "<b>x</b> &amp; &#65; <!-- no --> <script>alert(1)</script> [a](b) ![c](d) <https://example.org>",
    "emphasis": "## One\nTwo **three four** and *five*.\n### Six",
}  # fmt: skip


def letters(text: str) -> str:
    """The characters that are seen, without the marks the format reads; a soft hyphen is a place to break at."""
    return re.sub(rf"[\s\u00ad{MARKS}]+", "", visible(text))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "place",
    [
        "{{ text|markup }}",
        "<section class='motion'><div class='text'>{{ text|typed }}</div></section>",
        "<table><colgroup><col class='w-20'><col class='w-15'><col class='w-35'><col class='w-30'></colgroup>"
        "<tr><th>D</th><td>E</td><td>{{ text|inline }}</td><td>F</td></tr></table>",
        "<blockquote>{{ text|typed }}</blockquote>",
    ],
    ids=["minutes", "motion", "cell", "quoted"],
)
def test_the_page_of_the_sealed_file_shows_what_was_typed(name: str, place: str, tmp_path: Path) -> None:
    text = TEXTS[name]
    html = engines["django"].from_string(place).render({"text": text})
    if "<td>E" in html:
        html = html.replace("<th>D</th><td>E</td>", "<th></th><td></td>").replace("<td>F</td>", "<td></td>")
    printed = words(render_pdf(html=f"<body>{html}</body>", title="One reading", created=CREATED), tmp_path)
    said = re.sub(r"\bPage \d+ of \d+\b", "", " ".join(word for word, _ in printed))
    assert re.sub(rf"[\s{MARKS}]", "", said) == letters(text)
    assert letters(shown(html)) == letters(text)
    assert [word for word, inside in printed if not inside] == []
