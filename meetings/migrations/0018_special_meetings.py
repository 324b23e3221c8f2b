"""Special meetings, the notice they need, and what members say to a notice that was short."""

import django.db.models.deletion
from django.db import migrations, models

from audit.constraints import pair


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_calendar_events"),
        ("governance", "0009_special_notice"),
        ("meetings", "0017_inside_closed_parts"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("PC", "Physician side"), ("MSO", "Management side")], max_length=3),
                ),
                ("role", models.CharField(default="member", editable=False, max_length=10)),
                (
                    "said",
                    models.CharField(
                        choices=[("waives", "Waives notice"), ("protests", "Protests the lack of notice")], max_length=8
                    ),
                ),
                ("starts_at", models.DateTimeField()),
                ("meaning", models.TextField()),
                ("printed_name", models.CharField(max_length=160)),
                ("office_name", models.CharField(max_length=80)),
                ("answered_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["answered_at", "pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="meeting",
            name="meetings_one_a_month",
        ),
        migrations.AddField(
            model_name="agendarelease",
            name="short_hours",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="historicalmeeting",
            name="call_reason",
            field=models.TextField(blank=True, verbose_name="why it is called"),
        ),
        migrations.AddField(
            model_name="historicalmeeting",
            name="notice_hours",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="notice in hours"),
        ),
        migrations.AddField(
            model_name="historicalmeeting",
            name="special",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="meeting",
            name="call_reason",
            field=models.TextField(blank=True, verbose_name="why it is called"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="notice_hours",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="notice in hours"),
        ),
        migrations.AddField(
            model_name="meeting",
            name="special",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("special", 0)), fields=("body", "month"), name="meetings_one_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("special__gt", 0)),
                fields=("practice", "month", "special"),
                name="meetings_special_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="meeting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("notice_hours", 0), ("special", 0)),
                    models.Q(("notice_days", 0), ("special__gt", 0), models.Q(("call_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="meetings_special_with_reason",
            ),
        ),
        migrations.AddField(
            model_name="noticeanswer",
            name="act",
            field=models.ForeignKey(
                editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
            ),
        ),
        migrations.AddField(
            model_name="noticeanswer",
            name="appointment",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.appointment"
            ),
        ),
        migrations.AddField(
            model_name="noticeanswer",
            name="attendance",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notice_answers", to="meetings.attendance"
            ),
        ),
        migrations.AddField(
            model_name="noticeanswer",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="governance.person"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeanswer",
            constraint=models.UniqueConstraint(
                fields=("attendance", "starts_at", "said"), name="meetings_notice_answered_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("role", "member")), name="meetings_only_members_have_notice"
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(models.Q(("said", "waives"), _negated=True), ("side", "PC"), _connector="OR"),
                name="meetings_waiver_of_the_pc",
            ),
        ),
        migrations.AddConstraint(
            model_name="noticeanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("meaning", ""), _negated=True), name="meetings_notice_answer_with_meaning"
            ),
        ),
        pair(
            "meetings_noticeanswer",
            "meetings_notice_to_a_member",
            "attendance_id, role",
            "meetings_attendance",
            "id, role",
        ),
        *[
            pair(
                "meetings_noticeanswer",
                f"meetings_noticeanswer_office_{other}",
                f"appointment_id, {column}",
                "governance_appointment",
                f"id, {column}",
            )
            for other, column in (("side", "side"), ("person", "person_id"))
        ],
    ]
