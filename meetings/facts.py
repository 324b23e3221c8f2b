"""The facts of a meeting: what the minutes stand on. Plain values, so that they can be hashed, sealed and printed
without looking at a live row again. Times are ISO 8601 on the practice's clock; there are no floats.
"""

import hashlib
from datetime import date, datetime
from functools import partial
from typing import Any

from django.db.models import Prefetch, QuerySet

from audit.ledger.canonical import canonical
from decisions.models import CorrectiveAction, Decision, Determination, Revision
from decisions.selectors.papers import Shown
from governance.authority import moment
from meetings.choices import Role
from meetings.models import AgendaChange, AgendaItem, Attendance, Meeting, Motion, Recusal, Vote
from meetings.rules.quorum import QuorumRule, quorum, votes_needed
from meetings.selectors.clock import Entered, entered
from meetings.selectors.notice import notice_state
from meetings.selectors.papers import papers_by_item
from meetings.selectors.quorum import rule_of

FORMAT = "brightline.minutes/1"

type Facts = dict[str, Any]


def record_facts(meeting: Meeting) -> Facts:
    """The record of a meeting in session or adjourned, in a bounded number of queries however long it was."""
    practice, body = meeting.practice, meeting.body
    times = entered(meeting)
    attendances = sorted(meeting.attendances.prefetch_related("presences"), key=partial(_rank, meeting))
    items = list(_items(meeting))
    settled, authors = _settled(meeting), _authors(meeting)
    papers = papers_by_item(meeting, items)
    rule = rule_of(body)
    start = meeting.opened_at
    following = Meeting.objects.filter(body=body, starts_at__gt=meeting.starts_at).order_by("starts_at").first()
    release = meeting.releases.first()
    return {
        "format": FORMAT,
        "code": f"MIN-{meeting.code}",
        "practice": practice.name,
        "mso": practice.mso_name,
        "demonstration": practice.demonstration,
        "time_zone": practice.time_zone,
        "body": {"name": body.name, "kind": body.get_kind_display(), "authorized": body.authorized},
        "month": meeting.month.isoformat(),
        "date": _time(meeting, start or meeting.starts_at)[:10],
        "called_for": _time(meeting, meeting.starts_at),
        "opened_at": _time(meeting, start),
        "adjourned_at": _time(meeting, meeting.adjourned_at),
        "next_at": _time(meeting, following.starts_at if following else None),
        "place": meeting.place,
        "mode": meeting.get_mode_display(),
        "notice_at": _time(meeting, meeting.notice_at),
        "agenda": {
            "number": release.number,
            "released_at": _time(meeting, release.released_at),
            "sha256": _digest(release.content),
        }
        if release
        else None,
        "chair": {"name": str(meeting.chair.person), "office": meeting.chair.get_office_display()}
        if meeting.chair
        else None,
        "secretary": str(meeting.secretary) if meeting.secretary else "",
        "attendance": [_attendance(meeting, attendance, times) for attendance in attendances],
        "quorum": _start(meeting, rule, attendances) if start else None,
        "quorum_lost_at": _time(meeting, meeting.quorum_lost_at),
        "items": [
            {
                **_item(meeting, item, number, attendances, rule, settled.get(item.pk), authors),
                "files": [_file(meeting, paper) for paper in papers.get(item.pk, []) if not paper.withdrawal],
            }
            for number, item in enumerate(items, start=1)
        ],
        "procedure": [_motion(meeting, motion, authors) for motion in _procedure(meeting)],
        "closing_note": meeting.closing_note,
        **_notice(meeting, attendances),
    }


def _notice(meeting: Meeting, attendances: list[Attendance]) -> Facts:
    """Of a special meeting why it was called; and of one whose notice was short how it stood with each member."""
    told: Facts = {"special": {"number": meeting.special, "reason": meeting.call_reason}} if meeting.special else {}
    state = notice_state(meeting, attendances, moment())
    if state is None:
        return told
    members = [
        {
            "name": one.seat.name,
            "word": one.word.label,
            "at": _time(meeting, one.answer.answered_at if one.answer else None),
            "sha256": _digest(one.answer.meaning) if one.answer else "",
        }
        for one in state.members
    ]
    given = _time(meeting, state.given_at)
    verdict = {"sentence": state.verdict.sentence, "finding": state.verdict.finding}
    return {**told, "notice": {"asked": state.asked, "given_at": given, "members": members, **verdict}}


def paper_hash(revision: Revision) -> str:
    """SHA-256 of a proposal's revision as it was put: its texts in canonical form, in hexadecimal."""
    names = ("summary", "clinical_effect", "operations", "change_note")
    return _digest({"number": revision.number, **{name: getattr(revision, name) for name in names}})


