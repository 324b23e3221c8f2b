"""What a form brings about, in words anybody understands: beside each form of an act, with the right it stands on."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string


@dataclass(frozen=True, kw_only=True)
class Meaning:
    """What sending a form means legally. Titles and bases of rights come from the catalogue in force."""

    text: str
    verbs: tuple[str, ...]
    """Verbs of the record that the form can write."""
    rights: tuple[str, ...] = ()
    """Codes of the rights under which the record enters it."""
    of: str = ""
    """Where the right is named, when it differs from case to case: what the form chooses, or what the page is about."""
    cites: str = ""
    """The law or rule it stands on, where no right of the catalogue is exercised or where both count."""


def meaning_of(key: str) -> Meaning:
    """The meaning of the form that is sent to an address: its name, such as "governance:appoint".

    The forms of the room share an address; a word tells them apart: "meetings:room_do motion". Raises KeyError: every
    form of an act has its meaning.
    """
    for name in settings.MEANINGS:
        table: Mapping[str, Meaning] = import_string(name)
        if key in table:
            return table[key]
    raise KeyError(f"{key}: no meaning is written for the form that is sent there (settings.MEANINGS)")
