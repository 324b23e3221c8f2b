"""The filters of the matrix."""

from typing import Any

from django import forms

from governance.choices import Side


class MatrixFilter(forms.Form):
    """Words, category and holder; an unknown value of either choice is ignored."""

    q = forms.CharField(label="Words", required=False, max_length=100)
    category = forms.ChoiceField(label="Category", required=False)
    holder = forms.ChoiceField(label="Held by", required=False, choices=[("", "Either side"), *Side.choices])

    def __init__(self, *args: Any, categories: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", "All"), *((c, c) for c in categories)]  # type: ignore[attr-defined]
