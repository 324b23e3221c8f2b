"""The forms of minutes: the draft, its return, the signature, an amendment."""

from typing import Any

from django import forms
from django.forms.utils import ErrorDict

from governance.forms.attested import Attested
from meetings.forms.signing import electronic_field, meaning_field
from meetings.services.minutes import MEANING


class DraftForm(Attested):
    """The text of the minutes, with the revision that its typing began from."""

    only_with = "submit"
    text = forms.CharField(
        label="Text of the minutes",
        help_text="Headings begin with ##. No patient names, record numbers or dates of service.",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "true"}),
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if not text.strip():
            raise forms.ValidationError("Minutes hold at least a sentence.")
        return text


class ReturnForm(Attested):
    """Why the minutes go back to the secretary."""

    reason = forms.CharField(
        label="What is to be corrected",
        help_text="The secretary reads this above the draft. It stands in the record.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class SignForm(forms.Form):
    """The meaning of the signature, affirmed, and the consent to sign electronically."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    meaning = meaning_field(MEANING)
    consent = electronic_field("record")


class AmendForm(Attested):
    """A correction beside the signed minutes."""

    text = forms.CharField(
        label="What is corrected",
        help_text="Name the item and say how it should read. The signed text stays as it is.",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    reason = forms.CharField(
        label="Reason",
        help_text="How the error came to light.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def add_refusal(form: forms.Form, refusal: ValueError) -> None:
    """Show a rule of the service at its field, or above the form where the form has no such field."""
    field: Any = getattr(refusal, "field", None)
    visible = field in form.fields and not form.fields[field].widget.is_hidden
    form.errors  # noqa: B018 - validates first, so that the refusal is added to what validation found
    assert isinstance(form.errors, ErrorDict)
    form.add_error(field if visible else None, str(refusal))
