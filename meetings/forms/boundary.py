"""The period of a boundary report."""

from datetime import date
from typing import Any

from django import forms

from governance.forms.people import date_field

EARLIEST = date(2000, 1, 1)


class PeriodForm(forms.Form):
    """First and last day, neither in the future."""

    start = date_field(label="First day")
    end = date_field(label="Last day")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name in ("start", "end"):
            self.fields[name].widget.attrs |= {"max": today.isoformat(), "min": EARLIEST.isoformat()}

    def _day(self, name: str) -> date:
        day: date = self.cleaned_data[name]
        if day > self.today:
            raise forms.ValidationError("This day lies in the future.")
        if day < EARLIEST:
            raise forms.ValidationError(f"Not before {EARLIEST:%-d %B %Y}.")
        return day

    def clean_start(self) -> date:
        return self._day("start")

    def clean_end(self) -> date:
        end = self._day("end")
        start = self.cleaned_data.get("start")
        if start and end < start:
            raise forms.ValidationError("The last day is before the first.")
        return end


def period(given: Any, today: date) -> tuple[PeriodForm, date, date]:
    """The form with the period that the query names; the last twelve months where it names none, or no valid one."""
    default = {"start": date(today.year - 1, today.month, 1), "end": today}
    asked = {name: given[name] for name in ("start", "end") if name in given}
    form = PeriodForm({**{name: day.isoformat() for name, day in default.items()}, **asked}, today=today)
    if form.is_valid():
        return form, form.cleaned_data["start"], form.cleaned_data["end"]
    return form, default["start"], default["end"]
