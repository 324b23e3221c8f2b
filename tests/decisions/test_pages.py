"""The pages of decisions: who sees and is offered what, what is kept, how many queries a list takes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act
from decisions import agenda, pack, waiting
from decisions.models import Authorization, CorrectiveAction, Decision, OperationalItem, Proposal
from decisions.services.actions import open_action, submit_evidence
from decisions.services.log import log_item, record_decision
from decisions.services.proposals import return_proposal, revise
from governance.authority import offices_of
from governance.models import Person
from governance.rendering import printed
from tests.cast import Cast, local_day
from tests.decisions.conftest import NO, TEXT, settle_gate
from tests.sign_in import sign_in

Make = Callable[..., Proposal]
LISTS = ["proposals", "decisions", "operations", "actions", "scope"]


@pytest.fixture(autouse=True)
def _no_waiting(settings: Any) -> None:
    settings.CHECKPOINT_WAIT = 0


def page(cast: Cast, name: str, *args: object) -> str:
    return reverse(f"decisions:{name}", args=[cast.practice.slug, *args])


def as_(person: Person) -> Client:
    return sign_in(Client(), person)


def item(cast: Cast, n: int = 1) -> OperationalItem:
    return log_item(
        actor=cast.operations,
        practice=cast.practice,
        right="DR-38",
        category="staffing",
        title=f"Linen {n}",
        detail="Twelve months.",
        happened_on=local_day() - timedelta(days=1),
        screen=NO,
    )


def decision(cast: Cast, n: int = 1) -> Decision:
    return record_decision(
        actor=cast.director,
        practice=cast.practice,
        right="DR-04",
        title=f"Visits {n}",
        text="Three.",
        rationale="Pace.",
    )


def action(cast: Cast, n: int = 1) -> CorrectiveAction:
    return open_action(
        actor=cast.director,
        practice=cast.practice,
        title=f"Late forms {n}",
        root_cause="No date.",
        action="Show it.",
        strength="strong",
        owner=cast.operations,
        due_on=local_day() + timedelta(days=n),
        measure="95 %",
        verifier=cast.physician,
    )


@pytest.mark.parametrize("who", ["director", "physician", "operations", "secretary", "pc_counsel", "mso_counsel"])
def test_whoever_sees_the_practice_reads_every_page(cast: Cast, live: Make, who: str) -> None:
    client = as_(getattr(cast, who))
    empty = [client.get(page(cast, name)) for name in LISTS]
    assert [answer.status_code for answer in empty] == [200] * 5
    # The directors named both chairs by written consent, so the decision log alone is never empty.
    assert ["empty-state" in answer.text for answer in empty] == [name != "decisions" for name in LISTS]
    proposal = live()
    made = {
        "proposal": proposal.code,
        "decision": decision(cast).code,
        "operation": item(cast).code,
        "action": action(cast).code,
    }
    for name, code in made.items():
        answer = client.get(page(cast, name, code))
        assert answer.status_code == 200, name
        assert code in answer.text
    for name in LISTS:
        answer = client.get(page(cast, name))
        assert "empty-state" not in answer.text
        table = client.get(page(cast, name), {"format": "csv"})
        assert table["Content-Type"].startswith("text/csv")
        assert len(table.text.strip().splitlines()) >= 2


def test_what_is_not_of_this_practice_does_not_exist(cast: Cast, proposed: Make) -> None:
    proposal = proposed()
    client = as_(cast.director)
    assert client.get(page(cast, "proposal", "CP-2019-001")).status_code == 404
    assert client.get(page(cast, "proposal", "nonsense")).status_code == 404
    assert client.get(f"/p/elsewhere/proposals/{proposal.code}/").status_code == 404
    assert Client().get(page(cast, "proposal", proposal.code)).status_code == 302


@pytest.mark.parametrize(
    ("name", "make", "get"),
    [("decisions", decision, "Visits"), ("operations", item, "Linen"), ("actions", action, "Late forms")],
)
def test_a_list_takes_the_same_queries_for_much_as_for_little(
    cast: Cast, name: str, make: Callable[[Cast, int], object], get: str
) -> None:
    client, counts = as_(cast.director), []
    client.get(page(cast, name))  # from now on the browser has its form secret
    for upto in (1, 60):
        for n in range(1 if upto == 1 else 2, upto + 1):
            make(cast, n)
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(page(cast, name))
        assert get in answer.text
        counts.append(len(queries))
    assert counts[0] == counts[1]
    made = 61 if name == "decisions" else 60  # with the one by which the directors named both chairs
    assert f"1 to 50 of {made}" in answer.text
    assert f"51 to {made} of {made}" in client.get(page(cast, name), {"page": 2}).text
    assert "1 to 1 of 1" in client.get(page(cast, name), {"q": f"{get} 33"}).text
    assert "Nothing matches" in client.get(page(cast, name), {"q": "unheard of"}).text


def test_proposals_and_scope_take_the_same_queries_for_much_as_for_little(cast: Cast, approved: Make) -> None:
    client, counts = as_(cast.director), []
    client.get(page(cast, "proposals"))  # from now on the session is known
    for upto in (1, 12):
        for n in range(1 if upto == 1 else 2, upto + 1):
            approved(service_name=f"Service {n}", title=f"Proposal {n}")
        for name in ("proposals", "scope"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page(cast, name)).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_a_list_sorts_both_ways(cast: Cast) -> None:
    for n in (1, 2):
        decision(cast, n)
    client = as_(cast.director)
    up = client.get(page(cast, "decisions"), {"sort": "title"}).text
    down = client.get(page(cast, "decisions"), {"sort": "-title"}).text
    assert up.index("Visits 1") < up.index("Visits 2")
    assert down.index("Visits 2") < down.index("Visits 1")


def test_the_mso_tries_a_clinical_decision_and_proposes_it_with_what_was_typed(cast: Cast) -> None:
    client = as_(cast.operations)
    form = client.get(page(cast, "decision_new")).text
    assert "DR-01" in form
    assert "DR-40" in form
    typed = {"right": "DR-04", "title": "Four visits an hour", "text": "Raise to four.", "rationale": "Demand."}
    asked = client.post(page(cast, "decision_new"), typed)
    assert asked.status_code == 200
    assert asked.context["ask"]["title"] == "This right is the physicians'. Propose it instead?"
    assert asked.text.count("Raise to four.") == 3  # in the form, and in both ways on
    assert not Act.objects.filter(outcome="refused").exists()
    refused = client.post(page(cast, "decision_new"), {**typed, "anyway": "1"})
    assert refused.status_code == 403
    assert "Propose it instead" in refused.text
    assert "Raise to four." in refused.text
    assert Act.objects.filter(outcome="refused", right="DR-04").count() == 1
    prefilled = client.post(page(cast, "proposal_new"), {**typed, "prefill": "1"})
    assert prefilled.status_code == 200
    form = prefilled.context["form"]
    assert not form.is_bound
    assert form.initial["kind"] == Proposal.Kind.CLINICAL
    for text in ("Four visits an hour", "Raise to four.", "Demand."):
        assert text in prefilled.text
    assert "There is a problem" not in prefilled.text
    assert not Proposal.objects.exists()


def test_a_yes_of_the_screen_turns_the_item_into_a_proposal(cast: Cast) -> None:
    client = as_(cast.operations)
    typed = {
        "right": "DR-38",
        "category": "facilities",
        "title": "New scales",
        "detail": "Scales in every room.",
        "happened_on": local_day() - timedelta(days=1),
        **dict.fromkeys(NO, "no"),
        "equipment": "yes",
    }
    answer = client.post(page(cast, "operation_new"), typed)
    assert answer.status_code == 200
    assert "touches DR-24" in answer.text
    assert not OperationalItem.objects.exists()
    initial = answer.context["form"].initial
    assert (initial["kind"], initial["title"], initial["summary"]) == (
        Proposal.Kind.OPERATIONAL,
        "New scales",
        "Scales in every room.",
    )
    sent = client.post(page(cast, "proposal_new"), {**initial, "operations": "Bought by the MSO."})
    proposal = Proposal.objects.get()
    assert sent["Location"] == page(cast, "proposal", proposal.code)
    assert proposal.revisions.get().screen == {**NO, "equipment": True}
    typed["equipment"] = "no"
    assert client.post(page(cast, "operation_new"), typed).status_code == 302
    assert OperationalItem.objects.get().title == "New scales"


def test_a_right_of_the_physicians_in_the_operational_form_is_asked_about_then_refused_and_kept(cast: Cast) -> None:
    typed = {
        "right": "DR-24",
        "category": "vendor",
        "title": "Glucose meters",
        "detail": "Cheaper ones.",
        "happened_on": local_day() - timedelta(days=1),
        **dict.fromkeys(NO, "no"),
    }
    client = as_(cast.operations)
    asked = client.post(page(cast, "operation_new"), typed)
    assert asked.context["ask"]["title"] == "This right is the physicians'. Propose it instead?"
    assert "Cheaper ones." in asked.text
    assert not Act.objects.filter(outcome="refused").exists()
    answer = client.post(page(cast, "operation_new"), {**typed, "anyway": "1"})
    assert answer.status_code == 403
    assert "Cheaper ones." in answer.text


def test_who_decides_a_right_elsewhere_on_the_own_side_is_told_so_first(cast: Cast) -> None:
    """A director among several chairs asks for what the shareholders decide; a physician for what the MSO decides."""
    client = as_(cast.physician)
    typed = {"right": "DR-32", "title": "Shares", "text": "Issue ten.", "rationale": "Growth."}
    asked = client.post(page(cast, "decision_new"), typed)
    assert asked.context["ask"]["title"].startswith("This right is decided by the ")
    asked = client.post(page(cast, "decision_new"), {**typed, "right": "DR-38"})
    assert asked.context["ask"]["title"] == "This right is the management company's."
    assert "Propose it instead" not in asked.text
    assert not Act.objects.filter(outcome="refused").exists()


def test_what_was_typed_stays_where_a_rule_was_broken(cast: Cast) -> None:
    typed = {
        "kind": "new service",
        "title": "TB tests",
        "summary": "Skin tests.",
        "clinical_effect": "New test.",
        "operations": "Two visits.",
        "service_name": "",
        "site": cast.satellite.pk,
    }
    answer = as_(cast.operations).post(page(cast, "proposal_new"), typed)
    assert answer.status_code == 200
    assert answer.context["form"].errors["service_name"]
    assert "Skin tests." in answer.text
    assert "Two visits." in answer.text


def test_approving_on_the_page_keeps_when_the_text_was_opened(cast: Cast, proposed: Make) -> None:
    proposal, client = proposed(), as_(cast.director)
    shown = client.get(page(cast, "proposal", proposal.code))
    assert page(cast, "proposal_approve", proposal.code) in shown.text
    form = client.get(page(cast, "proposal_approve", proposal.code))
    assert TEXT["clinical_effect"] in form.text
    answer = client.post(
        page(cast, "proposal_approve", proposal.code), {"revision": 1, "rationale": "Ready."}, follow=True
    )
    assert "checkpoint pending" in answer.text
    made = proposal.determinations.get()
    assert made.opened_at is not None
    assert made.opened_at < made.decided_at


def test_approval_wants_a_fresh_sign_in(cast: Cast, proposed: Make) -> None:
    proposal = proposed()
    client = sign_in(Client(), cast.director, seconds_ago=3600)
    answer = client.post(page(cast, "proposal_approve", proposal.code), {"revision": 1, "rationale": "Ready."})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    assert not proposal.determinations.exists()


def test_a_stale_revision_is_told_on_the_page(cast: Cast, proposed: Make) -> None:
    proposal, client = proposed(), as_(cast.director)
    revise(
        actor=cast.operations,
        proposal=proposal,
        base_revision=1,
        **{**TEXT, "operations": "One visit."},
        change_note="Shorter.",
    )
    answer = client.post(page(cast, "proposal_approve", proposal.code), {"revision": 1, "rationale": "Ready indeed."})
    assert "you had revision 1 before you" in answer.text
    assert "Ready indeed." in answer.text
    shown = client.get(page(cast, "proposal", proposal.code)).text
    assert "What changed since revision 1" in shown
    assert "<ins>One visit.</ins>" in shown


def test_buttons_are_offered_to_whom_they_serve(cast: Cast, proposed: Make, approved: Make) -> None:
    proposal = proposed()
    approve, revise_page = (page(cast, f"proposal_{name}", proposal.code) for name in ("approve", "revise"))
    offered = {
        who: as_(getattr(cast, who)).get(page(cast, "proposal", proposal.code)).text
        for who in ("director", "operations", "pc_counsel")
    }
    assert [approve in offered[who] for who in offered] == [True, False, False]
    assert [revise_page in offered[who] for who in offered] == [True, True, False]
    ready = approved(service_name="Physicals")
    live_page = page(cast, "proposal_go_live", ready.code)
    client = as_(cast.operations)
    assert live_page not in client.get(page(cast, "proposal", ready.code)).text
    settle_gate(cast, ready)
    assert live_page in client.get(page(cast, "proposal", ready.code)).text
    review = local_day() + timedelta(days=60)
    assert client.post(live_page, {"revision": 1, "review_on": review}).status_code == 302
    row = Authorization.objects.get()
    stop = page(cast, "scope_stop", row.pk)
    assert stop not in client.get(page(cast, "scope")).text
    physician = as_(cast.physician)
    assert stop in physician.get(page(cast, "scope")).text
    assert physician.post(stop, {"reason": "False readings."}).status_code == 302
    assert "Stopped" in physician.get(page(cast, "scope")).text
    assert client.post(page(cast, "scope_resume", row.pk), {"reason": "Cost."}).status_code == 403


def test_every_form_of_an_act_opens_and_acts(cast: Cast, proposed: Make) -> None:
    proposal, operations, director = proposed(), as_(cast.operations), as_(cast.director)
    for name in ("revise", "check", "withdraw", "go_live"):
        assert operations.get(page(cast, f"proposal_{name}", proposal.code)).status_code == 200
    for name in ("return", "refuse"):
        assert director.get(page(cast, f"proposal_{name}", proposal.code)).status_code == 200
    sent = operations.post(
        page(cast, "proposal_check", proposal.code),
        {"revision": 1, "requirement": "training", "state": "met", "reason": "All trained."},
    )
    assert sent.status_code == 302
    made = action(cast)
    assert operations.post(page(cast, "action_evidence", made.code), {"note": "Shown."}).status_code == 302
    ends = local_day() + timedelta(days=9)
    assert director.post(page(cast, "action_window", made.code), {"note": "Watch.", "ends_on": ends}).status_code == 302
    early = director.post(page(cast, "action_verify", made.code), {"note": "Fine.", "effective": "yes"})
    assert "it cannot be closed before" in early.text
    assert "Fine." in early.text
    assert (
        director.post(page(cast, "action_verify", made.code), {"note": "Not yet.", "effective": "no"}).status_code
        == 302
    )
    assert director.post(page(cast, "action_review", made.code), {"note": "Seen."}).status_code == 302
    logged = item(cast)
    assert director.post(page(cast, "operation_pull", logged.code), {"reason": "Touches care."}).status_code == 302
    assert operations.get(page(cast, "action_new")).status_code == 200
    new = {
        "title": "Cold chain",
        "root_cause": "No log.",
        "action": "Log it.",
        "strength": "strong",
        "owner": cast.operations.pk,
        "verifier": cast.operations.pk,
        "due_on": ends,
        "measure": "Daily entries",
    }
    assert "name another" in operations.post(page(cast, "action_new"), new).text
    assert operations.post(page(cast, "action_new"), {**new, "verifier": cast.physician.pk}).status_code == 302


def test_what_waits_for_whom(cast: Cast, proposed: Make, approved: Make) -> None:
    returned, ready = proposed(service_name="Physicals"), approved(service_name="Immunizations")
    open_one = proposed()
    return_proposal(actor=cast.director, proposal=returned, revision=1, rationale="Say more.")
    settle_gate(cast, ready)
    item(cast)
    made = action(cast)

    def codes(person: Person, source: Callable[..., Any]) -> list[tuple[str, str]]:
        offices, today = offices_of(person, cast.practice), local_day()
        return [(one.code, one.action) for one in source(person, cast.practice, offices, today)]

    assert codes(cast.director, waiting.proposals) == [(open_one.code, "Read, determine")]
    assert sorted(codes(cast.operations, waiting.proposals)) == sorted(
        [(returned.code, "Revise"), (ready.code, "Go live")]
    )
    assert codes(cast.mso_counsel, waiting.proposals) == []
    assert codes(cast.operations, waiting.corrective_actions) == [(made.code, "Submit evidence")]
    submit_evidence(actor=cast.operations, corrective_action=made, note="Shown.")
    assert codes(cast.physician, waiting.corrective_actions) == [(made.code, "Judge evidence")]
    assert [one[1] for one in codes(cast.director, waiting.operational_items)] == ["Look"]
    assert codes(cast.operations, waiting.operational_items) == []


def test_the_agenda_takes_up_what_is_open(cast: Cast, proposed: Make) -> None:
    proposal, made = proposed(), action(cast)
    month = date(local_day().year, local_day().month, 1)
    [first] = agenda.open_proposals(cast.practice, month)
    assert (first.topic, first.purpose, first.right_code, first.proposal, first.revision_number) == (
        "scope of services",
        "decision",
        "DR-21",
        proposal,
        1,
    )
    [second] = agenda.open_corrective_actions(cast.practice, month)
    assert (second.topic, second.purpose, second.right, second.corrective_action) == (
        "corrective actions",
        "discussion",
        None,
        made,
    )


def test_the_sections_of_a_pack_hold_what_was_decided(cast: Cast, approved: Make) -> None:
    proposal = approved()
    item(cast)
    made = action(cast)
    start, end = local_day() - timedelta(days=3), local_day() + timedelta(days=1)
    decided = pack.decisions(cast.practice, start, end, person=None)
    assert [row[0] for row in decided.data["determinations.csv"][1:]] == [proposal.code]
    assert (len(decided.data["decisions.csv"]), len(decided.data["operational-log.csv"])) == (3, 2)
    put_right = pack.corrective_actions(cast.practice, start, end, person=None)
    assert [row[0] for row in put_right.data["corrective-actions.csv"][1:]] == [made.code]
    for section, word in ((decided, proposal.code), (put_right, made.code)):
        page = {"practice": cast.practice, "start": start, "end": end}
        assert word in printed(section, page)
