"""Scrubbing patient data out of a text, and where and by whom it was done."""

from typing import Any

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from audit.models import Act, Scrubbing
from audit.services.checkpoints import wait_for_checkpoint
from audit.services.scrubbing import SHORTEST
from governance.offices import PHYSICIANS
from governance.services.scrubbing import ScrubRefused, scrub_text
from governance.web import PracticeRequest, holds, practice_view, recent_sign_in_required


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
@recent_sign_in_required(on_get=False)
def scrub(request: PracticeRequest, kind: str, key: int) -> HttpResponse:
    """The texts of one row, the form for a physician, and every scrub of this row with its act."""
    row, texts = _row(request, kind, key)
    form = ScrubForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            places = scrub_text(
                actor=request.person,
                practice=request.practice,
                about=row,
                key=getattr(row, "code", None),
                **form.cleaned_data,
            )
        except ScrubRefused as problem:
            form.add_error(problem.field, str(problem))
        else:
            checkpoint = wait_for_checkpoint()
            covered = f"covered by checkpoint {checkpoint.size}" if checkpoint else "checkpoint pending"
            number = f"{len(places)} text{'s' if len(places) != 1 else ''}"
            messages.success(request, f"The span is scrubbed from {number}. Recorded, {covered}.")
            return redirect("governance:scrub", request.practice.slug, kind, key)
    context = {
        "form": form,
        "row": row,
        "texts": texts,
        "may_scrub": holds(request, *PHYSICIANS),
        "scrubs": _scrubs(request, row),
    }
    return render(request, "governance/scrub.html", context)


def _row(request: PracticeRequest, kind: str, key: int) -> tuple[Any, list[tuple[str, str]]]:
    """The row of this practice with its plain texts, or 404."""
    labels = {label.lower(): label for label in settings.SCRUBBABLE}
    if kind not in labels:
        raise Http404("There is no such page.")
    model: Any = apps.get_model(labels[kind])
    path, names = settings.SCRUBBABLE[labels[kind]]
    row = model._base_manager.filter(**{path: request.practice.pk}, pk=key).first()
    if row is None:
        raise Http404("There is no such page.")
    found = [(str(model._meta.get_field(name).verbose_name).capitalize(), getattr(row, name)) for name in names]
    return row, [(label, text) for label, text in found if isinstance(text, str) and text and label != "Canonical"]


def _scrubs(request: PracticeRequest, row: Any) -> list[dict[str, Any]]:
    """Each scrub that touched this row: which text, by whom, why and when."""
    found = Scrubbing.objects.filter(table_name=row._meta.db_table, row_key=str(row.pk)).order_by("-pk")[:100]
    acts = Act.objects.select_related("entry").in_bulk([one.act_id for one in found])
    return [
        {"column": one.column_name.replace("_", " "), "act": acts[one.act_id], "at": one.scrubbed_at} for one in found
    ]
