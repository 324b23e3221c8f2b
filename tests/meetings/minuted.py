"""A meeting that was held, written row by row in one act, for tests of its minutes alone."""

from datetime import UTC, date, datetime, timedelta

from audit.acts import record, service
from decisions.models import CorrectiveAction, Decision, Proposal
from decisions.models.base import by
from decisions.services.proposals import propose
from governance.authority import exercise, right_in_force
from governance.choices import Office
from governance.models import Appointment
from governance.models.scoped import next_number
from meetings.drafting import draft_text
from meetings.models import (
    AgendaItem,
    Attendance,
    ItemAction,
    ItemDecision,
    Meeting,
    Minutes,
    Motion,
    Presence,
    Recusal,
    Vote,
    WorkingDraft,
)
from tests.cast import Cast
from tests.conftest import unguarded

OPENED = datetime(2026, 10, 28, 0, 34, tzinfo=UTC)
"""5:34 p.m. on 27 October 2026 in Riverside."""


def held(cast: Cast, *, month: date = date(2026, 10, 1), opened_at: datetime = OPENED, items: int = 7) -> Minutes:
    """A meeting with a recusal, a carried motion, a decision, a corrective action and a deferral; minutes in draft.

    `items` discussion items come after the two in which something was decided.
    """
    proposal = propose(
        actor=cast.operations,
        practice=cast.practice,
        kind="operational",
        title="Student clearance package at the campus clinic",
        summary="Physicals, tuberculosis tests and immunizations for students in one visit.",
        clinical_effect="Positive tests are reviewed by a physician on the same day.",
        operations="Two campus days a week.",
    )
    with unguarded():
        return _held(cast=cast, month=month, opened_at=opened_at, items=items, proposal=proposal)


@service
def _held(*, cast: Cast, month: date, opened_at: datetime, items: int, proposal: Proposal) -> Minutes:
    practice = cast.practice
    decider = exercise(actor=cast.director, practice=practice, right="DR-21", verb="meeting.entered").appointment
    chair = Appointment.objects.in_force().get(person=cast.director, office=Office.MEDICAL_DIRECTOR)
    assert decider
    meeting = Meeting.objects.create(
        practice=practice,
        body=cast.body,
        month=month,
        starts_at=opened_at - timedelta(minutes=4),
        place="Flagship clinic, conference room",
        mode="hybrid",
        state="in_session",
        notice_at=opened_at - timedelta(days=7),
        opened_at=opened_at,
        chair=chair,
        secretary=cast.secretary,
        quorate_start=True,
    )
    people = {
        person.pk: Attendance.objects.create(
            meeting=meeting, person=person, name=str(person), office=name, side=side, role=role, standing=standing
        )
        for person, name, side, role, standing in (
            (cast.director, "Medical Director", "PC", "member", "present"),
            (cast.physician, "Physician", "PC", "member", "present"),
            (cast.alternate, "Alternate chair", "PC", "member", "present"),
            (cast.secretary, "Recording secretary", "MSO", "secretary", "present"),
            (cast.operations, "MSO operations", "MSO", "guest", "present"),
            (cast.pc_counsel, "PC counsel", "PC", "counsel", "excused"),
        )
    }
    minute = timedelta(minutes=1)
    for person, mode, arrived, left in (
        (cast.director, "in person", 0, None),
        (cast.physician, "remote", 0, None),
        (cast.alternate, "in person", 6, 48),
        (cast.secretary, "in person", 0, None),
        (cast.operations, "in person", 0, 52),
    ):
        Presence.objects.create(
            attendance=people[person.pk],
            mode=mode,
            arrived_at=opened_at + arrived * minute,
            left_at=opened_at + left * minute if left else None,
        )
    service_item = AgendaItem.objects.create(
        meeting=meeting,
        position=1,
        topic="scope of services",
        title="Student clearance package at the campus clinic",
        purpose="decision",
        presenter="Dana Cole",
        proposal=proposal,
        revision_number=1,
        state="handled",
        account="The body considered turnaround of tuberculosis tests, supervision on campus days and the protocol "
        "for positive results. Training of the two campus nurses is complete.",
    )
    record(
        Recusal,
        item=service_item,
        attendance=people[cast.alternate.pk],
        disclosure="Her spouse is employed by the university that would refer the students.",
        left_room=True,
        disclosed_at=opened_at + 14 * minute,
    )
    motion = Motion.objects.create(
        meeting=meeting,
        item=service_item,
        number=1,
        text="To approve CP-2026-001, revision 1, on condition that a physician reviews every positive tuberculosis "
        "test on the same day.",
        mover=people[cast.physician.pk],
        seconder=people[cast.director.pk],
        moved_at=opened_at + 20 * minute,
        decided_at=opened_at + 22 * minute,
        result="carried",
        votes_for=2,
        votes_against=0,
        abstentions=0,
        present=3,
        needed=2,
        sentence="Carried: 2 for, 0 against, 1 recused. An action needs 2 votes in favour (a majority of the 3 "
        "present, Corp. Code 307(a)(8)).",
    )
    for person, choice in ((cast.director, "for"), (cast.physician, "for"), (cast.alternate, "recused")):
        record(
            Vote,
            motion=motion,
            attendance=people[person.pk],
            choice=choice,
            voted_at=opened_at + 21 * minute,
        )
    right = right_in_force(practice, "DR-21")
    decision = record(
        Decision,
        practice=practice,
        **next_number(Decision, practice, opened_at.year),
        **by(decider),
        right=right,
        holder="PC",
        title="Student clearance package at Victorville",
        text="The student clearance package may be offered at the Victorville campus clinic.",
        rationale="Demand recurs every term; protocol, supervision and training are in place.",
        decided_at=opened_at + 22 * minute,
        body_name=cast.body.name,
    )
    record(ItemDecision, item=service_item, decision=decision, motion=motion)
    quality = AgendaItem.objects.create(
        meeting=meeting,
        position=2,
        topic="quality assurance",
        title="Quality assurance",
        state="handled",
        account="Two of forty charts lacked a same-day co-signature.\n\nThe cause is a template without the field.",
    )
    action = CorrectiveAction.objects.create(
        practice=practice,
        **next_number(CorrectiveAction, practice, opened_at.year),
        title="Same-day co-signature of campus charts",
        root_cause="The campus template has no field for the supervising physician.",
        action="Add the field and block the closing of a chart without it.",
        strength="strong",
        owner=cast.operations,
        due_on=date(2026, 12, 1),
        measure="Charts co-signed on the same day, 40 sampled, 100 %",
        verifier=cast.physician,
        opened_at=opened_at + 30 * minute,
    )
    record(ItemAction, item=quality, corrective_action=action)
    for number in range(items):
        deferred = number == items - 1
        AgendaItem.objects.create(
            meeting=meeting,
            position=3 + number,
            topic="compliance",
            title=f"Agreements near expiry, part {number + 1}",
            state="deferred" if deferred else "handled",
            account="" if deferred else "The register was reviewed; nothing was found overdue.",
            deferral_reason="The report of counsel is not in yet." if deferred else "",
        )
    meeting.state, meeting.adjourned_at = "adjourned", opened_at + 64 * minute
    meeting.save()
    minutes = Minutes.objects.create(meeting=meeting)
    WorkingDraft.objects.create(minutes=minutes, text=draft_text(meeting))
    return minutes
