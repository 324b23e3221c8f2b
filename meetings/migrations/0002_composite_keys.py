"""Who votes is a member; who signs signs this very text."""

from django.db import migrations

from audit.constraints import pair


class Migration(migrations.Migration):
    dependencies = [("meetings", "0001_initial"), ("governance", "0001_initial")]

    operations = [
        pair("meetings_vote", "meetings_vote_by_a_member", "attendance_id, role", "meetings_attendance", "id, role"),
        pair(
            "meetings_signature",
            "meetings_signature_of_this_text",
            "version_id, minutes_id, sha256",
            "meetings_minutesversion",
            "id, minutes_id, sha256",
        ),
        pair(
            "meetings_minutes",
            "meetings_signed_by_its_signature",
            "signature_id, id",
            "meetings_signature",
            "id, minutes_id",
        ),
        *[
            pair(
                table, f"{table}_office_{other}", f"appointment_id, {column}", "governance_appointment", f"id, {column}"
            )
            for table in ("meetings_signature", "meetings_amendment")
            for other, column in (("side", "side"), ("person", "person_id"))
        ],
    ]
