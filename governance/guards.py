"""What governance lays on the record: the check of every act against offices, catalogue and licenses."""

from pathlib import Path

from audit.guards import ROWS, Trigger, stays

SQL = [Path(__file__).parent / "sql" / name for name in ("guards.sql", "holds.sql", "catalogue.sql", "delegation.sql")]
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
        when=ROWS,
        constraint=True,
        deferred=False,
    ),
    stays("governance_person"),
    stays("governance_license"),
    stays("governance_practicegrant"),
    stays("governance_appointment", "ends_at"),
    stays("governance_practice", "name", "mso_name", "time_zone", "investor", "license_limit_days"),
    stays(
        "governance_body",
        *("name", "kind", "authorized", "quorum", "interested_counts", "minutes_approved_by", "special_notice"),
    ),
    stays("governance_accessrules", "second_factor", "idle_minutes", "invitation_days", "reminders", "reminder_days"),
    stays("governance_invitation", "revoked_at"),
    stays("governance_site", "name", "city", "flagship", "opened_on"),
    stays("governance_catalogueversion", "state", "effective_from", "adopted_on", "closing_reason"),
    stays("governance_delegation", "ends_at", "ended_by_id", "end_reason"),
    *(
        Trigger(f"governance_{table}", "brightline_lawful", f"governance.{function}", events, "row", constraint=True)
        for table, function, events in (
            ("catalogueversion", "guard_version", "after insert or update"),
            ("decisionright", "guard_right", "after insert"),
            ("cataloguereview", "guard_review", "after insert"),
            ("catalogueadoption", "guard_adoption", "after insert"),
            ("delegation", "guard_delegation", "after insert or update"),
            ("delegatedact", "guard_delegated_act", "after insert"),
        )
    ),
    Trigger(
        "audit_scrubbing",
        "brightline_physician",
        "governance.guard_scrubbing",
        "after insert",
        "row",
        constraint=True,
    ),
    stays("governance_hold", "lifted_at", "lift_reason"),
    *(
        Trigger(table, "brightline_held", f"governance.{function}", events, "row", constraint=True)
        for table, function, events in (
            ("governance_hold", "guard_hold", "after insert or update"),
            ("audit_scrubbing", "guard_held_scrub", "after insert"),
            ("audit_sequestered", "guard_sequestered", "after insert"),
            ("audit_opening", "guard_opening", "after insert"),
            ("audit_destruction", "guard_destruction", "after insert"),
        )
    ),
]
