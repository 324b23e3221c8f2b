"""The sealed file of an adopted written consent, to be filed with the minutes of the body (Corp. Code 307(b))."""

from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from audit.documents.base import checkpoint_attached
from audit.documents.in_ledger import in_ledger
from audit.models import Act
from audit.services.jobs import Rendering
from meetings.models import WrittenConsent

COMPARTMENT = "confidential"


def consent(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """Render an adopted consent, once. Raises WrittenConsent.DoesNotExist unless it was adopted."""
    found = WrittenConsent.objects.select_related("practice", "right", "person", "decision__act__entry").get(
        pk=arguments["consent"], decision__isnull=False
    )
    assert found.decision
    act: Act = found.decision.act
    title = f"Written consent {found.code}, {found.get_body_display()}, {found.practice.name}"
    with timezone.override(found.practice.zone):
        html = render_to_string(
            "meetings/print_consent.html",
            {
                "title": title,
                "consent": found,
                "practice": found.practice,
                "answers": found.answers.all(),
                **in_ledger(act.entry.index, checkpoint_note),
            },
        )
    return Rendering(
        html=html,
        title=title,
        kind="consent",
        object_type=WrittenConsent._meta.label_lower,
        object_id=found.code,
        compartment=COMPARTMENT,
        practice_id=found.practice_id,
        created=found.decision.decided_at,
        attachments=checkpoint_attached(checkpoint_note),
    )
