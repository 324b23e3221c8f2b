"""Minutes: written, submitted, read, signed, amended."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from audit.models import Act
from audit.services.checkpoints import wait_for_checkpoint
from audit.workflow import IllegalTransition
from decisions.services.rules import RuleBroken
from governance.idle import sent_from
from governance.models import Account
from governance.story import events, past_page
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required
from meetings.comparison import Row, compared
from meetings.drafting import record_facts
from meetings.forms.minutes import AmendForm, DraftForm, ReturnForm, SignForm, add_refusal
from meetings.models import Minutes, MinutesVersion
from meetings.rules.workflow import MinutesState
from meetings.selectors.minutes import keepers, minutes_of, sealing, signers
from meetings.services.minutes import (
    MEANING,
    DraftConflict,
    amend_minutes,
    return_minutes,
    save_draft,
    sign_minutes,
    submit_minutes,
)


def _found(request: PracticeRequest, code: str) -> Minutes:
    request.section = "meetings:meetings"  # type: ignore[attr-defined]  # which entry of the rail is marked
    minutes = minutes_of(request.practice, request.person, code)
    if minutes is None:
        raise Http404("There are no such minutes.")
    return minutes


def _account(request: PracticeRequest) -> Account:
    account = request.person.account
    assert account is not None  # the person of a request is found by its sign-in
    return account


def _may_keep(request: PracticeRequest, minutes: Minutes) -> bool:
    return holds(request, *keepers(request.person, minutes.meeting))


def _may_sign(request: PracticeRequest, minutes: Minutes) -> bool:
    return holds(request, *signers(request.person, minutes.meeting))


def _to(request: PracticeRequest, minutes: Minutes, name: str = "minutes") -> str:
    return reverse(f"meetings:{name}", args=[request.practice.slug, minutes.meeting.code])


_OWN_PAGES = {"minutes", "minutes_draft", "minutes_unwritten"}
"""Templates of the minutes' own page; the others hang under it."""


def _page(request: PracticeRequest, template: str, minutes: Minutes, status: int = 200, **more: Any) -> HttpResponse:
    slug, meeting, url = request.practice.slug, minutes.meeting, _to(request, minutes)
    crumbs = [
        ("Meetings", reverse("meetings:meetings", args=[slug])),
        (str(meeting), reverse("meetings:meeting", args=[slug, meeting.code])),
    ]
    if template not in _OWN_PAGES:
        crumbs.append(("Minutes", url))
    context = {"minutes": minutes, "meeting": meeting, "url": url, "crumbs": crumbs, **more}
    return render(request, f"meetings/{template}.html", context, status=status)


@require_http_methods(["GET", "POST"])
@practice_view()
def minutes(request: PracticeRequest, code: str) -> HttpResponse:
    """The minutes as they stand: the draft for its keepers, what was submitted, or what was signed, for everybody."""
    minutes = _found(request, code)
    if past := past_page(request, minutes, key=minutes.code, title=str(minutes), rows=_rows(minutes)):
        return past
    if minutes.state == MinutesState.DRAFT:
        return _draft(request, minutes)
    if request.method == "POST":
        messages.error(request, f"These minutes are {minutes.state}; nothing was saved.")
        return redirect(_to(request, minutes))
    newest = minutes.versions.get(number=minutes.version)
    amendments = list(minutes.amendments.select_related("appointment"))
    return _page(
        request,
        "minutes",
        minutes,
        shown=newest,
        facts=newest.facts,
        versions=_versions(minutes),
        amendments=amendments,
        sealing=sealing(minutes, len(amendments)),
        events=_events(request, minutes),
        may_sign=_may_sign(request, minutes) and minutes.state == MinutesState.SUBMITTED,
        may_amend=_may_sign(request, minutes) and minutes.state == MinutesState.SIGNED,
    )


def _rows(minutes: Minutes) -> list[Model]:
    """What belongs to the record of these minutes."""
    return [*minutes.versions.all(), *minutes.signatures.all(), *minutes.amendments.all()]


def _events(request: PracticeRequest, minutes: Minutes) -> list[dict[str, Any]]:
    return events(request, minutes, key=minutes.code, rows=_rows(minutes))


def _versions(minutes: Minutes) -> list[MinutesVersion]:
    return list(minutes.versions.only("number", "submitted_at", "sha256", "minutes_id"))


def _draft(request: PracticeRequest, minutes: Minutes) -> HttpResponse:
    may_keep = _may_keep(request, minutes)
    if request.method == "POST":
        if not may_keep:
            raise Http404("There is no such page.")
        return _save(request, minutes)
    if not may_keep:
        return _page(
            request, "minutes_unwritten", minutes, versions=_versions(minutes), events=_events(request, minutes)
        )
    draft = minutes.working_draft
    return _editor(request, minutes, DraftForm(initial={"text": draft.text, "revision": draft.revision}))


def _editor(request: PracticeRequest, minutes: Minutes, form: DraftForm, status: int = 200) -> HttpResponse:
    return _page(
        request,
        "minutes_draft",
        minutes,
        status=status,
        form=form,
        draft=minutes.working_draft,
        facts=record_facts(minutes.meeting),
        versions=_versions(minutes),
        returned=_returned(minutes),
    )


def _returned(minutes: Minutes) -> Act | None:
    """The act by which the newest version came back, if one did."""
    if not minutes.version:
        return None
    return (
        Act.objects.filter(
            practice=minutes.meeting.practice_id,
            object_type=Minutes._meta.label_lower,
            object_id=minutes.code,
            verb="minutes.returned",
            outcome=Act.Outcome.DONE,
        )
        .order_by("-occurred_at", "-recorded_at")
        .first()
    )


