"""Forms of the decision log and the operational log. Both offer every right of the catalogue with its holder."""

from typing import Any

from django import forms

from decisions.forms.fields import day_field, right_choices, text_field
from decisions.models import Decision, OperationalItem
from decisions.rules.screen import QUESTIONS
from governance.forms.attested import Attested
from governance.models import Practice


class DecisionForm(Attested):
    """A decision under a right."""

    right = forms.ChoiceField(label="Right", help_text="Every right with its holder; only its holder decides it.")
    title = forms.CharField(label="Title", max_length=200)
    text = text_field(label="Text", help_text="What is decided, as it is to be carried out.")
    rationale = text_field(label="Rationale", help_text="Why; what was considered.")
    supersedes = forms.CharField(
        label="Supersedes",
        required=False,
        max_length=20,
        help_text="The number of an earlier decision under the same right that this one replaces, such as D-2026-004.",
    )

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice = practice
        self.fields["right"].choices = right_choices(practice)  # type: ignore[attr-defined]

    def clean_supersedes(self) -> Decision | None:
        """The decision of that number."""
        code = self.cleaned_data["supersedes"].strip().upper()
        if not code:
            return None
        found = Decision.objects.filter(practice=self.practice, **Decision.parse(code)).select_related("right").first()
        if found is None:
            raise forms.ValidationError(f"There is no decision {code} in this practice.")
        return found


class ItemForm(Attested):
    """Something the MSO did, with the seven questions of the clinical-effect screen."""

    right = forms.ChoiceField(label="Right", help_text="Every right with its holder; the MSO logs under its own.")
    category = forms.ChoiceField(
        label="Category", choices=[("", "Choose a category"), *OperationalItem.Category.choices]
    )
    title = forms.CharField(label="Title", max_length=200)
    detail = text_field(label="Detail", help_text="What was done. No patient information.")
    happened_on = day_field(label="Happened on")

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"].choices = right_choices(practice)  # type: ignore[attr-defined]
        for question in QUESTIONS:
            self.fields[question.code] = forms.ChoiceField(
                label=question.text, choices=[("no", "No"), ("yes", "Yes")], widget=forms.RadioSelect
            )

    @property
    def answers(self) -> dict[str, bool]:
        """The seven answers of a valid form."""
        return {question.code: self.cleaned_data[question.code] == "yes" for question in QUESTIONS}
