"""The demonstration: fourteen months as they are promised, told once, into an empty database only."""

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from audit.context import acting
from audit.models import Act, Job
from audit.services.checkpoints import make_checkpoints
from audit.services.jobs import run_one
from audit.services.keys import load_signer
from decisions.models import Authorization, CorrectiveAction, OperationalItem, Proposal
from decisions.rules.workflow import ActionState, AuthorizationState, ProposalState
from meetings.demonstration import texts
from meetings.demonstration.diary import MONTHS, ZONE, first_of
from meetings.demonstration.people import PASSWORD, SIGN_INS, SLUG, address, meeting_day
from meetings.demonstration.story import Story
from meetings.models import AgendaItem, Amendment, Matter, Meeting, Motion
from meetings.rules.workflow import ItemState, MeetingState, MinutesState
from tests.cast import found
from tests.conftest import Database

PAST = MONTHS - 1


def outcomes(corrective_action: CorrectiveAction) -> list[str]:
    return [review.kind for review in corrective_action.reviews.order_by("made_at")]


def test_fourteen_consecutive_months_end_with_this_one(demonstration: Database) -> None:
    this = first_of(timezone.now().astimezone(ZONE).date())
    monthly = Meeting.objects.filter(special=0)
    months = list(monthly.order_by("month").values_list("month", flat=True))
    assert months == [first_of(this, index - PAST) for index in range(MONTHS)]
    states = list(monthly.order_by("month").values_list("state", flat=True))
    assert states.count(MeetingState.ADJOURNED) == MONTHS - 2
    assert states[-1] == MeetingState.PLANNED


def test_one_special_meeting_was_held_on_short_notice_that_a_member_waived(demonstration: Database) -> None:
    special = Meeting.objects.get(special__gt=0)
    facts = special.minutes.versions.get().facts
    assert [one["word"] for one in facts["notice"]["members"]].count("waived") == 1
    assert not facts["notice"]["finding"]


def test_one_month_was_missed_and_one_meeting_lost_its_quorum(demonstration: Database) -> None:
    missed = Meeting.objects.exclude(state=MeetingState.ADJOURNED).get(starts_at__lt=timezone.now() - timedelta(31))
    assert missed.opened_at is None
    lost = Meeting.objects.get(quorum_lost_at__isnull=False)
    assert lost.quorate_start
    assert lost.opened_at
    assert lost.quorum_lost_at
    assert lost.opened_at < lost.quorum_lost_at
    left_open = lost.items.filter(state=ItemState.DEFERRED)
    assert left_open.count() == 5
    assert all("Quorum was lost" in item.deferral_reason for item in left_open)


def test_two_members_voted_by_own_acts_and_one_was_recorded(demonstration: Database) -> None:
    motion = Motion.objects.filter(ballots__isnull=False).distinct().get()
    voted = {vote.attendance.name: (vote.act.actor_name, vote.ballot) for vote in motion.votes.all()}
    own = {name: ballot.act.actor_name for name, (_, ballot) in voted.items() if ballot}
    assert own == {name: name for name in ("Samuel Ortiz, MD", "Elena Marsh, MD")}
    assert voted["Ruth Adeyemi, MD"] == ("Mina Vale", None)
    assert "By own act: Elena Marsh, MD and Samuel Ortiz, MD." in motion.meeting.minutes.versions.latest("number").text


def test_what_was_deferred_is_carried_over(demonstration: Database) -> None:
    deferred = AgendaItem.objects.filter(state=ItemState.DEFERRED)
    assert deferred.count() == 6
    for item in deferred:
        following = item.carried_to.get()
        assert following.meeting.month == first_of(item.meeting.month, 1)


def test_proposals_ended_in_each_way(demonstration: Database) -> None:
    states = {proposal.title: proposal.state for proposal in Proposal.objects.all()}
    assert list(states.values()).count(ProposalState.LIVE) == 3
    assert list(states.values()).count(ProposalState.REFUSED) == 1
    assert states["TB testing at the Victorville campus"] == ProposalState.SUBMITTED
    revised = Proposal.objects.get(revision=2)
    assert list(revised.determinations.order_by("decided_at").values_list("revision_number", "outcome")) == [
        (1, "returned"),
        (2, "approved"),
    ]


def test_a_service_was_stopped_and_resumed(demonstration: Database) -> None:
    stopped = Authorization.objects.get(events__kind="stopped")
    assert [event.kind for event in stopped.events.order_by("happened_at")] == ["stopped", "resumed"]
    assert stopped.state == AuthorizationState.LIVE


