"""Forms of the audit room and of a download."""

from datetime import date
from typing import Any

from django import forms

from governance.forms.attested import Attested
from governance.forms.people import date_field
from governance.services.packs import SHORTEST_PURPOSE


class PackForm(Attested):
    """The period of a pack and what it is for."""

    start = date_field(label="First day")
    end = date_field(label="Last day")
    purpose = forms.CharField(
        label="Purpose",
        min_length=SHORTEST_PURPOSE,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Who will read it and why. It is printed on the cover and stands in the record.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("start", "end"):
            self.fields[name].widget.attrs["max"] = today.isoformat()


class DownloadForm(Attested):
    """What a download is for; a pack's must be stated."""

    purpose = forms.CharField(
        label="Purpose", max_length=500, widget=forms.TextInput, help_text="It stands in the record with the download."
    )

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purpose"].required = required
