"""Service lines, proposals, operations and corrective actions, forged by an act of the MSO."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from audit.acts import record
from audit.context import occurring
from decisions.models import (
    ActionReview,
    Authorization,
    Decision,
    Determination,
    GateCheck,
    GoLive,
    OperationalItem,
    Proposal,
    Revision,
    Service,
)
from decisions.models.base import by
from decisions.services.actions import open_action
from decisions.services.log import log_item, pull_over_the_line
from decisions.services.proposals import approve_proposal, return_proposal, revise, withdraw_proposal
from decisions.services.scope import stop_service
from governance.authority import moment, right_in_force
from governance.choices import Office
from governance.models import Appointment
from tests.attacks.forging import change, decide, forge, mistaken, refused
from tests.cast import Cast, found, local_day
from tests.decisions.conftest import CHECKED, NO, TEXT, settle_gate

Make = Callable[..., Proposal]


def switch(proposal: Proposal, revision: int) -> Callable[[Appointment], GoLive]:
    return lambda office: record(
        GoLive, proposal=proposal, revision_number=revision, live_at=moment(),
        review_on=local_day() + timedelta(days=9), **by(office),
    )  # fmt: skip


def line(live: Make) -> Authorization:
    return Authorization.objects.get(proposal=live())


def test_what_the_physicians_stopped_stays_stopped(cast: Cast, live: Make) -> None:
    row = line(live)
    stop_service(actor=cast.director, authorization=row, reason="Two needle-stick injuries.")
    row.refresh_from_db()
    for write in (change(row, state="live"), change(row, state="retired"), change(row, state="approved")):
        with refused("by a go-live or a decision under"):
            decide(cast.operations, cast.practice, write)
    assert Authorization.objects.get(pk=row.pk).state == "suspended"


def test_a_go_live_serves_its_own_service_line_alone(cast: Cast, live: Make) -> None:
    """The approved line's go-live is put under another line at another site."""
    row = line(live)

    def write(_: Appointment) -> object:
        other = Service.objects.create(practice=cast.practice, name="Ketamine")
        return Authorization.objects.create(
            practice=cast.practice, service=other, site=cast.flagship, proposal=row.proposal, state="live",
            go_live=row.go_live, since=timezone.now(),
        )  # fmt: skip

    with refused("not what its proposal proposes"):
        decide(cast.operations, cast.practice, write)


def test_an_approved_line_is_not_renamed_into_another(cast: Cast, live: Make) -> None:
    row = line(live)
    with refused("name of decisions_service never changes"):
        decide(cast.operations, cast.practice, change(row.service, name="Ketamine"))
    with refused("site_id of decisions_authorization never changes"):
        decide(cast.operations, cast.practice, change(row, site=cast.flagship))


def test_an_approved_proposal_is_not_made_another(cast: Cast, approved: Make) -> None:
    """An operational change is approved; then it is a new service line."""
    proposal = approved(kind=Proposal.Kind.OPERATIONAL, title="Another courier", service_name="", site=None)
    enter = Service.objects.create
    with refused("never changes"):
        decide(
            cast.operations, cast.practice,
            lambda office: change(
                proposal, kind=Proposal.Kind.NEW_SERVICE, site=cast.flagship,
                service=enter(practice=cast.practice, name="Ketamine"),
            )(office),
        )  # fmt: skip
    proposal.refresh_from_db()
    with refused("title of decisions_proposal never changes"):
        decide(cast.operations, cast.practice, change(proposal, title="Ketamine"))


def test_no_approval_survives_by_taking_the_edit_back(cast: Cast, approved: Make) -> None:
    """Revision 1 is approved, edited into 2, 2 is returned; the MSO goes back to 1 and live."""
    proposal = approved()
    settle_gate(cast, proposal)
    revise(
        actor=cast.operations, proposal=proposal, base_revision=1, change_note="Faster.",
        **{**TEXT, "summary": "Faster"},
    )  # fmt: skip
    return_proposal(actor=cast.director, proposal=proposal, revision=2, rationale="Not so.")
    proposal.refresh_from_db()

    def write(office: Appointment) -> object:
        change(proposal, revision=1, state="approved")(office)
        return switch(proposal, 1)(office)

    with refused("follows revision"):
        decide(cast.operations, cast.practice, write)


def test_what_has_ended_stays_ended(cast: Cast, approved: Make) -> None:
    """An approved proposal is withdrawn; the MSO revives it and goes live."""
    proposal = approved()
    settle_gate(cast, proposal)
    withdraw_proposal(actor=cast.operations, proposal=proposal, reason="The partner left.")
    proposal.refresh_from_db()
    with refused("stays so"):
        decide(cast.operations, cast.practice, change(proposal, state="approved"))


def test_a_withdrawn_proposal_does_not_go_live(cast: Cast, approved: Make) -> None:
    proposal = approved()
    settle_gate(cast, proposal)
    withdraw_proposal(actor=cast.operations, proposal=proposal, reason="The partner left.")
    proposal.refresh_from_db()
    with refused("this proposal is not approved"):
        decide(cast.operations, cast.practice, switch(proposal, 1))


