"""Forms that move a meeting or cancel it."""

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
    """Canceling a meeting."""

    reason = forms.CharField(label="Why it is canceled", widget=forms.Textarea(attrs={"rows": 2}))
