"""The notice that a special meeting of a body needs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0008_minutes_approved_by"),
    ]

    operations = [
        migrations.AddField(
            model_name="body",
            name="special_notice",
            field=models.PositiveSmallIntegerField(default=48, verbose_name="notice of a special meeting in hours"),
        ),
        migrations.AddField(
            model_name="historicalbody",
            name="special_notice",
            field=models.PositiveSmallIntegerField(default=48, verbose_name="notice of a special meeting in hours"),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.CheckConstraint(
                condition=models.Q(("special_notice__lte", 720)), name="governance_body_special_notice"
            ),
        ),
    ]
