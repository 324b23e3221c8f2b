"""Whether a practice reminds of its meetings, and from how many days before."""

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0009_special_notice"),
    ]

    operations = [
        migrations.AddField(
            model_name="accessrules",
            name="reminder_days",
            field=models.PositiveSmallIntegerField(
                default=7,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)],
                verbose_name="Days before a meeting",
            ),
        ),
        migrations.AddField(
            model_name="accessrules",
            name="reminders",
            field=models.BooleanField(default=True, verbose_name="Reminders of meetings by mail"),
        ),
        migrations.AddField(
            model_name="historicalaccessrules",
            name="reminder_days",
            field=models.PositiveSmallIntegerField(
                default=7,
                validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(31)],
                verbose_name="Days before a meeting",
            ),
        ),
        migrations.AddField(
            model_name="historicalaccessrules",
            name="reminders",
            field=models.BooleanField(default=True, verbose_name="Reminders of meetings by mail"),
        ),
        migrations.AddConstraint(
            model_name="accessrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("reminder_days__range", (1, 31))), name="governance_rules_reminder_days"
            ),
        ),
    ]
