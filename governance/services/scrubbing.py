"""Patient data that reached the record is scrubbed by a physician; the ledger's proofs stay valid."""

from django.db import DataError
from django.db.models import Model

from audit.acts import current, service
from audit.models import Scrubbing
from audit.services.scrubbing import MARK, SHORTEST, find, scrub
from governance.authority import take_part
from governance.models import Person, Practice
from governance.offices import PHYSICIANS


class ScrubRefused(ValueError):
    """The span or the reason contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@service
def scrub_text(
    *, actor: Person, practice: Practice, about: Model, value: str, reason: str, key: object = None
) -> list[Scrubbing]:
    """Blot a span out of every text of the practice's record that holds it; one row returned for each place.

    `about` is the row on which it was found, `key` the number it goes by. Neither act nor ledger keeps the span.
    Raises AuthorityRefused for whoever is no physician with a license in force, ScrubRefused.
    """
    practice = Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    value, reason = value.strip(), reason.strip()
    told = reason if value not in reason else ""
    take_part(
        actor=actor,
        practice=practice,
        verb="text.scrubbed",
        offices=PHYSICIANS,
        licensed=True,
        reason=told,
        attempted="Scrub patient data",
        about=about,
    )
    current().about(about, key=key)
    if len(value) < SHORTEST or MARK in value or value in MARK:
        raise ScrubRefused("value", f"Span: give at least {SHORTEST} characters, exactly as the text has them.")
    if not reason or not told:
        raise ScrubRefused("reason", "Reason: say why, without repeating what is scrubbed.")
    places = find(practice.pk, value)
    if not places:
        raise ScrubRefused("value", "Span: no text of this practice holds exactly these characters.")
    try:
        return [scrub(place, value) for place in places]
    except DataError:
        text = f"Span: with {MARK} in its place a title becomes too long; take a longer span."
        raise ScrubRefused("value", text) from None
