"""Forms of written consent: the resolution, the signature under it, and the reasons for which it ends otherwise."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms

from decisions.forms.fields import day_field, rights_in_force, text_field
from decisions.forms.filters import Words
from decisions.services.bodies import MEMBERS_OF
from governance.forms.attested import Attested
from governance.forms.people import midnight, reason_field
from governance.models import Practice
from meetings.forms.signing import electronic_field, meaning_field
from meetings.rules.consents import WORDS
from meetings.services.consents import LONGEST, MEANING


class ConsentFilter(Words):
    state = forms.ChoiceField(label="Stands", required=False, choices=[("", "All"), *WORDS.items()])


class ConsentForm(Attested):
    """A resolution for the members of the body that decides the right."""

    right = forms.ChoiceField(
        label="Right", help_text="What a body decides together. What an office decides alone needs no consent."
    )
    title = forms.CharField(label="Title", max_length=200)
    text = text_field(
        6,
        label="Resolution",
        help_text="The words that each member signs. A resolution that appoints somebody names the person in full.",
    )
    rationale = text_field(label="Rationale", help_text="Why; what was considered.")
    ends_on = day_field(
        label="Last day",
        help_text=f"Who has not signed by its end has not consented. At most {LONGEST.days} days ahead.",
    )

    def __init__(self, *args: Any, practice: Practice, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice, self.today = practice, today
        bodies = {str(body) for body in MEMBERS_OF.values()}
        self.fields["right"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a decision right"),
            *((one.code, str(one)) for one in rights_in_force(practice) if set(one.exercised_by) <= bodies),
        ]

    def clean_ends_on(self) -> date:
        last: date = self.cleaned_data["ends_on"]
        if not self.today <= last < self.today + LONGEST:
            raise forms.ValidationError(f"From today on, and at most {LONGEST.days - 1} days ahead.")
        return last

    @property
    def ends_at(self) -> datetime:
        """The end of the last day here."""
        return midnight(self.cleaned_data["ends_on"] + timedelta(days=1), self.practice)


class GiveConsentForm(forms.Form):
    """The meaning of the signature, affirmed, and the consent to sign electronically."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    meaning = meaning_field(MEANING)
    electronic = electronic_field("resolution")


class DeclineForm(Attested):
    """Why a member does not sign."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
    reason = reason_field(
        label="Reason",
        help_text="An interest of your own, a question still open, a wish to discuss it. It stands in the record.",
    )


class WithdrawForm(Attested):
    """Why a resolution is taken back."""

    reason = reason_field(label="Reason", help_text="It stands in the record, beside the resolution.")
