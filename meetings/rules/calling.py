"""What the answers to an invitation let expect."""

from collections.abc import Iterable
from dataclasses import dataclass

from meetings.choices import Coming


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the answers of the members let expect of the quorum; `word` is likely, open or not to be reached."""

    members: int
    accepted: int
    declined: int
    needed: int

    @property
    def word(self) -> str:
        if self.accepted >= self.needed:
            return "likely"
        return "open" if self.members - self.declined >= self.needed else "not to be reached"

    @property
    def sentence(self) -> str:
        """Such as "4 of 5 members accepted, 3 needed: quorum likely"."""
        noun = "member" if self.members == 1 else "members"
        return f"{self.accepted} of {self.members} {noun} accepted, {self.needed} needed: quorum {self.word}"


def expectation(answers: Iterable[str | None], needed: int) -> Expectation:
    """Count the answers of the members, None for who has not answered; `needed` is the body's quorum."""
    given = list(answers)
    return Expectation(len(given), given.count(Coming.ACCEPTED), given.count(Coming.DECLINED), needed)
