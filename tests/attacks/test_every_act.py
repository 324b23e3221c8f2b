"""Every act is walked in docs/attacks.md: could the management company, with one careless physician, make it count?"""

import re
from pathlib import Path

from tests.services import services

PAGE = Path(__file__).parents[2] / "docs" / "attacks.md"


def walked() -> list[str]:
    """The services that the table names, in its first column."""
    section = PAGE.read_text().split("## Every act, walked", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [name for line in lines for name in re.findall(r"`(\w+)`", line.split(" | ")[0])]


def test_every_service_is_walked_once_and_none_that_is_gone() -> None:
    found, told = services(), walked()
    assert len(found) > 100
    assert set(found) - set(told) == set(), "services that nobody asked about"
    assert set(told) - set(found) == set(), "services that are no more"
    assert len(told) == len(set(told)), "a service is walked twice"


def test_each_answer_says_from_where_and_why() -> None:
    section = PAGE.read_text().split("## Every act, walked", 1)[1].split("\n## ", 1)[0]
    for line in section.splitlines():
        if line.startswith("| `"):
            acts, offices, answer = line.strip("| ").split(" | ")
            assert acts
            assert offices
            assert len(answer.split()) > 4, acts
