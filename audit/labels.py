"""Enumerations whose members carry the words a person reads."""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """A StrEnum with a label per member: ``FOR = "for"`` or ``FOR = "for", "In favour"``.

    Without a label of its own a member reads as its value with spaces for underscores.
    """

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value.replace("_", " ")
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Pairs of value and label in order of definition, as model and form fields take them."""
        return [(member.value, member.label) for member in cls]
