"""What the forms of the room do: each of them is one act under the item at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from governance.web import PracticeRequest
from meetings.choices import MotionKind
from meetings.forms.room import (
    AccountForm,
    ActionForm,
    AgendaChangeForm,
    AmendmentForm,
    ApproveForm,
    ConsentForm,
    DecisionForm,
    DeferForm,
    DeterminationForm,
    MotionForm,
    OffForm,
    ProcedureForm,
    ProcedureVoteForm,
    RecusalForm,
    RollCallForm,
    TakenForm,
    WithdrawForm,
)
from meetings.models import Attendance, Motion
from meetings.rules.consent_agenda import consent_text
from meetings.selectors.room import Room
from meetings.services import agenda_amended, consent_agenda, minutes_approval, motions, outcomes
from meetings.services import room as acts


@dataclass(frozen=True)
class Doing:
    """An act of the room: its form, what it calls, and what is said when it is done."""

    form: Callable[..., forms.Form]
    do: Callable[[PracticeRequest, Room, dict[str, Any]], object]
    done: str
    stays: bool = True
    """Whether the page stays at the item; else it goes on to the one that is called next."""
    offered: Callable[[Room], object] = lambda room: True
    """Whether the room has what it is about."""
    under_item: bool = True
    """Whether it is about the item at hand; else about the meeting itself."""
    proven: bool = False
    """Whether it wants a fresh proof of who acts: what decides does, for whoever records it."""


def _seat(room: Room, key: str) -> Attendance:
    """The member whose key the form's own choices offered."""
    return next(one for one in room.members if str(one.pk) == key)


def _motion(room: Room, key: object) -> Motion | None:
    return next((entry["motion"] for entry in room.motions if str(entry["motion"].pk) == str(key)), None)


def _recuse(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    return acts.recuse(
        actor=request.person, item=room.at_hand, attendance=_seat(room, data.pop("attendance")), **data
    )  # fmt: skip


def _move(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    return motions.make_motion(actor=request.person, item=room.at_hand, **_moved(room, data))


def _move_consent(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    moved = _moved(room, data) | {"text": consent_text(room.consent)}
    return motions.make_motion(actor=request.person, item=room.at_hand, **moved)


def _take_consent(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    if room.consent_motion is None:
        raise ValueError("No motion on the consent agenda carried.")
    return consent_agenda.take_consent(actor=request.person, motion=room.consent_motion)


def _off_consent(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    return consent_agenda.take_off_consent(actor=request.person, item=room.at_hand, member=_seat(room, data["member"]))


def _amend(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    if room.pending is None:
        raise ValueError("No motion of this item waits.")
    return motions.amend_motion(actor=request.person, motion=room.pending, **_moved(room, data))


def _procedure(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    return motions.move_procedure(actor=request.person, meeting=room.meeting, **_moved(room, data))


def _moved(room: Room, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a motion with the seats it names."""
    seconder = _seat(room, data["seconder"]) if data["seconder"] else None
    return data | {"mover": _seat(room, data["mover"]), "seconder": seconder}


def _change(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    motion = next(one for one in room.agenda_motions if str(one.pk) == data.pop("motion"))
    which = data.pop("which")
    item = next((one for one in room.still_open if str(one.pk) == which), None)
    return agenda_amended.amend_agenda(actor=request.person, motion=motion, **data | {"item": item})


def _vote_on(motion: Motion | None, request: PracticeRequest, data: dict[str, Any]) -> object:
    if motion is None:
        raise ValueError("No motion waits for votes.")
    votes = {int(name.removeprefix("vote_")): word for name, word in data.items() if name.startswith("vote_")}
    return motions.record_votes(actor=request.person, motion=motion, votes=votes, method=data["method"])


def _vote(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    return _vote_on(room.pending, request, data)


def _vote_on_procedure(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    return _vote_on(room.pending_procedure, request, data)


def _withdraw(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    waiting = [one for one in (room.pending, room.pending_procedure) if one and one.pk == data["motion"]]
    if not waiting:
        raise ValueError("This motion does not wait for its vote any more.")
    return motions.withdraw_motion(actor=request.person, motion=waiting[0])


def _decide(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    motion = _motion(room, data.pop("motion"))
    return outcomes.decide_under_item(actor=request.person, item=room.at_hand, motion=motion, **data)


def _determine(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    motion = _motion(room, data.pop("motion"))
    return outcomes.determine_under_item(actor=request.person, item=room.at_hand, motion=motion, **data)


def _approve(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    motion = next(one for one in room.approving if str(one.pk) == data["motion"])
    return minutes_approval.approve_minutes(
        actor=request.person, item=room.at_hand, motion=motion, version=room.version
    )  # fmt: skip


def _act(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    return outcomes.open_action_under_item(actor=request.person, item=room.at_hand, **data)


def _handle(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    return acts.handle_item(actor=request.person, item=room.at_hand, **data)


def _defer(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    return acts.defer_item(actor=request.person, item=room.at_hand, **data)


DOINGS: dict[str, Doing] = {
    "account": Doing(AccountForm, _handle, "The item is handled.", stays=False),
    "defer": Doing(DeferForm, _defer, "The item is deferred.", stays=False),
    "recuse": Doing(RecusalForm, _recuse, "The recusal is recorded."),
    "motion": Doing(MotionForm, _move, "The motion is put."),
    "consent": Doing(
        ConsentForm,
        _move_consent,
        "The motion is put.",
        offered=lambda room: room.consent and not room.pending and not room.consent_motion,
    ),
    "consent_taken": Doing(
        TakenForm,
        _take_consent,
        "The consent agenda is taken.",
        stays=False,
        offered=lambda room: room.consent_motion,
    ),
    "consent_off": Doing(OffForm, _off_consent, "The item is considered by itself.", offered=lambda room: room.consent),
    "votes": Doing(RollCallForm, _vote, "The vote is recorded.", offered=lambda room: room.pending),
    "amendment": Doing(
        AmendmentForm,
        _amend,
        "The amendment is put.",
        offered=lambda room: room.pending and room.pending.kind == MotionKind.MAIN,
    ),
    "withdraw": Doing(WithdrawForm, _withdraw, "The motion is withdrawn.", offered=lambda room: room.pending),
    "procedure": Doing(
        ProcedureForm,
        _procedure,
        "The motion is put.",
        offered=lambda room: not room.pending_procedure,
        under_item=False,
    ),
    "procedure_votes": Doing(
        ProcedureVoteForm,
        _vote_on_procedure,
        "The vote is recorded.",
        offered=lambda room: room.pending_procedure,
        under_item=False,
    ),
    "procedure_withdraw": Doing(
        WithdrawForm,
        _withdraw,
        "The motion is withdrawn.",
        offered=lambda room: room.pending_procedure,
        under_item=False,
    ),
    "agenda": Doing(
        AgendaChangeForm,
        _change,
        "The agenda is changed.",
        offered=lambda room: room.agenda_motions,
        under_item=False,
    ),
    "decide": Doing(DecisionForm, _decide, "The decision is recorded.", proven=True),
    "determine": Doing(
        DeterminationForm,
        _determine,
        "The determination is recorded.",
        offered=lambda room: room.item and room.item.proposal_id,
        proven=True,
    ),
    "approve": Doing(ApproveForm, _approve, "The approval is recorded.", offered=lambda room: room.approving),
    "action": Doing(ActionForm, _act, "The corrective action is opened."),
}
