"""The two pages of every import: the file is uploaded, and its rows are looked at before anything is written."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from audit.context import circumstances
from governance.csv import csv_response
from governance.forms.imports import DateOrderForm, LettersForm, TakeForm, UploadForm
from governance.models import ImportDraft
from governance.services.imports import (
    ImportRefused,
    discard_upload,
    keep_upload,
    say_date_order,
    say_letters,
    standing_upload,
)
from governance.sheets.columns import Layout, Row, ambiguous
from governance.sheets.lines import SheetRefused
from governance.sheets.preview import Part, Preview, letter_readings, lines
from governance.sheets.templates import XLSX, workbook
from governance.web import PracticeRequest, want_recent_sign_in


@dataclass(frozen=True, kw_only=True)
class Importing:
    """One kind of import, as its pages show and do it."""

    kind: str
    title: str
    lead: str
    layout: Layout
    check: Callable[[ImportDraft], Preview]
    write: Callable[[ImportDraft, str, str], str]
    """Import a part, for a reason; returns what to say of it. Raises AuthorityRefused, ImportRefused."""
    here: str
    there: str
    back: str
    back_label: str
    about: str = ""
    fresh: bool = False
    """Whether who imports must have signed in just now, as for the same act by hand."""


def upload(request: PracticeRequest, it: Importing) -> HttpResponse:
    """Choose a file; the template to fill in; what each column means."""
    if request.GET.get("template") == "csv":
        return csv_response(f"{it.kind}.csv", [column.name for column in it.layout.columns], [])
    if request.GET.get("template") == "xlsx":
        response = HttpResponse(workbook(it.layout, it.title), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{it.kind}.xlsx"'
        return response
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            keep_upload(
                actor=request.person, practice=request.practice, kind=it.kind, about=it.about, name=file.name,
                data=file.read(), layout=it.layout,
            )  # fmt: skip
        except SheetRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            return redirect(it.there)
    standing = standing_upload(actor=request.person, practice=request.practice, kind=it.kind, about=it.about)
    return render(request, "governance/import.html", {"it": it, "form": form, "standing": standing})


def preview(request: PracticeRequest, it: Importing) -> HttpResponse:
    """Every row as understood, with what is wrong; from here it is imported or thrown away."""
    draft = standing_upload(actor=request.person, practice=request.practice, kind=it.kind, about=it.about)
    if draft is None:
        if request.method == "POST":
            messages.error(request, "The upload is gone: it was imported, replaced or has expired.")
        return redirect(it.here)
    doing = request.POST.get("doing", "")
    dates = DateOrderForm(
        request.POST if doing == "dates" else None,
        initial={} if draft.month_first is None else {"month_first": "yes" if draft.month_first else "no"},
    )
    if doing == "dates" and dates.is_valid():
        say_date_order(draft, month_first=dates.cleaned_data["month_first"])
        return redirect(it.there)
    letters = LettersForm(request.POST if doing == "letters" else None, readings=letter_readings(draft))
    if doing == "letters" and letters.is_valid():
        say_letters(draft, encoding=letters.cleaned_data["encoding"])
        return redirect(it.there)
    if doing == "discard":
        discard_upload(draft)
        messages.success(request, "The upload is thrown away. Nothing of it was imported.")
        return redirect(it.here)
    seen, bound = it.check(draft), None
    if doing.startswith("import-"):
        if it.fresh:
            want_recent_sign_in(request)
        bound = _form(seen, draft, doing.removeprefix("import-"), request.POST)
        if bound and bound.is_valid() and (done := _taken(request, it, draft, bound)):
            return done
    context = {
        "it": it,
        "draft": draft,
        "seen": seen,
        "rows": [(row, row.cells[it.layout.columns[0].key], _shown(it.layout, row)) for row in seen.rows],
        "letters": letters if draft.letters_unknown else None,
        "dates": dates if ambiguous(it.layout, lines(draft)) else None,
        "parts": [
            (place, part, bound if bound and bound.prefix == f"part{place}" else _unbound(seen, draft, place, part))
            for place, part in enumerate(seen.parts)
        ]
        if seen.sound
        else [],
    }  # fmt: skip
    return render(request, "governance/import_preview.html", context)


def _taken(request: PracticeRequest, it: Importing, draft: ImportDraft, form: TakeForm) -> HttpResponse | None:
    """Import the part that the form names; None, with the problem on the form, when nothing was."""
    if form.cleaned_data["digest"] != digest(draft):
        form.add_error(None, "Another file was uploaded since; look at its rows, then import them.")
        return None
    if form.looks:
        circumstances().notes["attestation"] = form.attestation
    try:
        done = it.write(draft, form.cleaned_data["part"], form.cleaned_data.get("reason", ""))
    except ImportRefused as problem:
        form.add_error(None, str(problem))
        return None
    except IntegrityError:
        # Two at once, or a rule that only the database sees: the whole act was rolled back.
        form.add_error(None, "Somebody entered one of these at the same time. Nothing was imported; look again.")
        return None
    messages.success(request, done)
    left = standing_upload(actor=request.person, practice=request.practice, kind=it.kind, about=it.about)
    return redirect(it.there if left else it.back)


def digest(draft: ImportDraft) -> str:
    """What names the rows as they were previewed."""
    said = json.dumps([draft.sha256, draft.month_first, draft.letters_unknown, draft.lines], ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _form(seen: Preview, draft: ImportDraft, place: str, data: Any) -> TakeForm | None:
    parts = seen.parts
    if not seen.sound or not place.isdigit() or int(place) >= len(parts):
        return None
    return _unbound(seen, draft, int(place), parts[int(place)], data)


def _unbound(seen: Preview, draft: ImportDraft, place: int, part: Part, data: Any = None) -> TakeForm:
    return TakeForm(
        data,
        prefix=f"part{place}",
        initial={"part": part.right, "digest": digest(draft)},
        looks=seen.looks(part.rows),
        reasoned=bool(part.right),
    )


def _shown(layout: Layout, row: Row) -> list[tuple[str, str]]:
    """The filled cells behind the first, by column, as understood."""
    shown = []
    for column in layout.columns[1:]:
        value, cell = row.values[column.key], row.cells[column.key]
        if isinstance(value, date):
            shown.append((column.name, f"{value:%-d %B %Y}"))
        elif cell:
            shown.append((column.name, str(value) if isinstance(value, int) else cell))
    return shown
