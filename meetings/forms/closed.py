"""The forms of closed items. People are chosen from those in office; free text is looked through for patient data."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import QuerySet

from decisions.forms.papers import file_field
from governance.forms.attested import Attested
from governance.models import Appointment, Person, Practice
from meetings.choices import Compartment, Designation
from meetings.forms.room import NO_PATIENTS, SeatField, prose
from meetings.models import Attendance
from meetings.rules.compartments import PC_OFFICES
from meetings.rules.tally import Choice
from meetings.services.closed import NAMED_BY_CHAIRS
from meetings.services.closed_record import ATTESTED, SHORTEST_PURPOSE, SIGNED

type Papers = list[tuple[int, str]]
"""Choices of papers or files: their keys, and what each is."""


def in_office(practice: Practice, *, pc: bool = False) -> QuerySet[Person]:
    """The people in office now; with `pc`, those whose office may see a closed part."""
    held = Appointment.objects.in_force().filter(practice=practice)
    held = held.filter(office__in=PC_OFFICES) if pc else held
    return Person.objects.filter(pk__in=held.values("person")).order_by("name")


class People(forms.ModelMultipleChoiceField):
    """Several people, each with a box."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Person.objects.none(), required=False, widget=forms.CheckboxSelectMultiple, **kwargs)


class PutForm(Attested):
    """A closed item: what everybody may know is the compartment alone."""

    compartment = forms.ChoiceField(
        choices=[(one.value, one.label) for one in Compartment if one != Compartment.OPEN],
        help_text="All that the agenda says of the item.",
    )
    subject = forms.CharField(max_length=200, help_text=f"Only who is entitled reads it. {NO_PATIENTS}")
    presenter = forms.CharField(max_length=120, required=False)
    recorder = forms.ModelChoiceField(
        Person.objects.none(),
        label="Records and attests",
        help_text="A physician or a person engaged by the PC; of what is clinical confidential, also the secretary.",
    )
    concerned = People(label="Concerned", help_text="They never see anything of it.")
    invited = People(label="Invited", help_text="To legal advice: people of the PC.")
    assigned = People(label="Assigned", help_text="Of what is clinical confidential: staff of the management company.")

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = in_office(practice)
        for name in ("recorder", "concerned", "invited", "assigned"):
            self.fields[name].queryset = everybody  # type: ignore[attr-defined]


class PartForm(Attested):
    """A form on the page of a closed part; ids carry the act's name, and `offered` fills its choices."""

    def __init__(self, *args: Any, act: str, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{act}_%s"
        super().__init__(*args, **kwargs)


class NameForm(PartForm):
    part = forms.ChoiceField(label="As", choices=[(one.value, one.label) for one in NAMED_BY_CHAIRS])
    person = forms.ModelChoiceField(Person.objects.none())

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = in_office(practice)  # type: ignore[attr-defined]


class EnterForm(PartForm):
    """Nothing is asked: who stays follows from the rules."""


class ReturnForm(PartForm):
    reported_out = prose(
        "What is reported out", 2, required=False, help_text="Everybody reads this. Empty: nothing is reported out."
    )
    concluded = forms.BooleanField(label="The item is concluded", required=False, initial=True)


class DeferForm(PartForm):
    reason = prose("Reason for deferring", 2, help_text="Everybody reads this. A chair puts the item again.")


class ResolutionForm(PartForm):
    text = prose("Motion", 2, help_text=f"As it is put. {NO_PATIENTS}")
    mover = SeatField(label="Moved by")
    seconder = SeatField(label="Seconded by")

    def __init__(self, *args: Any, members: Iterable[Attendance], several: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = list(members)
        self.fields["seconder"].required = several
        for name in ("mover", "seconder"):
            self.fields[name].offer(members)  # type: ignore[attr-defined]
        words = [(one.value, one.label.capitalize()) for one in (Choice.FOR, Choice.AGAINST, Choice.ABSTAIN)]
        for seat in members:
            self.fields[f"vote_{seat.pk}"] = forms.ChoiceField(
                label=f"Vote of {seat.name}", choices=words, widget=forms.RadioSelect
            )


class DraftForm(PartForm):
    text = forms.CharField(
        label="Record of the closed part",
        help_text=f"Of legal advice: that counsel gave advice on a subject, not what it was. {NO_PATIENTS}",
        max_length=200_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "true"}),
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class AttestForm(PartForm):
    meaning = forms.BooleanField(
        label=ATTESTED.removesuffix("."), error_messages={"required": "Affirm what you attest."}
    )
    revision = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class SignForm(PartForm):
    meaning = forms.BooleanField(
        label=SIGNED.removesuffix("."), error_messages={"required": "Affirm what your signature means."}
    )
    version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)


class PurposeForm(PartForm):
    purpose = forms.CharField(
        label="Purpose",
        max_length=500,
        help_text=f"Why you open it, in at least {SHORTEST_PURPOSE} characters. It stands in the closed part.",
    )


class ReleaseForm(PartForm):
    person = forms.ModelChoiceField(Person.objects.none(), label="Release to")
    reason = prose("Reason", 2, help_text="It stands in the closed part, for who is entitled.")

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = in_office(practice, pc=True)  # type: ignore[attr-defined]


class DesignateForm(PartForm):
    designation = forms.ChoiceField(choices=Designation.choices)


class PaperForm(PartForm):
    file = file_field()
    title = forms.CharField(
        max_length=200, required=False, help_text=f"Else the file's name. Only who is entitled reads it. {NO_PATIENTS}"
    )


class ReplacePaperForm(PaperForm):
    field_order = ["paper", "file", "note", "title"]
    paper = forms.TypedChoiceField(coerce=int)
    note = forms.CharField(label="What changed, and why", max_length=500)

    def __init__(self, *args: Any, papers: Papers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = papers  # type: ignore[attr-defined]
        self.fields["title"].help_text = f"Else the title it has. Only who is entitled reads it. {NO_PATIENTS}"


class WithdrawPaperForm(PartForm):
    paper = forms.TypedChoiceField(coerce=int)
    reason = prose("Reason", 2, help_text="It stands in the closed part; the paper stays.")

    def __init__(self, *args: Any, papers: Papers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["paper"].choices = papers  # type: ignore[attr-defined]


class TakeForm(PurposeForm):
    """A file of the part; `files` are keys of documents with what each is."""

    field_order = ["document", "purpose"]
    document = forms.TypedChoiceField(label="File", coerce=int)

    def __init__(self, *args: Any, files: Papers, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["document"].choices = files  # type: ignore[attr-defined]


class AmendForm(PartForm):
    text = prose("What is corrected", 4, help_text=f"The signed text stays; this stands beside it. {NO_PATIENTS}")
    reason = prose("Reason", 2, help_text="It stands in the closed part.")
    meaning = forms.BooleanField(error_messages={"required": "Affirm what you sign."})

    def __init__(self, *args: Any, meaning: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meaning"].label = meaning.removesuffix(".")
