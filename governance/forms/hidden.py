"""Forms about hidden text: opening it, a second person's decision, and disposal."""

from django import forms

from governance.forms.attested import Attested
from governance.forms.people import reason_field
from governance.services.sequestered import SHORTEST_REASON

KEPT = "It is kept in the record, where others on the PC's side read it. Do not repeat what was hidden."


class _Locked(Attested):
    """With the passphrase of the key, where it has one."""

    reason = reason_field(label="Reason", min_length=SHORTEST_REASON, help_text=KEPT)
    passphrase = forms.CharField(
        label="Passphrase",
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="PC counsel's passphrase for the key. It is not stored.",
    )

    def __init__(self, *args: object, protected: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        if not protected:
            del self.fields["passphrase"]


class OpenForm(_Locked):
    """Why hidden text is opened."""


class RestoreForm(_Locked):
    """Why a scrub is taken back."""


class ConfirmForm(Attested):
    """Why a scrub is right."""

    reason = reason_field(label="Reason", min_length=SHORTEST_REASON, help_text=KEPT)


class DisposeForm(Attested):
    """Why what the list names is destroyed."""

    inventory = forms.CharField(max_length=64, widget=forms.HiddenInput)
    reason = reason_field(label="Reason", min_length=SHORTEST_REASON, help_text="It is kept in the record.")
