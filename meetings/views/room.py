"""The room: one item at hand, its papers, its motions and outcomes; who is there; and the way to adjournment."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from governance.choices import Office
from governance.models import Appointment, DecisionRight, Person
from governance.offices import CHAIRS
from governance.selectors.catalogue import catalogue_at
from governance.views.acts import decides
from governance.web import PracticeRequest, holds, practice_view, refused, want_recent_sign_in
from meetings import live
from meetings.choices import Compartment, Mode, MotionKind, Standing
from meetings.forms.room import AdjournForm
from meetings.models import AgendaItem, ClosedSession, Meeting
from meetings.rules.tally import Result
from meetings.rules.workflow import ItemState, MeetingState
from meetings.selectors.called import called
from meetings.selectors.compartments import ground_of, matters_of, outside
from meetings.selectors.room import Room, room_of
from meetings.services import room as acts
from meetings.services.agenda import add_item
from meetings.services.base import running_session
from meetings.services.drafts import forget_drafts
from meetings.views.common import find_meeting, records, show
from meetings.views.doings import DOINGS
from meetings.views.notice import notice_of


def forms_of(request: PracticeRequest, room: Room, bound: str = "") -> dict[str, forms.Form]:
    """The forms of the item at hand and of the meeting; the one that was sent is bound to what was typed."""
    if room.meeting.state != MeetingState.IN_SESSION:
        return {}
    practice = request.practice
    catalogue = catalogue_at(practice, timezone.now())
    in_office = Appointment.objects.in_force().filter(practice=practice).values("person")
    rights = [right for right in catalogue.rights if decides(request, right)] if catalogue else []
    extra: dict[str, dict[str, Any]] = {
        "decide": {"rights": rights, "initial": _preset(room)},
        "determine": {"initial": {"motion": _preset(room)["motion"]}},
        "action": {"people": Person.objects.filter(pk__in=in_office)},
    }
    return {
        name: doing.form(request.POST if name == bound else None, room=room, act=name, **extra.get(name, {}))
        for name, doing in DOINGS.items()
        if doing.offered(room)
        and (not doing.under_item or room.under_way)
        and (name == bound or _within(request, room, name, rights))
    }


def _within(request: PracticeRequest, room: Room, name: str, rights: list[DecisionRight]) -> bool:
    """Whether the person decides some right, or that of the proposal: who records for others is offered neither."""
    if name == "determine":
        return bool(room.item and room.item.proposal and decides(request, room.item.proposal.right))
    return name != "decide" or bool(rights)


def _preset(room: Room) -> dict[str, Any]:
    motions = [entry["motion"] for entry in room.motions]
    carried = [one for one in motions if one.result == Result.CARRIED and one.kind == MotionKind.MAIN]
    last = carried[-1] if carried else None
    item = room.item
    return {
        "right": item.right.code if item and item.right else "",
        "title": item.title if item and item.right else "",
        "text": last.wording if last else "",
        "motion": str(last.pk) if last else "",
    }


def page(
    request: PracticeRequest, room: Room, shown: dict[str, forms.Form], adjourn: forms.Form | None
) -> HttpResponse:
    """The page of the room with these forms."""
    meeting = room.meeting
    if session := running_session(meeting):
        return _emptied(request, meeting, session)
    for entry in [*room.motions, *room.procedure]:
        if entry["motion"] in (room.pending, room.pending_procedure):
            entry["called"] = called(room, entry["motion"], request.person)
    may = records(request) and meeting.state in (MeetingState.AGENDA_RELEASED, MeetingState.IN_SESSION)
    context = {
        "room": room,
        "meeting": meeting,
        "item": room.item,
        "forms": shown if may else {},
        "adjourn": adjourn if may and holds(request, *CHAIRS) else None,
        "may_record": may,
        "may_open": holds(request, *CHAIRS) and meeting.state == MeetingState.AGENDA_RELEASED,
        "agenda": [_line(room, number, one, request) for number, one in enumerate(room.items, start=1)],
        "decisions": _decisions(room),
        "determined_kind": "ok" if room.determination and room.determination.outcome == "approved" else "due",
        "may_determine": bool(room.motions) and room.pending is None and holds(request, Office.MEDICAL_DIRECTOR),
        "part_url": _part_url(request, meeting, room.item),
        "notice": notice_of(request, meeting, [seat.attendance for seat in room.seats]),
        "version": live.version_of(request) if request.method == "GET" else "",
        "pinned": _pinned(request),
        "live": "" if meeting.state == MeetingState.ADJOURNED else _address(request, meeting),
    }
    if live.asked_again(request):
        context["messages"] = ()
    return render(request, "meetings/room.html", context)


def _part_url(request: PracticeRequest, meeting: Meeting, item: AgendaItem | None) -> str:
    """Where a closed item is taken up, for who is entitled; empty for everybody else and for an open item."""
    if item is None or item.compartment == Compartment.OPEN:
        return ""
    matter = matters_of(meeting).get(item=item)
    entitled = ground_of(request.person, matter)
    return reverse("meetings:closed", args=[request.practice.slug, meeting.code, item.pk]) if entitled else ""


def _emptied(request: PracticeRequest, meeting: Meeting, session: ClosedSession) -> HttpResponse:
    """The room in closed session: empty for everybody; who is entitled finds the way to its part."""
    matter = matters_of(meeting).get(item=session.item_id)
    context = {
        "meeting": meeting,
        "session": session,
        "basis": outside(session.item).basis,
        "entitled": bool(ground_of(request.person, matter)),
        "version": live.version_of(request) if request.method == "GET" else "",
        "live": _address(request, meeting),
    }
    if live.asked_again(request):
        context["messages"] = ()
    return render(request, "meetings/room_closed.html", context)


def _address(request: PracticeRequest, meeting: Meeting) -> str:
    """Where the page asks whether it moved: about the item it was opened for, else about the one that is called."""
    here = reverse("meetings:room", args=[request.practice.slug, meeting.code])
    item = _pinned(request)
    return f"{here}?item={item}" if item else here


def _pinned(request: PracticeRequest) -> int | None:
    """The item that the page was opened for; None where it follows the one that is called."""
    return asked((request.POST if request.method == "POST" else request.GET).get("item"))


def _decisions(room: Room) -> list[Any]:
    if room.item is None:
        return []
    links = room.item.item_decisions.select_related("decision__right", "decision__person")
    actions = room.item.item_actions.select_related("corrective_action__owner")
    return [*(link.decision for link in links), *(link.corrective_action for link in actions)]


def _line(room: Room, number: int, one: Any, request: PracticeRequest) -> dict[str, Any]:
    here = reverse("meetings:room", args=[request.practice.slug, room.meeting.code])
    called = room.meeting.current_item_id == one.pk
    return {
        "number": number,
        "title": one.title,
        "url": f"{here}?item={one.pk}",
        "current": room.item is not None and one.pk == room.item.pk,
        "note": "called now" if called and room.item is not None and one.pk != room.item.pk else "",
        "done": "" if one.state == ItemState.OPEN else one.state,
    }


def asked(value: str | None) -> int | None:
    """The key that an address or a form names; None for anything else."""
    return int(value) if value and value.isdecimal() and len(value) < 19 else None


@practice_view(also=live.MOVED)
def room(request: PracticeRequest, code: str) -> HttpResponse:
    """The room of a meeting; chair and secretary record in it, everybody else looks on, all of them live."""
    if unchanged := live.not_moved(request):
        return unchanged
    meeting = find_meeting(request, code)
    gathered = room_of(meeting, asked(request.GET.get("item")), timezone.now())
    response = page(request, gathered, forms_of(request, gathered), AdjournForm(room=gathered, act="adjourn"))
    response["ETag"] = f'"{live.version_of(request)}"'
    return response


def back(request: PracticeRequest, meeting: Meeting, item: object = None) -> HttpResponse:
    """Back to the room, at an item where one is named."""
    address = reverse("meetings:room", args=[request.practice.slug, meeting.code])
    return redirect(f"{address}?item={item}" if item else address)


def _answer(request: PracticeRequest, refusal: AuthorityRefused) -> HttpResponse:
    """The refusal page; where htmx asked, in place of the page's main part."""
    response = refused(request, refusal)
    if request.htmx:  # type: ignore[attr-defined]
        response.status_code = 200
        response["HX-Retarget"] = response["HX-Reselect"] = "#main"
        response["HX-Reswap"] = "outerHTML"
    return response


