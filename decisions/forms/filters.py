"""The filters of the lists; a value that is no choice is ignored."""

from typing import Any

from django import forms

from decisions.forms.fields import day_field, members
from decisions.models import OperationalItem, Proposal
from decisions.rules.workflow import ActionState, ProposalState
from governance.choices import Side
from governance.models import Person, Practice


class Words(forms.Form):
    """Words or a code; what every list has."""

    q = forms.CharField(label="Words or number", required=False, max_length=100)

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice = practice
        self.narrow()
        self.is_valid()

    def narrow(self) -> None:
        """Give the choices that depend on the practice."""

    def chosen(self, name: str) -> Any:
        """The valid value of a filter, else nothing."""
        return self.cleaned_data.get(name) or ""


class ProposalFilter(Words):
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *ProposalState.choices()])
    kind = forms.ChoiceField(label="Kind", required=False, choices=[("", "All"), *Proposal.Kind.choices])


class DecisionFilter(Words):
    right = forms.CharField(label="Right", required=False, max_length=8)
    holder = forms.ChoiceField(label="Held by", required=False, choices=[("", "Either side"), *Side.choices])
    since = day_field(label="From", required=False)
    until = day_field(label="To", required=False)


class OperationFilter(Words):
    category = forms.ChoiceField(
        label="Category", required=False, choices=[("", "All"), *OperationalItem.Category.choices]
    )
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *OperationalItem.State.choices])


class ActionFilter(Words):
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[("", "All"), ("unclosed", "Not closed"), ("overdue", "Overdue"), *ActionState.choices()],
    )
    owner = forms.ModelChoiceField(Person.objects.none(), label="Owner", required=False, empty_label="Everyone")

    def narrow(self) -> None:
        self.fields["owner"].queryset = members(self.practice)  # type: ignore[attr-defined]
