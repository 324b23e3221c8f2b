"""The room and its minutes, forged by an act that has no business there."""

import copy
import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from audit.acts import record
from audit.ledger.canonical import canonical
from decisions.models import Decision
from decisions.models.base import by
from decisions.services.log import record_decision
from decisions.services.rules import RuleBroken
from governance.authority import moment
from governance.choices import Office
from governance.models import Appointment
from meetings.models import (
    AgendaChange,
    AgendaItem,
    AgendaRelease,
    ItemDecision,
    Meeting,
    Minutes,
    MinutesVersion,
    Motion,
    Presence,
    Signature,
)
from meetings.services.minutes import MEANING, sign_minutes, submit_minutes
from meetings.services.motions import make_motion, move_procedure, record_votes
from meetings.services.outcomes import determine_under_item
from meetings.services.room import recuse
from tests.attacks.forging import change, decide, forge, refused
from tests.cast import Cast, found
from tests.meetings.gathering import concluded, opened, planned, proposal, seat, series


@pytest.fixture
def meeting(cast: Cast) -> Meeting:
    """In session, with a proposal on its agenda."""
    series(cast)
    proposal(cast)
    return opened(cast, planned(cast))


def business(meeting: Meeting) -> AgendaItem:
    """The item with the proposal."""
    return meeting.items.get(proposal__isnull=False)


def moved(cast: Cast, meeting: Meeting) -> Motion:
    return make_motion(
        actor=cast.secretary, item=business(meeting), text="To approve", mover=seat(meeting, cast.director),
        seconder=seat(meeting, cast.physician),
    )  # fmt: skip


def written(cast: Cast, meeting: Meeting) -> MinutesVersion:
    """Adjourned, its minutes submitted."""
    minutes = concluded(cast, meeting)
    return submit_minutes(actor=cast.secretary, minutes=minutes, revision=minutes.working_draft.revision)


def test_operations_keep_no_record_of_the_room(cast: Cast, meeting: Meeting) -> None:
    with refused("is not written from this office"):
        forge(cast.operations, cast.practice, change(seat(meeting, cast.director), standing="absent"))
    with refused("is not written from this office"):
        decide(cast.operations, cast.practice, change(business(meeting), account="All agreed."))


def test_nobody_else_comes_and_goes_at_another_time(cast: Cast, meeting: Meeting) -> None:
    """The secretary lets a member have left an hour ago, so that the quorum was not there."""
    there = Presence.objects.get(attendance=seat(meeting, cast.director))
    with refused("who comes or goes"):
        forge(
            cast.secretary, cast.practice,
            lambda office: change(there, left_at=there.arrived_at + timedelta(hours=1))(office),
        )  # fmt: skip
    with refused("arrived_at of meetings_presence never changes"):
        forge(cast.secretary, cast.practice, change(there, arrived_at=timezone.now() - timedelta(hours=3)))


def test_the_secretary_neither_opens_nor_releases(cast: Cast) -> None:
    series(cast)
    gathered = planned(cast)
    chair = cast.director.appointments.get(office=Office.MEDICAL_DIRECTOR)
    with refused("is not written from this office"):
        forge(
            cast.secretary, cast.practice,
            lambda _: record(AgendaRelease, meeting=gathered, number=1, content={}, released_at=moment()),
        )  # fmt: skip
    with refused("by a chair"):
        forge(cast.secretary, cast.practice, change(gathered, state="agenda_released"))
    with refused("by a chair"):
        forge(
            cast.secretary, cast.practice,
            change(gathered, state="in_session", opened_at=timezone.now(), chair=chair, quorate_start=True),
        )  # fmt: skip


def test_a_result_is_what_the_votes_count(cast: Cast, meeting: Meeting) -> None:
    motion = moved(cast, meeting)
    with refused("what its votes count"):
        forge(
            cast.secretary, cast.practice,
            change(
                motion, decided_at=timezone.now(), result="carried", votes_for=3, votes_against=0, abstentions=0,
                present=3, needed=2,
            ),
        )  # fmt: skip
    motion.refresh_from_db()
    with refused("text of meetings_motion never changes"):
        forge(cast.secretary, cast.practice, change(motion, text="To approve everything"))
    motion.refresh_from_db()
    votes = {seat(meeting, one).pk: "against" for one in (cast.director, cast.physician, cast.alternate)}
    voted = record_votes(actor=cast.secretary, motion=motion, votes=votes)
    with refused("is voted on already"):
        forge(cast.secretary, cast.practice, change(voted, result="carried", votes_for=3, votes_against=0))


def test_the_agenda_changes_by_a_motion_that_carried(cast: Cast, meeting: Meeting) -> None:
    """The secretary takes an item off in the name of a motion that nobody voted for, or of one about something else."""
    waiting = move_procedure(
        actor=cast.secretary, meeting=meeting, kind="agenda", text="To go on", mover=seat(meeting, cast.director),
        seconder=seat(meeting, cast.physician),
    )  # fmt: skip
    votes = {seat(meeting, one).pk: "for" for one in (cast.director, cast.physician, cast.alternate)}
    other = record_votes(actor=cast.secretary, motion=moved(cast, meeting), votes=votes)
    for motion in (waiting, other):
        change = {"motion": motion, "item": business(meeting), "change": "drop", "changed_at": moment()}
        with refused("by a motion that carried"):
            forge(cast.secretary, cast.practice, lambda _, change=change: record(AgendaChange, **change))  # type: ignore[misc]


