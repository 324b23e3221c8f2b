"""Forms about corrective actions."""

from typing import Any

from django import forms

from decisions.forms.fields import day_field, members, text_field
from decisions.rules.strength import Strength
from governance.forms.attested import Attested
from governance.models import Person, Practice


class ActionForm(Attested):
    """A corrective action: cause, measure, owner, verifier."""

    title = forms.CharField(label="Title", max_length=200)
    root_cause = text_field(rows=3, label="Root cause")
    action = text_field(rows=3, label="What will be done")
    strength = forms.ChoiceField(
        label="Strength",
        choices=[("", "Choose a strength"), *Strength.choices()],
        help_text="What changes the system outlasts what asks people to remember.",
    )
    owner = forms.ModelChoiceField(Person.objects.none(), label="Owner", empty_label="Choose a person")
    due_on = day_field(label="Due on")
    measure = forms.CharField(
        label="Measure of effect", max_length=300, help_text="A figure that will show whether it worked."
    )
    verifier = forms.ModelChoiceField(
        Person.objects.none(), label="Verifier", empty_label="Choose a person", help_text="Never the owner."
    )

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("owner", "verifier"):
            self.fields[name].queryset = members(practice)  # type: ignore[attr-defined]


class NoteForm(Attested):
    """An entry in the action's account."""

    note = text_field(label="Note", help_text="What was done, and where it shows. No patient information.")


class WindowForm(NoteForm):
    """The evidence is accepted; the effect is watched."""

    ends_on = day_field(label="Ends on", help_text="The day by which the effect will show.")


class EffectForm(NoteForm):
    """Whether it worked."""

    effective = forms.ChoiceField(
        label="Effective",
        widget=forms.RadioSelect,
        choices=[("yes", "It worked: close the action"), ("no", "It did not: reopen the action")],
    )
    field_order = ["effective", "note"]
