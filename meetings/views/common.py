"""What the pages of meetings share: finding a meeting, and showing a rule that was broken at its field."""

from django import forms
from django.http import Http404

from decisions.services.rules import RuleBroken
from governance.web import PracticeRequest, holds
from meetings.models import Meeting
from meetings.rules.codes import parse_code
from meetings.services.base import RECORDERS

SECTION = "meetings:meetings"


def find_meeting(request: PracticeRequest, code: str) -> Meeting:
    """The meeting with that code, such as "2026-11", if the person may see it; else there is no such page."""
    request.section = SECTION  # type: ignore[attr-defined]
    named = parse_code(code)
    if named is None:
        raise Http404("There is no such meeting.")
    month, special = named
    found = (
        Meeting.objects.visible_to(request.person)
        .filter(practice=request.practice, month=month, special=special)
        .select_related("practice", "body", "chair__person", "secretary")
        .first()
    )
    if found is None:
        raise Http404("There is no such meeting.")
    return found


def records(request: PracticeRequest) -> bool:
    """Whether the page offers the forms of chair and secretary."""
    return holds(request, *RECORDERS)


def show(form: forms.Form, broken: ValueError) -> None:
    """Put the sentence of a broken rule at its field, or over the form where it has none."""
    field = broken.field if isinstance(broken, RuleBroken) and broken.field in form.fields else None
    sentence = str(broken)
    if field:
        sentence = sentence.removeprefix(f"{field.replace('_', ' ').capitalize()}: ")
    form.add_error(field, sentence[:1].upper() + sentence[1:])
