"""The draft minutes circulated for comment: circulated, commented on, the comments answered."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from decisions.services.rules import RuleBroken
from governance.forms.people import midnight
from governance.web import PracticeRequest, practice_view
from meetings.choices import Compartment
from meetings.forms.minutes import AnswerForm, CirculateForm, CommentForm, add_refusal
from meetings.models import Comment
from meetings.rules.workflow import MinutesState
from meetings.selectors.minutes import expected, last_day, open_for_comment, was_expected
from meetings.services.minutes_comments import answer_comment, circulate_minutes, comment_on_minutes
from meetings.views.minutes_shared import found, may_keep, page, to

USUAL = timedelta(days=7)
"""How long the draft lies before the members, unless another day is chosen."""


@require_http_methods(["GET", "POST"])
@practice_view()
def circulate(request: PracticeRequest, code: str) -> HttpResponse:
    """Put the draft as it is saved before those who were expected at the meeting."""
    minutes = found(request, code)
    if minutes.state != MinutesState.DRAFT or not may_keep(request, minutes):
        raise Http404("There is no such page.")
    draft, today = minutes.working_draft, request.practice.local(timezone.now()).date()
    form = CirculateForm(request.POST or None, initial={"revision": draft.revision, "until": today + USUAL})
    if form.is_valid():
        until = midnight(form.cleaned_data["until"] + timedelta(days=1), request.practice)
        try:
            version = circulate_minutes(
                actor=request.person, minutes=minutes, revision=form.cleaned_data["revision"], until=until
            )
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, f"Version {version.number} is circulated for comment.")
            return redirect(to(request, minutes))
    people = expected(minutes.meeting, timezone.now())
    return page(request, "minutes_circulate", minutes, form=form, draft=draft, people=people)


@require_http_methods(["GET", "POST"])
@practice_view()
def comment(request: PracticeRequest, code: str) -> HttpResponse:
    """Comment on the circulated version."""
    minutes = found(request, code)
    version = minutes.versions.filter(number=minutes.version, circulated_until__isnull=False).first()
    if version is None or not was_expected(request.person, minutes.meeting):
        raise Http404("There is no such page.")
    if request.method == "GET" and not open_for_comment(version):
        raise Http404("There is no such page.")
    items = minutes.meeting.items.filter(compartment=Compartment.OPEN)
    form = CommentForm(request.POST or None, items=items, initial={"version": version.number})
    if form.is_valid():
        data = form.cleaned_data
        read = minutes.versions.filter(number=data.pop("version")).first() or version
        try:
            comment_on_minutes(actor=request.person, minutes=minutes, version=read, **data)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "Your comment lies before the secretary and the chair.")
            return redirect(to(request, minutes))
    return page(
        request, "minutes_comment", minutes, form=form, shown=version, facts=version.facts, last=last_day(version)
    )


@require_http_methods(["GET", "POST"])
@practice_view()
def answer(request: PracticeRequest, code: str, key: int) -> HttpResponse:
    """Say what becomes of a comment."""
    minutes = found(request, code)
    if not may_keep(request, minutes):
        raise Http404("There is no such page.")
    about = get_object_or_404(
        Comment.objects.select_related("version__minutes__meeting", "item", "person", "appointment"),
        version__minutes=minutes,
        pk=key,
    )
    if request.method == "GET" and (hasattr(about, "answer") or minutes.state != MinutesState.DRAFT):
        raise Http404("There is no such page.")
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        try:
            answer_comment(actor=request.person, comment=about, **form.cleaned_data)
        except RuleBroken as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, "The comment is answered.")
            return redirect(to(request, minutes))
    return page(request, "minutes_answer", minutes, form=form, comment=about)
