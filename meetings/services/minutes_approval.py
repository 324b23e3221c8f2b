"""The body approves minutes: of an earlier meeting in one exact version, or its own as read. Recorded in the room."""

from audit.acts import record, service
from decisions.models.base import by
from decisions.services.rules import RuleBroken
from governance.authority import moment
from governance.choices import ApprovedBy
from governance.models import Person
from meetings.choices import MotionKind
from meetings.models import AgendaItem, Approval, Meeting, Minutes, MinutesVersion, Motion
from meetings.rules.tally import Result
from meetings.rules.workflow import MinutesState
from meetings.services.base import enter_meeting, item_at_hand


@service
def approve_minutes(
    *, actor: Person, item: AgendaItem, motion: Motion, version: MinutesVersion | None = None
) -> Approval:
    """Record that a motion that carried under the item approves minutes.

    Where the item asks for the minutes of an earlier meeting, `version` is the one that lies before the chair; under
    any other item, without a version, it is the minutes of the running meeting, as read.
    Raises AuthorityRefused, RuleBroken.
    """
    meeting, ruling = enter_meeting(actor, item.meeting, "minutes.approved", attempted=f"Motion {motion.number}")
    item = item_at_hand(item, meeting)
    if meeting.body.minutes_approved_by != ApprovedBy.BODY:
        raise RuleBroken("motion", "Motion: by the rule of this body the chair approves its minutes, by signature.")
    motion = Motion.objects.get(pk=motion.pk)
    if motion.item_id != item.pk or motion.kind != MotionKind.MAIN or motion.result != Result.CARRIED:
        raise RuleBroken("motion", "Motion: choose one that carried under this item.")
    if Approval.objects.filter(motion=motion).exists():
        raise RuleBroken("motion", f"Motion: {motion.number} approves minutes already.")
    if item.minutes is not None:
        about = _at_hand(item.minutes, version)
    elif version is not None or Approval.objects.filter(meeting=meeting, version=None).exists():
        raise RuleBroken("motion", "Motion: these minutes are approved as read already, or another item is about them.")
    else:
        about = meeting
    assert ruling.appointment
    return record(
        Approval,
        **by(ruling.appointment),
        meeting=about,
        version=version,
        sha256=version.sha256 if version else "",
        motion=motion,
        approved_at=moment(),
    )


def _at_hand(minutes: Minutes, version: MinutesVersion | None) -> Meeting:
    """The meeting whose minutes these are. Raises RuleBroken unless the version lies before the chair."""
    waiting = Minutes.objects.select_for_update(no_key=True, of=("self",)).select_related("meeting__practice")
    minutes = waiting.get(pk=minutes.pk)
    if (
        minutes.state != MinutesState.SUBMITTED
        or version is None
        or version.minutes_id != minutes.pk
        or version.number != minutes.version
    ):
        raise RuleBroken(
            "version", f"Version: what is approved is the version that lies before the chair; {minutes.code} is "
            f"{minutes.state}, version {minutes.version}.",
        )  # fmt: skip
    if Approval.objects.filter(version=version).exists():
        raise RuleBroken("version", f"Version: {version.number} is approved already.")
    return minutes.meeting
