"""What scrubs took out: opened for a stated reason, and disposed of once its term is over. Each is an act."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit import custody, store
from audit.acts import current, record, service
from audit.models import Destruction, Opening, Scrubbing, Sequestered
from audit.services.places import closed_parts_of
from audit.services.scrubbing import about as bound_to
from audit.services.scrubbing import destroy
from governance.authority import moment, take_part
from governance.choices import Office
from governance.models import Hold, Person, Practice
from governance.offices import PHYSICIANS
from governance.selectors.scrubbing import parts_open_to
from governance.selectors.scrubs import decided, disposable, undecided_of

COUNSEL = frozenset({Office.PC_COUNSEL})
SECONDS = PHYSICIANS | COUNSEL
"""Who decides on a scrub, and opens what it hid to do so."""
SHORTEST_REASON = 10


class SequesterRefused(ValueError):
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
def open_sequestered(
    *, actor: Person, practice: Practice, values: Iterable[Sequestered], reason: str, passphrase: str = ""
) -> list[Opened]:
    """Open what scrubs took out, by one act; nothing is shown unless it is recorded.

    By PC counsel; by a physician while the scrub waits for a second person. Raises AuthorityRefused, SequesterRefused.
    """
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    values = list(values)
    ruling = take_part(
        actor=actor,
        practice=practice,
        verb="sequestered.opened",
        offices=SECONDS,
        licensed=True,
        reason=reason.strip(),
        attempted="Open hidden text",
    )
    stated(reason)
    if not values or any(value.practice != practice.pk for value in values):
        raise SequesterRefused("reason", "There is nothing to open.")
    current().about(values[0])
    require_open_parts(actor, practice, [value.scrubbing for value in values])
    opened = []
    for value in values:
        if hasattr(value, "destruction"):
            raise SequesterRefused("reason", "This text was destroyed.")
        if ruling.appointment and ruling.appointment.office not in COUNSEL and decided(value.scrubbing.act_id):
            raise SequesterRefused("reason", "Once a scrub is decided on, PC counsel alone opens what it hid.")
        content = contents(value, passphrase)
        opened.append(
            Opened(
                sequestered=value,
                at=record(Opening, sequestered=value, opened_at=moment()).opened_at,
                span=content["span"],
                text=content.get("text", ""),
                file=base64.b64decode(content.get("file", "")),
                title=content.get("title", ""),
                parts=content.get("parts", []),
            )
        )
    return opened


@service
def dispose_sequestered(*, actor: Person, practice: Practice, reason: str, inventory: str) -> list[Destruction]:
    """Destroy everything whose term is over, as the inventory lists it that was shown to counsel.

    `inventory` is the hash of the list (governance.selectors.scrubs.inventory_of): what came due meanwhile is not
    destroyed unseen. Blocked while a legal hold of either side stands or a scrub waits for a second person.
    Raises AuthorityRefused, SequesterRefused.
    """
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    take_part(
        actor=actor,
        practice=practice,
        verb="sequestered.disposed",
        offices=COUNSEL,
        reason=reason.strip(),
        attempted="Dispose of hidden text",
    )
    current().about(practice)
    stated(reason)
    if why := disposal_waits(practice):
        raise SequesterRefused("reason", why)
    due = disposable(practice, moment())
    if not due.values:
        raise SequesterRefused("reason", "Nothing is due for disposal.")
    if due.sha256 != inventory:
        raise SequesterRefused("inventory", "The list has changed since you opened it. Read it again, then confirm.")
    current().attach("inventory", due.lines)
    return [destroy(value) for value in due.values]


def disposal_waits(practice: Practice) -> str:
    """Why nothing of the practice is destroyed now, in words that name no hold; empty when nothing forbids it."""
    if Hold.objects.standing(practice).exists():
        return "A legal hold is in force. Nothing is destroyed until it is lifted."
    if undecided_of(practice).exists():
        return "A scrub is waiting for a second person's decision. Nothing is destroyed until then."
    return ""


def contents(value: Sequestered, passphrase: str) -> dict[str, Any]:
    """The opened box. Raises SequesterRefused when it cannot be opened."""
    try:
        found: dict[str, Any] = json.loads(
            custody.unlock(
                store.get(value.sha256), key=value.key, about=bound_to(value.scrubbing), passphrase=passphrase
            )
        )
    except custody.CustodyError as error:
        raise SequesterRefused("passphrase", str(error)) from None
    except store.StoreError as error:
        raise SequesterRefused("reason", f"It cannot be opened: {error}") from None
    return found


def require_open_parts(actor: Person, practice: Practice, places: Iterable[Scrubbing]) -> None:
    """Raises SequesterRefused where a place lies in a closed part that is not open to whoever acts."""
    parts = set(closed_parts_of(places).values()) - {None}
    if parts - parts_open_to(actor, practice):
        raise SequesterRefused("reason", "This text was taken from a closed part that is not open to you.")


def stated(reason: str) -> None:
    """Raises SequesterRefused for a reason too short to say anything."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise SequesterRefused(
            "reason", f"Reason: write at least {SHORTEST_REASON} characters. It is kept in the record."
        )
