"""The facts of a closed part, as plain values: what its record stands on. Times as in meetings.facts."""

from collections.abc import Iterator
from datetime import datetime

from meetings.drafting import quoted
from meetings.facts import Facts
from meetings.models import Matter
from meetings.rules.tally import Choice
from meetings.selectors.closed_papers import standing
from meetings.selectors.compartments import outside, recorder_of
from meetings.words import clock, day, in_brief, listed

FORMAT = "brightline.closed/1"


def closed_facts(matter: Matter) -> Facts:
    """The record of a closed part in a bounded number of queries."""
    item = matter.item
    meeting, known, recorder = item.meeting, outside(matter.item), recorder_of(matter)

    def at(moment: datetime | None) -> str:
        return meeting.practice.local(moment).isoformat(timespec="seconds") if moment else ""

    stays = matter.stays.select_related("attendance").order_by("session", "attendance__name")
    resolutions = matter.resolutions.select_related("mover", "seconder")
    return {
        "format": FORMAT,
        "code": f"MIN-{meeting.code}",
        "practice": meeting.practice.name,
        "demonstration": meeting.practice.demonstration,
        "time_zone": meeting.practice.time_zone,
        "body": meeting.body.name,
        "date": at(meeting.opened_at or meeting.starts_at)[:10],
        "item": item.title,
        "compartment": item.compartment,
        "basis": known.basis,
        "designation": known.designation,
        "subject": matter.subject,
        "presenter": matter.presenter,
        "recorder": str(recorder) if recorder else "",
        "sessions": [
            {
                "began": at(session.began_at),
                "ended": at(session.ended_at),
                "reported_out": session.reported_out,
                "people": [
                    {
                        "name": stay.attendance.name,
                        "office": stay.attendance.office,
                        "side": stay.attendance.side,
                        "stayed": stay.stayed,
                        "rule": stay.rule,
                    }
                    for stay in stays
                    if stay.session_id == session.pk
                ],
            }
            for session in known.sessions
        ],
        "papers": [
            {"title": one.title, "version": one.number, "sha256": one.document.sha256}
            for one in standing(matter).values()
        ],
        "resolutions": [
            {
                "number": one.number,
                "text": one.text,
                "mover": one.mover.name,
                "seconder": one.seconder.name if one.seconder else "",
                "votes": [
                    {"name": vote["name"], "office": vote["office"], "side": vote["side"], "vote": vote["choice"]}
                    for vote in one.votes
                ],
                "sentence": one.sentence,
                "decided_at": at(one.decided_at),
            }
            for one in resolutions
        ],
    }


def closed_text(facts: Facts) -> str:
    """The first draft of the record of a closed part, in the text format of the record."""
    return "\n\n".join(_blocks(facts)) + "\n"


def _blocks(facts: Facts) -> Iterator[str]:
    yield f"## {in_brief(facts['subject'])}"
    for session in facts["sessions"]:
        stayed = [person["name"] for person in session["people"] if person["stayed"]]
        yield (
            f"The {facts['body']} of {facts['practice']} met in closed session on {day(facts['date'])} from "
            f"{clock(session['began'])} to {clock(session['ended']).rstrip('.')}. Basis: {facts['basis']}. "
            f"Present: {listed(stayed)}."
        )
    if facts["presenter"]:
        yield f"{facts['presenter']} presented the matter."
    for one in facts["resolutions"]:
        seconded = f", seconded by {one['seconder']}" if one["seconder"] else ", without a second"
        yield f"**Motion {one['number']}**, moved by {one['mover']}{seconded}:"
        yield quoted(one["text"])
        against = [vote["name"] for vote in one["votes"] if vote["vote"] == Choice.AGAINST]
        yield one["sentence"] + (f" Against: {listed(against)}." if against else "")
    for session in facts["sessions"]:
        yield f"Reported out: {session['reported_out'].rstrip('.') or 'nothing'}."
