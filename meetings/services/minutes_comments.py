"""Minutes circulated for comment before they are submitted: what is said to them, and what becomes of it."""

from datetime import datetime, timedelta

from audit.acts import record, service
from decisions.models.base import by
from decisions.services.rules import RuleBroken, said
from governance.authority import moment
from governance.models import Person
from meetings.choices import Compartment
from meetings.models import AgendaItem, Comment, CommentAnswer, Minutes, MinutesVersion
from meetings.selectors.minutes import expected, keepers, last_day, members, was_expected
from meetings.services.minutes import enter_minutes, require_draft, write_version
from meetings.services.notices import write_circulated

LONGEST = timedelta(days=60)
"""How long minutes may lie before the members for comment."""


@service
def circulate_minutes(*, actor: Person, minutes: Minutes, revision: int, until: datetime) -> MinutesVersion:
    """Put the draft before those who were expected, who may comment on it until that moment; it stays a draft.

    Raises AuthorityRefused, RuleBroken.
    """
    minutes, _ = enter_minutes(actor, minutes, "minutes.circulated", offices=keepers)
    require_draft(minutes)
    at = moment()
    if not at < until <= at + LONGEST:
        raise RuleBroken("until", f"Last day: from today on, and at most {LONGEST.days} days ahead.")
    version = write_version(minutes, revision, circulated_until=until)
    write_circulated(version, [person for person in expected(minutes.meeting, at) if person != actor])
    return version


@service
def comment_on_minutes(
    *, actor: Person, minutes: Minutes, version: MinutesVersion, text: str, item: AgendaItem | None = None
) -> Comment:
    """Comment on the circulated version: by who was expected at the meeting, in any office in force.

    Raises AuthorityRefused, RuleBroken.
    """
    minutes, ruling = enter_minutes(actor, minutes, "minutes.commented", offices=members, attempted=text[:200])
    require_draft(minutes)
    if not was_expected(actor, minutes.meeting):
        raise RuleBroken("text", "Comment: who was expected at the meeting comments on its minutes.")
    if version.minutes_id != minutes.pk or version.number != minutes.version or version.circulated_until is None:
        raise RuleBroken("text", f"Comment: version {version.number} is not the one that lies before you.")
    if moment() >= version.circulated_until:
        raise RuleBroken("text", f"Comment: the time for comments was over with {last_day(version):%-d %B %Y}.")
    said(text=text)
    if item is not None and (item.meeting_id != minutes.meeting_id or item.compartment != Compartment.OPEN):
        raise RuleBroken("item", "Item: choose an open item of this meeting, or none.")
    assert ruling.appointment
    return record(
        Comment, **by(ruling.appointment), version=version, item=item, text=text.strip(), commented_at=moment()
    )


@service
def answer_comment(*, actor: Person, comment: Comment, taken_up: bool, reason: str = "") -> CommentAnswer:
    """Say whether a comment was taken up into the draft; where it was not, why.

    Raises AuthorityRefused, RuleBroken.
    """
    minutes, ruling = enter_minutes(
        actor, comment.version.minutes, "minutes.comment_answered", offices=keepers, reason=reason.strip()
    )
    require_draft(minutes)
    if CommentAnswer.objects.filter(comment=comment).exists():
        raise RuleBroken("reason", "Answer: this comment is answered already.")
    if not taken_up:
        said(reason=reason)
    assert ruling.appointment
    return record(
        CommentAnswer,
        **by(ruling.appointment),
        comment=comment,
        taken_up=taken_up,
        reason=reason.strip(),
        answered_at=moment(),
    )
