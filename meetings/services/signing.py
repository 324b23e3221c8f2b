"""The columns of what somebody affirms or signs, filled from the ruling that lets them."""

from typing import Any

from decisions.models.base import by
from decisions.services.rules import RuleBroken
from governance.authority import Ruling, moment


def printed_as(ruling: Ruling) -> dict[str, Any]:
    """By whom a row is made, with name and office as they are printed."""
    assert ruling.appointment
    return {
        **by(ruling.appointment),
        "printed_name": str(ruling.person),
        "office_name": ruling.appointment.get_office_display(),
    }


def affirmed_as(ruling: Ruling, *, sha256: str, meaning: str, wanted: str, what: str) -> dict[str, Any]:
    """The columns of `Affirmed`. Raises RuleBroken at `meaning` unless the sentence is the one wanted."""
    if meaning != wanted:
        raise RuleBroken("meaning", f"Meaning: affirm the sentence that says what {what}.")
    return {**printed_as(ruling), "sha256": sha256, "meaning": meaning}


def signed_as(
    ruling: Ruling, *, sha256: str, meaning: str, wanted: str, what: str = "your signature means"
) -> dict[str, Any]:
    """The columns of `Signed`, under a ruling with a license. Raises RuleBroken at `meaning`."""
    assert ruling.license
    return {
        **affirmed_as(ruling, sha256=sha256, meaning=meaning, wanted=wanted, what=what),
        "license_number": ruling.license.number,
        "license_status": ruling.license.sentence,
        "signed_at": moment(),
    }
