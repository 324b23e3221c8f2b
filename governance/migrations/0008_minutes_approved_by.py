"""By whom a body's minutes are approved."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("governance", "0007_imports"),
    ]

    operations = [
        migrations.AddField(
            model_name="body",
            name="minutes_approved_by",
            field=models.CharField(
                choices=[
                    ("chair", "The chair, by signature"),
                    ("body", "The body, by a motion; the chair signs afterwards"),
                ],
                default="chair",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="historicalbody",
            name="minutes_approved_by",
            field=models.CharField(
                choices=[
                    ("chair", "The chair, by signature"),
                    ("body", "The body, by a motion; the chair signs afterwards"),
                ],
                default="chair",
                max_length=8,
            ),
        ),
    ]
