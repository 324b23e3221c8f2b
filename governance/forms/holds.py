"""Forms of legal holds: placing and lifting."""

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
        help_text="It is kept in the record, where others on your side read it. Do not write legal advice here.",
    )


class LiftForm(Attested):
    """Why nothing needs to be preserved any more."""

    reason = reason_field(label="Reason", min_length=SHORTEST_REASON, help_text="It is kept in the record.")
