"""Long forms whose questions stand in groups, each under its own heading."""

from typing import ClassVar

from django import forms
from django.forms.boundfield import BoundField


class Grouped(forms.Form):
    """A form cut into groups. A group reaches from its first field to the next group's, so no field is left out."""

    headings: ClassVar[dict[str, str]] = {}
    """The heading of each group by the name of its first field; the form's very first field is among them."""

    def groups(self) -> list[tuple[str, list[BoundField]]]:
        """The headings, each with its questions, in their order."""
        groups: list[tuple[str, list[BoundField]]] = []
        for field in self.visible_fields():
            if field.name in self.headings:
                groups.append((self.headings[field.name], []))
            groups[-1][1].append(field)
        return groups
