"""Times of coming and going that are claimed afterwards, within the meeting."""

from datetime import datetime

from decisions.services.rules import RuleBroken
from meetings.models import Meeting
from meetings.rules.tally import Result
from meetings.words import clock


def claimable(meeting: Meeting, claimed: datetime, now: datetime, own: tuple[datetime | None, str]) -> datetime:
    """The time claimed, if the record has room for it: in the meeting, after its last vote and that person's last time.

    `own` is that person's time and what happened then. A claim names minutes: within the minute of an earlier event it
    counts as right after it. Raises RuleBroken naming what stands in the way.
    """

    def told(at: datetime) -> str:
        return clock(meeting.practice.local(at).isoformat())

    if meeting.opened_at is None:
        raise RuleBroken("at", "Time: before the opening, who comes and goes is recorded at the moment.")
    if claimed > now:
        raise RuleBroken("at", f"Time: {told(claimed)} has not come yet.")
    bounds = [(meeting.opened_at, "the meeting opened")]
    vote = (
        meeting.motions.filter(decided_at__isnull=False).exclude(result=Result.WITHDRAWN).order_by("decided_at").last()
    )
    if vote and vote.decided_at:
        bounds.append((vote.decided_at, f"motion {vote.number} was voted on, which counted who was there,"))
    if own[0]:
        bounds.append((own[0], own[1]))
    latest, event = max(bounds)
    if claimed >= latest:
        return claimed
    if claimed == latest.replace(second=0, microsecond=0):
        return latest
    raise RuleBroken("at", f"Time: {told(claimed)} is before {event} at {told(latest)}. Is the time right?")