def _digest(content: Any) -> str:
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def _items(meeting: Meeting) -> QuerySet[AgendaItem]:
    return meeting.items.select_related("proposal", "corrective_action").prefetch_related(
        Prefetch("recusals", Recusal.objects.select_related("attendance").order_by("disclosed_at", "pk")),
        Prefetch("motions", _motions()),
        Prefetch("agenda_changes", AgendaChange.objects.select_related("motion")),
        "item_decisions__motion",
        Prefetch("item_decisions__decision", Decision.objects.select_related("right", "person", "appointment")),
        Prefetch(
            "item_actions__corrective_action", CorrectiveAction.objects.select_related("practice", "owner", "verifier")
        ),
        "proposal__revisions",
        Prefetch(
            "proposal__determinations",
            Determination.objects.select_related("person", "appointment", "decision").order_by("decided_at", "pk"),
        ),
    )


def _motions() -> QuerySet[Motion]:
    votes = Vote.objects.select_related("attendance", "act", "ballot").order_by("attendance__name", "pk")
    return (
        Motion.objects.select_related("mover", "seconder", "amends", "approves__meeting__practice", "approves__version")
        .prefetch_related("amendments", Prefetch("votes", votes))
        .order_by("number")
    )


def _procedure(meeting: Meeting) -> QuerySet[Motion]:
    """The motions on the meeting itself: its agenda, its adjournment."""
    return _motions().filter(meeting=meeting, item__isnull=True)


def _authors(meeting: Meeting) -> dict[int, str]:
    """Who entered each motion into the record, for the members who moved it."""
    return dict(Motion.history.filter(meeting_id=meeting.pk, history_type="+").values_list("id", "actor_name"))


def _settled(meeting: Meeting) -> dict[int, datetime]:
    """When each item was handled or deferred, by the act that did it."""
    rows = (
        AgendaItem.history.filter(meeting_id=meeting.pk)
        .exclude(state="open")
        .order_by("-history_id")
        .values_list("id", "act__occurred_at")
    )
    return dict(rows)  # the oldest comes last and stays


def _time(meeting: Meeting, at: datetime | None) -> str:
    return meeting.practice.local(at).isoformat(timespec="seconds") if at else ""


def _date(day: date | None) -> str:
    return day.isoformat() if day else ""


_ROLES = (Role.MEMBER, Role.SECRETARY, Role.COUNSEL, Role.GUEST)


def _rank(meeting: Meeting, attendance: Attendance) -> tuple[int, bool, str]:
    """The chair first, then the members, then who attends without a vote."""
    chairs = meeting.chair is not None and meeting.chair.person_id == attendance.person_id
    return _ROLES.index(Role(attendance.role)), not chairs, attendance.name


def _attendance(meeting: Meeting, attendance: Attendance, times: dict[int, Entered]) -> Facts:
    return {
        "name": attendance.name,
        "office": attendance.office,
        "side": attendance.side,
        "role": attendance.role,
        "standing": attendance.standing,
        "stays": [
            {
                "mode": stay.mode,
                "arrived": _time(meeting, stay.arrived_at),
                "left": _time(meeting, stay.left_at),
                "arrival_recorded": _time(meeting, times.get(stay.pk, Entered()).arrival),
                "departure_recorded": _time(meeting, times.get(stay.pk, Entered()).departure),
            }
            for stay in attendance.presences.all()
        ],
    }


def _members_in_room(attendances: list[Attendance], at: datetime) -> list[Attendance]:
    """The voting members present at a moment; a stay covers its arrival, not its end."""
    return [
        attendance
        for attendance in attendances
        if attendance.role == Role.MEMBER
        and any(
            stay.arrived_at <= at and (stay.left_at is None or stay.left_at > at) for stay in attendance.presences.all()
        )
    ]


def _start(meeting: Meeting, rule: QuorumRule, attendances: list[Attendance]) -> Facts:
    """The quorum when it was first reached, since people arrive one by one; without one, as it was at the opening."""
    assert meeting.opened_at is not None
    arrivals = sorted(
        stay.arrived_at
        for attendance in attendances
        for stay in attendance.presences.all()
        if attendance.role == Role.MEMBER and stay.arrived_at > meeting.opened_at
    )
    for at in [meeting.opened_at, *arrivals]:
        state = _quorum(rule, _members_in_room(attendances, at))
        if state["met"]:
            return {**state, "reached_at": _time(meeting, at)}
    return {**_quorum(rule, _members_in_room(attendances, meeting.opened_at)), "reached_at": ""}


def _quorum(rule: QuorumRule, members: list[Attendance], recused: int = 0) -> Facts:
    state = quorum(rule, len(members), recused=recused)
    return {"needed": state.needed, "present": state.present, "met": state.met, "sentence": state.sentence}


