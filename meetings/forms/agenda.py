"""The form of an agenda item."""

from collections.abc import Iterable
from typing import Any

from django import forms

from governance.forms.attested import Attested
from governance.models import DecisionRight
from meetings.choices import Purpose, Topic


class ItemForm(Attested):
    """A point for the agenda."""

    topic = forms.ChoiceField(label="Topic", choices=Topic.choices, initial=Topic.OTHER)
    title = forms.CharField(label="Title", max_length=200)
    purpose = forms.ChoiceField(label="Purpose", choices=Purpose.choices, initial=Purpose.DISCUSSION)
    presenter = forms.CharField(label="Presenter", max_length=120, required=False)
    right = forms.ChoiceField(
        label="Decision right", required=False, help_text="Under which the body decides; needed for decision."
    )

    def __init__(self, *args: Any, rights: Iterable[DecisionRight], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"].choices = [  # type: ignore[attr-defined]
            ("", "None"),
            *((right.code, f"{right.code} {right.name} ({right.holder})") for right in rights),
        ]
