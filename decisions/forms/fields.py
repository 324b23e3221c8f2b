"""Fields that the forms of decisions share."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from governance.choices import Side
from governance.models import Appointment, DecisionRight, Person, Practice
from governance.selectors.catalogue import catalogue_at


def text_field(rows: int = 4, **options: Any) -> forms.CharField:
    """Running text."""
    return forms.CharField(max_length=10000, widget=forms.Textarea(attrs={"rows": rows}), **options)


def day_field(**options: Any) -> forms.DateField:
    """A day, chosen in the browser's calendar or typed as 2026-11-30."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def rights_in_force(practice: Practice) -> list[DecisionRight]:
    """The rights of the catalogue that rules now, in order."""
    catalogue = catalogue_at(practice, timezone.now())
    return catalogue.rights if catalogue else []


def right_choices(practice: Practice, *, holder: str = "") -> list[Any]:
    """Rights under the name of their holder: every right, so that an attempt across the line leaves evidence."""
    rights = rights_in_force(practice)
    names = {Side.PC: practice.name, Side.MSO: practice.mso_name}
    return [
        ("", "Choose a decision right"),
        *(
            (f"Held by {names[side]}", [(right.code, str(right)) for right in rights if right.holder == side])
            for side in Side
            if holder in {"", side}
        ),
    ]


def members(practice: Practice) -> QuerySet[Person]:
    """People who hold an office of the practice now."""
    held = Appointment.objects.in_force().filter(practice=practice)
    return Person.objects.filter(pk__in=held.values("person"))
