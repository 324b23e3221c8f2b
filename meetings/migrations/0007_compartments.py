"""Compartments: an open item says that a closed one exists; what is said under it lies in tables of its own."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models

from audit.constraints import pair


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0007_sign_in_events"),
        ("decisions", "0003_composite_keys"),
        ("governance", "0005_catalogue_bindings"),
        ("meetings", "0006_motions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClosedDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(blank=True)),
                ("revision", models.PositiveIntegerField(default=1)),
                ("saved_at", models.DateTimeField(auto_now=True)),
            ],
        ),
        migrations.CreateModel(
            name="ClosedOpening",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("rule", models.CharField(max_length=120)),
                ("purpose", models.TextField()),
                ("file", models.BooleanField(default=False)),
                ("opened_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-opened_at"],
            },
        ),
        migrations.CreateModel(
            name="ClosedSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("reported_out", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["began_at"],
            },
        ),
        migrations.CreateModel(
            name="ClosedSignature",
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
                ("license_number", models.CharField(max_length=20)),
                ("license_status", models.CharField(max_length=200)),
                ("signed_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="ClosedVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("facts", models.JSONField()),
                ("canonical", models.TextField()),
                ("sha256", models.CharField(max_length=64)),
                ("meaning", models.TextField()),
                ("printed_name", models.CharField(max_length=160)),
                ("office_name", models.CharField(max_length=80)),
                ("submitted_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="Designated",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                (
                    "designation",
                    models.CharField(
                        choices=[
                            ("undetermined", "Undetermined"),
                            ("asserted", "Asserted"),
                            ("not asserted", "Not asserted"),
                        ],
                        max_length=12,
                    ),
                ),
                ("designated_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-designated_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="HistoricalClosedSession",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("actor_name", models.TextField(editable=False)),
                ("office_name", models.TextField(editable=False)),
                ("request", models.TextField(editable=False)),
                ("history_user_id", models.UUIDField(null=True)),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("reported_out", models.TextField(blank=True)),
                ("history_id", models.BigAutoField(editable=False, primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField()),
                ("history_change_reason", models.TextField(null=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
            ],
            options={
                "verbose_name": "historical closed session",
                "verbose_name_plural": "historical closed sessions",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Matter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=200)),
                ("presenter", models.CharField(blank=True, max_length=120)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Naming",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("concerned", "Concerned"),
                            ("invited", "Invited"),
                            ("assigned", "Assigned"),
                            ("recorder", "Records the closed part"),
                            ("released", "Released to"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reason", models.TextField(blank=True)),
                ("named_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["named_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.TextField()),
                ("votes", models.JSONField()),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("carried", "carried"),
                            ("lost", "lost"),
                            ("tied", "tied"),
                            ("no action possible", "no action possible"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=20,
                    ),
                ),
                ("votes_for", models.PositiveSmallIntegerField()),
                ("votes_against", models.PositiveSmallIntegerField()),
                ("abstentions", models.PositiveSmallIntegerField()),
                ("needed", models.PositiveSmallIntegerField(null=True)),
                ("sentence", models.TextField()),
                ("decided_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Stay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stayed", models.BooleanField()),
                ("rule", models.CharField(max_length=120)),
            ],
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="compartment",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("clinical", "Clinical confidential"),
                    ("peer review", "Peer review"),
                    ("attorney-client", "Attorney-client"),
                ],
                default="open",
                max_length=16,
            ),
        ),
        migrations.AddField(
            model_name="historicalagendaitem",
            name="compartment",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("clinical", "Clinical confidential"),
                    ("peer review", "Peer review"),
                    ("attorney-client", "Attorney-client"),
                ],
                default="open",
                max_length=16,
            ),
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
                        ("carried_from__isnull", True),
                        ("corrective_action__isnull", True),
                        ("presenter", ""),
                        ("proposal__isnull", True),
                        ("right__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="meetings_closed_item_says_that_it_exists",
            ),
        ),
        migrations.AddField(
            model_name="closeddraft",
            name="saved_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="closedopening",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="closedopening",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
            ),
        ),
        migrations.AddField(
            model_name="closedopening",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="closedsession",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="closed_sessions", to="meetings.agendaitem"
            ),
        ),
        migrations.AddField(
            model_name="closedsignature",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="closedsignature",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
            ),
        ),
        migrations.AddField(
            model_name="closedsignature",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="closedversion",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="closedversion",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
            ),
        ),
        migrations.AddField(
            model_name="closedversion",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="closedsignature",
            name="version",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="signature", to="meetings.closedversion"
            ),
        ),
        migrations.AddField(
            model_name="designated",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="designated",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
            ),
        ),
        migrations.AddField(
            model_name="designated",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="designations", to="meetings.agendaitem"
            ),
        ),
        migrations.AddField(
            model_name="designated",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="historicalclosedsession",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="historicalclosedsession",
            name="item",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="meetings.agendaitem",
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="matter",
            name="item",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="matter", to="meetings.agendaitem"
            ),
        ),
        migrations.AddField(
            model_name="closedversion",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="closedsignature",
            name="matter",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="signature", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="closedopening",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="openings", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="closeddraft",
            name="matter",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="draft", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="naming",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="naming",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="namings", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="naming",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="resolutions", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="mover",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="meetings.attendance"
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="seconder",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="meetings.attendance"
            ),
        ),
        migrations.AddField(
            model_name="resolution",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="resolutions", to="meetings.closedsession"
            ),
        ),
        migrations.AddField(
            model_name="stay",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="stay",
            name="attendance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="meetings.attendance"
            ),
        ),
        migrations.AddField(
            model_name="stay",
            name="matter",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="meetings.matter"
            ),
        ),
        migrations.AddField(
            model_name="stay",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="stays", to="meetings.closedsession"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedsession",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_at__isnull", True), ("ended_at__gte", models.F("began_at")), _connector="OR"
                ),
                name="meetings_closed_session_ends_after_it_begins",
            ),
        ),
        migrations.AddConstraint(
            model_name="closedsession",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("item",),
                name="meetings_one_closed_session_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="closedversion",
            constraint=models.UniqueConstraint(fields=("matter", "number"), name="meetings_closed_version_number"),
        ),
        migrations.AddConstraint(
            model_name="closedversion",
            constraint=models.UniqueConstraint(
                fields=("id", "matter", "sha256"), name="meetings_closed_version_and_hash"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedsignature",
            constraint=models.CheckConstraint(
                condition=models.Q(("side", "PC")), name="meetings_closed_part_signed_by_the_pc"
            ),
        ),
        migrations.AddConstraint(
            model_name="closedopening",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose", ""), _negated=True), name="meetings_closed_part_opened_for_a_purpose"
            ),
        ),
        migrations.AddConstraint(
            model_name="naming",
            constraint=models.UniqueConstraint(
                condition=models.Q(("part", "recorder"), _negated=True),
                fields=("matter", "person", "part"),
                name="meetings_named_once_as_such",
            ),
        ),
        migrations.AddConstraint(
            model_name="naming",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("part", "released"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="meetings_released_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.UniqueConstraint(fields=("matter", "number"), name="meetings_resolution_number"),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("seconder__isnull", True),
                    models.Q(("seconder", models.F("mover")), _negated=True),
                    _connector="OR",
                ),
                name="meetings_resolution_seconded_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.UniqueConstraint(fields=("session", "attendance"), name="meetings_stays_once"),
        ),
        migrations.AddConstraint(
            model_name="stay",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule", ""), _negated=True), name="meetings_stays_by_a_rule"
            ),
        ),
        pair(
            "meetings_closedsignature",
            "meetings_closed_signature_of_this_text",
            "version_id, matter_id, sha256",
            "meetings_closedversion",
            "id, matter_id, sha256",
        ),
        *[
            pair(
                table, f"{table}_office_{other}", f"appointment_id, {column}", "governance_appointment", f"id, {column}"
            )
            for table in (
                "meetings_designated",
                "meetings_closedversion",
                "meetings_closedsignature",
                "meetings_closedopening",
            )
            for other, column in (("side", "side"), ("person", "person_id"))
        ],
    ]
