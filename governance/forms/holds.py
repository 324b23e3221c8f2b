"""Forms of legal holds: placing, lifting, opening what they keep."""

from django import forms

from governance.forms.attested import Attested
from governance.forms.people import reason_field
from governance.services.holds import SHORTEST_REASON


class HoldForm(Attested):
    """The matter and why it asks for preservation."""

    matter = forms.CharField(
        label="Matter", max_length=200, help_text="The claim, inquiry or demand, by the name it is known by."
    )
    reason = reason_field(
        label="Reason",
        min_length=SHORTEST_REASON,
        help_text="It stands in the record, where others read it: no legal advice.",
    )


class LiftForm(Attested):
    """Why nothing needs to be preserved any more."""

    reason = reason_field(label="Reason", min_length=SHORTEST_REASON, help_text="It stands in the record.")


class OpenForm(Attested):
    """Why a sequestered value is opened, and the key's passphrase where it has one."""

    reason = reason_field(label="Reason", min_length=SHORTEST_REASON, help_text="It stands in the record.")
    passphrase = forms.CharField(
        label="Passphrase",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="Of the key to which the value is locked. It is kept nowhere.",
    )

    def __init__(self, *args: object, protected: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not protected:
            del self.fields["passphrase"]