def _save(request: PracticeRequest, minutes: Minutes) -> HttpResponse:
    form = DraftForm(request.POST)
    if not form.is_valid():
        return _editor(request, minutes, form)
    try:
        draft = save_draft(account=_account(request), minutes=minutes, **form.cleaned_data)
        if "submit" not in request.POST:
            messages.success(request, "The draft is saved. It enters the record when you submit it.")
            return redirect(_to(request, minutes))
        version = submit_minutes(actor=request.person, minutes=minutes, revision=draft.revision)
    except DraftConflict as conflict:
        form = DraftForm(initial={"text": conflict.mine, "revision": conflict.revision})
        rows = compared(conflict.theirs, conflict.mine)
        return _page(
            request, "minutes_conflict", minutes, status=409, form=form, conflict=conflict, rows=rows, same=_same(rows)
        )
    except (RuleBroken, IllegalTransition) as refusal:
        add_refusal(form, refusal)
        return _editor(request, minutes, form)
    messages.success(request, f"Version {version.number} is submitted to the chair and stands in the record.")
    return redirect(_to(request, minutes))


def _same(rows: list[Row]) -> int:
    return sum(row.same for row in rows)


@sent_from("meetings:minutes")
@require_POST
@practice_view()
def autosave(request: PracticeRequest, code: str) -> HttpResponse:
    """Save while typing; answers with the words on the draft and the revision to go on from."""
    minutes = _found(request, code)
    if not _may_keep(request, minutes):
        raise Http404("There is no such page.")
    form = DraftForm(request.POST)
    draft, problem = None, "Not saved: the text is empty or too long."
    if form.is_valid():
        try:
            draft = save_draft(account=_account(request), minutes=minutes, **form.cleaned_data)
        except DraftConflict:
            problem = "Not saved: somebody saved another text. Press Save to see both."
        except RuleBroken as refusal:
            problem = str(refusal)
    return render(request, "meetings/minutes_saved.html", {"draft": draft, "problem": problem, "swap": True})


@require_http_methods(["GET", "POST"])
@practice_view()
def send_back(request: PracticeRequest, code: str) -> HttpResponse:
    """Return submitted minutes to the secretary."""
    minutes = _found(request, code)
    if request.method == "GET" and not (_may_sign(request, minutes) and minutes.state == MinutesState.SUBMITTED):
        raise Http404("There is no such page.")
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        try:
            return_minutes(actor=request.person, minutes=minutes, **form.cleaned_data)
        except (RuleBroken, IllegalTransition) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "The minutes are returned; the draft is open again.")
            return redirect(_to(request, minutes))
    return _page(request, "minutes_return", minutes, form=form)


@require_http_methods(["GET", "POST"])
@practice_view()
@recent_sign_in_required()
def sign(request: PracticeRequest, code: str) -> HttpResponse:
    """Read the whole canonical record, affirm the meaning, sign."""
    minutes = _found(request, code)
    if request.method == "GET" and not (_may_sign(request, minutes) and minutes.state == MinutesState.SUBMITTED):
        raise Http404("There is no such page.")
    newest = minutes.versions.filter(number=minutes.version).first()
    if newest is None:
        raise Http404("There is no such page.")
    form = SignForm(request.POST or None, initial={"version": newest.number})
    if form.is_valid():
        read = minutes.versions.filter(number=form.cleaned_data["version"]).first() or newest
        try:
            sign_minutes(actor=request.person, minutes=minutes, version=read, meaning=MEANING)
        except (RuleBroken, IllegalTransition) as refusal:
            add_refusal(form, refusal)
        else:
            return _recorded(request, minutes, "Signed. Nothing under these minutes changes from now on.")
    return _page(request, "minutes_sign", minutes, form=form, shown=newest, facts=newest.facts, meaning=MEANING)


def _recorded(request: PracticeRequest, minutes: Minutes, sentence: str) -> HttpResponse:
    """Wait for the checkpoint that covers the act, then say what is proven."""
    checkpoint = wait_for_checkpoint()
    after = f"Ledger checkpoint {checkpoint.size} covers it." if checkpoint else "Recorded, checkpoint pending."
    messages.success(request, f"{sentence} {after}")
    return redirect(_to(request, minutes))


@require_http_methods(["GET", "POST"])
@practice_view()
@recent_sign_in_required()
def amend(request: PracticeRequest, code: str) -> HttpResponse:
    """Add a correction beside signed minutes."""
    minutes = _found(request, code)
    if request.method == "GET" and not (_may_sign(request, minutes) and minutes.state == MinutesState.SIGNED):
        raise Http404("There is no such page.")
    form = AmendForm(request.POST or None)
    if form.is_valid():
        try:
            amend_minutes(actor=request.person, minutes=minutes, **form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            return _recorded(request, minutes, "The amendment stands beside the minutes.")
    return _page(request, "minutes_amend", minutes, form=form)


@practice_view()
def version(request: PracticeRequest, code: str, number: int) -> HttpResponse:
    """A submitted version, and what it changed against the one before it."""
    minutes = _found(request, code)
    pair = {found.number: found for found in minutes.versions.filter(number__in=[number, number - 1])}
    if number not in pair:
        raise Http404("There is no such version.")
    before = pair.get(number - 1)
    rows = compared(before.text, pair[number].text) if before else []
    return _page(
        request,
        "minutes_version",
        minutes,
        shown=pair[number],
        facts=pair[number].facts,
        before=before,
        rows=rows,
        same=_same(rows),
        newest=number == minutes.version,
        heading=f"Version {number}",
    )
