"""Comments on circulated minutes, the secretary's attestation, amendments by motion."""

import django.db.models.deletion
from django.db import migrations, models

from audit.constraints import pair


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_calendar_events"),
        ("governance", "0007_imports"),
        ("meetings", "0014_closed_items_say_nothing"),
    ]

    operations = [
        migrations.AddField(
            model_name="amendment",
            name="motion",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="amends_minutes",
                to="meetings.motion",
            ),
        ),
        migrations.AddField(
            model_name="minutesversion",
            name="circulated_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("text", models.TextField()),
                ("commented_at", models.DateTimeField()),
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
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="meetings.agendaitem",
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
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="meetings.minutesversion",
                    ),
                ),
            ],
            options={
                "ordering": ["commented_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CommentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("taken_up", models.BooleanField()),
                ("reason", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField()),
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
                    "comment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answer", to="meetings.comment"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Attestation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("meaning", models.TextField()),
                ("printed_name", models.CharField(max_length=160)),
                ("office_name", models.CharField(max_length=80)),
                ("attested_at", models.DateTimeField()),
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
                    "minutes",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attestations", to="meetings.minutes"
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attestation",
                        to="meetings.minutesversion",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("meaning", ""), _negated=True), name="meetings_attested_with_meaning"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="meetings_comment_with_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="commentanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_up", True), models.Q(("reason", ""), _negated=True), _connector="OR"),
                name="meetings_not_taken_up_with_reason",
            ),
        ),
        pair(
            "meetings_attestation",
            "meetings_attestation_of_this_text",
            "version_id, minutes_id, sha256",
            "meetings_minutesversion",
            "id, minutes_id, sha256",
        ),
        *[
            pair(
                table, f"{table}_office_{other}", f"appointment_id, {column}", "governance_appointment", f"id, {column}"
            )
            for table in ("meetings_attestation", "meetings_comment", "meetings_commentanswer")
            for other, column in (("side", "side"), ("person", "person_id"))
        ],
    ]
