"""Corrective actions: opened, evidenced, watched for their effect, closed or reopened by the physicians (DR-19)."""

from datetime import date

from audit.acts import current, record, service
from audit.workflow import is_final, next_state
from decisions.models import ActionReview, CorrectiveAction, Decision
from decisions.models.base import by
from decisions.rules.strength import Strength
from decisions.rules.workflow import CORRECTIVE_ACTION, ActionEvent
from decisions.services.rules import PROPOSERS, RuleBroken, hold, said, today
from governance.authority import Ruling, exercise, moment, offices_of, take_part
from governance.models import Appointment, Person, Practice
from governance.models.scoped import next_number
from governance.offices import PHYSICIANS

CLOSING_RIGHT = "DR-19"


@service
def open_action(
    *,
    actor: Person,
    practice: Practice,
    title: str,
    root_cause: str,
    action: str,
    strength: str,
    owner: Person,
    due_on: date,
    measure: str,
    verifier: Person,
    decision: Decision | None = None,
) -> CorrectiveAction:
    """Open a corrective action; either side may. Raises AuthorityRefused, RuleBroken."""
    hold(practice)
    take_part(
        actor=actor, practice=practice, verb="action.opened", offices=PROPOSERS, right=CLOSING_RIGHT, attempted=title
    )
    opened = write_action(
        practice=practice,
        title=title,
        root_cause=root_cause,
        action=action,
        strength=strength,
        owner=owner,
        due_on=due_on,
        measure=measure,
        verifier=verifier,
        decision=decision,
    )
    current().about(opened, key=opened.code)
    return opened


def write_action(
    *,
    practice: Practice,
    title: str,
    root_cause: str,
    action: str,
    strength: str,
    owner: Person,
    due_on: date,
    measure: str,
    verifier: Person,
    decision: Decision | None = None,
) -> CorrectiveAction:
    """Enter a corrective action inside the current act. Raises RuleBroken."""
    said(title=title, root_cause=root_cause, action=action, measure=measure)
    if strength not in Strength:
        raise RuleBroken("strength", f"Strength: “{strength}” is not weak, intermediate or strong.")
    if owner.pk == verifier.pk:
        raise RuleBroken("verifier", "Verifier: whoever owns the action does not verify its effect; name another.")
    for field, person in (("owner", owner), ("verifier", verifier)):
        if not offices_of(person, practice):
            raise RuleBroken(field, f"{field.capitalize()}: {person} holds no office in force here.")
    if due_on < today(practice):
        raise RuleBroken("due_on", "Due on: name today or a later day.")
    if decision is not None and decision.practice_id != practice.pk:
        raise RuleBroken("decision", "Decision: this is no decision of this practice.")
    at = moment()
    return CorrectiveAction.objects.create(
        practice=practice,
        **next_number(CorrectiveAction, practice, practice.local(at).year),
        title=title,
        root_cause=root_cause,
        action=action,
        strength=strength,
        owner=owner,
        due_on=due_on,
        measure=measure,
        verifier=verifier,
        opened_at=at,
        decision=decision,
    )


@service
def submit_evidence(*, actor: Person, corrective_action: CorrectiveAction, note: str) -> ActionReview:
    """The owner says what was done and where it shows. Raises AuthorityRefused, RuleBroken, IllegalTransition."""
    row, ruling = _part(actor, corrective_action, "action.evidence submitted", note)
    if actor.pk != row.owner_id:
        raise RuleBroken("note", f"Evidence for {row.code} comes from its owner, {row.owner}.")
    return _step(row, ruling, ActionEvent.SUBMIT_EVIDENCE, ActionReview.Kind.EVIDENCE, note)


