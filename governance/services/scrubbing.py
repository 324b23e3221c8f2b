"""Patient data that reached the record is scrubbed by a physician; the ledger's proofs stay valid.

A scrub hides at once and destroys nothing. A second person confirms it or takes it back (scrub_decisions.py).
"""

from collections.abc import Collection

from django.db import DataError, IntegrityError
from django.db.models import Model

from audit import custody, store
from audit.acts import current, service
from audit.models import Scrubbing
from audit.services.places import BYTES, Place, find, find_in_files
from audit.services.scrubbing import MARK, SHORTEST, begin_again, scrub
from governance.authority import take_part
from governance.models import Person, Practice
from governance.offices import PHYSICIANS
from governance.selectors.scrubbing import parts_open_to

WHOLE = "would lose all its words"
"""How audit.scrub says that nothing would be left of a refused attempt or a decision."""


class ScrubRefused(ValueError):
    """The span or the reason contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@service
def scrub_text(
    *,
    actor: Person,
    practice: Practice,
    about: Model,
    value: str,
    reason: str,
    key: object = None,
    places: Collection[Place] | None = None,
    read_up_to: int = 0,
) -> list[Scrubbing]:
    """Blot a span out of the texts, sealed files and drafts of the practice's record that hold it.

    `about` is the row on which it was found, `key` the number it goes by. `places` are those marked of the ones that
    `find` gave, by default all; `read_up_to` is the key of the newest document it read, for later ones are read here.
    What is taken out is sequestered until it is disposed of. Neither act nor ledger keeps the span. A closed part is
    searched and scrubbed by whom it is open to. A refused attempt and a decision keep at least a word of each text.
    One row for each place of the record. Raises AuthorityRefused for whoever is no physician with a license in force,
    ScrubRefused.
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
    check_typed(value, reason)
    wanted = _wanted(practice, value, places, read_up_to, parts_open_to(actor, practice))
    try:
        done = [scrub(place, value) for place in wanted]
    except DataError:
        text = f"Text to hide: with {MARK} in its place a title becomes too long; choose a longer text."
        raise ScrubRefused("value", text) from None
    except IntegrityError as error:
        if WHOLE not in str(error):
            raise
        raise ScrubRefused(
            "value",
            "Text to hide: it is all that a refused attempt or a decision says in one place. Choose a shorter text, so"
            " that at least one word stays.",
        ) from None
    except custody.CustodyError as error:
        raise ScrubRefused("value", str(error)) from None
    except store.StoreError as error:
        raise ScrubRefused(
            "value", f"Every file is kept before it is hidden, and one cannot be read: {error}"
        ) from None
    begin_again(practice.pk)
    return [scrubbing for scrubbing in done if scrubbing is not None]


def check_typed(value: str, reason: str) -> None:
    """Raises ScrubRefused for a span that is too short or holds the mark, and for a reason that repeats the span."""
    if len(value) < SHORTEST or MARK in value or value in MARK:
        raise ScrubRefused("value", f"Span: give at least {SHORTEST} characters, exactly as the text has them.")
    if not reason or value in reason:
        raise ScrubRefused("reason", "Reason: say why, without repeating what is scrubbed.")


def _wanted(
    practice: Practice, value: str, places: Collection[Place] | None, read_up_to: int, parts: Collection[int]
) -> list[Place]:
    """The places to be scrubbed: those marked that still hold the span, and files sealed since they were marked."""
    if places is None:
        found = find(practice.pk, value, parts=parts)
    else:
        texts = find(practice.pk, value, files=False, parts=parts)
        files = [int(place.key) for place in places if place.column == BYTES]
        marked = set(places)
        found = [place for place in texts if place in marked]
        found += find_in_files(practice.pk, value, after=read_up_to, keys=files, parts=parts)
    if not found:
        raise ScrubRefused("value", "Span: no text of this practice holds exactly these characters.")
    return found
