"""The sealed file of an adopted catalogue: every right, counsel's opinion, the adoption, and the checkpoint."""

import json
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from audit.documents.base import Attached, checkpoint_attached
from audit.documents.in_ledger import in_ledger
from audit.models import Act
from audit.services.jobs import Rendering
from governance.catalogue import RightText
from governance.choices import Side
from governance.models import CatalogueAdoption, CatalogueVersion
from governance.selectors.catalogue import part_of

COMPARTMENT = "open"


def catalogue(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """Render an adopted version, once. Raises CatalogueAdoption.DoesNotExist unless it was adopted."""
    adoption = CatalogueAdoption.objects.select_related(
        "version__practice", "version__proposed_by", "version__base", "right", "person", "appointment", "act__entry"
    ).get(version=arguments["version"])
    version = adoption.version
    practice = version.practice
    rights = list(version.rights.all())
    groups: dict[str, list[dict[str, Any]]] = {}
    for right in rights:
        row = {"right": right, "pc": part_of(right, Side.PC), "mso": part_of(right, Side.MSO)}
        groups.setdefault(right.category, []).append(row)
    act: Act = adoption.act
    title = f"Decision rights, {str(version).lower()}, {practice.name}"
    with timezone.override(practice.zone):
        html = render_to_string(
            "governance/print_catalogue.html",
            {
                "title": title,
                "practice": practice,
                "version": version,
                "adoption": adoption,
                "review": version.reviews.filter(reviewed_at__lte=adoption.adopted_at).first(),
                "groups": groups.items(),
                "pc": sum(right.holder == Side.PC for right in rights),
                "count": len(rights),
                "unconfirmed": sum(not right.confirmed for right in rights),
                **in_ledger(act.entry.index, checkpoint_note),
            },
        )
    data = {
        "practice": practice.name,
        "version": version.number,
        "effective_from": adoption.effective_from.isoformat(),
        "amended_under": version.amended_under,
        "rights": [RightText.of(right).written() for right in rights],
    }
    return Rendering(
        html=html,
        title=title,
        kind="catalogue",
        object_type=CatalogueVersion._meta.label_lower,
        object_id=str(version),
        compartment=COMPARTMENT,
        practice_id=practice.pk,
        created=adoption.adopted_at,
        attachments=[
            Attached(
                name="decision-rights.json",
                data=json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True).encode(),
                description="The rights of this version as data",
                mime="application/json",
            ),
            *checkpoint_attached(checkpoint_note),
        ],
    )
