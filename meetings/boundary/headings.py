"""The headings of Health & Safety Code 1191, and which decision rights and figures bear on each.

Which rights belong to a heading is told by their basis in the catalogue, which counsel adopts; which figures show how
it is kept is told by data/hsc_1191.csv (SB 351, Stats. 2025 ch. 409).
"""

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from governance.choices import Investor, Side
from governance.models import DecisionRight, Practice

OTHER = "other"
"""In place of a heading: the physicians' rights that the section does not name."""

_CITED = re.compile(r"\b1191((?:\([a-z0-9]+\))+(?:\s*(?:,|and)\s*(?:\([a-z0-9]+\))+)*)", re.IGNORECASE)
_ONE = re.compile(r"(?:\([a-z0-9]+\))+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: its place in the section, its words, shortened, the figures that show how it is kept, since when."""

    code: str
    words: str
    figures: tuple[str, ...]
    in_force: date


@cache
def headings() -> tuple[Heading, ...]:
    """All of them, in the order of the section."""
    text = (files("meetings") / "data" / "hsc_1191.csv").read_text(encoding="utf-8")
    return tuple(
        Heading(
            row["heading"],
            row["words"],
            tuple(one for one in row["figures"].split(";") if one),
            date.fromisoformat(row["in_force"]),
        )
        for row in csv.DictReader(text.splitlines())
    )


def cited(basis: str) -> frozenset[str]:
    """The headings that a right's basis cites: "HSC 1191(a)(1)(D) and (a)(2)(B)" cites two."""
    return frozenset(one for found in _CITED.findall(basis) for one in _ONE.findall(found))


def rights_by_heading(rights: Iterable[DecisionRight]) -> dict[str, list[str]]:
    """The codes of the rights under each heading, and under `OTHER` those of the physicians that no heading names."""
    found: dict[str, list[str]] = {code: [] for code in (*(heading.code for heading in headings()), OTHER)}
    for right in rights:
        known = cited(right.basis) & found.keys()
        for code in known or ({OTHER} if right.holder == Side.PC else set()):
            found[code].append(right.code)
    return found


def applies(practice: Practice) -> bool:
    """Whether reports say that the section applies; else it serves as a yardstick."""
    return practice.investor in {Investor.PRIVATE_EQUITY, Investor.HEDGE_FUND}


def standing_of(practice: Practice, end: date) -> str:
    """Whether the section binds the practice, in a sentence, by its investor as recorded."""
    if applies(practice):
        told = f"Section 1191 applies: a {practice.get_investor_display().lower()} is recorded behind the practice."
    elif practice.investor == Investor.NONE:
        told = "Used as a yardstick: no private equity group or hedge fund is recorded behind the practice."
    else:
        told = "Used as a yardstick: who invests in the practice is not stated."
    since = min(heading.in_force for heading in headings())
    if end < since:
        told += f" It is in force since {since:%B} {since.day}, {since.year}, after this period."
    return told
