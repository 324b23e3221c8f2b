"""Why a text may be left out of a pack: a fixed vocabulary, which whoever makes packs takes from here.

A reason that is not listed is damage, for whoever changes a pack could invent it.
"""

from __future__ import annotations

import re
from typing import NamedTuple

CLOSED = "a closed compartment, which goes into a file of its own alone"
NOT_OPEN = "{}, not open to who asked"
OUTSIDE = "outside the period asked for"
SCRUBBED = "scrubbed from the record; its hash stays"
PATIENT_DATA = "patient data, scrubbed"

ROWS = re.compile(r"(row|after)/.+")
DOCUMENTS = re.compile(r"(row|after)/audit_document/.+")
ANY = re.compile(r".+", re.DOTALL)


class Reason(NamedTuple):
    """A reason, as the words of a pack begin or end; who withholds for it; and of which texts."""

    words: re.Pattern[str]
    told: str
    who: str
    of: re.Pattern[str]
    refusals: bool = False
    """Whether it may hide the words of an attempt that was refused."""
    in_period: bool = True
    """Whether it may hide a text of the period that the pack is of."""
    needs_proof: bool = False
    """Whether an entry of the ledger must say that it was done."""


REASONS = (
    Reason(re.compile(re.escape(CLOSED)), CLOSED, "by Brightline, for every open pack", ROWS),
    Reason(
        re.compile(r"not open to who asked"), "", "by Brightline, for the office of who asked", ANY, refusals=True
    ),
    Reason(
        re.compile(r"[^,:]{1,60}, not open to who asked"), "", "by Brightline, for the office of who asked", DOCUMENTS
    ),
    Reason(
        re.compile(rf"(?:[^:]{{0,80}}, )?{re.escape(OUTSIDE)}.{{0,80}}"), OUTSIDE,
        "by Brightline, for the days asked for", ANY, refusals=True, in_period=False,
    ),
    Reason(
        re.compile(rf"{PATIENT_DATA} by .+ Its hash stays", re.DOTALL), PATIENT_DATA,
        "by an act of the practice that is itself an entry", ANY, refusals=True, needs_proof=True,
    ),
    Reason(
        re.compile(re.escape(SCRUBBED)), SCRUBBED, "nothing in this pack says by whom", ANY,
        refusals=True, needs_proof=True,
    ),
)  # fmt: skip


def reason_of(words: str) -> Reason | None:
    """The reason of the vocabulary that these words give; None for any other."""
    return next((one for one in REASONS if one.words.fullmatch(words)), None)
