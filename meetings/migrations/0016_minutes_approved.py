"""The body approves its minutes by a motion: the item that asks for it, and the approval."""

import django.db.models.deletion
from django.db import migrations, models

from audit.constraints import pair


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_calendar_events"),
        ("governance", "0008_minutes_approved_by"),
        ("meetings", "0015_minutes_commented_attested"),
    ]

    operations = [
        migrations.AddField(
            model_name="agendaitem",
            name="minutes",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="meetings.minutes",
            ),
        ),
        migrations.AddField(
            model_name="historicalagendaitem",
            name="minutes",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="meetings.minutes",
            ),
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("approved_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approvals", to="meetings.meeting"
                    ),
                ),
                (
                    "motion",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="approves", to="meetings.motion"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
                    ),
                ),
                (
                    "version",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="approval",
                        to="meetings.minutesversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sha256", ""), ("version__isnull", True)),
                            models.Q(("version__isnull", False), models.Q(("sha256", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="meetings_approval_of_a_version_or_as_read",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("version__isnull", True)),
                        fields=("meeting",),
                        name="meetings_approved_as_read_once",
                    ),
                ],
            },
        ),
        *[
            pair(
                "meetings_approval",
                f"meetings_approval_office_{other}",
                f"appointment_id, {column}",
                "governance_appointment",
                f"id, {column}",
            )
            for other, column in (("side", "side"), ("person", "person_id"))
        ],
    ]
