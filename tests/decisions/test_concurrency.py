"""Two writers at once: one determination per revision, numbers without doubles. Real connections, real commits."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from audit.workflow import IllegalTransition
from decisions.models import Decision, Determination, Proposal
from decisions.services.log import record_decision
from decisions.services.proposals import approve_proposal, refuse_proposal
from governance.models import Person
from tests.cast import Cast


def at_once(*calls: Callable[[], object]) -> list[object]:
    """What each call returned or raised, all let go at the same moment, each on a connection of its own."""
    gate = Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        gate.wait(timeout=10)
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_two_determinations_of_one_revision_leave_one(cast: Cast, proposed: Callable[..., Proposal]) -> None:
    proposal = proposed()
    results = at_once(
        lambda: approve_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Ready."),
        lambda: refuse_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Not ready."),
    )
    assert {type(result) for result in results} == {Determination, IllegalTransition}
    made = Determination.objects.get()
    proposal.refresh_from_db()
    assert proposal.state == made.outcome


def test_decisions_at_once_take_numbers_of_their_own(cast: Cast) -> None:
    def decide(person: Person) -> Callable[[], object]:
        return lambda: record_decision(
            actor=person, practice=cast.practice, right="DR-23", title="Pause", text="Pause.", rationale="Care."
        )

    results = at_once(*[decide(person) for person in (cast.director, cast.physician, cast.director, cast.physician)])
    assert all(isinstance(result, Decision) for result in results), results
    assert sorted(Decision.objects.values_list("number", flat=True)) == [1, 2, 3, 4, 5]
