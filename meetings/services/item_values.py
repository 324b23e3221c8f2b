"""What an agenda item says, checked: topic, title, purpose, right, presenter, time, consent."""

from typing import TypedDict

from decisions.services.rules import RuleBroken, said
from governance.authority import moment, right_in_force
from governance.models import Appointment, DecisionRight, Person, Practice
from meetings.choices import STANDING, Purpose, Topic
from meetings.models import AgendaItem

LONGEST = 480
"""Minutes of one item at most."""


class Said(TypedDict):
    """What an item says."""

    topic: Topic
    title: str
    purpose: Purpose
    right: DecisionRight | None
    presenter: str
    presenter_person: Person | None
    budget: int | None


def checked(
    practice: Practice,
    *,
    topic: str,
    title: str,
    purpose: str,
    right: str,
    presenter: str,
    presenter_person: Person | None = None,
    budget: int | None,
) -> Said:
    """The values of an item; one for decision names its right. Raises RuleBroken at the field."""
    said(title=title)
    if topic not in Topic:
        raise RuleBroken("topic", f"Topic: there is no topic “{topic}”.")
    if purpose not in Purpose:
        raise RuleBroken("purpose", f"Purpose: an item is for {', '.join(Purpose)}, not “{purpose}”.")
    deciding = right_in_force(practice, right) if right else None
    if right and deciding is None:
        raise RuleBroken("right", f"Right: the catalogue in force has no right {right}.")
    if purpose == Purpose.DECISION and deciding is None:
        raise RuleBroken("right", "Right: an item for decision names the right under which it is decided.")
    name, person = named(practice, presenter, presenter_person)
    return {
        "topic": Topic(topic),
        "title": title.strip(),
        "purpose": Purpose(purpose),
        "right": deciding,
        "presenter": name,
        "presenter_person": person,
        "budget": timed(budget),
    }


def named(practice: Practice, presenter: str, person: Person | None) -> tuple[str, Person | None]:
    """Who presents: a person in office here, or a name as typed. Raises RuleBroken."""
    if person is None:
        return presenter.strip(), None
    if not Appointment.objects.in_force(moment()).filter(practice=practice, person=person).exists():
        raise RuleBroken("presenter_person", f"Presenter person: {person} holds no office here; type the name instead.")
    return str(person), person


def timed(budget: int | None) -> int | None:
    """The minutes given to an item. Raises RuleBroken."""
    if budget is not None and not 1 <= budget <= LONGEST:
        raise RuleBroken("budget", f"Budget: 1 to {LONGEST} minutes, not {budget}.")
    return budget


def is_standing(item: AgendaItem) -> bool:
    """Whether the item is one of the seven topics itself, which is minuted or deferred at every meeting."""
    return item.topic in STANDING and item.title == Topic(item.topic).label and not is_sourced(item)


def is_sourced(item: AgendaItem) -> bool:
    """Whether the item has a proposal or a corrective action, which says what it is about."""
    return item.proposal_id is not None or item.corrective_action_id is not None


def require_consent(item: AgendaItem) -> None:
    """Raise RuleBroken unless the item may stand on the consent agenda, where one motion takes them all."""
    if is_standing(item) or is_sourced(item):
        raise RuleBroken(
            "consent",
            f"Consent: “{item.title}” needs an account or a determination of its own, so it is not taken by consent.",
        )
