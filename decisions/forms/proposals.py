"""Forms about change proposals."""

import json
from collections.abc import Mapping
from typing import Any

from django import forms

from decisions.forms.fields import day_field, right_choices, text_field
from decisions.models import Proposal
from decisions.rules.gate import CheckState, Requirement
from decisions.rules.screen import CHANGE_RIGHT, QUESTIONS
from decisions.services.proposing import SERVICE_KINDS, SERVICE_RIGHT
from governance.choices import Side
from governance.forms.attested import Attested
from governance.models import Practice, Site


class RevisionForm(Attested):
    """The text that is put to the physicians."""

    summary = text_field(label="What is proposed")
    clinical_effect = text_field(label="Effect on care", help_text="What changes for patients and clinicians.")
    operations = text_field(label="How it will run", help_text="People, rooms, equipment, forms, cost.")


class ProposalForm(RevisionForm):
    """A new proposal. The kind decides under which right the physicians determine it."""

    field_order = ["kind", "title", "service_name", "site", "right", "summary", "clinical_effect", "operations"]
    kind = forms.ChoiceField(
        label="Kind",
        choices=Proposal.Kind.choices,
        help_text=f"Service lines fall under {SERVICE_RIGHT}, operational changes with clinical effect under"
        f" {CHANGE_RIGHT}.",
    )
    title = forms.CharField(label="Title", max_length=200)
    service_name = forms.CharField(
        label="Service line", max_length=120, required=False, help_text="Where a service line is proposed."
    )
    site = forms.ModelChoiceField(
        Site.objects.none(),
        label="Site",
        required=False,
        empty_label="Choose a site",
        help_text="Where a service line is proposed.",
    )
    right = forms.ChoiceField(
        label="Right", required=False, help_text="Where another clinical matter is put to the physicians."
    )
    screen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=1000)

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = practice.sites.all()  # type: ignore[attr-defined]
        self.fields["right"].choices = right_choices(practice, holder=Side.PC)  # type: ignore[attr-defined]

    def clean_screen(self) -> dict[str, bool] | None:
        """The seven answers that came along from the operational form."""
        text = self.cleaned_data["screen"]
        if not text:
            return None
        try:
            answers = json.loads(text)
        except ValueError as error:
            raise forms.ValidationError("The answers of the clinical-effect screen cannot be read.") from error
        if not isinstance(answers, dict):
            raise forms.ValidationError("The answers of the clinical-effect screen cannot be read.")
        return answers


def kept_as_proposal(practice: Practice, kept: Mapping[str, str]) -> dict[str, Any]:
    """What was typed into another form (a refused decision or operational item), as a proposal begins with it."""
    rights = {code: label for _, group in right_choices(practice, holder=Side.PC)[1:] for code, label in group}
    right = kept.get("right", "")
    answers = {question.code: kept.get(question.code) == "yes" for question in QUESTIONS if question.code in kept}
    touched = [question for question in QUESTIONS if answers.get(question.code)]
    kind = kept.get("kind", "")
    if kind not in Proposal.Kind:
        if right == SERVICE_RIGHT:
            kind = Proposal.Kind.NEW_SERVICE
        elif right in rights and right != CHANGE_RIGHT and not touched:
            kind = Proposal.Kind.CLINICAL
        else:
            kind = Proposal.Kind.OPERATIONAL
    effect = "\n".join(f"{question.text} Yes ({question.right})." for question in touched)
    return {
        "kind": kind,
        "title": kept.get("title", ""),
        "service_name": kept.get("service_name", ""),
        "site": kept.get("site", ""),
        "right": right if right in rights and kind not in SERVICE_KINDS else "",
        "summary": kept.get("summary") or kept.get("detail") or kept.get("text", ""),
        "clinical_effect": kept.get("clinical_effect") or effect,
        "operations": kept.get("operations") or kept.get("rationale", ""),
        "screen": kept.get("screen") or (json.dumps(answers) if len(answers) == len(QUESTIONS) else ""),
    }


class ReviseForm(RevisionForm):
    """A new revision of the text that the writer has before them."""

    change_note = forms.CharField(label="What changed, and why", max_length=500)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class DetermineForm(Attested):
    """What the physicians determine, and why."""

    rationale = text_field(label="Rationale", help_text="Why; it stands in the record.")
    conditions = text_field(rows=2, label="Conditions", required=False)
    revision = forms.IntegerField(widget=forms.HiddenInput)


class CheckForm(Attested):
    """A requirement met or waived."""

    requirement = forms.ChoiceField(label="Requirement")
    state = forms.ChoiceField(
        label="State",
        widget=forms.RadioSelect,
        choices=[(CheckState.MET.value, "Met"), (CheckState.WAIVED.value, "Waived (physicians alone)")],
    )
    reason = text_field(rows=3, label="Reason", help_text="Where the evidence lies; for a waiver, why it is safe.")
    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, open_requirements: list[Requirement], may_waive: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["requirement"].choices = [(one.value, one.label) for one in open_requirements]  # type: ignore[attr-defined]
        if not may_waive:
            self.fields["state"].choices = [(CheckState.MET.value, "Met")]  # type: ignore[attr-defined]
            self.fields["state"].initial = CheckState.MET.value


class GoLiveForm(forms.Form):
    """The switch, with the day on which the physicians look at it again."""

    review_on = day_field(label="Review on", help_text="The day on which the physicians look at it again.")
    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(Attested):
    """An act that needs nothing but its reason."""

    reason = text_field(rows=3, label="Reason", help_text="It stands in the record.")