def _item(
    meeting: Meeting,
    item: AgendaItem,
    number: int,
    attendances: list[Attendance],
    rule: QuorumRule,
    settled_at: datetime | None,
    authors: dict[int, str],
) -> Facts:
    at = settled_at or meeting.adjourned_at or moment()
    members = _members_in_room(attendances, at)
    recusals = list(item.recusals.all())
    away = {recusal.attendance_id for recusal in recusals}
    recused = sum(member.pk in away for member in members)
    votes = votes_needed(rule, len(members), bool(meeting.quorate_start), recused=recused)
    return {
        "number": number,
        "topic": item.get_topic_display(),
        "title": item.title,
        "purpose": item.get_purpose_display(),
        "presenter": item.presenter,
        "state": item.state,
        "settled_at": _time(meeting, at),
        "account": item.account,
        "deferral_reason": item.deferral_reason,
        "quorum": {**_quorum(rule, members, recused), "votes_needed": votes.needed, "votes": votes.sentence},
        "papers": _papers(item),
        "recusals": [
            {
                "name": recusal.attendance.name,
                "disclosure": recusal.disclosure,
                "left_room": recusal.left_room,
                "at": _time(meeting, recusal.disclosed_at),
            }
            for recusal in recusals
        ],
        "motions": [_motion(meeting, motion, authors) for motion in item.motions.all()],
        "agenda_changes": [
            {
                "motion": change.motion.number,
                "change": change.change,
                "before": change.place_before,
                "after": change.place_after,
            }
            for change in item.agenda_changes.all()
        ],
        "decisions": [_decision(meeting, link) for link in item.item_decisions.all()],
        "determinations": _determinations(meeting, item),
        "reviewed": {
            "code": item.corrective_action.code,
            "title": item.corrective_action.title,
            "state": item.corrective_action.get_state_display(),
        }
        if item.corrective_action
        else None,
        "actions": [_action(link.corrective_action) for link in item.item_actions.all()],
    }


def _papers(item: AgendaItem) -> list[Facts]:
    if item.proposal is None:
        return []
    number = item.revision_number or item.proposal.revision
    return [
        {
            "code": item.proposal.code,
            "title": item.proposal.title,
            "revision": revision.number,
            "sha256": paper_hash(revision),
        }
        for revision in item.proposal.revisions.all()
        if revision.number == number
    ]


def _file(meeting: Meeting, paper: Shown) -> Facts:
    """A paper as it lay before the body: which version, the hash of its bytes, and whether it came late."""
    version = paper.newest
    return {
        "title": version.title,
        "version": version.number,
        "file": version.file_name,
        "sha256": version.document.sha256,
        "by": str(version.person),
        "put_at": _time(meeting, version.made_at),
        "late": paper.late,
    }


def _motion(meeting: Meeting, motion: Motion, authors: dict[int, str]) -> Facts:
    votes = list(motion.votes.all())
    return {
        "number": motion.number,
        "kind": motion.kind,
        "amends": motion.amends.number if motion.amends else None,
        "text": motion.text,
        "as_amended": motion.as_amended,
        "amended": motion.amended,
        "entered_by": authors.get(motion.pk, ""),
        "votes_recorded_by": votes[0].act.actor_name if votes else "",
        "method": motion.get_method_display(),
        "mover": motion.mover.name,
        "seconder": motion.seconder.name if motion.seconder else "",
        "moved_at": _time(meeting, motion.moved_at),
        "decided_at": _time(meeting, motion.decided_at),
        "votes": [
            {
                "name": vote.attendance.name,
                "office": vote.attendance.office,
                "side": vote.attendance.side,
                "vote": vote.choice,
                "ballot": {"choice": vote.ballot.choice, "at": _time(meeting, vote.ballot.cast_at)}
                if vote.ballot
                else None,
            }
            for vote in votes
        ],
        "for": motion.votes_for,
        "against": motion.votes_against,
        "abstaining": motion.abstentions,
        "present": motion.present,
        "needed": motion.needed,
        "result": motion.get_result_display() if motion.result else "",
        "sentence": motion.sentence,
        "approves": motion.approves.sentence if hasattr(motion, "approves") else "",
    }


def _decision(meeting: Meeting, link: Any) -> Facts:
    decision: Decision = link.decision
    return {
        "code": decision.code,
        "title": decision.title,
        "text": decision.text,
        "rationale": decision.rationale,
        "right": decision.right.code,
        "right_name": decision.right.name,
        "holder": decision.holder,
        "by": str(decision.person),
        "office": decision.appointment.get_office_display(),
        "body": decision.body_name,
        "motion": link.motion.number if link.motion else None,
        "at": _time(meeting, decision.decided_at),
    }


def _determinations(meeting: Meeting, item: AgendaItem) -> list[Facts]:
    """What was determined about the item's proposal while the meeting was in session."""
    if item.proposal is None or meeting.opened_at is None:
        return []
    end = meeting.adjourned_at or moment()
    return [
        {
            "proposal": item.proposal.code,
            "revision": found.revision_number,
            "outcome": found.get_outcome_display(),
            "rationale": found.rationale,
            "conditions": found.conditions,
            "decision": found.decision.code if found.decision else "",
            "by": str(found.person),
            "office": found.appointment.get_office_display(),
            "sole_physician": found.sole_physician,
            "at": _time(meeting, found.decided_at),
        }
        for found in item.proposal.determinations.all()
        if meeting.opened_at <= found.decided_at <= end
    ]


def _action(action: CorrectiveAction) -> Facts:
    return {
        "code": action.code,
        "title": action.title,
        "action": action.action,
        "strength": action.get_strength_display(),
        "owner": str(action.owner),
        "due_on": _date(action.due_on),
        "measure": action.measure,
        "verifier": str(action.verifier),
    }
