"""An adoption stands on a right of the PC, in its adopter's own office; starter catalogues get their reservations."""

from django.db import migrations

from audit.constraints import pair

# Rows of the record refuse every change; these have just got the column.
RESERVE = """
    alter table governance_decisionright disable trigger user;
    update governance_decisionright r set reserved = true from governance_catalogueversion c
    where c.id = r.catalogue_id and c.base_id is null and r.holder = 'PC' and not r.reserved;
    alter table governance_decisionright enable trigger user;
"""


class Migration(migrations.Migration):
    dependencies = [("governance", "0004_catalogue_versions")]

    operations = [
        pair(
            "governance_catalogueadoption",
            "governance_adoption_under_its_right",
            "right_id, holder",
            "governance_decisionright",
            "id, holder",
        ),
        pair(
            "governance_catalogueadoption",
            "governance_adoption_in_own_office",
            "appointment_id, person_id",
            "governance_appointment",
            "id, person_id",
        ),
        migrations.RunSQL(RESERVE, migrations.RunSQL.noop),
    ]
