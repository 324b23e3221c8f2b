"""The sealed file of a signed closed part, made from its signed version alone. It is a file of its own, in no pack."""

from typing import Any

from django.template.loader import render_to_string

from audit.documents.base import Attached
from audit.documents.in_ledger import in_ledger
from audit.models import Act
from audit.services.jobs import Rendering
from audit.services.places import CLOSED_KIND
from meetings.models import ClosedAmendment, Matter
from meetings.rendering import attachments, recorded_late
from meetings.words import weekday


def closed(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """Render the record of a closed part; with `amendments`, its first so many follow the signature.

    Raises Matter.DoesNotExist unless it is signed.

    The title says no more than the agenda did, for titles of documents are open.
    """
    matter = Matter.objects.select_related("item__meeting__practice", "signature__version").get(
        pk=arguments["matter"], signature__isnull=False
    )
    practice, signature = matter.item.meeting.practice, matter.signature
    version, facts = signature.version, signature.version.facts
    amendments = list(matter.amendments.filter(number__lte=arguments.get("amendments", 0)))
    last = amendments[-1] if amendments else None
    entry = Act.objects.values_list("entry__index", flat=True).get(pk=(last or signature).act_id)
    title = f"Record of a closed part of {weekday(facts['date'])}"
    if last:
        title += ", amended"
    html = render_to_string(
        "meetings/print_closed.html",
        {
            "title": title,
            "facts": facts,
            "version": version,
            "signature": signature,
            "attested_at": practice.local(version.submitted_at).isoformat(timespec="seconds"),
            "signed_at": practice.local(signature.signed_at).isoformat(timespec="seconds"),
            "recorded_at": recorded_late(signature.act, practice),
            "amendments": [
                {
                    "row": one,
                    "at": practice.local(one.amended_at).isoformat(timespec="seconds"),
                    "recorded_at": recorded_late(one.act, practice),
                }
                for one in amendments
            ],
            **in_ledger(entry, checkpoint_note),
            "what": "last amendment" if last else "signature",
        },
    )
    return Rendering(
        html=html,
        title=title,
        kind=CLOSED_KIND,
        object_type=Matter._meta.label_lower,
        object_id=f"{matter.pk}/amended/{last.number}" if last else str(matter.pk),
        compartment=matter.item.compartment,
        practice_id=practice.pk,
        created=last.amended_at if last else signature.signed_at,
        attachments=[*attachments(version, checkpoint_note), *map(_attached, amendments)],
    )


def _attached(amendment: ClosedAmendment) -> Attached:
    return Attached(
        name=f"amendment-{amendment.number}.json",
        data=amendment.canonical.encode(),
        description=f"The canonical text of amendment {amendment.number}; its SHA-256 is the hash printed",
        mime="application/json",
        relationship="Source",
    )
