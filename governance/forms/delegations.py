"""Forms of delegation: giving a right to another physician for a period, and ending that early."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from governance.forms.attested import Attested
from governance.forms.people import ForAPeriod, PersonField, date_field, midnight, reason_field
from governance.models import DecisionRight, Person


class DelegateForm(ForAPeriod, Attested):
    """To whom, which rights, from when to when, and why."""

    begins = "A delegation"

    delegate = PersonField(
        Person.objects.none(),
        label="To",
        empty_label="Choose a physician",
        help_text="A physician in office here, with a license in force. Never somebody of the management company.",
    )
    rights = forms.MultipleChoiceField(
        label="Rights",
        widget=forms.CheckboxSelectMultiple,
        help_text="Only those that you exercise through your own physician's office. What the board, the shareholders"
        " or a committee decides has no proxy.",
    )
    starts_on = date_field(label="First day", required=False, help_text="Left empty: from this moment.")
    ends_on = date_field(label="Last day", help_text="It ends by itself with this day; nobody has to do anything.")
    reason = reason_field(label="Reason", help_text="It stands in the record.")

    def __init__(self, *args: Any, people: QuerySet[Person], rights: list[DecisionRight], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delegate"].queryset = people  # type: ignore[attr-defined]
        self.fields["rights"].choices = [(right.code, str(right)) for right in rights]  # type: ignore[attr-defined]

    @property
    def ends_at(self) -> datetime:
        """The end of the last day here."""
        return midnight(self.cleaned_data["ends_on"] + timedelta(days=1), self.practice)


class EndDelegationForm(Attested):
    """Why a delegation ends now."""

    reason = reason_field(label="Reason", help_text="It stands in the record.")
