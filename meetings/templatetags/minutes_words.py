"""How the facts of a meeting are shown: times as a person reads them, attendance and votes as rows."""

from typing import Any

from django import template

from audit.ledger.note import Checkpoint
from meetings.choices import Role, Standing
from meetings.facts import Facts
from meetings.rules.tally import Choice
from meetings.words import clock, day, moment, told_ballot, told_notice, weekday

register = template.Library()
for words in (clock, day, moment, told_notice, weekday):
    register.filter(words.__name__, words)


_PART = {Role.MEMBER: "Member", Role.SECRETARY: "Secretary", Role.COUNSEL: "Counsel", Role.GUEST: "Invited"}


@register.filter
def attendance_rows(facts: Facts) -> list[dict[str, Any]]:
    """Everybody of the attendance: name, side, office, part in the meeting, and when they were there."""
    return [
        {
            "name": person["name"],
            "side": person["side"].lower(),
            "office": person["office"],
            "part": _PART[person["role"]],
            "word": _when(person),
            "absent": not person["stays"],
        }
        for person in facts["attendance"]
    ]


def _when(person: Facts) -> str:
    stays = [
        f"{clock(stay['arrived'])}{_recorded(stay.get('arrival_recorded', ''))} to "
        f"{clock(stay['left']) or 'the end'}{_recorded(stay.get('departure_recorded', ''))}, {stay['mode']}"
        for stay in person["stays"]
    ]
    return "; ".join(stays) or Standing(person["standing"]).label


def _recorded(at: str) -> str:
    """When a time that was claimed afterwards was recorded; nothing for one recorded at the moment."""
    return f" (recorded {clock(at)})" if at else ""


@register.filter
def roll_rows(motion: Facts) -> list[dict[str, Any]]:
    """The roll call of a motion: who moved, who seconded, who voted how, and by whose act where they differ."""
    recorded_by = motion["votes_recorded_by"] if by_own_acts(motion) else ""
    parts = {motion["seconder"]: "seconded", motion["mover"]: "moved"}
    return [
        {
            "name": vote["name"],
            "part": parts.get(vote["name"], ""),
            "side": vote["side"].lower(),
            "office": vote["office"],
            "word": Choice(vote["vote"]).label.capitalize(),
            "absent": vote["vote"] == Choice.ABSENT,
            "note": told_ballot(vote["vote"], vote.get("ballot"), recorded_by),
        }
        for vote in motion["votes"]
    ]


@register.filter
def by_own_acts(motion: Facts) -> bool:
    """Whether a member voted on the motion by an own act; of closed parts and earlier records none is known."""
    return any(vote.get("ballot") for vote in motion["votes"])


@register.filter
def root(checkpoint: Checkpoint) -> str:
    """The root hash of a checkpoint in base64, as in its note."""
    return checkpoint.text().splitlines()[2]


@register.filter
def motions(facts: Facts) -> list[Facts]:
    """Every motion in the order it was put, those under items with the item's number."""
    return sorted([*gathered(facts, "motions"), *facts.get("procedure", ())], key=lambda motion: motion["number"])


@register.filter
def at(values: dict[int, Any] | str, key: int) -> Any:
    """The value under a key, or nothing; nothing too where the page has no such values."""
    return values.get(key) if isinstance(values, dict) else None


@register.filter
def gathered(facts: Facts, name: str) -> list[Facts]:
    """What all items hold under a name, such as their motions, each with the item's number."""
    return [{**entry, "item": item["number"]} for item in facts["items"] for entry in item.get(name, [])]
