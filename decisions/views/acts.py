"""What the pages share that do one act: run the service, show a broken rule at its field, tell what was recorded."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse

from audit.services.checkpoints import recorded_sentence
from audit.workflow import IllegalTransition
from decisions.services.rules import RuleBroken
from governance.models.scoped import Numbered
from governance.views.acts import act_page, decides
from governance.web import PracticeRequest

__all__ = ["act_page", "address", "attempt", "by_code", "decides", "tell"]


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
        what += f" {recorded_sentence()}"
    messages.success(request, what)


def by_code[M: Numbered](rows: "QuerySet[M]", code: str) -> M:
    """The row of that code, or 404."""
    found = rows.filter(**rows.model.parse(code)).first()
    if found is None:
        raise Http404("There is no such page.")
    return found


def address(request: PracticeRequest, name: str, *args: object) -> str:
    """The address of a page of decisions in this practice."""
    return reverse(f"decisions:{name}", args=[request.practice.slug, *args])
