"""The form of the investor's statement."""

from django import forms

from governance.choices import Investor
from governance.forms.attested import Attested
from governance.forms.people import reason_field
from governance.services.investor import SHORTEST_REASON


class InvestorForm(Attested):
    """What kind of investor, and what the statement stands on."""

    investor = forms.ChoiceField(
        label="Investor",
        choices=Investor.choices,
        help_text="Of the practice, of its assets, or of the management company that supports it.",
    )
    reason = reason_field(
        label="What this stands on",
        min_length=SHORTEST_REASON,
        help_text="Such as the filing or the letter that says so. It stands in the record.",
    )
