"""Who has cast a vote by an own act on the motions that wait."""

from collections.abc import Iterable

from meetings.models import Ballot, Motion

type Ballots = dict[tuple[int, int], Ballot]
"""The newest ballot of each member, by the keys of motion and attendance."""


def ballots_on(motions: Iterable[Motion]) -> Ballots:
    """The ballots that were cast on these motions as they read now; no query where no motion waits."""
    reading = {motion.pk: motion.amended_by.pk if motion.amended_by else None for motion in motions}
    if not reading:
        return {}
    cast = Ballot.objects.filter(motion__in=reading).order_by("pk")
    return {
        (ballot.motion_id, ballot.attendance_id): ballot
        for ballot in cast
        if ballot.amended_by_id == reading[ballot.motion_id]
    }
