"""Written consents: the list, one of them, putting one to the members, signing, declining, taking back."""

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from decisions.services.bodies import MEMBERS_OF
from decisions.views.acts import act_page, attempt, by_code, tell
from decisions.views.marks import tag
from governance.lists import Cell, Column, Listing, matching
from governance.offices import SEE_CONFIDENTIAL
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required
from meetings.forms.consents import ConsentFilter, ConsentForm, DeclineForm, GiveConsentForm, WithdrawForm
from meetings.models import WrittenConsent
from meetings.rules.consents import LAPSED, WORDS, ConsentState, standing
from meetings.selectors.consents import Lying, consents, lying
from meetings.services import consents as acts

SECTION = "meetings:consents"
KINDS = {ConsentState.OPEN: "due", ConsentState.ADOPTED: "ok", ConsentState.DECLINED: "late", LAPSED: "late"}


def _address(request: PracticeRequest, name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=[request.practice.slug, *args])


def _listing(request: PracticeRequest) -> Listing:
    now = timezone.now()

    def state(row: WrittenConsent) -> Cell:
        word = standing(row.state, row.ends_at, now)
        return tag(WORDS[word], KINDS.get(word, ""))

    def title(row: WrittenConsent) -> Cell:
        note = row.decision.code if row.decision else ""
        return {"text": row.title, "url": _address(request, "consent", row.code), "note": note}

    return Listing(
        title="Written consents",
        lead="Between meetings a body acts only when all of its members sign the same text. One who declines, or the "
        "last day, sends it to a meeting.",
        noun="written consent",
        nouns="written consents",
        default="-opened",
        empty_title="No written consent",
        empty_text="A resolution that all members of a body sign instead of meeting stands here.",
        columns=[
            Column(
                label="Number", key="number", order=("year", "number"),
                cell=lambda row: {"text": row.code, "url": _address(request, "consent", row.code)},
            ),
            Column(label="Resolution", key="title", order=("title", "pk"), cell=title),
            Column(label="Body", key="body", order=("body", "pk"), cell=lambda row: {"text": row.get_body_display()}),
            Column(label="Right", key="right", order=("right__code", "pk"), cell=lambda row: {"text": row.right.code}),
            Column(
                label="Put", key="opened", order=("opened_at", "pk"),
                cell=lambda row: {"text": f"{request.practice.local(row.opened_at):%-d %b %Y}"},
                text=lambda row: timezone.localtime(row.opened_at).isoformat(),
            ),
            Column(
                label="Until", key="until", order=("ends_at", "pk"),
                cell=lambda row: {"text": request.practice.moment(row.ends_at)},
                text=lambda row: timezone.localtime(row.ends_at).isoformat(),
            ),
            Column(label="Stands", cell=state),
        ],
    )  # fmt: skip


def _puts(request: PracticeRequest) -> bool:
    """Whether the person is one of a body, so that the page offers to put a resolution to it."""
    return holds(request, *MEMBERS_OF)


@practice_view(SEE_CONFIDENTIAL)
def consents_list(request: PracticeRequest) -> HttpResponse:
    """All written consents."""
    form = ConsentFilter(request.GET, practice=request.practice)
    rows: Any = consents(request.practice, request.person)
    rows = rows.filter(matching(WrittenConsent, form.chosen("q"), "title", "text", "right__code"))
    if word := form.chosen("state"):
        lapsed = Q(state=ConsentState.OPEN, ends_at__lt=timezone.now())
        rows = rows.filter(lapsed if word == LAPSED else Q(state=word) & ~lapsed)
    new = [("Put a resolution", _address(request, "consent_new"), "")] if _puts(request) else []
    return _listing(request).respond(request, rows, form, new)


def _find(request: PracticeRequest, code: str) -> Lying:
    request.section = SECTION  # type: ignore[attr-defined]
    return lying(by_code(consents(request.practice, request.person), code), timezone.now())


@practice_view(SEE_CONFIDENTIAL)
def consent(request: PracticeRequest, code: str) -> HttpResponse:
    """One written consent: its text, who has signed, who has not."""
    found = _find(request, code)
    row = found.consent
    if past := past_page(request, row, key=row.code, title=str(row), rows=[row, *found.answers]):
        return past
    context = {
        "found": found,
        "consent": row,
        "kind": KINDS.get(found.word, ""),
        "may_answer": found.awaits(request.person),
        "may_withdraw": found.open and row.person_id == request.person.pk,
        "events": events(request, row, key=row.code, rows=[row, *found.answers]),
    }
    return render(request, "meetings/consent.html", context)


