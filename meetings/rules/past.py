"""What signed minutes say of a meeting held before, typed line by line; and where they contradict themselves. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from meetings.choices import Role, Standing

_VOTES = re.compile("(\\d{1,3})\\s*[-\u2013]\\s*(\\d{1,3})\\s*[-\u2013]\\s*(\\d{1,3})")
_RESULTS = ("carried", "failed", "decided")
_STANDINGS = (Standing.PRESENT, Standing.EXCUSED, Standing.ABSENT)


class Unreadable(ValueError):
    """A line cannot be read; the message names it and its rule."""


@dataclass(frozen=True)
class Attendee:
    """Somebody whom the minutes list."""

    name: str
    role: str
    standing: str


@dataclass(frozen=True)
class Result:
    """A motion or decision; votes for, against and abstaining, where they are counted."""

    text: str
    result: str
    votes: tuple[int, int, int] | None = None
    mover: str = ""
    seconder: str = ""


def attendees(typed: str) -> list[Attendee]:
    """Lines such as "Jane Doe, MD; member; present"; role and standing may be left out. Raises Unreadable."""
    found: list[Attendee] = []
    for number, parts in _lines(typed, 3):
        name, role, standing = parts
        role, standing = role.lower() or Role.MEMBER, standing.lower() or Standing.PRESENT
        if role not in Role:
            raise Unreadable(f"Line {number}: “{role}” is no role; write {', '.join(Role)}.")
        if standing not in _STANDINGS:
            raise Unreadable(f"Line {number}: “{standing}” is not {', '.join(_STANDINGS)}.")
        if len(name) > 160:
            raise Unreadable(f"Line {number}: a name has at most 160 characters.")
        if any(_same(name, one.name) for one in found):
            raise Unreadable(f"Line {number}: {name} stands in the list already.")
        found.append(Attendee(name, role, standing))
    return found


def results(typed: str) -> list[Result]:
    """Lines such as "To extend the hours; carried; 3-0-1; Jane Doe; Ann Bell". Raises Unreadable."""
    found = []
    for number, (text, result, votes, mover, seconder) in _lines(typed, 5):
        if result.lower() not in _RESULTS:
            said = f", not “{result}”" if result else ""
            raise Unreadable(f"Line {number}: after the text stands carried, failed or decided{said}.")
        counted = _VOTES.fullmatch(votes)
        if votes and not counted:
            raise Unreadable(f"Line {number}: votes are for-against-abstaining, such as 3-0-1, not “{votes}”.")
        cast = (int(counted[1]), int(counted[2]), int(counted[3])) if counted else None
        if max(len(mover), len(seconder)) > 160:
            raise Unreadable(f"Line {number}: a name has at most 160 characters.")
        found.append(Result(text, result.lower(), cast, mover, seconder))
    return found


def questions(there: Sequence[Attendee], told: Iterable[Result]) -> list[str]:
    """Where the results contradict the attendance or their own count, each as a question to whoever enters them."""
    present = [one for one in there if one.standing == Standing.PRESENT]
    voters = [one for one in present if one.role == Role.MEMBER]
    asked = []
    for number, one in enumerate(told, start=1):
        for name, did in ((one.mover, "moved"), (one.seconder, "seconded")):
            if name and there and not any(_same(name, other.name) for other in present):
                asked.append(f"Result {number}: {name} {did} it, and is not listed as present. Who did?")
        if one.votes is None:
            continue
        cast, carried = sum(one.votes), one.votes[0] > one.votes[1]
        if there and cast > len(voters):
            asked.append(
                f"Result {number}: {cast} votes are counted, and {len(voters)} members are listed as present. Who"
                " voted?"
            )
        if carried != (one.result != "failed"):
            asked.append(
                f"Result {number}: {one.votes[0]} for and {one.votes[1]} against, and it is called {one.result}."
                " Which is right?"
            )
    return asked


def _same(one: str, other: str) -> bool:
    """Whether two ways to write a name mean one person: credentials behind a comma make no difference."""
    return one.partition(",")[0].strip().casefold() == other.partition(",")[0].strip().casefold()


def _lines(typed: str, columns: int) -> Iterable[tuple[int, list[str]]]:
    for number, line in enumerate(typed.splitlines(), start=1):
        if not line.strip():
            continue
        parts = [part.strip() for part in line.split(";")]
        if len(parts) > columns:
            raise Unreadable(f"Line {number}: more than {columns} parts; a semicolon stands only between them.")
        if not parts[0]:
            raise Unreadable(f"Line {number}: something must stand before the first semicolon.")
        yield number, parts + [""] * (columns - len(parts))
