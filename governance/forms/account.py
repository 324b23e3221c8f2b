"""Forms about one's own sign-in."""

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.contrib.auth import password_validation

from governance.models import Account


class AddKeyForm(AddWebAuthnForm):
    """A passkey or security key, in plain words."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, alone = self.fields["name"], self.fields["passwordless"]
        name.label, name.help_text = "Name", "By which you know it again, such as the laptop in the office."
        alone.label, alone.initial = "Sign in with it alone, without a password", True
        alone.help_text = "It then asks for your fingerprint, face or its own PIN. Otherwise it follows the password."


class PasswordForm(forms.Form):
    """A first password, typed twice."""

    password1 = forms.CharField(
        label="Password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. Nobody else learns it, and nobody sets it for you.",
    )
    password2 = forms.CharField(
        label="Password again", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, account: Account, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        password_validation.validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, again = data.get("password1"), data.get("password2")
        if first and again and first != again:
            self.add_error("password2", "The two do not match.")
        return data
