"""Inside a closed part: papers and their withdrawal, amendments of its record, and which file was taken."""

import django.db.models.deletion
from django.db import migrations, models

from audit.constraints import pair


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_calendar_events"),
        ("governance", "0007_imports"),
        ("meetings", "0016_minutes_approved"),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedAmendment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField(verbose_name="what is corrected")),
                ("reason", models.TextField()),
                ("canonical", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("meaning", models.TextField()),
                ("printed_name", models.CharField(max_length=160)),
                ("office_name", models.CharField(max_length=80)),
                ("license_status", models.CharField(blank=True, max_length=200)),
                ("amended_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="ClosedPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("paper", models.PositiveSmallIntegerField()),
                ("number", models.PositiveSmallIntegerField()),
                ("title", models.CharField(max_length=200)),
                ("file_name", models.CharField(max_length=160)),
                ("note", models.TextField(blank=True, verbose_name="what changed")),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["paper", "-number"],
            },
        ),
        migrations.CreateModel(
            name="ClosedPaperWithdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("paper", models.PositiveSmallIntegerField()),
                ("reason", models.TextField()),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name="closedopening",
            name="document",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.document"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("document__isnull", True), ("file", True), _connector="OR"),
                name="meetings_closed_file_taken",
            ),
        ),
        migrations.AddField(
            model_name="closedamendment",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="closedamendment",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
            ),
        ),
        migrations.AddField(
            model_name="closedamendment",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="closedamendment",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="closedamendment",
            name="signature",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="meetings.closedsignature"
            ),
        ),
        migrations.AddField(
            model_name="closedpaper",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="closedpaper",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
            ),
        ),
        migrations.AddField(
            model_name="closedpaper",
            name="document",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="audit.document"
            ),
        ),
        migrations.AddField(
            model_name="closedpaper",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="closedpaper",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="closedpaperwithdrawal",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="closedpaperwithdrawal",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
            ),
        ),
        migrations.AddField(
            model_name="closedpaperwithdrawal",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="paper_withdrawals", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="closedpaperwithdrawal",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedamendment",
            constraint=models.UniqueConstraint(fields=("matter", "number"), name="meetings_closed_amendment_number"),
        ),
        migrations.AddConstraint(
            model_name="closedamendment",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("reason", ""), _negated=True), models.Q(("text", ""), _negated=True)),
                name="meetings_closed_amendment_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="closedpaper",
            constraint=models.UniqueConstraint(
                fields=("matter", "paper", "number"), name="meetings_closed_paper_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", 1), models.Q(("note", ""), _negated=True), _connector="OR"),
                name="meetings_closed_paper_says_what_changed",
            ),
        ),
        migrations.AddConstraint(
            model_name="closedpaperwithdrawal",
            constraint=models.UniqueConstraint(fields=("matter", "paper"), name="meetings_closed_paper_withdrawn_once"),
        ),
        migrations.AddConstraint(
            model_name="closedpaperwithdrawal",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="meetings_closed_paper_withdrawn_with_reason"
            ),
        ),
        *[
            pair(
                table, f"{table}_office_{other}", f"appointment_id, {column}", "governance_appointment", f"id, {column}"
            )
            for table in (
                "meetings_closedamendment",
                "meetings_closedpaper",
                "meetings_closedpaperwithdrawal",
            )
            for other, column in (("side", "side"), ("person", "person_id"))
        ],
    ]
