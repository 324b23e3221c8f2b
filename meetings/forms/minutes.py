"""The forms of minutes: the draft, comments on it, attestation, return, signature, an amendment."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.utils import ErrorDict

from governance.forms.attested import Attested
from governance.forms.people import date_field
from meetings.forms.signing import electronic_field, meaning_field
from meetings.models import AgendaItem, Motion
from meetings.services.minutes import ATTESTED, MEANING
from meetings.services.minutes_comments import LONGEST
from meetings.words import in_brief


class DraftForm(Attested):
    """The text of the minutes, with the revision that its typing began from."""

    only_with = "submit"
    text = forms.CharField(
        label="Text of the minutes",
        help_text="## and a space begin a heading, *asterisks* emphasize, **two** make strong. Everything else is "
        "read and sealed as you type it. No patient names, record numbers or dates of service.",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "true"}),
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    attested = forms.BooleanField(
        label=ATTESTED.removesuffix("."),
        required=False,
        help_text="Counts when you submit. Left open, you may attest the version until it is signed.",
    )

    def __init__(self, *args: Any, may_attest: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_attest:
            del self.fields["attested"]

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


class AttestForm(forms.Form):
    """What the recording secretary attests, affirmed."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    meaning = forms.BooleanField(
        label=ATTESTED.removesuffix("."), error_messages={"required": "Affirm what you attest."}
    )


class CirculateForm(forms.Form):
    """Until when the draft lies before those who were expected."""

    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    until = date_field(
        label="Last day for comments",
        help_text=f"At most {LONGEST.days} days ahead. You may submit earlier, which ends the time for comments.",
    )


class CommentForm(Attested):
    """What somebody says to the circulated minutes."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    item = forms.ModelChoiceField(
        AgendaItem.objects.none(), label="Item", required=False, empty_label="The minutes as a whole"
    )
    text = forms.CharField(
        label="Comment",
        help_text="Say how it should read. It stands in the record, with what became of it. No patient names.",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args: Any, items: QuerySet[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items  # type: ignore[attr-defined]


class AnswerForm(Attested):
    """What becomes of a comment."""

    taken_up = forms.TypedChoiceField(
        label="The comment is",
        choices=[("yes", "Taken up"), ("no", "Not taken up")],
        coerce=lambda word: word == "yes",
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Reason",
        help_text="Asked for where it is not taken up.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MovedBy(forms.ModelChoiceField):
    """A motion, with its meeting and its text."""

    def label_from_instance(self, obj: Motion) -> str:
        held = obj.meeting.practice.local(obj.meeting.starts_at)
        return f"Motion {obj.number} of {held:%-d %B %Y}: {in_brief(obj.wording)}"


class AmendForm(Attested):
    """A correction beside the signed minutes."""

    motion = MovedBy(
        Motion.objects.none(), label="Carried by", widget=forms.RadioSelect, empty_label=None,
        help_text="The motion by which the body amended these minutes.",
    )  # fmt: skip
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

    def __init__(self, *args: Any, motions: QuerySet[Motion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motion"].queryset = motions  # type: ignore[attr-defined]


def add_refusal(form: forms.Form, refusal: ValueError) -> None:
    """Show a rule of the service at its field, or above the form where the form has no such field."""
    field: Any = getattr(refusal, "field", None)
    visible = field in form.fields and not form.fields[field].widget.is_hidden
    form.errors  # noqa: B018 - validates first, so that the refusal is added to what validation found
    assert isinstance(form.errors, ErrorDict)
    form.add_error(field if visible else None, str(refusal))
