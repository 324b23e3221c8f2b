"""Minutes: written, submitted, attested, read, signed, amended."""

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from audit.models import Act
from audit.services.checkpoints import recorded_sentence
from audit.workflow import IllegalTransition
from decisions.services.rules import RuleBroken
from governance.choices import ApprovedBy
from governance.idle import sent_from
from governance.models import Account
from governance.story import events, past_page
from governance.web import PracticeRequest, practice_view, recent_sign_in_required, want_recent_sign_in
from meetings.comparison import Row, compared
from meetings.drafting import record_facts
from meetings.forms.minutes import AmendForm, AttestForm, DraftForm, ReturnForm, SignForm, add_refusal
from meetings.models import Comment, CommentAnswer, Minutes, MinutesVersion
from meetings.rules.workflow import MinutesState
from meetings.selectors.minutes import (
    amended_by,
    amending_motions,
    approval_of,
    asked_by,
    awaits_approval,
    comments_on,
    last_day,
    open_for_comment,
    sealing,
    was_expected,
)
from meetings.services.amendments import amend_minutes
from meetings.services.minutes import (
    ATTESTED,
    MEANING,
    DraftConflict,
    attest_minutes,
    return_minutes,
    save_draft,
    sign_minutes,
    submit_minutes,
)
from meetings.views.minutes_shared import found, may_keep, may_sign, page, recorded, to


def _account(request: PracticeRequest) -> Account:
    account = request.person.account
    assert account is not None  # the person of a request is found by its sign-in
    return account


@require_http_methods(["GET", "POST"])
@practice_view()
def minutes(request: PracticeRequest, code: str) -> HttpResponse:
    """The minutes as they stand: the draft for its keepers, what was submitted, or what was signed, for everybody."""
    minutes = found(request, code)
    if past := past_page(request, minutes, key=minutes.code, title=str(minutes), rows=_rows(minutes)):
        return past
    if minutes.state == MinutesState.DRAFT:
        return _draft(request, minutes)
    if request.method == "POST":
        messages.error(request, f"These minutes are {minutes.state}; nothing was saved.")
        return redirect(to(request, minutes))
    newest = minutes.versions.select_related("attestation").get(number=minutes.version)
    approval = approval_of(newest)
    by_body = minutes.meeting.body.minutes_approved_by == ApprovedBy.BODY
    awaited = approval is None and by_body and minutes.state == MinutesState.SUBMITTED
    amendments = list(minutes.amendments.select_related("appointment", "motion__meeting__practice"))
    return page(
        request,
        "minutes",
        minutes,
        shown=newest,
        facts=newest.facts,
        versions=_versions(minutes),
        amendments=amendments,
        sealing=sealing(minutes, len(amendments)),
        amended=amended_by(minutes.meeting),
        comments=comments_on(minutes),
        events=_events(request, minutes),
        approval=approval,
        awaited=awaited,
        asking=asked_by(minutes) if awaited else None,
        may_attest=_may_attest(request, minutes, newest),
        may_sign=may_sign(request, minutes) and minutes.state == MinutesState.SUBMITTED,
        may_amend=may_sign(request, minutes) and minutes.state == MinutesState.SIGNED,
    )


def _rows(minutes: Minutes) -> list[Model]:
    """What belongs to the record of these minutes."""
    comments = Comment.objects.filter(version__minutes=minutes)
    return [
        *minutes.versions.all(),
        *comments,
        *CommentAnswer.objects.filter(comment__in=comments),
        *minutes.attestations.all(),
        *minutes.meeting.approvals.all(),
        *minutes.signatures.all(),
        *minutes.amendments.all(),
    ]


def _events(request: PracticeRequest, minutes: Minutes) -> list[dict[str, Any]]:
    return events(request, minutes, key=minutes.code, rows=_rows(minutes))


def _versions(minutes: Minutes) -> list[MinutesVersion]:
    return list(minutes.versions.only("number", "submitted_at", "sha256", "minutes_id", "circulated_until"))


