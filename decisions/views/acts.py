"""What the pages share that do one act: run the service, show a broken rule at its field, tell what was recorded."""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from audit.services.checkpoints import wait_for_checkpoint
from audit.workflow import IllegalTransition
from decisions.services.rules import RuleBroken
from governance.models import DecisionRight
from governance.models.scoped import Numbered
from governance.web import PracticeRequest


def attempt[R](form: forms.Form, act: Callable[[], R]) -> R | None:
    """What the service returned; None when a rule was broken, which then stands at its field of the form."""
    try:
        return act()
    except RuleBroken as broken:
        field = form.fields.get(broken.field)
        if field is None or field.widget.is_hidden:
            form.add_error(None, str(broken))
        else:
            text = str(broken).removeprefix(f"{field.label or broken.field.capitalize()}: ")
            form.add_error(broken.field, text[:1].upper() + text[1:])
    except IllegalTransition as illegal:
        form.add_error(None, str(illegal))
    return None


def tell(request: PracticeRequest, what: str, *, sealed: bool = False) -> None:
    """A message that the act is recorded; with `sealed` it waits a moment for the checkpoint that covers it."""
    if sealed:
        checkpoint = wait_for_checkpoint()
        what += (
            f" Recorded; covered by checkpoint {checkpoint.size}." if checkpoint else " Recorded; checkpoint pending."
        )
    messages.success(request, what)


def act_page(
    request: PracticeRequest,
    form: forms.Form,
    *,
    title: str,
    submit: str,
    back: tuple[str, str],
    lead: str = "",
    eyebrow: str = "",
    variant: str = "",
    effects: Iterable[str] = (),
    action: str = "",
    notice: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of one act: its form, and in words what it brings about. `back` is label and address."""
    context = {
        "form": form, "title": title, "submit": submit, "back": back, "lead": lead, "eyebrow": eyebrow,
        "variant": variant, "effects": list(effects), "action": action, "notice": notice, **more,
    }  # fmt: skip
    return render(request, "decisions/act.html", context)


def by_code[M: Numbered](rows: "QuerySet[M]", code: str) -> M:
    """The row of that code, or 404."""
    found = rows.filter(**rows.model.parse(code)).first()
    if found is None:
        raise Http404("There is no such page.")
    return found


def decides(request: PracticeRequest, right: DecisionRight | None) -> bool:
    """Whether one of the person's offices exercises the right; for what a page offers, never for what it allows."""
    return right is not None and any(
        one.side == right.holder and one.exercises & set(right.exercised_by) for one in request.offices
    )


def address(request: PracticeRequest, name: str, *args: object) -> str:
    """The address of a page of decisions in this practice."""
    return reverse(f"decisions:{name}", args=[request.practice.slug, *args])
