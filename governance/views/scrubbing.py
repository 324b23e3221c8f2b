"""Scrubbing patient data out of the record: first every place of the span is shown, then those marked are scrubbed."""

from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from audit.registry import is_closed
from audit.services.checkpoints import recorded_sentence
from audit.services.scrubbing import SHORTEST
from governance.choices import Side
from governance.offices import PHYSICIANS
from governance.selectors.holds import holds_for, sides_of
from governance.selectors.scrubbing import Preview, parts_open_to, place_of, preview, row_of, scrubs_of, texts_of
from governance.services.holds import KEEPERS
from governance.services.scrubbing import ScrubRefused, check_typed, scrub_text
from governance.web import PracticeRequest, holds, practice_view, signed_in_recently


class ScrubForm(forms.Form):
    """The exact span, and why."""

    value = forms.CharField(
        label="Span",
        min_length=SHORTEST,
        max_length=2000,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
        help_text="Copy it exactly as the text has it. It is kept nowhere.",
    )
    reason = forms.CharField(
        label="Reason", max_length=500, widget=forms.TextInput, help_text="Without repeating what is scrubbed."
    )


@practice_view()
def scrub(request: PracticeRequest, kind: str, key: int) -> HttpResponse:
    """The texts of one row; for a physician the form, the places of the span, and the scrub of those marked."""
    row = row_of(request.practice, kind, key, parts_open_to(request.person, request.practice))
    if row is None:
        raise Http404("There is no such page.")
    may_scrub = holds(request, *PHYSICIANS)
    if may_scrub and not signed_in_recently(request):
        if request.method == "POST":
            # A form kept until after the sign-in would keep the span.
            messages.error(request, "Sign in again, then type the span anew: it was not kept.")
            return redirect(request.path)
        raise ReauthenticationRequired
    form = ScrubForm(request.POST or None)
    found: Preview | None = None
    if request.method == "POST" and form.is_valid():
        try:
            if may_scrub and "scrub" not in request.POST:
                found = _look(request, **form.cleaned_data)
            else:
                return _scrub(request, row, form.cleaned_data)
        except ScrubRefused as problem:
            form.add_error(problem.field, str(problem))
    context = {
        "form": form,
        "row": row,
        "texts": texts_of(row),
        "closed": is_closed(type(row)),
        "may_scrub": may_scrub,
        "scrubs": scrubs_of(row),
        "preview": found,
        "may_hold": holds(request, *KEEPERS),
        "kind": kind,
        "standing": list(holds_for(request.practice, request.offices).filter(lifted_at__isnull=True)),
        "of_pc": Side.PC in sides_of(request.offices),
    }
    return render(request, "governance/scrub.html", context)


def _look(request: PracticeRequest, value: str, reason: str) -> Preview:
    check_typed(value, reason)
    found = preview(request.practice, value, parts_open_to(request.person, request.practice))
    if not found.places:
        more = f" It stands in: {'; '.join(found.elsewhere)}, which no scrub reaches." if found.elsewhere else ""
        raise ScrubRefused("value", f"No text of this practice holds exactly these characters.{more}")
    return found


def _scrub(request: PracticeRequest, row: Any, typed: dict[str, str]) -> HttpResponse:
    read = request.POST.get("read_up_to", "")
    marked = [place for token in request.POST.getlist("place") if (place := place_of(token))]
    if holds(request, *PHYSICIANS) and not marked:
        raise ScrubRefused("value", "No place is marked; nothing was scrubbed.")
    places = scrub_text(
        actor=request.person,
        practice=request.practice,
        about=row,
        key=getattr(row, "code", None),
        places=marked,
        read_up_to=int(read) if read.isascii() and read.isdigit() else 0,
        **typed,
    )
    number = f"{len(places)} place{'s' if len(places) != 1 else ''}"
    messages.success(
        request,
        f"The text is hidden in {number} of the record, until a second person decides on it. {recorded_sentence()}",
    )
    return redirect(request.path)
