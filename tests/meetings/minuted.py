"""A meeting that was held years ago, minute by minute, through the services: for tests of its minutes.

Its practice was founded then too, so `house` stands here in place of the usual one.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

import pytest

from config.embedded import Cluster
from decisions.services.proposals import propose
from meetings.choices import Mode
from meetings.demonstration.diary import Diary
from meetings.models import Minutes
from meetings.services.agenda import add_item, release_agenda
from meetings.services.calling import plan_meeting
from meetings.services.motions import make_motion, record_votes
from meetings.services.outcomes import determine_under_item, open_action_under_item
from meetings.services.room import adjourn, defer_item, handle_item, leave, mark, open_meeting, recuse
from meetings.services.series import found_series
from tests.cast import Cast, recall
from tests.conftest import Database, clone
from tests.meetings.gathering import item_of, seat

FOUNDED = datetime(2020, 1, 6, 17, tzinfo=UTC)
OCTOBER = date(2020, 10, 1)
"""The meeting of this month is called for the 27th at 5:30 p.m. and opened four minutes late."""


@pytest.fixture
def house(cluster: Cluster, long_founded: str, django_db_blocker: object) -> Iterator[Database]:
    """A database of its own with that practice, whose body meets on the fourth Tuesday of a month."""
    for database in clone(cluster, django_db_blocker, long_founded):
        cast = recall()
        with Diary(datetime.now(UTC)).on(FOUNDED + timedelta(days=1)):
            found_series(
                actor=cast.director,
                body=cast.body,
                day_rule="fourth Tuesday",
                time=time(17, 30),
                place="Flagship clinic, conference room",
                mode="hybrid",
                starts_on=FOUNDED.date(),
            )
        yield database


def held(cast: Cast, *, month: date = OCTOBER, items: int = 4) -> Minutes:
    """A meeting with a recusal, a carried motion, a decision, a corrective action and a deferral; minutes in draft.

    `items` points stand on its agenda beside the usual topics, of which the last is deferred.
    """
    diary = Diary(datetime.now(UTC))
    with diary.on(datetime.combine(month, time(17), UTC)):
        propose(
            actor=cast.operations,
            practice=cast.practice,
            kind="operational",
            title="Student clearance package at the campus clinic",
            summary="Physicals, tuberculosis tests and immunizations for students in one visit.",
            clinical_effect="Positive tests are reviewed by a physician on the same day.",
            operations="Two campus days a week.",
        )
    clerk, chair = cast.secretary, cast.director
    with diary.next(60):
        meeting = plan_meeting(actor=clerk, practice=cast.practice, month=month)
        for number in range(items):
            add_item(
                actor=clerk, meeting=meeting, topic="compliance", title=f"Agreements near expiry, part {number + 1}"
            )
    opened = meeting.starts_at + timedelta(minutes=4)
    with diary.on(opened - timedelta(days=7)):
        release_agenda(actor=chair, meeting=meeting)
    with diary.on(opened):
        mark(actor=clerk, attendance=seat(meeting, cast.physician), standing="present", mode=Mode.REMOTE)
        mark(actor=clerk, attendance=seat(meeting, clerk), standing="present")
        mark(actor=clerk, attendance=seat(meeting, cast.pc_counsel), standing="excused")
        meeting = open_meeting(actor=chair, meeting=meeting)
    director, physician, alternate = (seat(meeting, one) for one in (chair, cast.physician, cast.alternate))
    with diary.on(opened + timedelta(minutes=6)):
        mark(actor=clerk, attendance=alternate, standing="present")
    business = meeting.items.get(proposal__isnull=False)
    with diary.on(opened + timedelta(minutes=14)):
        recuse(
            actor=clerk,
            item=business,
            attendance=alternate,
            disclosure="Her spouse is employed by the university that would refer the students.",
            left_room=True,
        )
    with diary.on(opened + timedelta(minutes=20)):
        motion = make_motion(
            actor=clerk,
            item=business,
            text=f"To approve {business.proposal.code}, revision 1, on condition that a physician reviews every "  # type: ignore[union-attr]
            "positive tuberculosis test on the same day.",
            mover=physician,
            seconder=director,
        )
    with diary.next(1):
        record_votes(actor=clerk, motion=motion, votes={director.pk: "for", physician.pk: "for"})
    with diary.next(1):
        determine_under_item(
            actor=chair,
            item=business,
            outcome="approved",
            rationale="Demand recurs every term; protocol, supervision and training are in place.",
            motion=motion,
        )
    with diary.next(2):
        handle_item(
            actor=clerk,
            item=business,
            account="The body considered turnaround of tuberculosis tests, supervision on campus days and the protocol "
            "for positive results. Training of the two campus nurses is complete.",
        )
    quality = item_of(meeting, "quality assurance")
    with diary.on(opened + timedelta(minutes=30)):
        open_action_under_item(
            actor=chair,
            item=quality,
            title="Same-day co-signature of campus charts",
            root_cause="The campus template has no field for the supervising physician.",
            action="Add the field and block the closing of a chart without it.",
            strength="strong",
            owner=cast.operations,
            due_on=month + timedelta(days=61),
            measure="Charts co-signed on the same day, 40 sampled, 100 %",
            verifier=cast.physician,
        )
    with diary.next(1):
        handle_item(
            actor=clerk,
            item=quality,
            account="Two of forty charts lacked a same-day co-signature.\n\nThe cause is a template without the field.",
        )
    rest = list(meeting.items.filter(state="open").order_by("position"))
    with diary.on(opened + timedelta(minutes=45)):
        for item in rest[:-1]:
            handle_item(actor=clerk, item=item, account="The register was reviewed; nothing was found overdue.")
    with diary.on(opened + timedelta(minutes=48)):
        leave(actor=clerk, attendance=alternate)
    with diary.on(opened + timedelta(minutes=60)):
        defer_item(actor=clerk, item=rest[-1], reason="The report of counsel is not in yet.")
    with diary.on(opened + timedelta(minutes=64)):
        return adjourn(actor=chair, meeting=meeting)
