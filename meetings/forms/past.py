"""The forms of a meeting that was held before: what its signed minutes say, and the withdrawal of an entry."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any, ClassVar

from django import forms

from governance.forms.attested import Attested
from governance.forms.grouped import Grouped
from governance.forms.people import date_field, reason_field
from governance.models import Body, Practice
from meetings.choices import Mode
from meetings.rules.past import Unreadable, attendees, results

QUORATE = [("", "The minutes do not say"), ("yes", "Yes, the minutes say so"), ("no", "No")]


def _time_field(**options: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **options)


def _lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "spellcheck": "true"})


class PastMeetingForm(Grouped, Attested):
    """A meeting as its signed minutes tell it, with their scan."""

    headings: ClassVar = {
        "scan": "The signed minutes",
        "body": "When and where",
        "chair": "Who was there",
        "results": "What was decided",
    }

    scan = forms.FileField(
        label="Scan of the signed minutes",
        help_text="A PDF. Without it there is no entry; after a refusal the browser wants it chosen again.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"required": "Choose the scan of the signed minutes.", "empty": "The file is empty."},
    )
    compartment = forms.ChoiceField(
        label="The scan opens to",
        choices=[("open", "Everybody who sees the open record"), ("confidential", "Clinical confidential: physicians"
                 " and PC counsel")],
        help_text="Minutes of a closed session do not belong here.",
    )  # fmt: skip
    body = forms.ModelChoiceField(Body.objects.none(), label="Body", empty_label=None)
    held_on = date_field(label="Held on", help_text="A day before the practice began here.")
    began = _time_field(label="Called to order")
    ended = _time_field(label="Adjourned", required=False)
    place = forms.CharField(label="Place", max_length=200)
    mode = forms.ChoiceField(label="Mode", choices=Mode.choices)
    chair = forms.CharField(label="In the chair", max_length=160, help_text="Name and credentials as in the minutes.")
    chair_office = forms.CharField(
        label="Office of the chair", max_length=80, help_text="As it was called then; it gives no office here."
    )
    secretary = forms.CharField(label="Recorded by", max_length=160, required=False)
    quorate = forms.ChoiceField(label="Quorum", choices=QUORATE, required=False)
    attendees = forms.CharField(
        label="Attendance",
        required=False,
        max_length=20_000,
        widget=_lines(6),
        help_text="One person a line: name; role; standing. Role is member (if left out), secretary, counsel or guest;"
        " standing is present (if left out), excused or absent. Such as: Jane Doe, MD; member; excused",
    )
    results = forms.CharField(
        label="Motions and decisions",
        required=False,
        max_length=50_000,
        widget=_lines(6),
        help_text="One a line, as the minutes state it: text; carried, failed or decided; votes for-against-abstaining;"
        " mover; seconder. What the minutes do not say is left out. Such as: To extend the hours; carried; 3-0-1; Jane"
        " Doe; Ann Bell",
    )
    remark = forms.CharField(
        label="Remark", required=False, max_length=5000, widget=_lines(3),
        help_text="What else a reader must know, such as where the minutes contradict themselves.",
    )  # fmt: skip
    as_stated = forms.BooleanField(
        label="The contradictions stand in the minutes themselves",
        required=False,
        help_text="The remark says which.",
    )

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice = practice
        self.fields["body"].queryset = practice.bodies.order_by("pk")  # type: ignore[attr-defined]
        self._as_stated = self.fields["as_stated"]
        if "as_stated" not in self.data:
            del self.fields["as_stated"]

    def ask_whether_so_stated(self) -> None:
        """Offer to keep contradictions as they stand in the minutes: only once some were found."""
        self.fields["as_stated"] = self._as_stated

    def clean_attendees(self) -> str:
        return self._readable("attendees", attendees)

    def clean_results(self) -> str:
        return self._readable("results", results)

    def _readable(self, name: str, read: Callable[[str], object]) -> str:
        """The lines as typed, so that they are looked through for patient data as well; none that cannot be read."""
        typed: str = self.cleaned_data[name]
        try:
            read(typed)
        except Unreadable as problem:
            raise forms.ValidationError(str(problem)) from problem
        return typed

    def clean_quorate(self) -> bool | None:
        said: str = self.cleaned_data["quorate"]
        return {"yes": True, "no": False}.get(said)

    def moment(self, name: str) -> datetime | None:
        """A time of that day on the practice's clock."""
        day: date = self.cleaned_data["held_on"]
        at: time | None = self.cleaned_data[name]
        return datetime.combine(day, at, self.practice.zone) if at else None


class WithdrawPastForm(Attested):
    """Why an entry is taken back."""

    reason = reason_field(label="What is wrong with the entry", help_text="It stands in the record, beside the entry.")
