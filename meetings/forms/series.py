"""Forms of the monthly rule."""

from datetime import date
from typing import Any

from django import forms
from django.forms.models import model_to_dict

from governance.choices import ApprovedBy
from governance.forms.attested import Attested
from meetings.choices import Mode
from meetings.models import Series
from meetings.rules.holidays import WORDS, Observed
from meetings.series import next_month


class SeriesForm(Attested):
    """The first monthly rule by which the body meets."""

    day_rule = forms.CharField(
        label="Meeting day", max_length=40, help_text="“fourth Tuesday”, “last business day” or “day 15”."
    )
    time = forms.TimeField(
        label="Time",
        help_text="On the practice's clock.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    length = forms.IntegerField(label="Length in minutes", min_value=1, max_value=720, initial=60, required=False)
    place = forms.CharField(label="Place", max_length=200)
    link = forms.URLField(
        label="Link",
        max_length=300,
        required=False,
        assume_scheme="https",
        help_text="Where those join who are remote.",
    )
    mode = forms.ChoiceField(label="Mode", choices=Mode.choices)
    notice_days = forms.IntegerField(
        label="Notice in days", min_value=0, max_value=60, initial=7, required=False,
        help_text="How long before the meeting its agenda is released. A regular meeting fixed by the bylaws needs no "
        "notice by law (Corp. Code 307(a)(2)); the body may ask for it.",
    )  # fmt: skip
    observed = forms.ChoiceField(
        label="Holidays", choices=[(one.value, WORDS[one]) for one in reversed(Observed)], required=False,
        help_text="A day that falls on one moves to the next business day, or to the one before where the next would "
        "leave the month.",
    )  # fmt: skip
    own_days = forms.CharField(
        label="Own days", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Further days without a meeting, one a line: “2026-12-24 Christmas Eve”.",
    )  # fmt: skip
    points = forms.CharField(
        label="Further standing points", required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Beside the seven topics, one a line; “Compliance: exclusion checks” puts it under a topic.",
    )  # fmt: skip
    starts_on = forms.DateField(
        label="From", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The first month that must have its meeting.",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """What was left empty is as the model has it."""
        cleaned = super().clean() or {}
        return {name: value for name, value in cleaned.items() if value not in (None, "")}


class ChangeForm(SeriesForm):
    """Another rule from a coming month on."""

    reason = forms.CharField(label="Why it is changed", widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, data: Any, *, rule: Series, today: date) -> None:
        super().__init__(data, initial=model_to_dict(rule, exclude=["starts_on", "reason"]))
        month, months = today, []
        for _ in range(12):
            month = next_month(month)
            months.append((month.isoformat(), f"{month:%B %Y}"))
        self.fields["starts_on"] = forms.TypedChoiceField(
            label="From", choices=months, coerce=date.fromisoformat,
            help_text="The months before stay under the rule that was in force for them.",
        )  # fmt: skip
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])


class BodyForm(Attested):
    """By which rule the body is quorate, and approves its minutes."""

    authorized = forms.IntegerField(
        label="Authorized number", min_value=1, max_value=99,
        help_text="Seats by articles or bylaws, vacant ones included. Of a board the shareholders decide it (DR-33).",
    )  # fmt: skip
    quorum = forms.IntegerField(
        label="Quorum", min_value=1, max_value=99, required=False,
        help_text="Empty: a majority of the authorized number (Corp. Code 307(a)(7)).",
    )  # fmt: skip
    interested_counts = forms.BooleanField(
        label="Who is recused counts towards the quorum", required=False, help_text="Corp. Code 310(c)."
    )
    minutes_approved_by = forms.ChoiceField(
        label="Minutes are approved by", choices=ApprovedBy.choices, widget=forms.RadioSelect,
        help_text="Where it is the body, the next agenda asks for it, and nothing is signed before the motion carried.",
    )  # fmt: skip
    special_notice = forms.IntegerField(
        label="Notice of a special meeting in hours", min_value=0, max_value=720, required=False,
        help_text="By electronic means 48 hours, unless the bylaws ask for more (Corp. Code 307(a)(2)).",
    )  # fmt: skip
    reason = forms.CharField(label="Why it is changed", widget=forms.Textarea(attrs={"rows": 2}))