def _draft(request: PracticeRequest, minutes: Minutes) -> HttpResponse:
    keeps = may_keep(request, minutes)
    if request.method == "POST":
        if not keeps:
            raise Http404("There is no such page.")
        return _save(request, minutes)
    if not keeps:
        return _unwritten(request, minutes)
    draft = minutes.working_draft
    initial = {"text": draft.text, "revision": draft.revision}
    return _editor(request, minutes, DraftForm(initial=initial, may_attest=recorded(request, minutes)))


def _unwritten(request: PracticeRequest, minutes: Minutes) -> HttpResponse:
    """The minutes for who does not write them: nothing yet, or what is circulated, with the comments on it."""
    circulated = minutes.versions.filter(number=minutes.version, circulated_until__isnull=False).first()
    return page(
        request,
        "minutes_unwritten",
        minutes,
        circulated=circulated,
        last=last_day(circulated) if circulated else None,
        facts=circulated.facts if circulated else None,
        comments=comments_on(minutes),
        may_comment=circulated and open_for_comment(circulated) and was_expected(request.person, minutes.meeting),
        versions=_versions(minutes),
        events=_events(request, minutes),
    )


def _editor(request: PracticeRequest, minutes: Minutes, form: DraftForm, status: int = 200) -> HttpResponse:
    circulated = minutes.versions.filter(number=minutes.version, circulated_until__isnull=False).first()
    return page(
        request,
        "minutes_draft",
        minutes,
        status=status,
        form=form,
        draft=minutes.working_draft,
        facts=record_facts(minutes.meeting),
        versions=_versions(minutes),
        returned=_returned(minutes),
        comments=comments_on(minutes),
        circulated=circulated,
        last=last_day(circulated) if circulated else None,
    )


def _returned(minutes: Minutes) -> Act | None:
    """The act by which the last submitted version came back, if one did."""
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
    form = DraftForm(request.POST, may_attest=recorded(request, minutes))
    if not form.is_valid():
        return _editor(request, minutes, form)
    attested = ATTESTED if form.cleaned_data.pop("attested", False) else ""
    try:
        draft = save_draft(account=_account(request), minutes=minutes, **form.cleaned_data)
        if "submit" not in request.POST:
            messages.success(request, "The draft is saved. It enters the record when you submit it.")
            return redirect(to(request, minutes))
        if attested:
            want_recent_sign_in(request)
        version = submit_minutes(actor=request.person, minutes=minutes, revision=draft.revision, attested=attested)
    except DraftConflict as conflict:
        form = DraftForm(initial={"text": conflict.mine, "revision": conflict.revision})
        rows = compared(conflict.theirs, conflict.mine)
        return page(
            request, "minutes_conflict", minutes, status=409, form=form, conflict=conflict, rows=rows, same=_same(rows)
        )
    except (RuleBroken, IllegalTransition) as refusal:
        add_refusal(form, refusal)
        return _editor(request, minutes, form)
    and_attested = "attested and " if attested else ""
    messages.success(request, f"Version {version.number} is {and_attested}submitted to the chair.")
    return redirect(to(request, minutes))


def _same(rows: list[Row]) -> int:
    return sum(row.same for row in rows)


@sent_from("meetings:minutes")
@require_POST
@practice_view()
def autosave(request: PracticeRequest, code: str) -> HttpResponse:
    """Save while typing; answers with the words on the draft and the revision to go on from."""
    minutes = found(request, code)
    if not may_keep(request, minutes):
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
    minutes = found(request, code)
    if request.method == "GET" and not (may_sign(request, minutes) and minutes.state == MinutesState.SUBMITTED):
        raise Http404("There is no such page.")
    form = ReturnForm(request.POST or None)
    if form.is_valid():
        try:
            return_minutes(actor=request.person, minutes=minutes, **form.cleaned_data)
        except (RuleBroken, IllegalTransition) as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "The minutes are returned; the draft is open again.")
            return redirect(to(request, minutes))
    return page(request, "minutes_return", minutes, form=form)


def _may_attest(request: PracticeRequest, minutes: Minutes, newest: MinutesVersion) -> bool:
    submitted = minutes.state == MinutesState.SUBMITTED and recorded(request, minutes)
    return submitted and not hasattr(newest, "attestation")


