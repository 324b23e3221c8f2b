"""A member votes by an own act; a recorded vote names the ballot that it counts."""

import django.db.models.deletion
from django.db import migrations, models

from audit.constraints import pair


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_calendar_events"),
        ("meetings", "0018_special_meetings"),
    ]

    operations = [
        migrations.CreateModel(
            name="Ballot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(default="member", editable=False, max_length=10)),
                (
                    "choice",
                    models.CharField(
                        choices=[("for", "for"), ("against", "against"), ("abstain", "abstain")], max_length=8
                    ),
                ),
                ("cast_at", models.DateTimeField()),
                (
                    "act",
                    models.ForeignKey(
                        editable=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name="+", to="audit.act"
                    ),
                ),
                (
                    "amended_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="meetings.motion"
                    ),
                ),
                (
                    "attendance",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="meetings.attendance"
                    ),
                ),
                (
                    "motion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ballots", to="meetings.motion"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.AddField(
            model_name="vote",
            name="ballot",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="vote", to="meetings.ballot"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("role", "member")), name="meetings_only_members_cast"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(("choice__in", ["for", "against", "abstain"])), name="meetings_ballot_is_cast"
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.UniqueConstraint(
                fields=("id", "motion", "attendance"), name="meetings_ballot_of_a_member"
            ),
        ),
        pair(
            "meetings_ballot", "meetings_ballot_by_a_member", "attendance_id, role", "meetings_attendance", "id, role"
        ),
        pair(
            "meetings_vote",
            "meetings_vote_counts_its_ballot",
            "ballot_id, motion_id, attendance_id",
            "meetings_ballot",
            "id, motion_id, attendance_id",
        ),
    ]
