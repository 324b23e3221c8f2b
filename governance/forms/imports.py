"""Forms of an import: the file, how its dates are read, and the word that imports what was previewed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from governance.forms.attested import STATEMENT, Attested
from governance.forms.people import reason_field
from governance.sheets.lines import ROWS
from governance.sheets.preview import Looks
from governance.sheets.reading import BYTES


class UploadForm(forms.Form):
    """A file to be looked at."""

    file = forms.FileField(
        label="File",
        help_text="An .xlsx workbook (its first sheet that is not hidden) or a CSV file, at most"
        f" {BYTES // 1024 // 1024} MB and {ROWS} rows, with the columns named in the first row.",
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


class LettersForm(forms.Form):
    """How the letters of a file that does not say its encoding are meant."""

    encoding = forms.ChoiceField(
        label="In this file, these cells read",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choose how the letters are meant.",
            "invalid_choice": "Choose one of the readings below.",
        },
        help_text="If none is right, save the file as CSV in UTF-8 or as .xlsx, and upload that.",
    )

    def __init__(self, *args: Any, readings: Sequence[tuple[str, str, list[str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        encoding = self.fields["encoding"]
        assert isinstance(encoding, forms.ChoiceField)
        encoding.choices = [(name, f"{'; '.join(examples)} ({words})") for name, words, examples in readings]


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
