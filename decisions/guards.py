"""What decisions lays on its tables: nobody decides on his own proposal, nothing passes a closed gate."""

from pathlib import Path

from audit.guards import ROWS, Trigger, stays
from decisions.services.gate import CHECKERS, SWITCHERS
from decisions.services.rules import PROPOSERS
from governance.choices import Office
from governance.declared import PAST
from governance.guards import DECIDERS
from governance.offices import CHAIRS

SQL = [Path(__file__).parent / "sql" / "guards.sql"]
SCHEMA = "decisions"

_ROOM = CHAIRS | {Office.RECORDING_SECRETARY}
"""Under an item of an agenda, who keeps the record of the room puts papers and opens corrective actions."""

WRITERS = {
    "decisions_decision": DECIDERS,
    "decisions_determination": DECIDERS,
    "decisions_operationalitem": DECIDERS,
    "decisions_scopeevent": DECIDERS,
    "decisions_authorization": DECIDERS,
    "decisions_service": PROPOSERS,
    "decisions_proposal": PROPOSERS,
    "decisions_revision": PROPOSERS,
    "decisions_gatecheck": CHECKERS,
    "decisions_golive": SWITCHERS,
    "decisions_correctiveaction": PROPOSERS | _ROOM,
    "decisions_pastaction": PROPOSERS,
    "decisions_actionreview": PROPOSERS,
    "decisions_paper": PROPOSERS | _ROOM,
    "decisions_paperversion": PROPOSERS | _ROOM,
    "decisions_paperwithdrawal": PROPOSERS | _ROOM,
}

MOMENTS = {
    "decisions_correctiveaction": {"opened_at": PAST, "closed_at": PAST},
    "decisions_determination": {"opened_at": PAST},
}

TRIGGERS = [
    Trigger(
        "decisions_determination",
        "brightline_not_the_proposer",
        "decisions.guard_determination",
        "before insert",
        "row",
    ),
    Trigger(
        "audit_part",
        "brightline_decided",
        "decisions.guard_part",
        "after insert",
        "row",
        when=ROWS,
        constraint=True,
        deferred=False,
    ),
    Trigger(
        "governance_catalogueadoption",
        "brightline_resolved",
        "decisions.guard_adoption",
        "after insert",
        "row",
        constraint=True,
    ),
    Trigger(
        "governance_delegatedact",
        "brightline_not_for_oneself",
        "decisions.guard_delegated_act",
        "after insert",
        "row",
        constraint=True,
    ),
    Trigger("decisions_golive", "brightline_gate", "decisions.guard_go_live", "before insert", "row"),
    Trigger("decisions_proposal", "brightline_course", "decisions.guard_proposal", "before update", "row"),
    Trigger("decisions_paperversion", "brightline_paper", "decisions.guard_paper", "before insert", "row"),
    Trigger("decisions_paperwithdrawal", "brightline_paper", "decisions.guard_paper", "before insert", "row"),
    stays("decisions_proposal", "state", "revision"),
    stays("decisions_service"),
    stays("decisions_authorization", "state", "proposal_id", "go_live_id", "since", "review_on"),
    stays("decisions_operationalitem", "state", "pull_reason"),
    stays("decisions_correctiveaction", "state", "window_ends_on", "closed_at"),
]
