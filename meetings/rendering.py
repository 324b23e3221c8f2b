"""The sealed file of signed minutes, made from the signed version alone: its facts, its text, its signature."""

from typing import Any

from django.template.loader import render_to_string

from audit.documents.base import Attached, checkpoint_attached
from audit.documents.in_ledger import in_ledger
from audit.models import Act
from audit.services.jobs import Rendering
from governance.models import Practice
from meetings.models import Attestation, ClosedVersion, Minutes, MinutesVersion, Motion
from meetings.selectors.minutes import approval_of
from meetings.selectors.notice import filed_since
from meetings.words import weekday

COMPARTMENT = "open"


def minutes(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """Render signed minutes; with `amendments`, their first so many amendments on pages of their own.

    Only rows are read that never change again. Raises Minutes.DoesNotExist unless they are signed.
    """
    found = Minutes.objects.select_related("signature__version", "meeting__practice").get(
        pk=arguments["minutes"], state="signed"
    )
    assert found.signature
    signature, version = found.signature, found.signature.version
    amendments = list(
        found.amendments.select_related("motion__meeting__practice").filter(number__lte=arguments.get("amendments", 0))
    )
    attested = Attestation.objects.filter(version=version).first()
    facts = version.facts
    local = found.meeting.practice.local
    newest = amendments[-1].act_id if amendments else signature.act_id
    entry = Act.objects.values_list("entry__index", flat=True).get(pk=newest)
    title = f"Minutes of the {facts['body']['name']}, {weekday(facts['date'])}"
    if amendments:
        title += f", with {len(amendments)} amendment{'s' if len(amendments) > 1 else ''}"
    html = render_to_string(
        "meetings/print_minutes.html",
        {
            "title": title,
            "facts": facts,
            "version": version,
            "signature": signature,
            "attested": attested,
            "approval": _approval(version),
            "attested_at": local(attested.attested_at).isoformat(timespec="seconds") if attested else "",
            "signed_at": local(signature.signed_at).isoformat(timespec="seconds"),
            "recorded_at": recorded_late(signature.act, found.meeting.practice),
            "waivers": [
                {"row": one, "at": local(one.answered_at).isoformat(timespec="seconds")} for one in filed_since(version)
            ],
            "amendments": [
                {
                    "row": amendment,
                    "at": local(amendment.amended_at).isoformat(timespec="seconds"),
                    "recorded_at": recorded_late(amendment.act, found.meeting.practice),
                    "motion": _motion(amendment.motion) if amendment.motion else None,
                }
                for amendment in amendments
            ],
            **in_ledger(entry, checkpoint_note),
            "what": "last amendment" if amendments else "signature",
        },
    )
    return Rendering(
        html=html,
        title=title,
        kind="minutes",
        object_type=Minutes._meta.label_lower,
        object_id=found.code,
        compartment=COMPARTMENT,
        practice_id=found.meeting.practice_id,
        created=amendments[-1].amended_at if amendments else signature.signed_at,
        attachments=attachments(version, checkpoint_note),
    )


def _approval(version: MinutesVersion) -> dict[str, str] | None:
    """The body's approval with its motion, where there is one."""
    found = approval_of(version)
    return {**_motion(found.motion), "what": found.sentence} if found else None


def _motion(motion: Motion) -> dict[str, str]:
    """The carried motion behind an amendment or an approval, as it was voted on."""
    held = motion.meeting.practice.local(motion.meeting.starts_at)
    named = f"Motion {motion.number} of the meeting of {held:%-d %B %Y}"
    return {"named": named, "text": motion.wording, "sentence": motion.sentence}


def attachments(version: MinutesVersion | ClosedVersion, checkpoint_note: str) -> list[Attached]:
    """What a sealed file of minutes brings along: the record that was signed, its text, the checkpoint printed."""
    return [
        Attached(
            name="record.json",
            data=version.canonical.encode(),
            description="The canonical record that the signature covers; its SHA-256 is the hash printed",
            mime="application/json",
            relationship="Source",
        ),
        Attached(
            name="text.txt",
            data=version.text.encode(),
            description="The text of the minutes, as it was typed",
            mime="text/plain",
            relationship="Alternative",
        ),
        *checkpoint_attached(checkpoint_note),
    ]


def recorded_late(act: Act, practice: Practice) -> str:
    """When the ledger recorded an act that was entered later than it is dated; empty for any other."""
    return practice.local(act.recorded_at).isoformat(timespec="seconds") if act.flag else ""
