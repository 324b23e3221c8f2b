"""A body acts without a meeting: the resolution before its members, and what each of them signed."""

import django.db.models.deletion
import simple_history.models
from django.db import migrations, models

import meetings.rules.consents
from audit.constraints import pair


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0007_sign_in_events"),
        ("decisions", "0003_composite_keys"),
        ("governance", "0005_catalogue_bindings"),
        ("meetings", "0007_compartments"),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalWrittenConsent",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("actor_name", models.TextField(editable=False)),
                ("office_name", models.TextField(editable=False)),
                ("request", models.TextField(editable=False)),
                ("history_user_id", models.UUIDField(null=True)),
                ("year", models.PositiveSmallIntegerField(editable=False)),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                (
                    "body",
                    models.CharField(
                        choices=[
                            ("board", "Board of directors"),
                            ("committee", "Committee"),
                            ("shareholders", "Shareholders"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(verbose_name="resolution")),
                ("rationale", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("adopted", "adopted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default=meetings.rules.consents.ConsentState["OPEN"],
                        max_length=10,
                    ),
                ),
                ("closing_reason", models.TextField(blank=True)),
                ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "act",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
                    ),
                ),
                (
                    "appointment",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="governance.appointment",
                    ),
                ),
                (
                    "decision",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="decisions.decision",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="governance.person",
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="governance.practice",
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="governance.decisionright",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical written consent",
                "verbose_name_plural": "historical written consents",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="WrittenConsent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField(editable=False)),
                ("number", models.PositiveIntegerField(editable=False)),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                (
                    "body",
                    models.CharField(
                        choices=[
                            ("board", "Board of directors"),
                            ("committee", "Committee"),
                            ("shareholders", "Shareholders"),
                        ],
                        max_length=16,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("text", models.TextField(verbose_name="resolution")),
                ("rationale", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "open"),
                            ("adopted", "adopted"),
                            ("declined", "declined"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default=meetings.rules.consents.ConsentState["OPEN"],
                        max_length=10,
                    ),
                ),
                ("closing_reason", models.TextField(blank=True)),
                (
                    "appointment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
                    ),
                ),
                (
                    "decision",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consent",
                        to="decisions.decision",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
                    ),
                ),
                (
                    "practice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.practice"
                    ),
                ),
                (
                    "right",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.decisionright"
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ConsentAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                (
                    "answer",
                    models.CharField(choices=[("consents", "Consents"), ("declines", "Declines")], max_length=8),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("meaning", models.TextField()),
                ("reason", models.TextField(blank=True)),
                ("printed_name", models.CharField(max_length=160)),
                ("office_name", models.CharField(max_length=80)),
                ("license_number", models.CharField(max_length=20)),
                ("license_status", models.CharField(max_length=200)),
                ("signed_at", models.DateTimeField()),
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
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="answers",
                        to="meetings.writtenconsent",
                    ),
                ),
            ],
            options={
                "ordering": ["signed_at", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="writtenconsent",
            constraint=models.UniqueConstraint(fields=("practice", "year", "number"), name="meetings_consent_number"),
        ),
        migrations.AddConstraint(
            model_name="writtenconsent",
            constraint=models.CheckConstraint(condition=models.Q(("side", "PC")), name="meetings_consent_of_the_pc"),
        ),
        migrations.AddConstraint(
            model_name="writtenconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__gt", models.F("opened_at"))), name="meetings_consent_has_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="writtenconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("decision__isnull", False), ("state", "adopted")),
                    models.Q(models.Q(("state", "adopted"), _negated=True), ("decision__isnull", True)),
                    _connector="OR",
                ),
                name="meetings_adopted_consent_is_a_decision",
            ),
        ),
        migrations.AddConstraint(
            model_name="writtenconsent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["declined", "withdrawn"]), _negated=True),
                    models.Q(("closing_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="meetings_consent_closed_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="consentanswer",
            constraint=models.UniqueConstraint(fields=("consent", "person"), name="meetings_answers_once"),
        ),
        migrations.AddConstraint(
            model_name="consentanswer",
            constraint=models.CheckConstraint(condition=models.Q(("side", "PC")), name="meetings_answer_of_the_pc"),
        ),
        migrations.AddConstraint(
            model_name="consentanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("meaning", ""), _negated=True), name="meetings_answer_with_meaning"
            ),
        ),
        migrations.AddConstraint(
            model_name="consentanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", "declines"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="meetings_declined_with_reason",
            ),
        ),
        *[
            pair(
                table, f"{table}_office_{other}", f"appointment_id, {column}", "governance_appointment", f"id, {column}"
            )
            for table in ("meetings_writtenconsent", "meetings_consentanswer")
            for other, column in (("side", "side"), ("person", "person_id"))
        ],
    ]