@service
def start_window(*, actor: Person, corrective_action: CorrectiveAction, ends_on: date, note: str) -> ActionReview:
    """Accept the evidence and watch the effect until `ends_on`: the verifier or a physician, never the owner.

    Raises AuthorityRefused, RuleBroken, IllegalTransition.
    """
    row, ruling = _part(actor, corrective_action, "action.window started", note)
    if actor.pk == row.owner_id:
        raise RuleBroken("note", f"{row.code}: its owner does not judge the evidence; {row.verifier} does.")
    if actor.pk != row.verifier_id and not _is_physician(ruling.practice, actor):
        raise RuleBroken("note", f"{row.code}: the evidence is judged by {row.verifier} or a physician.")
    if ends_on <= today(row.practice):
        raise RuleBroken("ends_on", "Ends on: name a day after today, by which the effect will show.")
    row.window_ends_on = ends_on
    return _step(row, ruling, ActionEvent.START_WINDOW, ActionReview.Kind.WINDOW, note)


@service
def verify_effect(*, actor: Person, corrective_action: CorrectiveAction, effective: bool, note: str) -> ActionReview:
    """Decide whether the action worked (DR-19): effective closes it once its window is over, ineffective reopens it.

    Never by the owner or the owner's delegate. Raises AuthorityRefused, RuleBroken, IllegalTransition.
    """
    row = _lock(corrective_action)
    ruling = exercise(
        actor=actor,
        practice=row.practice,
        right=CLOSING_RIGHT,
        verb="action.verified effective" if effective else "action.verified ineffective",
        reason=note,
        attempted=f"{row.code} {row.title}",
    )
    said(note=note)
    for judge, called in ruling.judges:
        if judge.pk == row.owner_id:
            own = "own" if judge == actor else "owns"
            raise RuleBroken(
                "note", f"{row.code}: {called} {own} this action; its effect is never verified by its owner."
            )
    if effective and row.window_ends_on and row.window_ends_on > today(row.practice):
        raise RuleBroken(
            "effective",
            f"{row.code}: its window runs until {row.window_ends_on:%-d %B %Y}; it cannot be closed before.",
        )
    event = ActionEvent.VERIFY_EFFECTIVE if effective else ActionEvent.VERIFY_INEFFECTIVE
    kind = ActionReview.Kind.EFFECTIVE if effective else ActionReview.Kind.INEFFECTIVE
    if effective:
        row.closed_at = moment()
    else:
        row.window_ends_on = None
    return _step(row, ruling, event, kind, note)


@service
def review_action(*, actor: Person, corrective_action: CorrectiveAction, note: str) -> ActionReview:
    """Note how an open action stands, as every monthly meeting does. Raises AuthorityRefused, RuleBroken."""
    row, ruling = _part(actor, corrective_action, "action.reviewed", note)
    if is_final(CORRECTIVE_ACTION, row.state):
        raise RuleBroken("note", f"{row.code} is closed.")
    assert ruling.appointment
    current().about(row, key=row.code)
    return record(
        ActionReview,
        corrective_action=row,
        kind=ActionReview.Kind.REVIEWED,
        note=note,
        made_at=moment(),
        **by(ruling.appointment),
    )


def _lock(corrective_action: CorrectiveAction) -> CorrectiveAction:
    hold(corrective_action.practice)
    return (
        CorrectiveAction.objects.select_for_update(no_key=True, of=("self",))
        .select_related("practice", "owner", "verifier")
        .get(pk=corrective_action.pk)
    )


def _part(actor: Person, corrective_action: CorrectiveAction, verb: str, note: str) -> tuple[CorrectiveAction, Ruling]:
    row = _lock(corrective_action)
    ruling = take_part(
        actor=actor,
        practice=row.practice,
        verb=verb,
        offices=PROPOSERS,
        right=CLOSING_RIGHT,
        reason=note,
        attempted=f"{row.code} {row.title}",
    )
    said(note=note)
    return row, ruling


def _is_physician(practice: Practice, person: Person) -> bool:
    return any(held.office in PHYSICIANS for held in offices_of(person, practice))


def _step(
    row: CorrectiveAction, ruling: Ruling, event: ActionEvent, kind: ActionReview.Kind, note: str
) -> ActionReview:
    assert isinstance(ruling.appointment, Appointment)
    row.state = next_state(CORRECTIVE_ACTION, row.state, event)
    row.save()
    current().about(row, key=row.code)
    return record(ActionReview, corrective_action=row, kind=kind, note=note, made_at=moment(), **by(ruling.appointment))
