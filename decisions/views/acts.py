"""What the pages share that do one act: run the service, show a broken rule at its field, tell what was recorded."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.urls import reverse

from audit.services.checkpoints import recorded_sentence
from audit.workflow import IllegalTransition
from decisions.services.rules import RuleBroken
from governance.authority import Ruling, rule_on_right
from governance.choices import Side
from governance.models.scoped import Numbered
from governance.views.acts import act_page, decides
from governance.web import PracticeRequest, kept_of

__all__ = ["act_page", "address", "asked_first", "attempt", "by_code", "decides", "tell"]

ANYWAY = "anyway"
"""The field that a second, deliberate "Record anyway" adds to what was typed."""


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


def asked_first(request: PracticeRequest, form: forms.Form, **page: Any) -> HttpResponse | None:
    """The question that comes before an attempt on a right of somebody else's: propose it instead?

    `page` is what `act_page` shows the form with. None where the person decides the right, or has said "Record anyway":
    then the service rules, and a refusal is recorded.
    """
    ruling = rule_on_right(person=request.person, practice=request.practice, code=form.cleaned_data["right"])
    if ruling.allowed or ruling.right is None or ANYWAY in request.POST:
        return None
    ask = {
        "title": _whose(ruling),
        "text": ruling.sentence,
        "forward": ruling.way_forward,
        "fields": kept_of(request),
        "propose_url": address(request, "proposal_new") if ruling.may_propose else "",
        "action": request.path,
    }
    return act_page(request, form, ask=ask, **page)


def _whose(ruling: Ruling) -> str:
    right = ruling.right
    assert right
    if ruling.rule == "other side":
        whose = "the physicians'" if right.holder == Side.PC else "the management company's"
        said = f"This right is {whose}."
    elif ruling.rule == "not this office":
        said = f"This right is decided by the {right.deciders}."
    else:
        said = f"You cannot decide {right.code} now."
    return f"{said} Propose it instead?" if ruling.may_propose else said


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
