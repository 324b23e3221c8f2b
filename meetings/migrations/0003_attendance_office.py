"""The history names the office of the actor; the attendance names its own otherwise."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("meetings", "0002_composite_keys")]

    operations = [
        migrations.RenameField("attendance", "office_name", "office"),
        migrations.RenameField("historicalattendance", "office_name", "office"),
        migrations.AddField(
            "historicalattendance",
            "office_name",
            models.TextField(default="", editable=False),
            preserve_default=False,
        ),
    ]
