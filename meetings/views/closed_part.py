"""A closed part as a person meets it: by which rule it is open, whether it is shown, and which acts are theirs."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404
from django.urls import reverse

from governance.choices import Office
from governance.offices import CHAIRS
from governance.web import PracticeRequest, holds, signed_in_recently
from meetings.forms import closed as closed_forms
from meetings.models import Matter
from meetings.rules.compartments import PC_OFFICES
from meetings.rules.workflow import ItemState, MeetingState
from meetings.selectors.closed_papers import files_of, standing
from meetings.selectors.compartments import Outside, ground_of, matters_of, may_release, outside, recorder_of
from meetings.services import closed as acts
from meetings.services import closed_record as records
from meetings.services.closed_amendments import meaning_for
from meetings.services.closed_papers import may_put
from meetings.views.common import find_meeting

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


def offered(part: Part, bound: str = "") -> dict[str, forms.Form]:
    """The acts that are this person's now, each with its form; the one that was sent is bound."""
    request, found = part.request, dict[str, forms.Form]()
    practice, running = request.practice, part.outside.running
    in_session = part.meeting.state == MeetingState.IN_SESSION
    unsettled = part.item.state == ItemState.OPEN

    def offer(act: str, kind: Callable[..., forms.Form], **more: Any) -> None:
        sent = (request.POST, request.FILES) if act == bound else ()
        found[act] = kind(*sent, act=act, **more)

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
    if part.opened:
        _offer_papers(part, offer)
    elif part.ground and part.outside.held and not running:
        offer("open", closed_forms.PurposeForm)
    if part.signature and part.opened:
        meaning = meaning_for(request.person, part.matter, chairs=part.chairs)
        if meaning:
            offer("amend", closed_forms.AmendForm, meaning=meaning)
    if part.releases and part.outside.held:
        offer("release", closed_forms.ReleaseForm, practice=practice)
    if part.designates:
        offer("designate", closed_forms.DesignateForm, initial={"designation": part.outside.designation})
    return found


def _offer_papers(part: Part, offer: Callable[..., None]) -> None:
    request = part.request
    if may_put(request.person, part.matter, chairs=part.chairs, pc=holds(request, *PC_OFFICES)):
        offer("paper", closed_forms.PaperForm)
        papers = [(number, str(paper)) for number, paper in standing(part.matter).items()]
        if papers:
            offer("replace", closed_forms.ReplacePaperForm, papers=papers)
            offer("withdraw", closed_forms.WithdrawPaperForm, papers=papers)
    if files := [(key, what) for key, (_, what) in files_of(part.matter).items()]:
        offer("take", closed_forms.TakeForm, files=files)
