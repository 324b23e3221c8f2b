"""What governance lays on the record: the check of every act against offices, catalogue and licenses."""

from pathlib import Path

from audit.guards import ROWS, Trigger, stays
from governance.choices import Office
from governance.declared import AHEAD, JUDGED, generated
from governance.offices import (
    ADMINISTRATORS,
    CHAIRS,
    COUNSEL,
    EXERCISES,
    INVITERS,
    MEMBERS,
    MSO_STAFF,
    PHYSICIANS,
    SIDE,
)

__all__ = ["MOMENTS", "SCHEMA", "SQL", "TRIGGERS", "WRITERS", "generated"]

SQL = [
    Path(__file__).parent / "sql" / name
    for name in ("guards.sql", "scrubs.sql", "holds.sql", "catalogue.sql", "delegation.sql", "sign_in.sql")
]
SCHEMA = "governance"

DECIDERS = frozenset(EXERCISES) | PHYSICIANS
"""Who decides under some right; a physician also as a delegate. `guard_act` judges under which."""
APPOINTERS = frozenset(EXERCISES) | PHYSICIANS
_PC = frozenset(office for office in Office if SIDE[office] == "PC") - {Office.AUDITOR, Office.PC_ADMINISTRATOR}
_FRAME = DECIDERS - MSO_STAFF

WRITERS = {
    "governance_person": INVITERS,
    "governance_invitation": INVITERS,
    "governance_appointment": APPOINTERS,
    "governance_practicegrant": APPOINTERS,
    "governance_license": INVITERS & MEMBERS | {Office.PC_COUNSEL},
    "governance_verification": MEMBERS,
    "governance_practice": _FRAME,
    "governance_site": _FRAME,
    "governance_body": _FRAME,
    "governance_accessrules": ADMINISTRATORS,
    "governance_catalogueversion": MEMBERS,
    "governance_decisionright": MEMBERS,
    "governance_cataloguereview": {Office.PC_COUNSEL},
    "governance_catalogueadoption": DECIDERS,
    "governance_delegation": PHYSICIANS,
    "governance_delegatedact": PHYSICIANS,
    "governance_hold": COUNSEL,
    "governance_holdacknowledgement": MEMBERS,
    "audit_document": _PC | CHAIRS | MSO_STAFF | {Office.RECORDING_SECRETARY},
    "audit_scrubbing": PHYSICIANS,
    "audit_sequestered": PHYSICIANS,
    "audit_confirmation": PHYSICIANS | {Office.PC_COUNSEL},
    "audit_restoration": PHYSICIANS | {Office.PC_COUNSEL},
    "audit_opening": PHYSICIANS | {Office.PC_COUNSEL},
    "audit_destruction": {Office.PC_COUNSEL},
}
"""Which offices may write each table, at the most; the rules of each act say what of it. No other table is written."""

MOMENTS = {
    "governance_appointment": {"starts_at": JUDGED, "ends_at": JUDGED},
    "governance_invitation": {"expires_at": AHEAD},
    "governance_catalogueversion": {"effective_from": JUDGED},
    "governance_catalogueadoption": {"effective_from": JUDGED},
    "governance_delegation": {"starts_at": JUDGED, "ends_at": JUDGED},
    # By the clock of the owner's function, which alone inserts here, whatever time the act claims.
    "audit_scrubbing": {"scrubbed_at": JUDGED},
    "audit_restoration": {"restored_at": JUDGED},
}
"""The moments that are not simply that of their act."""

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
    # PostgreSQL fires triggers in the order of their names: this one after all others of a row.
    Trigger(
        "audit_part",
        "brightline_writers",
        "governance.guard_writer",
        "after insert",
        "row",
        when=ROWS,
        constraint=True,
        deferred=False,
    ),
    *(
        Trigger(table, "brightline_noted", "governance.note_sign_in", f"after {events}", "row")
        for table, events in (
            ("governance_account", "update"),
            ("account_emailaddress", "insert or update or delete"),
            ("mfa_authenticator", "insert or update or delete"),
            ("socialaccount_socialaccount", "insert or update or delete"),
        )
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
            ("governance_holdacknowledgement", "guard_acknowledgement", "after insert"),
            ("audit_scrubbing", "guard_kept_scrub", "after insert"),
            ("audit_sequestered", "guard_sequestered", "after insert"),
            ("audit_confirmation", "guard_confirmation", "after insert"),
            ("audit_restoration", "guard_restoration", "after insert"),
            ("audit_opening", "guard_opening", "after insert"),
            ("audit_destruction", "guard_destruction", "after insert"),
        )
    ),
]
