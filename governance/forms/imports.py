"""Forms of an import: the file, how its dates are read, and the word that imports what was previewed."""

from typing import Any

from django import forms

from governance.forms.attested import STATEMENT, Attested
from governance.forms.people import reason_field
from governance.sheets.preview import Looks
from governance.sheets.reading import BYTES, ROWS


class UploadForm(forms.Form):
    """A file to be looked at."""

    file = forms.FileField(
        label="File",
        help_text=f"An .xlsx workbook (its first sheet) or a CSV file, at most {BYTES // 1024 // 1024} MB and"
        f" {ROWS} rows, with the columns named in the first row.",
        widget=forms.ClearableFileInput(
            attrs={"accept": ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )


class DateOrderForm(forms.Form):
    """How dates that read both ways are meant."""

    month_first = forms.TypedChoiceField(
        label="In this file, 03/04/2026 is",
        coerce=lambda said: said == "yes",
        widget=forms.RadioSelect,
        choices=[("yes", "4 March 2026: the month stands first"), ("no", "3 April 2026: the day stands first")],
        error_messages={"required": "Choose how the dates are meant."},
    )


class TakeForm(Attested):
    """Import the rows of a part, as they were previewed."""

    part = forms.CharField(required=False, widget=forms.HiddenInput)
    digest = forms.CharField(widget=forms.HiddenInput)
    reason = reason_field(label="Reason", help_text="It stands in the record, for each row of this import.")

    def __init__(self, *args: Any, looks: list[Looks], reasoned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.looks = looks
        if not reasoned:
            del self.fields["reason"]
        for number, one in enumerate(looks):
            rows = ", ".join(map(str, one.numbers))
            self.fields[f"attest_{number}"] = forms.BooleanField(
                label=f"{one.column}, row {rows}: this looks like {' and '.join(one.kinds)}. It is no patient data; I"
                " attest that, and it stands in the record.",
                error_messages={"required": "Take patient data out of the file, or attest that it is none."},
            )

    @property
    def attestation(self) -> dict[str, object]:
        """What the act keeps of what was attested: columns, rows and kinds, never the text."""
        said = {f"{one.column}, row {', '.join(map(str, one.numbers))}": one.kinds for one in self.looks}
        return {"says": STATEMENT, "looks_like": said}
