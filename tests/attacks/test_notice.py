"""Attack: to waive notice with another's hand, for another time or as no member; to call a special meeting."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError
from django.utils import timezone

from audit.acts import record, service
from decisions.models.base import by
from governance.authority import moment, take_part
from governance.models import Appointment, Person
from meetings.models import Meeting, NoticeAnswer
from tests.cast import Cast
from tests.meetings.gathering import planned, seat, series
from tests.meetings.test_special import call


@service
def forge(*, actor: Person, meeting: Meeting, member: Person, said: str, **values: Any) -> NoticeAnswer:
    ruling = take_part(actor=actor, practice=meeting.practice, verb="notice.forged", about=meeting)
    assert ruling.appointment
    return record(
        NoticeAnswer, **by(ruling.appointment), attendance=seat(meeting, member), said=said, meaning="I waive it.",
        printed_name=str(actor), office_name=ruling.appointment.get_office_display(), answered_at=moment(),
        **{"starts_at": meeting.starts_at, **values},
    )  # fmt: skip


@service
def smuggle(*, actor: Person, meeting: Meeting) -> Meeting:
    take_part(actor=actor, practice=meeting.practice, verb="meeting.smuggled", about=meeting)
    return Meeting.objects.create(
        practice=meeting.practice, body=meeting.body, month=meeting.month, special=7, call_reason="Mine",
        starts_at=meeting.starts_at, place="Here", mode="remote",
    )  # fmt: skip


def test_notice_is_waived_by_the_member_for_that_time(cast: Cast) -> None:
    series(cast)
    monthly = planned(cast, 1)
    meeting = call(cast)
    assert Appointment.objects.in_force().filter(person=cast.physician).exists()
    later = {"starts_at": timezone.now() + timedelta(days=1)}
    for who, member, said, values, words in (
        (cast.director, cast.physician, "waives", {}, "waived by the member alone"),
        (cast.operations, cast.physician, "protests", {}, "each member waives notice alone"),
        (
            cast.physician,
            cast.physician,
            "waives",
            later,
            "for the time for which",
        ),
        (cast.secretary, cast.secretary, "waives", {}, "meetings_notice_to_a_member|waiver_of_the_pc"),
    ):
        with pytest.raises(DatabaseError, match=words):
            forge(actor=who, meeting=meeting, member=member, said=said, **values)
    with pytest.raises(DatabaseError, match="called by a chair"):
        smuggle(actor=cast.secretary, meeting=monthly)
    assert not NoticeAnswer.objects.exists()