@practice_view(SEE_CONFIDENTIAL)
@recent_sign_in_required(on_get=False)
def consent_new(request: PracticeRequest) -> HttpResponse:
    """Put a resolution to all members of a body."""
    request.section = SECTION  # type: ignore[attr-defined]
    practice = request.practice
    initial = {"right": request.GET["right"]} if "right" in request.GET else {}
    today = practice.local(timezone.now()).date()
    form = ConsentForm(request.POST or None, initial=initial, practice=practice, today=today)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("right", "title", "text", "rationale")}
        made = attempt(
            form, lambda: acts.open_consent(actor=request.person, practice=practice, ends_at=form.ends_at, **said)
        )
        if made:
            tell(request, f"{made.code} lies before the members. Sign it yourself: putting it is no consent.")
            return redirect("meetings:consent", practice.slug, made.code)
    return act_page(
        request,
        form,
        title="Put a resolution",
        submit="Put it to the members",
        action=_address(request, "consent_new"),
        back=("Written consents", _address(request, "consents")),
        effects=[
            "All members of the body that decides this right sign it, or nothing is decided: Corp. Code 307(b), 603.",
            "With the last signature it is a decision of the body and stands in the decision log.",
            "A member with an interest in it declines; then a meeting takes it up, where the member recuses.",
        ],
    )


@practice_view(SEE_CONFIDENTIAL)
@recent_sign_in_required()
def consent_sign(request: PracticeRequest, code: str) -> HttpResponse:
    """Read the whole resolution, affirm the meaning, sign."""
    found = _answerable(request, code)
    row = found.consent
    form = GiveConsentForm(request.POST or None, initial={"sha256": row.sha256})
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: acts.give_consent(
                actor=request.person, consent=row, sha256=form.cleaned_data["sha256"], meaning=acts.MEANING
            ),
        )
        if made:
            last = len(found.unanimity.missing) == 1
            told = f"{row.code} is adopted: all members have consented." if last else "Your consent is signed."
            tell(request, told, sealed=True)
            return redirect("meetings:consent", request.practice.slug, row.code)
    return act_page(
        request,
        form,
        title="Sign the resolution",
        eyebrow=row.code,
        submit="Sign",
        record=[(row.title, row.text), ("Rationale", row.rationale)],
        record_title=f"{row.get_body_display()}, {row.right}",
        effects=[
            f"Your signature covers exactly this text, SHA-256 {row.sha256[:16]}…, and cannot be taken back.",
            f"{found.unanimity.sentence}. With the last signature it is decided.",
        ],
        back=(row.code, _address(request, "consent", row.code)),
    )


@practice_view(SEE_CONFIDENTIAL)
@recent_sign_in_required(on_get=False)
def consent_decline(request: PracticeRequest, code: str) -> HttpResponse:
    """Refuse to act without a meeting."""
    found = _answerable(request, code)
    row = found.consent
    form = DeclineForm(request.POST or None, initial={"sha256": row.sha256})
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: acts.decline_consent(actor=request.person, consent=row, **form.cleaned_data))
        if made:
            tell(request, f"You declined {row.code}; nothing is decided.", sealed=True)
            return redirect("meetings:consent", request.practice.slug, row.code)
    return act_page(
        request,
        form,
        title="Decline the resolution",
        eyebrow=row.code,
        submit="Decline",
        variant="danger",
        record=[(row.title, row.text)],
        effects=["One member who declines ends it for all; a meeting of the body may take it up."],
        back=(row.code, _address(request, "consent", row.code)),
    )


@practice_view(SEE_CONFIDENTIAL)
def consent_withdraw(request: PracticeRequest, code: str) -> HttpResponse:
    """Take a resolution back."""
    found = _find(request, code)
    row = found.consent
    if request.method == "GET" and not (found.open and row.person_id == request.person.pk):
        raise Http404("There is no such page.")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = attempt(form, lambda: acts.withdraw_consent(actor=request.person, consent=row, **form.cleaned_data))
        if made:
            tell(request, f"{row.code} is taken back.")
            return redirect("meetings:consent", request.practice.slug, row.code)
    return act_page(
        request,
        form,
        title="Take the resolution back",
        eyebrow=row.code,
        submit="Take it back",
        effects=["What members have signed stays in the record; nothing is decided by it."],
        back=(row.code, _address(request, "consent", row.code)),
    )


def _answerable(request: PracticeRequest, code: str) -> Lying:
    """The consent; its form exists for a member whose answer is awaited, and an attempt is judged by the service."""
    found = _find(request, code)
    if request.method == "GET" and not found.awaits(request.person):
        raise Http404("There is no such page.")
    return found
