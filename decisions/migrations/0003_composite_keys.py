"""Invariants that the mission stands on, as composite foreign keys: a row cannot pair what does not belong together."""

from django.db import migrations

from audit.constraints import pair

BY = [
    "decisions_decision",
    "decisions_operationalitem",
    "decisions_scopeevent",
    "decisions_revision",
    "decisions_determination",
    "decisions_gatecheck",
    "decisions_golive",
    "decisions_actionreview",
]


class Migration(migrations.Migration):
    dependencies = [("decisions", "0002_relations"), ("governance", "0001_initial")]

    operations = [
        *[
            pair(table, f"{table}_office_side", "appointment_id, side", "governance_appointment", "id, side")
            for table in BY
        ],
        *[
            pair(
                table, f"{table}_office_person", "appointment_id, person_id", "governance_appointment", "id, person_id"
            )
            for table in BY
        ],
        pair(
            "decisions_decision",
            "decisions_decision_right_holder",
            "right_id, holder",
            "governance_decisionright",
            "id, holder",
        ),
        pair(
            "decisions_operationalitem",
            "decisions_item_right_holder",
            "right_id, holder",
            "governance_decisionright",
            "id, holder",
        ),
        pair(
            "decisions_determination",
            "decisions_determination_of_a_revision",
            "proposal_id, revision_number, proposer_id",
            "decisions_revision",
            "proposal_id, number, person_id",
        ),
        pair(
            "decisions_gatecheck",
            "decisions_check_of_a_revision",
            "proposal_id, revision_number",
            "decisions_revision",
            "proposal_id, number",
        ),
        pair(
            "decisions_golive",
            "decisions_go_live_of_this_approval",
            "proposal_id, revision_number, outcome",
            "decisions_determination",
            "proposal_id, revision_number, outcome",
        ),
        pair(
            "decisions_golive",
            "decisions_go_live_of_the_current_revision",
            "proposal_id, revision_number",
            "decisions_proposal",
            "id, revision",
        ),
        pair(
            "decisions_authorization",
            "decisions_live_by_its_proposal",
            "go_live_id, proposal_id",
            "decisions_golive",
            "id, proposal_id",
        ),
    ]
