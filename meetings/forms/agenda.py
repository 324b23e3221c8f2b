"""Forms of agenda items."""

from collections.abc import Iterable
from typing import Any

from django import forms

from governance.forms.attested import Attested
from governance.models import Appointment, DecisionRight, Person, Practice
from meetings.choices import Purpose, Topic
from meetings.models import AgendaItem, Meeting
from meetings.services.item_values import is_sourced, is_standing


class PointForm(Attested):
    """A point for an agenda."""

    topic = forms.ChoiceField(label="Topic", choices=Topic.choices, initial=Topic.OTHER)
    title = forms.CharField(label="Title", max_length=200)
    purpose = forms.ChoiceField(label="Purpose", choices=Purpose.choices, initial=Purpose.DISCUSSION)
    presenter = forms.CharField(label="Presenter", max_length=160, required=False)
    budget = forms.IntegerField(label="Time in minutes", min_value=1, max_value=480, required=False)
    right = forms.ChoiceField(
        label="Decision right", required=False, help_text="Under which the body decides; needed for decision."
    )

    def __init__(self, *args: Any, rights: Iterable[DecisionRight], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["right"].choices = [  # type: ignore[attr-defined]
            ("", "None"),
            *((right.code, f"{right.code} {right.name} ({right.holder})") for right in rights),
        ]


class ItemForm(PointForm):
    """An item of an agenda, as chair and secretary keep it."""

    presenter_person = forms.ModelChoiceField(
        Person.objects.none(), label="Presenter", required=False, empty_label="Somebody else, or nobody"
    )
    presenter = forms.CharField(label="Other presenter", max_length=160, required=False, help_text="A name as typed.")
    consent = forms.BooleanField(
        label="On the consent agenda", required=False,
        help_text="Taken with the others by one motion; any member may take it off.",
    )  # fmt: skip
    field_order = ("topic", "title", "purpose", "presenter_person", "presenter", "budget", "right", "consent")

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = Appointment.objects.in_force().filter(practice=practice)
        people = Person.objects.filter(pk__in=held.values("person")).order_by("name")
        self.fields["presenter_person"].queryset = people  # type: ignore[attr-defined]


class EditForm(ItemForm):
    """What an item says, changed."""

    def __init__(self, data: Any, *, item: AgendaItem, practice: Practice, rights: Iterable[DecisionRight]) -> None:
        names = ("topic", "title", "purpose", "presenter_person", "budget", "consent")
        initial = {name: getattr(item, name) for name in names} | {
            "presenter": "" if item.presenter_person_id else item.presenter,
            "right": item.right.code if item.right else "",
        }
        super().__init__(data, practice=practice, rights=rights, initial=initial)
        if is_standing(item) or is_sourced(item):
            if item.right:  # perhaps of an older catalogue
                self.fields["right"].choices = [(item.right.code, str(item.right))]  # type: ignore[attr-defined]
            for name in ("topic", "title", "purpose", "right", "consent"):
                self.fields[name].disabled = True


class WithdrawForm(Attested):
    """Taking an item off the agenda."""

    reason = forms.CharField(label="Why it is withdrawn", widget=forms.Textarea(attrs={"rows": 2}))


class ProposeForm(PointForm):
    """A point that somebody proposes."""

    reason = forms.CharField(label="Why it belongs on the agenda", widget=forms.Textarea(attrs={"rows": 3}))


class AnswerForm(Attested):
    """The chair's answer to a proposed item."""

    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="Meeting", required=False, help_text="On whose agenda it comes, if accepted."
    )
    answer = forms.CharField(
        label="Answer", required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="The reason, needed where it is declined.",
    )  # fmt: skip

    def __init__(self, data: Any, *, meetings: Any) -> None:
        super().__init__(data)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]
        self.fields["meeting"].initial = meetings.first()
