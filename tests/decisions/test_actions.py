"""Corrective actions: the owner shows, another judges, the Medical Director closes."""

from datetime import timedelta

import pytest

from audit.workflow import IllegalTransition
from decisions.models import CorrectiveAction
from decisions.services.actions import open_action, review_action, start_window, submit_evidence, verify_effect
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from tests.cast import Cast, local_day

TODAY = local_day()


def start(cast: Cast, **changes: object) -> CorrectiveAction:
    wanted = {
        "actor": cast.physician,
        "practice": cast.practice,
        "title": "Late forms",
        "root_cause": "No due date shown.",
        "action": "Show the due date in the queue.",
        "strength": "strong",
        "owner": cast.operations,
        "due_on": TODAY + timedelta(days=30),
        "measure": "95 % of forms within two days",
        "verifier": cast.director,
        **changes,
    }
    return open_action(**wanted)  # type: ignore[arg-type]


def watched(cast: Cast) -> CorrectiveAction:
    action = start(cast)
    submit_evidence(actor=cast.operations, corrective_action=action, note="Live since Monday.")
    start_window(
        actor=cast.director, corrective_action=action, ends_on=TODAY + timedelta(days=14), note="Watch two weeks."
    )
    action.refresh_from_db()
    return action


@pytest.mark.parametrize("who", ["director", "physician", "operations", "executive"])
def test_either_side_opens(cast: Cast, who: str) -> None:
    assert start(cast, actor=getattr(cast, who)).state == "open"


@pytest.mark.parametrize("who", ["secretary", "pc_counsel", "mso_counsel"])
def test_lookers_on_do_not_open(cast: Cast, who: str) -> None:
    with pytest.raises(AuthorityRefused):
        start(cast, actor=getattr(cast, who))


def test_what_is_wrong_is_said_at_its_field(cast: Cast) -> None:
    wrong: list[tuple[dict[str, object], str]] = [
        ({"verifier": cast.operations}, "verifier"),
        ({"due_on": TODAY - timedelta(days=2)}, "due_on"),
        ({"strength": "mighty"}, "strength"),
        ({"measure": ""}, "measure"),
    ]
    for changes, field in wrong:
        with pytest.raises(RuleBroken) as error:
            start(cast, **changes)
        assert error.value.field == field
    assert not CorrectiveAction.objects.exists()


def test_evidence_comes_from_the_owner(cast: Cast) -> None:
    action = start(cast)
    with pytest.raises(RuleBroken, match="comes from its owner"):
        submit_evidence(actor=cast.executive, corrective_action=action, note="Done.")
    submit_evidence(actor=cast.operations, corrective_action=action, note="Done.")
    with pytest.raises(IllegalTransition):
        submit_evidence(actor=cast.operations, corrective_action=action, note="Done again.")


def test_the_owner_does_not_judge_and_a_stranger_neither(cast: Cast) -> None:
    action = start(cast)
    submit_evidence(actor=cast.operations, corrective_action=action, note="Done.")
    for person in (cast.operations, cast.operations_2):
        with pytest.raises(RuleBroken):
            start_window(actor=person, corrective_action=action, ends_on=TODAY + timedelta(days=14), note="Looks fine.")


def test_it_closes_only_after_its_window_and_by_the_medical_director(cast: Cast) -> None:
    action = watched(cast)
    for person in (cast.operations, cast.executive, cast.physician):
        with pytest.raises(AuthorityRefused):
            verify_effect(actor=person, corrective_action=action, effective=True, note="It works.")
    with pytest.raises(RuleBroken, match="its window runs until"):
        verify_effect(actor=cast.director, corrective_action=action, effective=True, note="It works.")
    verify_effect(actor=cast.director, corrective_action=action, effective=False, note="Down to 80 %.")
    action.refresh_from_db()
    assert (action.state, action.window_ends_on, action.closed_at) == ("reopened", None, None)
    submit_evidence(actor=cast.operations, corrective_action=action, note="Reminder added.")


def test_an_effective_action_is_closed_for_good(cast: Cast) -> None:
    action = start(cast)
    submit_evidence(actor=cast.operations, corrective_action=action, note="Done.")
    start_window(actor=cast.director, corrective_action=action, ends_on=TODAY + timedelta(days=1), note="One day.")
    with pytest.MonkeyPatch.context() as later:
        later.setattr("decisions.services.actions.today", lambda practice: TODAY + timedelta(days=3))
        verify_effect(actor=cast.director, corrective_action=action, effective=True, note="97 %.")
    action.refresh_from_db()
    assert action.state == "closed"
    assert action.closed_at
    assert [review.kind for review in action.reviews.all()] == ["effective", "window", "evidence"]
    with pytest.raises(RuleBroken, match="is closed"):
        review_action(actor=cast.director, corrective_action=action, note="Still fine.")


def test_the_medical_director_does_not_verify_an_own_action(cast: Cast) -> None:
    action = start(cast, owner=cast.director, verifier=cast.physician)
    submit_evidence(actor=cast.director, corrective_action=action, note="Done.")
    start_window(actor=cast.physician, corrective_action=action, ends_on=TODAY + timedelta(days=2), note="Watch.")
    with pytest.raises(RuleBroken, match="never verified by its owner"):
        verify_effect(actor=cast.director, corrective_action=action, effective=False, note="It works.")


def test_an_open_action_is_reviewed(cast: Cast) -> None:
    action = start(cast)
    review_action(actor=cast.director, corrective_action=action, note="On its way.")
    assert action.reviews.get().note == "On its way."