@require_POST
@practice_view()
def do(request: PracticeRequest, code: str, act: str) -> HttpResponse:
    """An act under the item at hand. Back to the item, or on to the next; an error shows at its field."""
    if act not in DOINGS:
        raise Http404("There is no such act.")
    meeting = find_meeting(request, code)
    if DOINGS[act].proven:
        want_recent_sign_in(request)
    gathered = room_of(meeting, asked(request.POST.get("item")), timezone.now())
    shown = forms_of(request, gathered, bound=act)
    form, doing = shown.get(act), DOINGS[act]
    if form is None:
        messages.error(request, "The meeting has moved on meanwhile; nothing was recorded.")
        return back(request, meeting, gathered.item.pk if gathered.item else None)
    if form.is_valid():
        try:
            doing.do(request, gathered, dict(form.cleaned_data))
        except AuthorityRefused as refusal:
            return _answer(request, refusal)
        except ValueError as broken:
            show(form, broken)
        else:
            if doing.under_item:
                forget_drafts(gathered.at_hand, act)
            messages.success(request, doing.done)
            return back(request, meeting, gathered.item.pk if doing.stays and gathered.item else None)
    return page(request, gathered, shown, AdjournForm(room=gathered, act="adjourn"))


@require_POST
@practice_view()
def call(request: PracticeRequest, code: str) -> HttpResponse:
    """Call an item."""
    meeting = find_meeting(request, code)
    item = get_object_or_404(meeting.items, pk=asked(request.POST.get("item")))
    return attempt(request, meeting, item.pk, lambda: acts.go_to(actor=request.person, meeting=meeting, item=item))


