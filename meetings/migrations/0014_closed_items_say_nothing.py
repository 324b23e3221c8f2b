"""A closed item names no presenter, no time and no place on the consent agenda: its row says that it exists."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0005_papers"),
        ("governance", "0007_imports"),
        ("meetings", "0013_agenda_and_proposed_items"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="agendaitem",
            name="meetings_closed_item_says_that_it_exists",
        ),
        migrations.AddConstraint(
            model_name="agendaitem",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("compartment", "open"),
                    models.Q(
                        models.Q(
                            models.Q(("compartment", "clinical"), ("title", "Clinical confidential matter")),
                            models.Q(("compartment", "peer review"), ("title", "Closed session: peer review")),
                            models.Q(("compartment", "attorney-client"), ("title", "Closed session: legal advice")),
                            _connector="OR",
                        ),
                        ("budget__isnull", True),
                        ("carried_from__isnull", True),
                        ("consent", False),
                        ("corrective_action__isnull", True),
                        ("presenter", ""),
                        ("presenter_person__isnull", True),
                        ("proposal__isnull", True),
                        ("right__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="meetings_closed_item_says_that_it_exists",
            ),
        ),
    ]
