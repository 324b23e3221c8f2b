"""Amendments of motions, motions on the agenda and to adjourn, and what they changed of the agenda."""

import django.db.models.deletion
from django.db import migrations, models

import meetings.rules.workflow
from audit.constraints import pair


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0007_sign_in_events"),
        ("meetings", "0005_calls"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgendaChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "change",
                    models.CharField(
                        choices=[("add", "Add an item"), ("drop", "Take an item off"), ("move", "Move an item")],
                        max_length=4,
                    ),
                ),
                ("place_before", models.PositiveSmallIntegerField(null=True)),
                ("place_after", models.PositiveSmallIntegerField(null=True)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["changed_at", "pk"],
            },
        ),
        migrations.AddField(
            model_name="historicalmotion",
            name="amends",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="meetings.motion",
            ),
        ),
        migrations.AddField(
            model_name="historicalmotion",
            name="as_amended",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="historicalmotion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("main", "Motion"),
                    ("amendment", "Amendment"),
                    ("agenda", "Motion to amend the agenda"),
                    ("adjourn", "Motion to adjourn"),
                ],
                default="main",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="motion",
            name="amends",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="amendments", to="meetings.motion"
            ),
        ),
        migrations.AddField(
            model_name="motion",
            name="as_amended",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="motion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("main", "Motion"),
                    ("amendment", "Amendment"),
                    ("agenda", "Motion to amend the agenda"),
                    ("adjourn", "Motion to adjourn"),
                ],
                default="main",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="agendaitem",
            name="state",
            field=models.CharField(
                choices=[("open", "open"), ("handled", "handled"), ("deferred", "deferred"), ("dropped", "dropped")],
                default=meetings.rules.workflow.ItemState["OPEN"],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="historicalagendaitem",
            name="state",
            field=models.CharField(
                choices=[("open", "open"), ("handled", "handled"), ("deferred", "deferred"), ("dropped", "dropped")],
                default=meetings.rules.workflow.ItemState["OPEN"],
                max_length=8,
            ),
        ),
        migrations.AlterField(
            model_name="historicalmotion",
            name="result",
            field=models.CharField(
                blank=True,
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
        migrations.AlterField(
            model_name="motion",
            name="item",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="motions", to="meetings.agendaitem"
            ),
        ),
        migrations.AlterField(
            model_name="motion",
            name="result",
            field=models.CharField(
                blank=True,
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
        migrations.AddConstraint(
            model_name="motion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("amends__isnull", False), ("kind", "amendment"), models.Q(("as_amended", ""), _negated=True)
                    ),
                    models.Q(
                        models.Q(("kind", "amendment"), _negated=True), ("amends__isnull", True), ("as_amended", "")
                    ),
                    _connector="OR",
                ),
                name="meetings_an_amendment_amends",
            ),
        ),
        migrations.AddConstraint(
            model_name="motion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("item__isnull", False), ("kind__in", ["main", "amendment"])),
                    models.Q(("item__isnull", True), ("kind__in", ["agenda", "adjourn"])),
                    _connector="OR",
                ),
                name="meetings_motion_under_an_item",
            ),
        ),
        migrations.AddConstraint(
            model_name="motion",
            constraint=models.UniqueConstraint(fields=("id", "item"), name="meetings_motion_and_item"),
        ),
        migrations.AddField(
            model_name="agendachange",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="agendachange",
            name="item",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="agenda_changes", to="meetings.agendaitem"
            ),
        ),
        migrations.AddField(
            model_name="agendachange",
            name="motion",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="agenda_changes", to="meetings.motion"
            ),
        ),
        pair(
            "meetings_motion", "meetings_amends_under_its_item", "amends_id, item_id", "meetings_motion", "id, item_id"
        ),
    ]
