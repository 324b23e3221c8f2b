"""Forms of the practice's administration: its rules of access, and invitations."""

from typing import Any

from django import forms

from governance.forms.attested import Attested
from governance.forms.people import reason_field
from governance.models import AccessRules, Mail, Practice
from governance.models.access import IDLE_MINUTES, INVITATION_DAYS, REMINDER_DAYS


class RulesForm(Attested, forms.ModelForm):
    """What the practice asks of who signs in."""

    reason = reason_field(
        label="Reason",
        help_text="Why, in a sentence. It stands in the record. Only the PC's administrator makes a rule looser.",
    )

    class Meta:
        model = AccessRules
        fields = ["second_factor", "idle_minutes", "invitation_days", "reminders", "reminder_days"]
        help_texts = {
            "second_factor": (
                "Physicians, directors, shareholders, committee members, the recording secretary, counsel and"
                " administrators then need a passkey or an authenticator app beside the password. Who has none is led"
                " to enrol one before anything of the practice opens."
            ),
            "idle_minutes": (
                f"After so many minutes without activity a session ends ({IDLE_MINUTES[0]} to {IDLE_MINUTES[1]})."
                " What was being typed is kept."
            ),
            "reminders": "Of invitations not answered, short notice and minutes to sign. Notices go out in any case.",
            "reminder_days": (
                f"From then on who has not answered is reminded ({REMINDER_DAYS[0]} to {REMINDER_DAYS[1]})."
            ),
            "invitation_days": f"Then the mailed link works no longer ({INVITATION_DAYS[0]} to {INVITATION_DAYS[1]}).",
        }

    def _post_clean(self) -> None:
        """The service judges and writes; the form only reads, so the row stays as it is."""
        self.attest()


class RevokeForm(Attested):
    """Why an invitation is taken back."""

    reason = reason_field(label="Reason", help_text="It stands in the record.")


class LimitForm(Attested):
    """How old a license's verification may be."""

    license_limit_days = forms.IntegerField(
        label="Days a verification gives authority",
        min_value=1,
        max_value=366,
        help_text="A license verified at its board longer ago than this gives no authority.",
    )
    reason = reason_field(label="Reason", help_text="Why, in a sentence. It stands in the record.")


class Narrowing(forms.Form):
    """Words and a state, by which a list is narrowed."""

    def __init__(self, *args: Any, practice: Practice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.practice = practice
        self.is_valid()

    def chosen(self, name: str) -> str:
        """The valid value of a filter, else nothing."""
        return self.cleaned_data.get(name) or ""


class MailFilter(Narrowing):
    """A name, and what became of a mail."""

    q = forms.CharField(label="Name", required=False, max_length=100)
    state = forms.ChoiceField(label="State", required=False, choices=[("", "All"), *Mail.State.choices])


class InvitationFilter(Narrowing):
    """Words, and the state of an invitation."""

    q = forms.CharField(label="Name or e-mail", required=False, max_length=100)
    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[
            ("", "All"),
            ("open", "Open"),
            ("accepted", "Accepted"),
            ("expired", "Expired"),
            ("revoked", "Revoked"),
        ],
    )
