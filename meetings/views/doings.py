"""What the forms of the room do: each of them is one act under the item at hand."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from governance.web import PracticeRequest
from meetings.forms.room import (
    AccountForm,
    ActionForm,
    DecisionForm,
    DeferForm,
    DeterminationForm,
    MotionForm,
    RecusalForm,
    RollCallForm,
)
from meetings.models import Attendance, Motion
from meetings.selectors.room import Room
from meetings.services import motions, outcomes
from meetings.services import room as acts


@dataclass(frozen=True)
class Doing:
    """An act of the room: its form, what it calls, and what is said when it is done."""

    form: Callable[..., forms.Form]
    do: Callable[[PracticeRequest, Room, dict[str, Any]], object]
    done: str
    stays: bool = True
    """Whether the page stays at the item; else it goes on to the one that is called next."""
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
    return motions.make_motion(
        actor=request.person,
        item=room.at_hand,
        text=data["text"],
        mover=_seat(room, data["mover"]),
        seconder=_seat(room, data["seconder"]) if data["seconder"] else None,
        method=data["method"],
    )


def _vote(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    if room.pending is None:
        raise ValueError("No motion of this item waits for votes.")
    votes = {int(name.removeprefix("vote_")): word for name, word in data.items()}
    return motions.record_votes(actor=request.person, motion=room.pending, votes=votes)


def _decide(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    motion = _motion(room, data.pop("motion"))
    return outcomes.decide_under_item(actor=request.person, item=room.at_hand, motion=motion, **data)


def _determine(request: PracticeRequest, room: Room, data: dict[str, Any]) -> object:
    motion = _motion(room, data.pop("motion"))
    return outcomes.determine_under_item(actor=request.person, item=room.at_hand, motion=motion, **data)


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
    "votes": Doing(RollCallForm, _vote, "The roll call is recorded."),
    "decide": Doing(DecisionForm, _decide, "The decision is recorded.", proven=True),
    "determine": Doing(DeterminationForm, _determine, "The determination is recorded.", proven=True),
    "action": Doing(ActionForm, _act, "The corrective action is opened."),
}
