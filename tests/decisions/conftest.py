"""Proposals of the cast, taken as far as a test needs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from decisions.models import Proposal
from decisions.rules.gate import Requirement
from decisions.rules.screen import QUESTIONS
from decisions.services.gate import go_live, record_check
from decisions.services.proposals import approve_proposal, propose
from tests.cast import Cast, local_day

NO = {question.code: False for question in QUESTIONS}
CHECKED = [requirement for requirement in Requirement if requirement is not Requirement.APPROVAL]
TEXT: dict[str, Any] = {
    "summary": "Tuberculosis skin tests for student clearances.",
    "clinical_effect": "A new test with its own protocol.",
    "operations": "Two visits, 48 to 72 hours apart.",
}


@pytest.fixture
def proposed(cast: Cast) -> Callable[..., Proposal]:
    """A new service line, proposed by the MSO unless told otherwise."""

    def make(**changes: object) -> Proposal:
        wanted: dict[str, object] = {
            "actor": cast.operations,
            "practice": cast.practice,
            "kind": Proposal.Kind.NEW_SERVICE,
            "title": "TB tests at Victorville",
            "service_name": "TB tests",
            "site": cast.satellite,
            **TEXT,
            **changes,
        }
        return propose(**wanted)  # type: ignore[arg-type]

    return make


@pytest.fixture
def approved(cast: Cast, proposed: Callable[..., Proposal]) -> Callable[..., Proposal]:
    """The same, approved by the Medical Director."""

    def make(**changes: object) -> Proposal:
        proposal = proposed(**changes)
        approve_proposal(
            actor=cast.director, proposal=proposal, revision=proposal.revision, rationale="Staff are ready."
        )
        proposal.refresh_from_db()
        return proposal

    return make


def settle_gate(cast: Cast, proposal: Proposal, *, but: Requirement | None = None) -> None:
    """Record every requirement as met, except one."""
    for requirement in CHECKED:
        if requirement is not but:
            record_check(
                actor=cast.operations,
                proposal=proposal,
                revision=proposal.revision,
                requirement=requirement,
                state="met",
                reason="Seen and filed.",
            )


@pytest.fixture
def live(cast: Cast, approved: Callable[..., Proposal]) -> Callable[..., Proposal]:
    """The same, live."""

    def make(**changes: object) -> Proposal:
        proposal = approved(**changes)
        settle_gate(cast, proposal)
        go_live(
            actor=cast.operations,
            proposal=proposal,
            revision=proposal.revision,
            review_on=local_day() + timedelta(days=90),
        )
        proposal.refresh_from_db()
        return proposal

    return make
