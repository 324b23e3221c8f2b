"""Who speaks for a body: directors, shareholders and committee members decide together, by vote, and not one alone."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from decisions.models import Decision
from decisions.services.rules import RuleBroken
from governance.authority import Ruling, moment
from governance.choices import BodyKind, Exerciser, Office
from governance.models import Appointment, Body

MEMBERS_OF = {
    Office.DIRECTOR: Exerciser.BOARD,
    Office.SHAREHOLDER: Exerciser.SHAREHOLDERS,
    Office.COMMITTEE_MEMBER: Exerciser.COMMITTEE,
}
"""The offices that decide only as one of a body. A ruling names one of them where no other office decides alone."""

ALONE = " (one member)"
"""How the name of a body ends where its only member decided; decisions.guard_adoption reads it too."""

IN_WRITING = " (unanimous written consent)"
"""How the name of a body ends where all of its members consented in writing."""

VOTES_OF = {BodyKind.BOARD: Exerciser.BOARD, BodyKind.COMMITTEE: Exerciser.COMMITTEE}
"""Whose vote the vote of a meeting's body is."""


def speaking_as(ruling: Ruling, body: Body | None) -> str:
    """For whom the actor decides: the body whose motion carried, the only member of one, or nobody else (empty).

    Raises RuleBroken where the right is a body's and `body`, on whose carried motion the decision stands, is not it.
    """
    right, appointment = ruling.right, ruling.appointment
    assert right is not None
    assert appointment is not None
    whole = MEMBERS_OF.get(Office(appointment.office))
    if whole is None:
        return body.name if body else ""
    if body is not None and VOTES_OF.get(BodyKind(body.kind)) in {Exerciser(one) for one in right.exercised_by}:
        return body.name
    if is_sole(appointment):
        return f"{whole.label}{ALONE}"
    if body is not None:
        raise RuleBroken("motion", f"Motion: {right.code} is decided by the {right.deciders}, not by {body}.")
    raise RuleBroken(
        "right",
        f"Right: {right.code} is decided by the {right.deciders}, and you are one of several: it is decided by a "
        "carried motion under an item of their meeting, or by their unanimous written consent.",
    )


def resolved(
    ruling: Ruling, cited: str, *, since: datetime | None = None, spent: Iterable[str] = (), naming: str = ""
) -> str:
    """Why a text cites no decision of the body under the right ruled on; empty where it does or none is needed.

    The decision is the body's own, taken since that moment, names whom it is about, and is cited by none of the texts
    in which decisions of its kind are spent. For acts that carry out what the body decided; see settings.RESOLUTIONS.
    """
    right, appointment = ruling.right, ruling.appointment
    assert right is not None
    assert appointment is not None
    if Office(appointment.office) not in MEMBERS_OF or is_sole(appointment):
        return ""
    decided = Decision.objects.filter(practice=ruling.practice, right__code=right.code)
    decided = decided.exclude(body_name="").exclude(body_name__endswith=ALONE)
    if since:
        decided = decided.filter(decided_at__gte=since)
    if naming:
        decided = decided.filter(Q(title__icontains=naming) | Q(text__icontains=naming))
    gone = {code for text in spent for code in CITED.findall(text)}
    for code in CITED.findall(cited):
        if code not in gone and decided.filter(**Decision.parse(code)).exists():
            return ""
    terms = f"one that names {naming}" if naming else "taken after counsel cleared the version"
    return (
        f"{right.code} is decided by the {right.deciders}, and you are one of several: name their decision under it as "
        f"the decision log has it, such as D-2026-014: {terms}, and that was not carried out before."
    )


CITED = re.compile(r"\bD-\d{4}-\d{3,}\b")
"""The number of a decision within a text."""


def is_sole(appointment: Appointment) -> bool:
    """Whether the holder is the only director or shareholder: no other in office, no seat of the board vacant.

    Corp. Code 307 and 13403; governance.sole of the database is the same rule. A committee of one is none (311).
    """
    if appointment.office not in (Office.DIRECTOR, Office.SHAREHOLDER):
        return False
    held = Appointment.objects.in_force(moment()).filter(practice=appointment.practice_id, office=appointment.office)
    if held.exclude(person=appointment.person_id).exists():
        return False
    boards = Body.objects.filter(practice=appointment.practice_id, kind=BodyKind.BOARD, authorized__gt=1)
    return appointment.office == Office.SHAREHOLDER or not boards.exists()
