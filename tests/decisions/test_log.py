"""The decision log and the operational log: who may, what is refused and recorded, what goes to the physicians."""

from datetime import timedelta

import pytest

from audit.models import Act, Entry
from audit.workflow import IllegalTransition
from decisions.models import Decision, OperationalItem, Proposal
from decisions.services.log import ClinicalEffect, log_item, pull_over_the_line, record_decision
from decisions.services.proposals import approve_proposal, revise
from decisions.services.rules import RuleBroken
from decisions.waiting import proposals
from governance.authority import AuthorityRefused
from governance.choices import Office, Side
from tests.cast import Cast, decided, local_day
from tests.decisions.conftest import NO


def decide(cast: Cast, **changes: object) -> Decision:
    wanted = {
        "actor": cast.director,
        "practice": cast.practice,
        "right": "DR-04",
        "title": "Visits per hour",
        "text": "At most three visits an hour.",
        "rationale": "Safe pace for physicals.",
        **changes,
    }
    return record_decision(**wanted)  # type: ignore[arg-type]


def log(cast: Cast, **changes: object) -> OperationalItem:
    wanted = {
        "actor": cast.operations,
        "practice": cast.practice,
        "right": "DR-38",
        "category": "vendor",
        "title": "New linen vendor",
        "detail": "Contract for twelve months.",
        "happened_on": local_day() - timedelta(days=1),
        "screen": NO,
        **changes,
    }
    return log_item(**wanted)  # type: ignore[arg-type]


def test_a_decision_names_right_holder_decider_and_act(cast: Cast) -> None:
    decision = decide(cast)
    assert decision.code == f"D-{decision.decided_at.year}-002"
    assert (decision.right.code, decision.holder, decision.side) == ("DR-04", Side.PC, Side.PC)
    assert (decision.person, decision.appointment.office) == (cast.director, Office.MEDICAL_DIRECTOR)
    act = Act.objects.get(pk=decision.act_id)
    assert (act.verb, act.object_type, act.object_id) == ("decision.recorded", "decisions.decision", decision.code)


@pytest.mark.parametrize("who", ["operations", "executive", "secretary", "pc_counsel", "mso_counsel"])
def test_the_other_side_and_lookers_on_decide_no_right_of_the_pc(cast: Cast, who: str) -> None:
    before = Entry.objects.count()
    with pytest.raises(AuthorityRefused) as refusal:
        decide(cast, actor=getattr(cast, who))
    assert not decided().exists()
    act = Act.objects.latest("recorded_at")
    assert (act.pk, act.outcome, act.right) == (refusal.value.act.id, "refused", "DR-04")
    assert Entry.objects.count() == before + 1


def test_the_physicians_do_not_decide_for_the_management_company(cast: Cast) -> None:
    with pytest.raises(AuthorityRefused):
        decide(cast, right="DR-38")
    assert decide(cast, actor=cast.executive, right="DR-38").holder == Side.MSO


def test_a_decision_is_superseded_once_under_its_own_right(cast: Cast) -> None:
    first, other = decide(cast), decide(cast, right="DR-16")
    with pytest.raises(RuleBroken, match="decided under DR-16, not under DR-04") as wrong:
        decide(cast, supersedes=other)
    assert wrong.value.field == "supersedes"
    second = decide(cast, supersedes=first)
    assert first.superseded_by == second
    with pytest.raises(RuleBroken, match=f"superseded already, by {second.code}"):
        decide(cast, supersedes=first)


@pytest.mark.parametrize("field", ["title", "text", "rationale"])
def test_a_decision_says_what_and_why(cast: Cast, field: str) -> None:
    with pytest.raises(RuleBroken) as error:
        decide(cast, **{field: "  "})
    assert error.value.field == field
    assert not decided().exists()


def test_the_mso_logs_what_it_did_under_its_own_right(cast: Cast) -> None:
    item = log(cast)
    assert (item.side, item.holder, item.state) == (Side.MSO, Side.MSO, "logged")
    assert item.history.count() == 1


@pytest.mark.parametrize("right", ["DR-04", "DR-24", "DR-21"])
def test_a_right_of_the_physicians_is_refused_to_the_mso_and_the_attempt_kept(cast: Cast, right: str) -> None:
    with pytest.raises(AuthorityRefused) as refusal:
        log(cast, right=right)
    assert refusal.value.ruling.rule == "other side"
    assert refusal.value.ruling.may_propose
    assert Act.objects.filter(outcome="refused", verb="operation.logged", right=right).count() == 1
    assert not OperationalItem.objects.exists()


@pytest.mark.parametrize("who", ["director", "secretary", "pc_counsel", "mso_counsel"])
def test_only_the_mso_logs_operations(cast: Cast, who: str) -> None:
    with pytest.raises(AuthorityRefused):
        log(cast, actor=getattr(cast, who))


def test_a_physician_logs_no_operation_under_a_right_of_the_physicians(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="record a decision instead"):
        log(cast, actor=cast.director, right="DR-04")


def test_any_yes_of_the_screen_keeps_the_item_out_of_the_log(cast: Cast) -> None:
    with pytest.raises(ClinicalEffect, match="DR-24, DR-35") as effect:
        log(cast, screen={**NO, "equipment": True, "public_claims": True})
    assert [question.code for question in effect.value.touched] == ["equipment", "public_claims"]
    assert not OperationalItem.objects.exists()


def test_what_nobody_answered_is_no_no(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as error:
        log(cast, screen={code: answer for code, answer in NO.items() if code != "records"})
    assert error.value.field == "records"


def test_only_what_happened_is_logged(cast: Cast) -> None:
    with pytest.raises(RuleBroken) as error:
        log(cast, happened_on=local_day() + timedelta(days=2))
    assert error.value.field == "happened_on"


def test_an_item_pulled_over_the_line_waits_for_the_mso_and_then_for_the_physicians(cast: Cast) -> None:
    item = log(cast)
    proposal = pull_over_the_line(actor=cast.director, item=item, reason="Linen touches infection control.")
    item.refresh_from_db()
    assert (item.state, item.pull_reason) == ("pulled", "Linen touches infection control.")
    assert (proposal.kind, proposal.right.code, proposal.from_item) == (Proposal.Kind.OPERATIONAL, "DR-22", item)
    assert proposal.revisions.get().person == cast.director
    assert proposal.state == "returned"
    with pytest.raises(IllegalTransition, match="cannot approve while returned"):
        approve_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="As logged.")
    offices = list(cast.operations.appointments.all())
    waiting = proposals(cast.operations, cast.practice, offices, local_day())
    assert [one.code for one in waiting] == [proposal.code]
    revise(
        actor=cast.operations,
        proposal=proposal,
        base_revision=1,
        summary="The new linen service, with hot wash.",
        clinical_effect="None: infection control stays as it is.",
        operations="Delivery on Mondays.",
        change_note="Hot wash.",
    )
    determination = approve_proposal(actor=cast.director, proposal=proposal, revision=2, rationale="With hot wash.")
    assert not determination.sole_physician
    with pytest.raises(RuleBroken, match="over the line already"):
        pull_over_the_line(actor=cast.director, item=item, reason="Again.")


@pytest.mark.parametrize("who", ["operations", "executive", "secretary", "pc_counsel"])
def test_nobody_else_pulls(cast: Cast, who: str) -> None:
    item = log(cast)
    with pytest.raises(AuthorityRefused):
        pull_over_the_line(actor=getattr(cast, who), item=item, reason="Mine.")
    item.refresh_from_db()
    assert item.state == "logged"