@require_http_methods(["GET", "POST"])
@practice_view()
@recent_sign_in_required()
def attest(request: PracticeRequest, code: str) -> HttpResponse:
    """Attest the version that lies before the chair, for the secretary who recorded the meeting."""
    minutes = found(request, code)
    newest = minutes.versions.select_related("attestation").filter(number=minutes.version).first()
    if newest is None or (request.method == "GET" and not _may_attest(request, minutes, newest)):
        raise Http404("There is no such page.")
    form = AttestForm(request.POST or None, initial={"version": newest.number})
    if form.is_valid():
        read = minutes.versions.filter(number=form.cleaned_data["version"]).first() or newest
        try:
            attest_minutes(actor=request.person, minutes=minutes, version=read, meaning=ATTESTED)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Version {newest.number} is attested.")
            return redirect(to(request, minutes))
    return page(request, "minutes_attest", minutes, form=form, shown=newest, facts=newest.facts)


@require_http_methods(["GET", "POST"])
@practice_view()
@recent_sign_in_required()
def sign(request: PracticeRequest, code: str) -> HttpResponse:
    """Read the whole canonical record, affirm the meaning, sign."""
    minutes = found(request, code)
    if request.method == "GET" and not (may_sign(request, minutes) and minutes.state == MinutesState.SUBMITTED):
        raise Http404("There is no such page.")
    newest = minutes.versions.select_related("attestation").filter(number=minutes.version).first()
    if newest is None:
        raise Http404("There is no such page.")
    if request.method == "GET" and awaits_approval(newest):
        return redirect(to(request, minutes))  # It says why nobody can sign yet, and where the body is asked.
    form = SignForm(request.POST or None, initial={"version": newest.number})
    if form.is_valid():
        read = minutes.versions.filter(number=form.cleaned_data["version"]).first() or newest
        try:
            sign_minutes(actor=request.person, minutes=minutes, version=read, meaning=MEANING)
        except (RuleBroken, IllegalTransition) as refusal:
            add_refusal(form, refusal)
        else:
            return _recorded(request, minutes, "Signed. Nothing under these minutes changes from now on.")
    return page(request, "minutes_sign", minutes, form=form, shown=newest, facts=newest.facts, meaning=MEANING)


def _recorded(request: PracticeRequest, minutes: Minutes, sentence: str) -> HttpResponse:
    """Wait for the checkpoint that covers the act, then say what is proven."""
    messages.success(request, f"{sentence} {recorded_sentence()}")
    return redirect(to(request, minutes))


@require_http_methods(["GET", "POST"])
@practice_view()
@recent_sign_in_required()
def amend(request: PracticeRequest, code: str) -> HttpResponse:
    """Add a correction beside signed minutes, by a motion that carried; without one the page says what to do."""
    minutes = found(request, code)
    if request.method == "GET" and not (may_sign(request, minutes) and minutes.state == MinutesState.SIGNED):
        raise Http404("There is no such page.")
    motions = amending_motions(minutes)
    form = AmendForm(request.POST or None, motions=motions)
    if form.is_valid():
        try:
            amend_minutes(actor=request.person, minutes=minutes, **form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            return _recorded(request, minutes, "The amendment stands beside the minutes.")
    return page(request, "minutes_amend", minutes, form=form if motions.exists() or form.is_bound else None)


@practice_view()
def version(request: PracticeRequest, code: str, number: int) -> HttpResponse:
    """A submitted version, and what it changed against the one before it."""
    minutes = found(request, code)
    pair = {found.number: found for found in minutes.versions.filter(number__in=[number, number - 1])}
    if number not in pair:
        raise Http404("There is no such version.")
    before = pair.get(number - 1)
    rows = compared(before.text, pair[number].text) if before else []
    return page(
        request,
        "minutes_version",
        minutes,
        shown=pair[number],
        facts=pair[number].facts,
        before=before,
        rows=rows,
        same=_same(rows),
        newest=number == minutes.version,
        comments=[one for one in comments_on(minutes) if one.version.number == number],
        heading=f"Version {number}",
    )
