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
from django.urls import reverse
from django.views.decorators.http import require_POST

from audit.services.checkpoints import wait_for_checkpoint
from governance.choices import Office
from governance.offices import CHAIRS
from governance.views.documents import file_response
from governance.web import (
    PracticeRequest,
    holds,
    practice_view,
    recent_sign_in_required,
    signed_in_recently,
    want_recent_sign_in,
)
from meetings.choices import Part as NamedAs
from meetings.closed_facts import closed_facts
from meetings.forms import closed as closed_forms
from meetings.models import Matter
from meetings.rules.workflow import BEFORE_SESSION, ItemState, MeetingState
from meetings.selectors.compartments import Outside, ground_of, matters_of, may_release, outside, recorder_of
from meetings.services import closed as acts
from meetings.services import closed_record as records
from meetings.views.common import find_meeting, show

OPENED = "opened_parts"
"""Where the session keeps which closed parts an act has opened to this sign-in."""


class Part:
    """A closed part as this person meets it: by which rule, and which acts are theirs now."""

    def __init__(self, request: PracticeRequest, code: str, item: int) -> None:
        self.request, self.meeting = request, find_meeting(request, code)
        found = matters_of(self.meeting).filter(item=item).first()
        if found is None:
            raise Http404("There is no such page.")
        self.matter: Matter = found
        self.item = self.matter.item
        self.ground = ground_of(request.person, self.matter)
        self.chairs = bool(self.ground) and holds(request, *CHAIRS)
        self.releases = may_release(request.person, request.practice, self.matter)
        self.designates = holds(request, Office.PC_COUNSEL)
        if not (self.ground or self.releases or self.designates):
            raise Http404("There is no such page.")
        self.outside: Outside = outside(self.item)
        self.recorder = recorder_of(self.matter)
        self.records = bool(self.ground) and self.recorder == request.person
        self.signature = getattr(self.matter, "signature", None)

    @property
    def opened(self) -> bool:
        """Whether what is closed is shown: until the session is over to who is entitled, afterwards by an act."""
        if not self.ground:
            return False
        if not self.outside.held or self.outside.running:
            return True
        if self.signature is None and (self.records or self.chairs):
            return True  # The record is still being made, by them.
        return self.matter.pk in self.request.session.get(OPENED, []) and signed_in_recently(self.request)

    @property
    def url(self) -> str:
        return reverse("meetings:closed", args=[self.request.practice.slug, self.meeting.code, self.item.pk])


def _forms(part: Part, bound: str = "") -> dict[str, forms.Form]:
    """The acts that are this person's now, each with its form; the one that was sent is bound."""
    request, found = part.request, dict[str, forms.Form]()
    practice, running = request.practice, part.outside.running
    in_session = part.meeting.state == MeetingState.IN_SESSION
    unsettled = part.item.state == ItemState.OPEN

    def offer(act: str, kind: Callable[..., forms.Form], **more: Any) -> None:
        found[act] = kind(request.POST if act == bound else None, act=act, **more)

    if part.chairs and not running:
        if in_session and unsettled:
            offer("enter", closed_forms.EnterForm)
            offer("defer", closed_forms.DeferForm)
        if part.opened and not part.signature:
            offer("name", closed_forms.NameForm, practice=practice)
    if running:
        if part.records:
            members = acts.members_who_stayed(running)
            several = part.meeting.body.authorized > 1
            offer("resolve", closed_forms.ResolutionForm, members=members, several=several)
        if part.chairs:
            offer("return", closed_forms.ReturnForm)
    elif part.outside.held and not part.signature:
        if part.records and part.opened:
            draft = records.draft_of(part.matter)
            offer("draft", closed_forms.DraftForm, initial={"text": draft.text, "revision": draft.revision})
            offer("attest", closed_forms.AttestForm, initial={"revision": draft.revision})
        newest = part.matter.versions.first()
        if part.chairs and part.opened and newest:
            offer("sign", closed_forms.SignForm, initial={"version": newest.number})
    if part.ground and part.outside.held and not running:
        offer("take" if part.opened and records.file_of(part.matter) else "open", closed_forms.PurposeForm)
        if part.opened:
            found.pop("open", None)
    if part.releases and part.outside.held:
        offer("release", closed_forms.ReleaseForm, practice=practice)
    if part.designates:
        offer("designate", closed_forms.DesignateForm, initial={"designation": part.outside.designation})
    return found


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
            "stays": list(part.matter.stays.select_related("attendance").order_by("session", "attendance__name")),
            "resolutions": closed_facts(part.matter)["resolutions"],
            "newest": part.matter.versions.first(),
            "signature": part.signature,
            "openings": list(part.matter.openings.select_related("person")),
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
    return _page(part, _forms(part))


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
    "take": (
        lambda part, data: records.open_closed_part(actor=part.request.person, item=part.item, file=True, **data),
        "",
    ),
    "release": (
        lambda part, data: records.release_closed_part(actor=part.request.person, item=part.item, **data),
        "The part is released.",
    ),
    "designate": (
        lambda part, data: acts.designate(actor=part.request.person, item=part.item, **data),
        "The designation is recorded.",
    ),
}
UNPROVEN = {"draft", "resolve", "return"}
"""What is recorded in or after the session without another proof of who acts."""


@require_POST
@practice_view()
def do(request: PracticeRequest, code: str, item: int, act: str) -> HttpResponse:
    """One act on a closed part; an error shows at its field."""
    part = Part(request, code, item)
    if act not in DOINGS:
        raise Http404("There is no such act.")
    if act not in UNPROVEN:
        want_recent_sign_in(request)
    shown = _forms(part, bound=act)
    form, (doing, done) = shown.get(act), DOINGS[act]
    if form is None:
        messages.error(request, "This is not to be done now; nothing was recorded.")
        return redirect(part.url)
    if form.is_valid():
        try:
            doing(part, dict(form.cleaned_data))
        except ValueError as broken:
            show(form, broken)
        else:
            return _done(part, act, done)
    return _page(part, shown)


def _done(part: Part, act: str, done: str) -> HttpResponse:
    if act == "take" and (document := records.file_of(part.matter)):
        return file_response(document)
    if act in {"sign", "attest", "open", "release"}:
        checkpoint = wait_for_checkpoint()
        done += f" Ledger checkpoint {checkpoint.size} covers it." if checkpoint else " Checkpoint pending."
    messages.success(part.request, done)
    return redirect(part.url)