def test_a_state_is_what_was_determined(cast: Cast, proposed: Make, approved: Make) -> None:
    """Shown as approved without a determination; shown as open although approved."""
    for state in ("approved", "returned", "refused", "live"):
        with refused("nothing determined makes this proposal"):
            decide(cast.operations, cast.practice, change(proposed(service_name=f"Line {state}"), state=state))
    with refused("nothing determined makes this proposal"):
        decide(cast.operations, cast.practice, change(approved(service_name="Physicals"), state="submitted"))


def test_a_determination_is_made_under_its_proposals_right(cast: Cast, proposed: Make) -> None:
    """A physician, who exercises DR-01, approves a service line, which DR-21 gives to others."""
    proposal = proposed()
    with refused("the row says DR-21"):
        decide(
            cast.physician, cast.practice,
            lambda office: record(
                Determination, proposal=proposal, revision_number=1, outcome="returned", rationale="So.",
                proposer=cast.operations, decided_at=moment(), **by(office),
            ),
            right="DR-01", office=Office.PHYSICIAN,
        )  # fmt: skip


def test_nothing_is_approved_before_it_was_written(cast: Cast, proposed: Make) -> None:
    proposal = proposed()
    with occurring(timezone.now() - timedelta(seconds=1), flag="demonstration"), refused("was not written yet"):
        approve_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="So.")


def test_counsel_and_secretary_settle_no_gate(cast: Cast, approved: Make) -> None:
    """Counsel of the PC is of its side, yet no physician: his waiver is none, nor does the secretary switch."""
    proposal = approved()
    with refused("is not written from this office"):
        forge(
            cast.pc_counsel, cast.practice,
            lambda office: record(
                GateCheck, proposal=proposal, revision_number=1, requirement=CHECKED[0], state="waived", reason="So.",
                checked_at=moment(), **by(office),
            ),
        )  # fmt: skip
    settle_gate(cast, proposal)
    with refused("is not written from this office"):
        forge(cast.secretary, cast.practice, switch(proposal, 1))


def test_another_practice_reaches_into_no_proposal(cast: Cast, approved: Make) -> None:
    """Staff of the MSO at its other practice put the line live from there, and it stands in the other's log."""
    proposal = approved()
    settle_gate(cast, proposal)
    other = found("lakeside")
    with refused("refers to another practice"):
        forge(other.operations, other.practice, switch(proposal, 1))
    with refused("refers to another practice"):
        forge(
            other.operations, other.practice,
            lambda office: record(
                Revision, proposal=proposal, number=2, summary="x", clinical_effect="x", operations="x",
                made_at=moment(), **by(office),
            ),
        )  # fmt: skip


def test_an_item_stays_over_the_line(cast: Cast) -> None:
    item = log_item(
        actor=cast.operations, practice=cast.practice, right="DR-38", category="vendor", title="A courier",
        detail="At 3:30 p.m.", happened_on=local_day(), screen=NO,
    )  # fmt: skip
    pull_over_the_line(actor=cast.director, item=item, reason="Samples age.")
    item = OperationalItem.objects.get(pk=item.pk)
    with refused("the act decides DR-38, the row says DR-22"):
        decide(cast.operations, cast.practice, change(item, state="logged", pull_reason=""))
    back = change(item, state="logged", pull_reason="")
    with refused("mistakes entry, change or removal"):
        decide(cast.operations, cast.practice, mistaken("+", back))
    with refused("mistakes entry, change or removal"):
        decide(cast.director, cast.practice, mistaken("-", back), right="DR-22", office="medical_director")
    with refused("detail of decisions_operationalitem never changes"):
        decide(cast.operations, cast.practice, change(item, detail="At 8 p.m."))


def test_the_mso_closes_no_corrective_action(cast: Cast) -> None:
    action = open_action(
        actor=cast.director, practice=cast.practice, title="Late courier", root_cause="No cut-off",
        action="A cut-off at 3 p.m.", strength="strong", owner=cast.operations, due_on=local_day(),
        measure="No late sample in 60 days", verifier=cast.physician,
    )  # fmt: skip
    with refused("the row says DR-19"):
        forge(cast.operations, cast.practice, change(action, state="closed", closed_at=timezone.now()))
    action.refresh_from_db()
    with refused("the row says DR-19"):
        forge(
            cast.operations, cast.practice,
            lambda office: record(
                ActionReview, corrective_action=action, kind="effective", note="Fine.", made_at=moment(), **by(office)
            ),
        )  # fmt: skip
    with refused("owner_id of decisions_correctiveaction never changes"):
        forge(cast.operations, cast.practice, change(action, owner=cast.director))


def test_no_decision_stands_on_the_catalogue_of_another_practice(cast: Cast) -> None:
    other = found("lakeside")
    theirs = right_in_force(other.practice, "DR-38")
    assert theirs

    def write(office: Appointment) -> object:
        return record(
            Decision, practice=cast.practice, year=2026, number=900, right=theirs, holder="MSO", title="x", text="x",
            rationale="x", decided_at=moment(), **by(office),
        )  # fmt: skip

    with refused("another practice"):
        decide(cast.operations, cast.practice, write)
