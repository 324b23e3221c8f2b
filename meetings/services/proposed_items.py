"""Items that anybody who works here proposes for an agenda; the chair accepts or declines them, with the reason."""

from audit.acts import current, service
from audit.workflow import next_state
from decisions.models.base import by
from decisions.services.rules import PROPOSERS, RuleBroken, hold, said
from governance.authority import moment, take_part
from governance.choices import Office
from governance.models import Person, Practice
from governance.offices import CHAIRS
from meetings.choices import Purpose, Topic
from meetings.models import Meeting, ProposedItem
from meetings.rules.workflow import BEFORE_SESSION, PROPOSED, ProposedEvent
from meetings.services.agenda_items import Draft, write_items
from meetings.services.base import OVERSIGHT, lock_meeting, require_state
from meetings.services.item_values import checked

MAY_PROPOSE = PROPOSERS | {Office.RECORDING_SECRETARY}


@service
def propose_item(
    *,
    actor: Person,
    practice: Practice,
    topic: str,
    title: str,
    reason: str,
    purpose: str = Purpose.DISCUSSION,
    right: str = "",
    presenter: str = "",
    budget: int | None = None,
) -> ProposedItem:
    """Propose a point for the agenda of a coming meeting, with the reason. Raises AuthorityRefused, RuleBroken."""
    hold(practice)
    ruling = take_part(
        actor=actor,
        practice=practice,
        verb="item.proposed",
        offices=MAY_PROPOSE,
        right=OVERSIGHT,
        reason=reason,
        attempted=title,
    )
    said(reason=reason)
    values = checked(
        practice, topic=topic, title=title, purpose=purpose, right=right, presenter=presenter, budget=budget
    )
    del values["presenter_person"]  # type: ignore[misc]
    assert ruling.appointment is not None
    made = ProposedItem.objects.create(
        practice=practice, reason=reason.strip(), proposed_at=moment(), **values, **by(ruling.appointment)
    )
    current().about(made)
    return made


@service
def accept_item(*, actor: Person, proposed: ProposedItem, meeting: Meeting, answer: str = "") -> ProposedItem:
    """Put a proposed item on the agenda of a meeting that is not opened yet; by a chair.

    Raises AuthorityRefused, IllegalTransition, RuleBroken.
    """
    meeting = lock_meeting(meeting)
    proposed = _answer(actor, proposed, "item.accepted", answer, ProposedEvent.ACCEPT)
    require_state(meeting, *BEFORE_SESSION)
    if meeting.practice_id != proposed.practice_id:
        raise RuleBroken("meeting", "Meeting: it is a meeting of another practice.")
    added = write_items(
        meeting,
        [
            Draft(
                topic=Topic(proposed.topic),
                title=proposed.title,
                purpose=Purpose(proposed.purpose),
                presenter=proposed.presenter,
                budget=proposed.budget,
                right=proposed.right,
            )
        ],
    )
    if not added:
        raise RuleBroken("meeting", f"Meeting: its agenda holds “{proposed.title}” under this topic already.")
    proposed.item = added[0]
    proposed.save()
    return proposed


@service
def decline_item(*, actor: Person, proposed: ProposedItem, answer: str) -> ProposedItem:
    """Decline a proposed item with the reason; by a chair. Raises AuthorityRefused, IllegalTransition, RuleBroken."""
    proposed = _answer(actor, proposed, "item.declined", answer, ProposedEvent.DECLINE)
    said(answer=answer)
    proposed.save()
    return proposed


@service
def withdraw_proposed(*, actor: Person, proposed: ProposedItem) -> ProposedItem:
    """Take back what one proposed, until it is answered. Raises AuthorityRefused, IllegalTransition, RuleBroken."""
    proposed = _lock(proposed)
    take_part(
        actor=actor,
        practice=proposed.practice,
        verb="item.proposal_withdrawn",
        offices=MAY_PROPOSE,
        right=OVERSIGHT,
        about=proposed,
        attempted=proposed.title,
    )
    if proposed.person_id != actor.pk:
        raise RuleBroken("item", f"“{proposed.title}” was proposed by {proposed.person}, who alone takes it back.")
    proposed.state = next_state(PROPOSED, proposed.state, ProposedEvent.WITHDRAW)
    proposed.save()
    return proposed


def _lock(proposed: ProposedItem) -> ProposedItem:
    found = ProposedItem.objects.select_for_update(no_key=True, of=("self",))
    return found.select_related("practice", "person", "right").get(pk=proposed.pk)


def _answer(actor: Person, proposed: ProposedItem, verb: str, answer: str, event: ProposedEvent) -> ProposedItem:
    proposed = _lock(proposed)
    take_part(
        actor=actor,
        practice=proposed.practice,
        verb=verb,
        offices=CHAIRS,
        right=OVERSIGHT,
        licensed=True,
        about=proposed,
        reason=answer,
        attempted=proposed.title,
    )
    proposed.state = next_state(PROPOSED, proposed.state, event)
    proposed.answer, proposed.answered_by = answer.strip(), actor
    return proposed