def test_corrective_actions_closed_reopened_and_overdue(demonstration: Database) -> None:
    closed = CorrectiveAction.objects.get(state=ActionState.CLOSED)
    assert outcomes(closed) == ["evidence", "window", "effective"]
    reopened = CorrectiveAction.objects.get(state=ActionState.REOPENED)
    assert outcomes(reopened) == ["evidence", "window", "ineffective", "reviewed"]
    assert CorrectiveAction.objects.filter(state=ActionState.OPEN, due_on__lt=timezone.now().astimezone(ZONE)).exists()


def test_minutes_are_signed_but_the_last_and_one_was_amended(demonstration: Database) -> None:
    monthly = Meeting.objects.filter(minutes__isnull=False, special=0).order_by("month")
    states = list(monthly.values_list("minutes__state", flat=True))
    assert states == [MinutesState.SIGNED] * (MONTHS - 3) + [MinutesState.SUBMITTED]
    assert "22, not 24" in Amendment.objects.get().text


def test_one_peer_review_was_held_in_closed_session(demonstration: Database) -> None:
    matter = Matter.objects.select_related("item__meeting").get()
    assert matter.signature.version.facts["resolutions"]
    signature = matter.item.meeting.minutes.signature
    assert signature
    assert matter.item.account in signature.version.text
    assert matter.subject not in signature.version.canonical


def test_refused_attempts_and_operational_items_are_in_the_record(demonstration: Database) -> None:
    refused = Act.objects.filter(outcome="refused")
    assert set(refused.values_list("right", flat=True)) == {row[3] for row in texts.REFUSED}
    assert refused.count() > len(texts.REFUSED)
    assert set(refused.values_list("side", flat=True)) == {"MSO"}
    past = [row for row in texts.OPERATIONAL if row[0] < PAST]
    assert set(OperationalItem.objects.values_list("title", flat=True)) >= {row[4] for row in past}
    assert OperationalItem.objects.filter(state="pulled").count() == 1


def test_every_past_time_is_flagged_and_none_lies_ahead(demonstration: Database) -> None:
    assert set(Act.objects.exclude(capacity="system").values_list("flag", flat=True)) == {"demonstration"}
    assert not Act.objects.filter(occurred_at__gt=timezone.now()).exists()


def test_a_second_load_changes_nothing_and_prints_the_sign_ins(demonstration: Database) -> None:
    before, out = Act.objects.count(), StringIO()
    call_command("load_demo", stdout=out)
    assert Act.objects.count() == before
    assert "loaded already" in out.getvalue()
    assert PASSWORD in out.getvalue()
    assert all(address(name) in out.getvalue() for name, _, _ in SIGN_INS)


def test_counsel_takes_each_pack_once_it_is_sealed(demonstration: Database, settings: Any, tmp_path: Path) -> None:
    settings.FILE_STORE = str(tmp_path / "files")
    settings.CHECKPOINT_FOLDER = str(tmp_path / "checkpoints")
    settings.CHECKPOINT_KEY_FOLDER = str(tmp_path / "checkpointer")
    with demonstration.connect("checkpointer") as connection:
        make_checkpoints(connection, load_signer(new_key=True))
    asked = Job.objects.filter(renderer="pack")
    assert asked.count() == 2
    Job.objects.exclude(renderer="pack").update(state=Job.State.FAILED)  # the packs alone are rendered here
    assert not Act.objects.filter(verb="pack.downloaded").exists()
    for _ in asked:
        done = run_one()
        assert done
        assert done.state == Job.State.DONE, done.error
    for _ in range(2):
        call_command("load_demo", "--downloads")
        taken = Act.objects.filter(verb="pack.downloaded")
        assert {act.actor_name for act in taken} == {"Iris Holt"}
        assert taken.count() == 2


def test_a_database_with_another_practice_is_refused(database: Database) -> None:
    found("lakeside")
    before = Act.objects.count()
    with pytest.raises(CommandError, match="holds another practice"):
        call_command("load_demo")
    assert Act.objects.count() == before


def test_a_story_that_broke_off_is_not_taken_for_the_whole(database: Database) -> None:
    found(SLUG)
    with pytest.raises(CommandError, match="interrupted before its end"):
        call_command("load_demo")


def test_the_story_can_be_told_in_the_first_hour_of_a_month(database: Database) -> None:
    now = datetime(2026, 3, 1, 0, 30, tzinfo=ZONE)
    with acting(via="command"):
        Story(lambda words: None, now=now).tell()
    assert Meeting.objects.filter(special=0).count() == MONTHS
    assert not Act.objects.filter(occurred_at__gt=now).exists()


@pytest.mark.parametrize(
    ("day", "rule"),
    [("2026-11-23", "fourth Tuesday"), ("2026-11-24", "fourth Tuesday"), ("2026-11-25", "last business day")],
)
def test_the_current_meeting_lies_ahead(day: str, rule: str) -> None:
    assert meeting_day(datetime.fromisoformat(day).date()) == rule
