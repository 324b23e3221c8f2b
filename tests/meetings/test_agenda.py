"""The month's meeting and its agenda: who plans, adds and releases; what the agenda takes up by itself."""

from datetime import time
from typing import Any

import pytest

from audit.models import Act
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from governance.services.appointments import end_appointment
from meetings.choices import STANDING, Role, Topic
from meetings.models import Meeting, Series
from meetings.services.agenda import add_item, refresh_agenda, release_agenda
from meetings.services.agenda_edits import move_item
from meetings.services.calling import plan_meeting
from meetings.services.room import adjourn, defer_item, handle_item
from meetings.services.series import found_series
from tests.cast import Cast, resolve
from tests.meetings.gathering import item_of, month_of, opened, planned, proposal


def test_only_the_medical_director_sets_the_day(cast: Cast) -> None:
    values: dict[str, Any] = {
        "body": cast.body, "day_rule": "4th Tue", "time": time(17, 30), "place": "Riverside", "mode": "remote",
        "starts_on": month_of(cast),
    }  # fmt: skip
    for person in (cast.alternate, cast.secretary, cast.executive):
        with pytest.raises(AuthorityRefused):
            found_series(actor=person, **values)
    assert Series.objects.count() == 0
    assert found_series(actor=cast.director, **values).day_rule == "fourth Tuesday"
    with pytest.raises(RuleBroken, match="has its series already"):
        found_series(actor=cast.director, **values)


def test_a_day_that_is_not_understood_is_named(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="“whenever” is not understood") as refusal:
        found_series(
            actor=cast.director, body=cast.body, day_rule="whenever", time=time(17), place="Riverside",
            mode="remote", starts_on=month_of(cast),
        )  # fmt: skip
    assert refusal.value.field == "day_rule"


def test_the_agenda_builds_itself(board: Cast) -> None:
    put = proposal(board)
    meeting = planned(board)
    topics = list(meeting.items.values_list("topic", flat=True))
    assert [topic for topic in dict.fromkeys(topics) if topic in STANDING] == list(STANDING)
    assert Topic.MINUTES not in topics  # nothing was held before
    assert list(meeting.items.values_list("position", flat=True)) == list(range(1, len(topics) + 1))
    item = meeting.items.get(proposal=put)
    assert (item.topic, item.purpose, item.revision_number) == (Topic.SCOPE, "decision", 1)
    assert item.right is not None
    assert item.right.code == "DR-21"
    roles = dict(meeting.attendances.values_list("person__name", "role"))
    assert roles == {
        "Elena Marsh": Role.MEMBER,
        "Samuel Ortiz": Role.MEMBER,
        "Ruth Adeyemi": Role.MEMBER,
        "Mina Vale": Role.SECRETARY,
        "Iris Holt": Role.COUNSEL,
    }
    assert meeting.attendances.get(person=board.director).office == "Medical Director"
    assert Act.objects.get(verb="meeting.planned").object_id == meeting.code


@pytest.mark.parametrize("who", ["operations", "executive", "mso_counsel", "pc_counsel", "physician"])
def test_the_agenda_is_kept_by_chair_and_secretary(board: Cast, who: str) -> None:
    with pytest.raises(AuthorityRefused, match="This is done by the Medical Director or Alternate chair or Recording"):
        plan_meeting(actor=getattr(board, who), practice=board.practice, month=month_of(board))
    assert not Meeting.objects.exists()
    assert Act.objects.filter(outcome="refused", verb="meeting.planned", actor=getattr(board, who).pk).exists()


def test_a_month_is_planned_once_and_not_before_the_series(board: Cast) -> None:
    planned(board)
    with pytest.raises(RuleBroken, match="is planned already"):
        planned(board)
    before = month_of(board).replace(year=month_of(board).year - 1)
    with pytest.raises(RuleBroken, match="the series begins on"):
        plan_meeting(actor=board.secretary, practice=board.practice, month=before)


def test_the_secretary_cannot_release(board: Cast) -> None:
    meeting = planned(board)
    with pytest.raises(AuthorityRefused, match="This is done by the Medical Director or Alternate chair"):
        release_agenda(actor=board.secretary, meeting=meeting)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.releases.count()) == ("planned", 0)


def test_an_alternate_chair_whose_period_ended_cannot_release(board: Cast) -> None:
    meeting = planned(board)
    office = board.alternate.appointments.get(office="alternate_chair")
    end_appointment(actor=board.director, appointment=office, reason=resolve(board.practice, "Ruth Adeyemi ends"))
    with pytest.raises(AuthorityRefused):
        release_agenda(actor=board.alternate, meeting=meeting)


def test_a_changed_agenda_is_released_as_a_new_version(board: Cast) -> None:
    meeting = planned(board)
    first = release_agenda(actor=board.alternate, meeting=meeting)
    with pytest.raises(RuleBroken, match="nothing differs from version 1"):
        release_agenda(actor=board.director, meeting=meeting)
    added = add_item(actor=board.secretary, meeting=meeting, topic="compliance", title="Exclusion checks")
    second = release_agenda(actor=board.director, meeting=meeting)
    assert (first.number, second.number) == (1, 2)
    assert added.title not in str(first.content)
    assert added.title in str(second.content)


def test_items_are_added_under_their_topic_and_moved(board: Cast) -> None:
    meeting = planned(board)
    added = add_item(actor=board.director, meeting=meeting, topic="compliance", title="Exclusion checks")
    standing = item_of(meeting, "compliance")
    assert added.position == standing.position + 1
    move_item(actor=board.secretary, item=added, direction="up")
    added.refresh_from_db()
    assert added.position == standing.position
    first = meeting.items.order_by("position")[0]
    with pytest.raises(RuleBroken, match="is first already"):
        move_item(actor=board.secretary, item=first, direction="up")
    with pytest.raises(RuleBroken, match="names the right"):
        add_item(actor=board.director, meeting=meeting, topic="other", title="Formulary", purpose="decision")
    with pytest.raises(RuleBroken, match="holds “Exclusion checks”"):
        add_item(actor=board.director, meeting=meeting, topic="compliance", title="Exclusion checks")


def test_what_comes_due_is_taken_up_and_a_new_revision_too(board: Cast) -> None:
    meeting = planned(board)
    before = list(meeting.items.values_list("pk", flat=True))
    assert refresh_agenda(actor=board.secretary, meeting=meeting) == []
    put = proposal(board)
    assert [item.proposal for item in refresh_agenda(actor=board.secretary, meeting=meeting)] == [put]
    assert refresh_agenda(actor=board.secretary, meeting=meeting) == []
    assert set(before) < set(meeting.items.values_list("pk", flat=True))


def test_what_was_deferred_is_carried_over(board: Cast) -> None:
    meeting = opened(board, planned(board))
    for item in meeting.items.order_by("position"):
        if item.topic == Topic.CREDENTIALING:
            defer_item(actor=board.secretary, item=item, reason="Two files are incomplete")
        else:
            handle_item(actor=board.secretary, item=item, account="The reports were before the members.")
    adjourn(actor=board.director, meeting=meeting)
    following = planned(board, 1)
    carried = following.items.get(carried_from__isnull=False)
    assert (carried.topic, carried.carried_from) == (Topic.CREDENTIALING, item_of(meeting, "credentialing"))
    assert following.items.filter(topic=Topic.CREDENTIALING).count() == 1
    first = following.items.order_by("position")[0]
    assert first.topic == Topic.MINUTES
    assert first.title.startswith("Minutes of ")
