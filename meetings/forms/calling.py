"""Forms that call a special meeting, move a meeting or cancel it, and waive its notice."""

from typing import Any

from django import forms

from governance.forms.attested import Attested
from meetings.choices import Mode


class MoveForm(Attested):
    """Another time or place for a meeting."""

    starts_at = forms.DateTimeField(
        label="Day and time",
        help_text="On the practice's clock. Lateness still counts from the day by the rule.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    place = forms.CharField(label="Place", max_length=200)
    link = forms.URLField(label="Link", max_length=300, required=False, assume_scheme="https")
    mode = forms.ChoiceField(label="Mode", choices=Mode.choices)
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}))


class CancelForm(Attested):
    """Canceling a meeting, on the page that also moves it."""

    reason = forms.CharField(label="Why it is canceled", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "cancel_%s", **kwargs})


class SpecialForm(Attested):
    """A special meeting."""

    reason = forms.CharField(
        label="Why it is called",
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="It stands on the page of the meeting, in the released agenda and in the minutes.",
    )
    starts_at = forms.DateTimeField(
        label="Day and time",
        help_text="On the practice's clock; it may be within the hour.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    length = forms.IntegerField(label="Length in minutes", min_value=1, max_value=720, initial=60)
    place = forms.CharField(label="Place", max_length=200)
    link = forms.URLField(label="Link", max_length=300, required=False, assume_scheme="https")
    mode = forms.ChoiceField(label="Mode", choices=Mode.choices, initial=Mode.REMOTE)
    points = forms.CharField(
        label="Points",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="One a line; “Compliance: exclusion checks” puts it under a topic. No standing topic is needed.",
    )
    release = forms.BooleanField(
        label="Release the agenda and send the notice now",
        required=False,
        initial=True,
        help_text="Leave it out to add papers or points for decision first; then the notice runs from the release.",
    )


class WaiverForm(forms.Form):
    """The sentence of a waiver of notice, affirmed."""

    sentence = forms.CharField(widget=forms.HiddenInput, max_length=500)
    meaning = forms.BooleanField(error_messages={"required": "Affirm what your waiver means."})

    def __init__(self, data: Any, *, meaning: str) -> None:
        super().__init__(data, initial={"sentence": meaning})
        self.fields["meaning"].label = meaning.removesuffix(".")
