"""Forms about people: invitation, appointment, its end, and licenses."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from governance.choices import LicenseStatus, Office, Side
from governance.forms.attested import Attested
from governance.models import Appointment, License, Person, Practice
from governance.offices import APPOINTED_UNDER, SIDE

CITE = "One of several directors or shareholders cites the decision that names the person, such as D-2026-014."


def date_field(**options: Any) -> forms.DateField:
    """A day, chosen in the browser's calendar or typed as 2026-11-30."""
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **options)


def reason_field(**options: Any) -> forms.CharField:
    return forms.CharField(max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), **options)


def office_choices() -> list[Any]:
    """Offices under the side they belong to, each with the right it is filled under."""
    return [
        ("", "Choose an office"),
        *(
            (side.label, [(o.value, f"{o.label} ({APPOINTED_UNDER[o]})") for o in Office if SIDE[o] == side])
            for side in Side
        ),
    ]


class PersonField(forms.ModelChoiceField):
    """A person with the sign-in: a name alone could be anybody's."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj} ({obj.account.email})" if obj.account else str(obj)


class ForAPeriod(forms.Form):
    """From a first day, this moment if left empty, to a last one: fields `starts_on` and `ends_on` of the form."""

    begins = ""
    """What takes effect, as a sentence begins with it."""

    def __init__(self, *args: Any, practice: Practice, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice, self.today = practice, today

    def clean_starts_on(self) -> date | None:
        first: date | None = self.cleaned_data["starts_on"]
        if first and first < self.today:
            raise forms.ValidationError(f"{self.begins} takes effect today or later, never in the past.")
        return first

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on") or self.today, data.get("ends_on")
        if last and last < first:
            self.add_error("ends_on", "The last day is before the first.")
        return data

    @property
    def starts_at(self) -> datetime | None:
        """The beginning of the first day here; None for this moment."""
        first = self.cleaned_data["starts_on"]
        return midnight(first, self.practice) if first and first > self.today else None


class AppointForm(ForAPeriod, Attested):
    """Who, to which office, from when to when, and why."""

    begins = "An appointment"

    person = PersonField(
        Person.objects.none(),
        label="Person",
        empty_label="Choose a person",
        help_text="Somebody who is not listed must be invited first; physicians need a verified license.",
    )
    office = forms.ChoiceField(
        label="Office",
        choices=office_choices,
        help_text="In brackets: the decision right under which the office is filled. Only who decides that right may.",
    )
    starts_on = date_field(label="First day", required=False, help_text="Left empty: from this moment.")
    ends_on = date_field(
        label="Last day",
        required=False,
        help_text="Required for an alternate chair and an auditor; the office then ends by itself.",
    )
    reason = reason_field(
        label="Reason", help_text=f"The resolution or the circumstances, in a sentence. It stands in the record. {CITE}"
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]

    @property
    def ends_at(self) -> datetime | None:
        """The end of the last day here."""
        last = self.cleaned_data["ends_on"]
        return midnight(last + timedelta(days=1), self.practice) if last else None


def midnight(day: date, practice: Practice) -> datetime:
    """The beginning of a day on the practice's clock."""
    return datetime.combine(day, time.min, practice.zone)


class EndForm(Attested):
    """When an appointment ends, and why."""

    ends_on = date_field(label="Last day", required=False, help_text="Left empty: it ends at this moment.")
    reason = reason_field(label="Reason", help_text=f"It stands in the record. {CITE}")

    def __init__(self, *args: Any, practice: Practice, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice, self.today = practice, today

    def clean_ends_on(self) -> date | None:
        last: date | None = self.cleaned_data["ends_on"]
        if last and last < self.today:
            raise forms.ValidationError("An appointment ends today or later, never in the past.")
        return last

    @property
    def ends_at(self) -> datetime | None:
        last = self.cleaned_data["ends_on"]
        return midnight(last + timedelta(days=1), self.practice) if last else None


class InviteForm(forms.Form):
    """Somebody who shall be able to sign in."""

    name = forms.CharField(label="Name", max_length=120)
    credentials = forms.CharField(
        label="Credentials", required=False, max_length=40, help_text="What stands behind the name, such as MD or NP."
    )
    email = forms.EmailField(label="E-mail", help_text="The invitation goes there; it lets them set a password.")


class LicenseForm(forms.Form):
    """What a board's register says about a license."""

    number = forms.CharField(label="License number", max_length=20)
    board = forms.CharField(label="Board", max_length=120, initial="Medical Board of California")
    status = forms.ChoiceField(label="Status in the register", choices=LicenseStatus.choices)
    expires_on = date_field(label="Expires on")
    verified_on = date_field(label="Verified on", help_text="The day on which the register was read.")
    source = forms.CharField(
        label="Source",
        max_length=200,
        help_text="The primary source: the board's register and its address, or a letter.",
    )

    def __init__(self, *args: Any, person: Person, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.today = person, today

    def clean_verified_on(self) -> date:
        day: date = self.cleaned_data["verified_on"]
        if day > self.today:
            raise forms.ValidationError("A register cannot have been read in the future.")
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        number, board = data.get("number"), data.get("board")
        if number and board and License.objects.filter(number=number, board=board).exclude(person=self.person).exists():
            self.add_error("number", "This license is on record for another person.")
        return data


class ActAsForm(forms.Form):
    """In which office a person with offices on both sides acts."""

    office = forms.TypedChoiceField(
        label="Office",
        coerce=int,
        widget=forms.RadioSelect,
        help_text="The choice holds for this sign-in, until you choose another. What you proposed in an office of one"
        " side you cannot determine in an office of the other: the decision must be the physicians' own (Bus. & Prof."
        " Code 2400).",
        error_messages={"required": "Office: choose one.", "invalid_choice": "Office: choose one of your offices."},
    )

    def __init__(self, *args: Any, offices: list[Appointment], practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        side = {Side.PC: practice.name, Side.MSO: practice.mso_name}
        self.fields["office"].choices = [  # type: ignore[attr-defined]
            (one.pk, f"{one.get_office_display()}, {side[Side(one.side)]}") for one in offices
        ]
