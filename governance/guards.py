"""What governance lays on the record: the check of every act against offices, catalogue and licenses."""

from pathlib import Path

from audit.guards import Trigger

SQL = [Path(__file__).parent / "sql" / "guards.sql"]
SCHEMA = "governance"

TRIGGERS = [
    Trigger(
        "audit_act",
        "brightline_authority",
        "governance.guard_act",
        "after insert",
        "row",
        constraint=True,
        deferred=False,
    ),
    Trigger(
        "audit_part",
        "brightline_authority",
        "governance.guard_part",
        "after insert",
        "row",
        constraint=True,
        deferred=False,
    ),
]
