"""Whatever is done in whatever order: nobody of the management side decides for the PC, and no proposer approves."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import Error
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit.acts import Refused
from audit.models import Act
from audit.workflow import IllegalTransition
from decisions.models import Determination, Proposal
from decisions.services.log import record_decision
from decisions.services.proposals import approve_proposal, propose, refuse_proposal, return_proposal, revise
from decisions.services.rules import RuleBroken
from governance.catalogue import CatalogueRefused
from governance.filling import AppointmentRefused
from governance.models import CatalogueAdoption, CatalogueVersion, DecisionRight, Delegation, Person
from governance.services.appointments import appoint
from governance.services.catalogue import adopt_version, review_version
from governance.services.delegations import DelegationRefused, delegate, end_delegation
from tests.cast import Cast, local_day
from tests.decisions.conftest import TEXT
from tests.governance.test_versions import proposed

PEOPLE = ("director", "physician", "alternate", "operations", "executive", "secretary", "pc_counsel", "mso_counsel")
STOPPED = (Refused, RuleBroken, IllegalTransition, CatalogueRefused, AppointmentRefused, DelegationRefused, Error)
"""How the software says no."""

type Step = Callable[[Cast, Person, Person, Proposal], object]


def _words(proposal: Proposal) -> dict[str, Any]:
    proposal.refresh_from_db()
    return {"proposal": proposal, "revision": proposal.revision, "rationale": "It is time."}


def _newest(cast: Cast) -> CatalogueVersion:
    return CatalogueVersion.objects.filter(practice=cast.practice).latest("number")


def _end(cast: Cast, actor: Person, other: Person, proposal: Proposal) -> object:
    found = Delegation.objects.in_force().first()
    return found and end_delegation(actor=actor, delegation=found, reason="No more")


STEPS: dict[str, Step] = {
    "approve": lambda cast, actor, other, proposal: approve_proposal(actor=actor, **_words(proposal)),
    "return": lambda cast, actor, other, proposal: return_proposal(actor=actor, **_words(proposal)),
    "refuse": lambda cast, actor, other, proposal: refuse_proposal(actor=actor, **_words(proposal)),
    "revise": lambda cast, actor, other, proposal: revise(
        actor=actor, proposal=proposal, base_revision=proposal.revision, change_note="Otherwise", **TEXT
    ),
    "decide": lambda cast, actor, other, proposal: record_decision(
        actor=actor, practice=cast.practice, right="DR-04", title="Visits", text="Shorter.", rationale="Need."
    ),
    "delegate": lambda cast, actor, other, proposal: delegate(
        actor=actor, practice=cast.practice, delegate=other, rights=["DR-21"], reason="Away",
        ends_at=timezone.now() + timedelta(days=3),
    ),
    "end": _end,
    "appoint": lambda cast, actor, other, proposal: appoint(
        actor=actor, practice=cast.practice, person=other, office="medical_director", reason="A wish"
    ),
    "version": lambda cast, actor, other, proposal: proposed(cast, actor),
    "review": lambda cast, actor, other, proposal: review_version(
        actor=actor, version=_newest(cast), outcome="cleared", opinion="It keeps the line."
    ),
    "adopt": lambda cast, actor, other, proposal: adopt_version(
        actor=actor, version=_newest(cast), resolution="We wish it so.",
        effective_on=local_day() + timedelta(days=3),
    ),
}  # fmt: skip

steps = st.tuples(st.sampled_from(sorted(STEPS)), st.sampled_from(PEOPLE), st.sampled_from(PEOPLE))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(proposer=st.sampled_from(("operations", "director", "physician")), path=st.lists(steps, min_size=3, max_size=9))
def test_no_sequence_crosses_the_line(cast: Cast, proposer: str, path: list[tuple[str, str, str]]) -> None:
    proposal = propose(
        actor=getattr(cast, proposer), practice=cast.practice, kind=Proposal.Kind.NEW_SERVICE, title="TB tests",
        service_name="TB tests", site=cast.satellite, **TEXT,
    )  # fmt: skip
    for name, actor, other in path:
        try:
            STEPS[name](cast, getattr(cast, actor), getattr(cast, other), proposal)
        except STOPPED:
            continue
    held_by_the_pc = DecisionRight.objects.filter(holder="PC").values("code")
    assert (
        not Act.objects.filter(outcome="done", capacity="decides", right__in=held_by_the_pc, practice=cast.practice.pk)
        .exclude(side="PC")
        .exists()
    )
    mso = {getattr(cast, name).pk for name in ("operations", "executive", "secretary", "mso_counsel")}
    assert not Determination.objects.filter(person__in=mso).exists()
    assert not Delegation.objects.filter(delegate__in=mso).exists()
    assert not CatalogueAdoption.objects.exists(), "no board decided it"
    for made in Determination.objects.select_related("proposal"):
        assert made.person_id != made.proposer_id, "three physicians are in office: nobody decides on an own proposal"