@require_POST
@practice_view()
def attend(request: PracticeRequest, code: str, seat: int) -> HttpResponse:
    """Somebody arrives, leaves, or is excused or absent."""
    meeting = find_meeting(request, code)
    attendance = get_object_or_404(meeting.attendances, pk=seat)
    word = request.POST.get("standing", "")

    def record() -> object:
        claimed = _claimed(request, meeting)
        if word == "left":
            return acts.leave(actor=request.person, attendance=attendance, claimed=claimed)
        mode = Mode.REMOTE if word == Mode.REMOTE else Mode.IN_PERSON
        standing = Standing.PRESENT if word == Mode.REMOTE else word
        return acts.mark(actor=request.person, attendance=attendance, standing=standing, mode=mode, claimed=claimed)

    return attempt(request, meeting, asked(request.POST.get("item")), record)


def _claimed(request: PracticeRequest, meeting: Meeting) -> datetime | None:
    """The time of day that was typed, on the meeting's day or, past midnight, on the next; None for now."""
    typed = request.POST.get("at", "")
    if not typed:
        return None
    try:
        hour = time.fromisoformat(typed)
    except ValueError as unreadable:
        raise RuleBroken("at", f"Time: “{typed[:20]}” is no time of day, such as 18:12.") from unreadable
    opened = request.practice.local(meeting.opened_at or meeting.starts_at)
    claimed = opened.replace(hour=hour.hour, minute=hour.minute, second=0, microsecond=0)
    past_midnight = claimed < opened - timedelta(hours=12)
    return claimed + timedelta(days=1) if past_midnight else claimed


@require_POST
@practice_view()
def open_room(request: PracticeRequest, code: str) -> HttpResponse:
    """Open the meeting."""
    meeting = find_meeting(request, code)
    return attempt(request, meeting, None, lambda: acts.open_meeting(actor=request.person, meeting=meeting))


@require_POST
@practice_view()
def take_up(request: PracticeRequest, code: str) -> HttpResponse:
    """Put a point of other business on the agenda while the meeting is in session."""
    meeting = find_meeting(request, code)
    return attempt(
        request, meeting, None,
        lambda: add_item(
            actor=request.person, meeting=meeting, topic="other", title=request.POST.get("title", "")[:200]
        ),
    )  # fmt: skip


@require_POST
@practice_view()
def adjourn(request: PracticeRequest, code: str) -> HttpResponse:
    """Adjourn, and go on to the draft of the minutes."""
    meeting = find_meeting(request, code)
    gathered = room_of(meeting, None, timezone.now())
    form = AdjournForm(request.POST, room=gathered, act="adjourn")
    if form.is_valid():
        try:
            acts.adjourn(actor=request.person, meeting=meeting, **form.cleaned_data)
        except AuthorityRefused as refusal:
            return _answer(request, refusal)
        except ValueError as broken:
            show(form, broken)
        else:
            messages.success(request, "The meeting is adjourned; the draft of its minutes is written.")
            return redirect("meetings:minutes", request.practice.slug, meeting.code)
    return page(request, gathered, forms_of(request, gathered), form)


def attempt(request: PracticeRequest, meeting: Meeting, item: object, record: Callable[[], object]) -> HttpResponse:
    """Do an act that has no form of its own, and back to the room; a broken rule is told in a message."""
    try:
        record()
    except AuthorityRefused as refusal:
        return _answer(request, refusal)
    except ValueError as broken:
        messages.error(request, str(broken))
    return back(request, meeting, item)
