"""The page of one act, and what a page offers to whom."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from governance.models import DecisionRight
from governance.selectors.delegations import codes_delegated, is_physician
from governance.web import PracticeRequest


def decides(request: PracticeRequest, right: DecisionRight | None) -> bool:
    """Whether the person exercises the right by an office or a delegation; for what a page offers, never more."""
    if right is None:
        return False
    if any(one.side == right.holder and one.exercises & set(right.exercised_by) for one in request.offices):
        return True
    if not is_physician(request.offices):
        return False
    if not hasattr(request, "delegated"):
        request.delegated = codes_delegated(request.person, request.practice, timezone.now())
    return right.code in request.delegated


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
    under: Iterable[DecisionRight] = (),
    means: str = "",
    action: str = "",
    notice: str = "",
    **more: Any,
) -> HttpResponse:
    """The page of one act: its form, and in words what it brings about. `back` is label and address.

    What the act means is written under the name of this page's address, or of `means` where the form goes to another.
    """
    context = {
        "form": form, "title": title, "submit": submit, "back": back, "lead": lead, "eyebrow": eyebrow,
        "variant": variant, "effects": list(effects), "under": list(under), "means": means, "action": action,
        "notice": notice, **more,
    }  # fmt: skip
    return render(request, "governance/act.html", context)