def test_a_decision_is_tied_to_its_item_by_its_own_act(cast: Cast, meeting: Meeting) -> None:
    """What one decided alone afterwards shows as the board's, on a motion that carried nothing of it."""
    alone: Decision = record_decision(
        actor=cast.operations, practice=cast.practice, right="DR-38", title="A courier", text="New.", rationale="Cost."
    )
    with refused("tied to its item by its own act"):
        decide(
            cast.operations, cast.practice,
            lambda _: record(ItemDecision, item=business(meeting), decision=alone),
        )  # fmt: skip


def test_who_is_recused_determines_nothing_under_the_item(cast: Cast, meeting: Meeting) -> None:
    item = business(meeting)
    recuse(
        actor=cast.secretary, item=item, attendance=seat(meeting, cast.director), disclosure="My brother's company.",
        left_room=True,
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="You are recused"):
        determine_under_item(actor=cast.director, item=item, outcome="approved", rationale="Good.")


def test_another_practice_keeps_no_record_of_this_room(cast: Cast, meeting: Meeting) -> None:
    other = found("lakeside")
    with refused("another practice"):
        forge(
            other.director, other.practice, change(business(meeting), account="x"),
            office=Office.MEDICAL_DIRECTOR,
        )  # fmt: skip


def test_the_hash_of_a_version_covers_what_is_read(cast: Cast, meeting: Meeting) -> None:
    version = written(cast, meeting)
    with refused("covers its text and its facts"):
        forge(
            cast.secretary, cast.practice,
            lambda _: record(
                MinutesVersion, minutes=version.minutes, number=2, text="Nothing was decided.", facts=version.facts,
                canonical=version.canonical, sha256=version.sha256, submitted_at=moment(),
            ),
        )  # fmt: skip


def test_the_secretary_signs_nothing_and_no_signature_is_dated_back(cast: Cast, meeting: Meeting) -> None:
    version = written(cast, meeting)

    def sign(at: timedelta, name: str = "Elena Marsh, MD") -> object:
        return lambda office: record(
            Signature, minutes=version.minutes, version=version, sha256=version.sha256, meaning=MEANING,
            printed_name=name, office_name="Medical Director", license_number="A-1", license_status="In force",
            signed_at=moment() - at, **by(office),
        )  # fmt: skip

    director = {"office": Office.MEDICAL_DIRECTOR}
    with refused("is not the moment of its act"):
        forge(cast.director, cast.practice, sign(timedelta(hours=6)), **director)  # type: ignore[arg-type]
    with refused("names its actor otherwise"):
        forge(cast.director, cast.practice, sign(timedelta(), "Ruth Adeyemi, MD"), **director)  # type: ignore[arg-type]
    with refused("signed by a chair"):
        forge(cast.secretary, cast.practice, sign(timedelta()))  # type: ignore[arg-type]


@pytest.mark.parametrize("lie", ["times", "vote", "attendance", "decision"])
def test_facts_that_differ_from_the_record_are_not_signed(cast: Cast, meeting: Meeting, lie: str) -> None:
    """The secretary submits a version whose hash is right and whose facts are not."""
    motion = moved(cast, meeting)
    votes = {seat(meeting, one).pk: "for" for one in (cast.director, cast.physician, cast.alternate)}
    voted = record_votes(actor=cast.secretary, motion=motion, votes=votes)
    determine_under_item(
        actor=cast.director, item=business(meeting), outcome="approved", rationale="Ready.", motion=voted
    )
    true = written(cast, meeting)
    facts = copy.deepcopy(true.facts)
    item = next(one for one in facts["items"] if one["motions"])
    if lie == "times":
        facts["adjourned_at"] = "2020-01-02T03:04:05Z"
    elif lie == "vote":
        item["motions"][0]["votes"][0]["vote"] = "against"
    elif lie == "attendance":
        facts["attendance"].pop()
    else:
        item["decisions"].clear()
    papers = [paper for one in facts["items"] for paper in one["papers"]]
    sealed = canonical({"facts": facts, "text": true.text, "papers": papers})

    def submit(_: Appointment) -> object:
        minutes = Minutes.objects.get(pk=true.minutes_id)
        minutes.version += 1
        minutes.save()
        return record(
            MinutesVersion, minutes=minutes, number=minutes.version, text=true.text, facts=facts, canonical=sealed,
            sha256=hashlib.sha256(sealed.encode()).hexdigest(), submitted_at=moment(),
        )  # fmt: skip

    false = forge(cast.secretary, cast.practice, submit)
    assert isinstance(false, MinutesVersion)
    with refused("are not the record of the meeting"):
        sign_minutes(actor=cast.director, minutes=false.minutes, version=false, meaning=MEANING)


def test_no_version_follows_the_signature(cast: Cast, meeting: Meeting) -> None:
    version = written(cast, meeting)
    sign_minutes(actor=cast.director, minutes=version.minutes, version=version, meaning=MEANING)
    with refused("the minutes of this meeting are signed"):
        forge(
            cast.secretary, cast.practice,
            lambda _: record(
                MinutesVersion, minutes=version.minutes, number=2, text=version.text, facts=version.facts,
                canonical=version.canonical, sha256=version.sha256, submitted_at=moment(),
            ),
        )  # fmt: skip
