"""Legal holds: placed, lifted, and what they keep opened, each by PC counsel and each an act."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Model

from audit import custody, store
from audit.acts import current, record, service
from audit.models import Opening, Sequestered
from audit.services.scrubbing import about as bound_to
from audit.services.scrubbing import destroy
from governance.authority import moment, take_part
from governance.choices import Office
from governance.models import Hold, Person, Practice
from governance.models.scoped import Numbered, next_number
from governance.selectors.holds import part_kept
from governance.selectors.scrubbing import parts_open_to

KEEPERS = frozenset({Office.PC_COUNSEL})
"""Who places and lifts holds and opens what they keep. The catalogue has no right for it; the duty is the PC's."""
SHORTEST_REASON = 10


class HoldRefused(ValueError):
    """What was asked contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class Opened:
    """What was sequestered: the span, the text as it was, and the file where it was a sealed one."""

    sequestered: Sequestered
    at: datetime
    span: str
    text: str
    file: bytes
    title: str
    parts: list[dict[str, str]]
    """The salted payloads, with which the text is proven against its entries."""


@service
def place_hold(
    *,
    actor: Person,
    practice: Practice,
    matter: str,
    reason: str,
    held: Model | None = None,
) -> Hold:
    """Place a hold on the whole practice, or on one object `held`.

    Raises AuthorityRefused, HoldRefused.
    """
    practice = _enter(actor, practice, "hold.placed", reason)
    if not matter.strip():
        raise HoldRefused("matter", "Matter: name what the hold is for.")
    _stated(reason)
    if custody.public_key() is None:
        if not settings.DEMONSTRATION:
            raise HoldRefused(
                "matter", "Whoever runs the installation must first make the key of held values (make_sequester_key)."
            )
        custody.make_key()
    hold = Hold.objects.create(
        practice=practice,
        **next_number(Hold, practice, practice.local(moment()).year),
        matter=matter.strip(),
        reason=reason.strip(),
        object_type=held._meta.label_lower if held is not None else "",
        object_id=str(held.pk) if held is not None else "",
        object_name=_named(held) if held is not None else "",
        placed_by=actor,
        placed_at=moment(),
    )
    current().about(hold, key=hold.code)
    return hold


@service
def lift_hold(*, actor: Person, hold: Hold, reason: str) -> Hold:
    """Lift a hold. With the last one of the practice, what they kept is destroyed by the same act.

    Raises AuthorityRefused, HoldRefused.
    """
    practice = _enter(actor, hold.practice, "hold.lifted", reason)
    hold = Hold.objects.select_for_update(no_key=True, of=("self",)).get(pk=hold.pk)
    current().about(hold, key=hold.code)
    _stated(reason)
    if hold.lifted_at is not None:
        raise HoldRefused("reason", f"{hold.code} is lifted already.")
    hold.lifted_at, hold.lift_reason = moment(), reason.strip()
    hold.save()
    if not Hold.objects.standing(practice).exists():
        for kept in Sequestered.objects.filter(practice=practice.pk, destruction__isnull=True).order_by("pk"):
            destroy(kept)
    return hold


@service
def open_sequestered(*, actor: Person, sequestered: Sequestered, reason: str, passphrase: str = "") -> Opened:
    """Open what a scrub under a hold took out; nothing is shown unless the act is recorded.

    Raises AuthorityRefused, HoldRefused.
    """
    practice = Practice.objects.get(pk=sequestered.practice)
    _enter(actor, practice, "sequestered.opened", reason)
    current().about(sequestered)
    _stated(reason)
    part = part_kept(sequestered)
    if part is not None and part not in parts_open_to(actor, practice):
        raise HoldRefused("reason", "This value was taken from a closed part that is not open to you.")
    if hasattr(sequestered, "destruction"):
        raise HoldRefused("reason", "This value was destroyed when the last hold was lifted.")
    try:
        content: dict[str, Any] = json.loads(
            custody.unlock(
                store.get(sequestered.sha256),
                key=sequestered.key,
                about=bound_to(sequestered.scrubbing),
                passphrase=passphrase,
            )
        )
    except custody.CustodyError as error:
        raise HoldRefused("passphrase", str(error)) from None
    except store.StoreError as error:
        raise HoldRefused("reason", f"It cannot be opened: {error}") from None
    opening = record(Opening, sequestered=sequestered, opened_at=moment())
    return Opened(
        sequestered=sequestered,
        at=opening.opened_at,
        span=content["span"],
        text=content.get("text", ""),
        file=base64.b64decode(content.get("file", "")),
        title=content.get("title", ""),
        parts=content.get("parts", []),
    )


def _enter(actor: Person, practice: Practice, verb: str, reason: str) -> Practice:
    """Lock the practice, so that holds and scrubs come one by one, and open the act."""
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    take_part(
        actor=actor,
        practice=practice,
        verb=verb,
        offices=KEEPERS,
        reason=reason.strip(),
        attempted="Legal hold",
    )
    return practice


def _named(held: Model) -> str:
    """What the held object is called: its kind and number, else its own name."""
    kind = str(held._meta.verbose_name).capitalize()
    return (f"{kind} {held.code}" if isinstance(held, Numbered) else f"{kind}: {held}")[:200]


def _stated(reason: str) -> None:
    if len(reason.strip()) < SHORTEST_REASON:
        raise HoldRefused("reason", f"Reason: at least {SHORTEST_REASON} characters; it stands in the record.")
