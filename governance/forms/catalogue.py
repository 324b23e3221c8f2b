"""Forms of the catalogue: filters of the matrix, a right of a draft, the acts that bring a version into force."""

from typing import Any

from django import forms

from governance.catalogue import LONGEST, RightText
from governance.choices import Exerciser, Office, Opinion, OtherSide, Side
from governance.forms.attested import Attested
from governance.forms.people import date_field
from governance.models import CatalogueVersion, DecisionRight
from governance.offices import EXERCISES


class MatrixFilter(forms.Form):
    """Words, category, holder, office and day; an unknown value of a choice is ignored."""

    q = forms.CharField(label="Words", required=False, max_length=100)
    category = forms.ChoiceField(label="Domain", required=False)
    holder = forms.ChoiceField(label="Held by", required=False, choices=[("", "Either side"), *Side.choices])
    office = forms.ChoiceField(
        label="Decided through",
        required=False,
        choices=[("", "Any office"), *((office.value, office.label) for office in Office if office in EXERCISES)],
    )
    on = date_field(label="As it ruled on", required=False)

    def __init__(self, *args: Any, categories: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "All"), *((c, c) for c in categories)]  # type: ignore[attr-defined]


class CompareForm(forms.Form):
    """Which two versions are laid side by side."""

    old = forms.ModelChoiceField(CatalogueVersion.objects.none(), label="Before", empty_label=None)
    new = forms.ModelChoiceField(CatalogueVersion.objects.none(), label="After", empty_label=None)

    def __init__(self, *args: Any, versions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("old", "new"):
            field: Any = self.fields[name]
            field.queryset, field.to_field_name = versions, "number"


class RightForm(Attested):
    """One right of a draft. What the law reserves stays with its holder and keeps its name."""

    code = forms.CharField(
        label="Code", max_length=8, help_text="Two capitals, a hyphen and a number that no right has yet: DR-41."
    )
    name = forms.CharField(label="What is decided", max_length=LONGEST["name"])
    category = forms.CharField(label="Domain", max_length=LONGEST["category"], help_text="The group it stands in.")
    holder = forms.ChoiceField(
        label="Held by",
        choices=Side.choices,
        widget=forms.RadioSelect,
        help_text="The side that decides. The other side never decides it, whatever office somebody holds there.",
    )
    exercised_by = forms.MultipleChoiceField(
        label="Decided by",
        choices=Exerciser.choices,
        widget=forms.CheckboxSelectMultiple,
        help_text="Who inside the holder decides. Each of them may, in the offices that belong to it.",
    )
    other_side = forms.ChoiceField(
        label="The other side", choices=OtherSide.choices, help_text="What the side that does not hold it may do."
    )
    other_side_note = forms.CharField(
        label="In particular", required=False, max_length=LONGEST["other_side_note"], help_text="In a few words."
    )
    basis = forms.CharField(
        label="Basis",
        max_length=LONGEST["basis"],
        help_text="The law, guidance or agreement on which it stands. Refusals cite it.",
    )
    reserved = forms.BooleanField(
        label="Reserved to physicians by law",
        required=False,
        help_text="Once adopted, no later version moves it to the management company, renames it or leaves it out.",
    )
    confirmed = forms.BooleanField(
        label="Counsel confirms the basis",
        required=False,
        help_text="Only the PC's counsel confirms. Who else changes a right takes its confirmation away.",
    )

    def __init__(self, *args: Any, base: RightText | None, by_counsel: bool, new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not new:
            del self.fields["code"]
        if not by_counsel:
            del self.fields["confirmed"]
        if base is not None and base.reserved:
            for name in ("name", "holder", "reserved"):
                self.fields[name].disabled = True
            self.fields["holder"].help_text = "The law reserves this right to physicians; it stays with the PC."

    def text(self, code: str, confirmed: bool) -> RightText:
        """What was typed, as the text of a right."""
        data = {"code": code, "confirmed": confirmed, **self.cleaned_data}
        return RightText(**{**data, "exercised_by": tuple(data["exercised_by"])})


class AmendingForm(forms.Form):
    """Under which right the version that follows will be adopted."""

    amended_under = forms.ChoiceField(
        label="Its successor is adopted under",
        help_text="A right of the PC. Whoever decides it adopts the next version; in the starter the board (DR-34).",
    )

    def __init__(self, *args: Any, rights: list[RightText], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amended_under"].choices = [  # type: ignore[attr-defined]
            (right.code, f"{right.code} {right.name}") for right in rights if right.holder == Side.PC
        ]


def _words(label: str, help_text: str, rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), help_text=help_text
    )


class SubmitForm(Attested):
    """What a draft changes, and why."""

    summary = _words("What changes, and why", "Counsel and the board read this first. It stands in the record.")


class ReviewForm(Attested):
    """Counsel's opinion on a version."""

    outcome = forms.ChoiceField(label="Outcome", choices=Opinion.choices, widget=forms.RadioSelect)
    opinion = _words(
        "Opinion",
        "What was looked at, what the law asks, what stays open. Everybody who sees the catalogue reads it: no advice"
        " that shall stay privileged.",
        8,
    )


class AdoptForm(Attested):
    """The resolution by which a version is adopted, and its first day."""

    effective_on = date_field(
        label="In force from",
        help_text="Tomorrow or later. From the beginning of that day every ruling reads this version; what was decided"
        " before stays judged by the version of its time.",
    )
    resolution = _words("Resolution", "The body's decision by its number in the decision log, such as D-2026-014.", 3)

    def __init__(self, *args: Any, version: CatalogueVersion, right: DecisionRight | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if version.effective_from is not None:
            del self.fields["effective_on"]
        if right is not None:
            self.fields["resolution"].help_text += f" {right.code} is decided by the {right.deciders}."


class SetAsideForm(Attested):
    """Why a version is not pursued."""

    reason = _words("Reason", "It stands in the record, beside the version.", 3)
