"""Closed items: putting one on the agenda, the page of its part for who is entitled, and each act on it.

Whoever has no part in it is told that there is no such page. After the session the page opens by an act alone, and
closes again when the proof of who asks is no longer fresh.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from audit.services.checkpoints import recorded_sentence
from governance.offices import CHAIRS
from governance.views.documents import file_response
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required, want_recent_sign_in
from meetings.choices import Part as NamedAs
from meetings.closed_facts import closed_facts
from meetings.forms import closed as closed_forms
from meetings.models import ClosedOpening
from meetings.rules.workflow import BEFORE_SESSION, MeetingState
from meetings.selectors.closed_papers import files_of, packet_being_made, papers_of
from meetings.services import closed as acts
from meetings.services import closed_papers as papers
from meetings.services import closed_record as records
from meetings.services.closed_amendments import amend_closed_record, meaning_for
from meetings.views.closed_part import OPENED, Part, offered
from meetings.views.common import find_meeting, show


def _page(part: Part, shown: dict[str, forms.Form]) -> HttpResponse:
    inside = part.opened
    context: dict[str, Any] = {
        "meeting": part.meeting,
        "item": part.item,
        "outside": part.outside,
        "url": part.url,
        "forms": shown,
        "inside": inside,
        "ground": part.ground,
    }
    if inside:
        namings = part.matter.namings.select_related("person")
        context |= {
            "matter": part.matter,
            "recorder": part.recorder,
            "namings": [one for one in namings if one.part != NamedAs.RECORDER],
            "stays": list(
                part.matter.stays.select_related("attendance").order_by("session", "-stayed", "attendance__name")
            ),
            "resolutions": closed_facts(part.matter)["resolutions"],
            "newest": part.matter.versions.first(),
            "signature": part.signature,
            "amendments": list(part.matter.amendments.all()),
            "papers": papers_of(part.matter),
            "packet": packet_being_made(part.matter),
            "openings": list(part.matter.openings.select_related("person", "document")),
        }
    return render(part.request, "meetings/closed.html", context)


@practice_view()
@recent_sign_in_required(on_get=False)
def put(request: PracticeRequest, code: str) -> HttpResponse:
    """A chair puts a closed item on the agenda."""
    meeting = find_meeting(request, code)
    if not holds(request, *CHAIRS) or meeting.state not in (*BEFORE_SESSION, MeetingState.IN_SESSION):
        raise Http404("There is no such page.")
    form = closed_forms.PutForm(request.POST or None, practice=request.practice)
    if request.method == "POST" and form.is_valid():
        try:
            matter = acts.put_closed_item(actor=request.person, meeting=meeting, **form.cleaned_data)
        except ValueError as broken:
            show(form, broken)
        else:
            messages.success(request, f"“{matter.item.title}” is item {matter.item.position}.")
            return redirect("meetings:closed", request.practice.slug, code, matter.item_id)
    return render(request, "meetings/closed_new.html", {"meeting": meeting, "form": form})


@practice_view()
def closed(request: PracticeRequest, code: str, item: int) -> HttpResponse:
    """The page of a closed part, for who is entitled, who releases it, and the counsel who designates."""
    part = Part(request, code, item)
    return _page(part, offered(part))


def _resolve(part: Part, data: dict[str, Any]) -> object:
    running = part.outside.running
    assert running  # the form is offered in a session alone
    seats = {str(seat.pk): seat for seat in acts.members_who_stayed(running)}
    votes = {int(name.removeprefix("vote_")): word for name, word in data.items() if name.startswith("vote_")}
    return acts.record_resolution(
        actor=part.request.person,
        item=part.item,
        text=data["text"],
        mover=seats[data["mover"]],
        seconder=seats.get(data["seconder"]),
        votes=votes,
    )


def _open(part: Part, data: dict[str, Any]) -> object:
    opening = records.open_closed_part(actor=part.request.person, item=part.item, **data)
    session = part.request.session
    session[OPENED] = [*{*session.get(OPENED, []), part.matter.pk}]
    return opening


def _take(part: Part, data: dict[str, Any]) -> ClosedOpening:
    document, _ = files_of(part.matter)[data["document"]]
    return records.open_closed_part(
        actor=part.request.person, item=part.item, purpose=data["purpose"], document=document
    )


def _file(data: dict[str, Any]) -> dict[str, Any]:
    """What a form gives to its service: what was typed, and the bytes and the name of its file."""
    file = data.pop("file")
    return {**data, "data": file.read(), "name": file.name}


def _amend(part: Part, data: dict[str, Any]) -> object:
    meaning = meaning_for(part.request.person, part.matter, chairs=part.chairs)
    return amend_closed_record(actor=part.request.person, item=part.item, **{**data, "meaning": meaning})


def _draft(part: Part, data: dict[str, Any]) -> object:
    account = part.request.person.account
    assert account  # the person of a request is found by its sign-in
    return records.save_closed_draft(account=account, item=part.item, **data)


DOINGS: dict[str, tuple[Callable[[Part, dict[str, Any]], object], str]] = {
    "enter": (
        lambda part, data: acts.enter_closed_session(actor=part.request.person, item=part.item),
        "The meeting is in closed session. The part is empty for everybody who is not entitled.",
    ),
    "return": (
        lambda part, data: acts.return_to_open_session(actor=part.request.person, item=part.item, **data),
        "The meeting is in open session again.",
    ),
    "defer": (
        lambda part, data: acts.defer_closed_item(actor=part.request.person, item=part.item, **data),
        "The item is deferred.",
    ),
    "name": (
        lambda part, data: acts.name_on_item(actor=part.request.person, item=part.item, **data),
        "The person is named.",
    ),
    "resolve": (_resolve, "The resolution is recorded."),
    "draft": (_draft, "The draft is saved. It enters the record when you attest it."),
    "attest": (
        lambda part, data: records.attest_closed_record(
            actor=part.request.person, item=part.item, revision=data["revision"], meaning=records.ATTESTED
        ),
        "The record of the closed part is attested; the chair signs it.",
    ),
    "sign": (
        lambda part, data: records.sign_closed_record(
            actor=part.request.person, item=part.item, version=data["version"], meaning=records.SIGNED
        ),
        "Signed. Nothing in this closed part changes from now on.",
    ),
    "open": (_open, "The opening is recorded."),
    "take": (_take, ""),
    "paper": (
        lambda part, data: papers.put_closed_paper(actor=part.request.person, item=part.item, **_file(data)),
        "The paper lies in the closed part.",
    ),
    "replace": (
        lambda part, data: papers.replace_closed_paper(actor=part.request.person, item=part.item, **_file(data)),
        "The new version stands; the earlier one stays.",
    ),
    "withdraw": (
        lambda part, data: papers.withdraw_closed_paper(actor=part.request.person, item=part.item, **data),
        "The paper is withdrawn; its versions stay.",
    ),
    "amend": (_amend, "The amendment stands beside the signed record."),
    "release": (
        lambda part, data: records.release_closed_part(actor=part.request.person, item=part.item, **data),
        "The part is released.",
    ),
    "designate": (
        lambda part, data: acts.designate(actor=part.request.person, item=part.item, **data),
        "The designation is recorded.",
    ),
}
UNPROVEN = {"draft", "resolve", "return", "paper", "replace", "withdraw"}
"""What is recorded without another proof of who acts: it is read and signed later, and a file would not wait for it."""


@require_POST
@practice_view()
def do(request: PracticeRequest, code: str, item: int, act: str) -> HttpResponse:
    """One act on a closed part; an error shows at its field."""
    part = Part(request, code, item)
    if act not in DOINGS:
        raise Http404("There is no such act.")
    if act not in UNPROVEN:
        want_recent_sign_in(request)
    shown = offered(part, bound=act)
    form, (doing, done) = shown.get(act), DOINGS[act]
    if form is None:
        messages.error(request, "This is not to be done now; nothing was recorded.")
        return redirect(part.url)
    if form.is_valid():
        try:
            made = doing(part, dict(form.cleaned_data))
        except ValueError as broken:
            show(form, broken)
        else:
            return _done(part, act, done, made)
    return _page(part, shown)


def _done(part: Part, act: str, done: str, made: object) -> HttpResponse:
    if isinstance(made, ClosedOpening) and made.document:
        return file_response(made.document)
    if act in {"sign", "attest", "open", "release", "amend"}:
        done += f" {recorded_sentence()}"
    messages.success(part.request, done)
    return redirect(part.url)
