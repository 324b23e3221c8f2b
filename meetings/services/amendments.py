"""Amendments of signed minutes: the body decides them by a motion, a chair writes them beside the minutes."""

from audit.acts import record, service
from audit.services import jobs
from decisions.services.rules import RuleBroken, said
from governance.authority import moment
from governance.models import Person
from meetings.models import Amendment, Minutes, Motion
from meetings.rules.workflow import MinutesState
from meetings.selectors.minutes import amending_motions, document_key, signers
from meetings.services.minutes import RENDERER, cleaned, enter_minutes
from meetings.services.signing import printed_as


@service
def amend_minutes(*, actor: Person, minutes: Minutes, motion: Motion | None, text: str, reason: str) -> Amendment:
    """Correct signed minutes beside them, never in them, by a motion that carried in a later meeting of their body.

    Raises AuthorityRefused, RuleBroken.
    """
    minutes, ruling = enter_minutes(
        actor, minutes, "minutes.amended", offices=signers, licensed=True, reason=reason.strip(), attempted=text[:200]
    )
    if minutes.state != MinutesState.SIGNED:
        raise RuleBroken("text", "Amendment: only signed minutes are amended; return these to the secretary instead.")
    if motion is None or not amending_motions(minutes).filter(pk=motion.pk).exists():
        raise RuleBroken(
            "motion",
            "Motion: minutes are amended by a motion that carried in a later meeting, after they were signed, and that "
            "amends no others.",
        )
    said(text=text, reason=reason)
    assert minutes.signature
    amendment = record(
        Amendment,
        **printed_as(ruling),
        minutes=minutes,
        motion=motion,
        number=minutes.amendments.count() + 1,
        text=cleaned(text),
        reason=reason.strip(),
        amended_at=moment(),
    )
    jobs.ask(
        key=document_key(minutes.signature.version, amendments=amendment.number),
        renderer=RENDERER,
        practice_id=minutes.meeting.practice_id,
        arguments={"minutes": minutes.pk, "amendments": amendment.number},
    )
    return amendment
