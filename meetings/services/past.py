"""Meetings held before the practice began here: entered with their scan, then confirmed or withdrawn."""

from dataclasses import dataclass
from datetime import datetime

from audit.acts import current, record, service
from audit.documents.base import is_pdf
from audit.services.documents import write_document
from decisions.services.paper_files import judged
from decisions.services.rules import RuleBroken, hold, said
from governance.authority import exercise, moment, take_part
from governance.models import Body, Person
from meetings.choices import Mode, PastState
from meetings.models import Meeting, PastAttendance, PastMeeting, PastResult
from meetings.rules.past import Attendee, Result, questions
from meetings.services.base import OVERSIGHT, RECORDERS

KIND = "past minutes"


class Contradictory(RuleBroken):
    """The results contradict the attendance or themselves; kept so only when that is how the minutes read."""


@dataclass(frozen=True, kw_only=True)
class PastFacts:
    """What the signed minutes say. `as_stated` keeps contradictions that stand in the minutes themselves."""

    held_at: datetime
    ended_at: datetime | None
    place: str
    mode: str
    chair: str
    chair_office: str
    secretary: str = ""
    quorate: bool | None = None
    remark: str = ""
    attendees: list[Attendee]
    results: list[Result]
    as_stated: bool = False


@service
def enter_past_meeting(
    *, actor: Person, body: Body, facts: PastFacts, scan: bytes, compartment: str = "open"
) -> PastMeeting:
    """Enter a meeting that was held before the practice began here, with the scan of its signed minutes.

    By the recording secretary or a chair. The act is flagged as back-entry: its own moment is now, and what the minutes
    say of the past stands in the rows. Raises AuthorityRefused, RuleBroken.
    """
    practice = body.practice
    file = judged(scan, "scan.pdf") if is_pdf(scan) else None
    hold(practice)
    day = practice.local(facts.held_at)
    take_part(
        actor=actor,
        practice=practice,
        verb="past meeting.entered",
        offices=RECORDERS,
        right=OVERSIGHT,
        attempted=f"{body} of {day:%-d %B %Y}",
    )
    act = current()
    act.flag = act.flag or "back-entry"
    _check(body, facts)
    if file is None or file.refusal:
        raise RuleBroken("scan", f"Scan: {file.refusal if file else 'by its content this is no PDF'}.")
    document = write_document(
        data=scan,
        title=f"Signed minutes of {day:%-d %B %Y}, scanned",
        kind=KIND,
        object_type=PastMeeting._meta.label_lower,
        object_id=f"{day:%Y-%m-%d}",
        compartment=compartment,
        practice_id=practice.pk,
    )
    past = PastMeeting.objects.create(
        practice=practice, body=body, held_at=facts.held_at, ended_at=facts.ended_at, place=facts.place.strip(),
        mode=facts.mode, chair=facts.chair.strip(), chair_office=facts.chair_office.strip(),
        secretary=facts.secretary.strip(), quorate=facts.quorate, remark=facts.remark.strip(), scan=document,
    )  # fmt: skip
    for position, one in enumerate(facts.attendees, start=1):
        record(PastAttendance, past=past, position=position, name=one.name, role=one.role, standing=one.standing)
    for position, told in enumerate(facts.results, start=1):
        votes = told.votes or (None, None, None)
        record(
            PastResult, past=past, position=position, text=told.text, result=told.result, votes_for=votes[0],
            votes_against=votes[1], abstentions=votes[2], mover=told.mover, seconder=told.seconder,
        )  # fmt: skip
    act.about(past)
    return past


@service
def confirm_past_meeting(*, actor: Person, past: PastMeeting) -> PastMeeting:
    """The Medical Director confirms that the entry is what the signed minutes say (DR-30).

    Raises AuthorityRefused, RuleBroken.
    """
    past = _lock(past)
    exercise(
        actor=actor,
        practice=past.practice,
        right=OVERSIGHT,
        verb="past meeting.confirmed",
        attempted=str(past),
        about=past,
    )
    _entered(past)
    past.state = PastState.CONFIRMED
    past.save()
    return past


@service
def withdraw_past_meeting(*, actor: Person, past: PastMeeting, reason: str) -> PastMeeting:
    """Take back an entry that is not confirmed yet; it stays in the record, and can be entered anew.

    Raises AuthorityRefused, RuleBroken.
    """
    past = _lock(past)
    take_part(
        actor=actor,
        practice=past.practice,
        verb="past meeting.withdrawn",
        offices=RECORDERS,
        right=OVERSIGHT,
        reason=reason,
        attempted=str(past),
        about=past,
    )
    said(reason=reason)
    _entered(past)
    past.state, past.reason = PastState.WITHDRAWN, reason.strip()
    past.save()
    return past


def _check(body: Body, facts: PastFacts) -> None:
    practice = body.practice
    said(place=facts.place, chair=facts.chair, chair_office=facts.chair_office)
    if facts.mode not in Mode:
        raise RuleBroken("mode", f"Mode: “{facts.mode}” is none of {', '.join(Mode)}.")
    began = practice.local(practice.founded_at).date()
    if practice.local(facts.held_at).date() >= began:
        raise RuleBroken(
            "held_on",
            f"Held on: Brightline runs the meetings since {began:%-d %B %Y}. Only one held before is entered"
            " afterwards; a later month that was missed stays missed.",
        )
    if facts.held_at > moment():
        raise RuleBroken("held_on", "Held on: this day is still to come.")
    if facts.ended_at and facts.ended_at <= facts.held_at:
        raise RuleBroken("ended", "Ended: this is not after the beginning.")
    same = PastMeeting.objects.filter(body=body, held_at=facts.held_at).exclude(state=PastState.WITHDRAWN)
    if same.exists() or Meeting.objects.filter(body=body, opened_at=facts.held_at).exists():
        raise RuleBroken("held_on", "Held on: this meeting is on record already.")
    asked = questions(facts.attendees, facts.results)
    if asked and not facts.as_stated:
        raise Contradictory("results", f"Results: {' '.join(asked)}")
    if asked and not facts.remark.strip():
        raise RuleBroken("remark", "Remark: say in which words the minutes contradict themselves.")


def _lock(past: PastMeeting) -> PastMeeting:
    hold(past.practice)
    rows = PastMeeting.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("practice", "body").get(pk=past.pk)


def _entered(past: PastMeeting) -> None:
    if past.state != PastState.ENTERED:
        raise RuleBroken("past", f"The meeting is {PastState(past.state).label.lower()} already.")
