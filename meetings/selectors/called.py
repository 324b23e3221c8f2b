"""How far the roll of a motion that waits has been answered by own acts, and whether somebody may still answer it."""

from dataclasses import dataclass
from typing import Any

from governance.models import Person
from meetings.models import Ballot, Motion
from meetings.rules.tally import CAST, Choice
from meetings.selectors.room import Room, Seat, told_vote

WORDS = [(choice.value, choice.label.capitalize()) for choice in Choice if choice in CAST]
"""What a member may say."""


@dataclass(frozen=True)
class Called:
    """A motion that waits, as whoever looks at it sees its roll."""

    rows: list[dict[str, Any]]
    """Every member, as components/roll_call.html takes them."""
    cast: int
    voting: int
    may: bool
    """Whether the person who looks is a member who may vote on it now."""
    own: Ballot | None
    """The vote that this person cast, if it counts."""
    told: str

    @property
    def words(self) -> list[tuple[str, str]]:
        return WORDS


def called(room: Room, motion: Motion, person: Person) -> Called:
    """The roll of the motion that is voted on next; no query."""
    recused = {recusal.attendance_id for recusal in room.recusals} if motion.item_id else set()
    ballots = {member: ballot for (of, member), ballot in room.ballots.items() if of == motion.pk}
    members = [seat for seat in room.seats if seat.member]
    voting = {seat.attendance.pk for seat in members if seat.here} - recused
    mine = next((seat.attendance.pk for seat in members if seat.attendance.person_id == person.pk), None)
    own = ballots.get(mine) if mine in voting else None

    def row(seat: Seat) -> dict[str, Any]:
        ballot = ballots.get(seat.attendance.pk)
        votes = seat.attendance.pk in voting
        if votes:
            word = Choice(ballot.choice).label.capitalize() if ballot else "Not yet"
        else:
            word = "Recused" if seat.attendance.pk in recused else "Absent"
        return {
            "name": seat.attendance.name,
            "side": seat.attendance.side.lower(),
            "office": seat.attendance.office,
            "word": word,
            "absent": not (votes and ballot),
            "note": told_vote(room.meeting, ballot.choice if votes else Choice.ABSENT, ballot) if ballot else "",
        }

    return Called(
        rows=[row(seat) for seat in members],
        cast=len(voting & set(ballots)),
        voting=len(voting),
        may=mine in voting,
        own=own,
        told=told_vote(room.meeting, own.choice, own) if own else "",
    )
