"""What a version of the catalogue may say: the rules of a right and of a whole version, over plain values."""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from governance.choices import Exerciser, OtherSide, Side

CODE = re.compile(r"[A-Z]{2}-\d{2,4}")
LONGEST = {"name": 200, "category": 40, "other_side_note": 200, "basis": 300}


class CatalogueRefused(ValueError):
    """What was entered contradicts a rule; `field` names where, the message says which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, kw_only=True)
class RightText:
    """One right as a draft holds it, field by field as `DecisionRight` has them."""

    code: str
    name: str
    category: str
    holder: str
    exercised_by: tuple[str, ...]
    other_side: str
    other_side_note: str = ""
    basis: str
    confirmed: bool = False
    reserved: bool = False

    @classmethod
    def of(cls, row: Any) -> Self:
        """The text of a stored right."""
        values = {field.name: getattr(row, field.name) for field in fields(cls)}
        return cls(**{**values, "exercised_by": tuple(row.exercised_by)})

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """The text that `written` gave."""
        return cls(**{**values, "exercised_by": tuple(values["exercised_by"])})

    def written(self) -> dict[str, Any]:
        """As a draft keeps it."""
        return {**asdict(self), "exercised_by": list(self.exercised_by)}


def check_right(right: RightText, base: RightText | None) -> None:
    """Whether a right may read so, given how it read before. Raises CatalogueRefused at the field that is wrong."""
    if not CODE.fullmatch(right.code):
        raise CatalogueRefused("code", "Code: two capitals, a hyphen and a number, such as DR-41.")
    for field, most in LONGEST.items():
        text = getattr(right, field)
        if field != "other_side_note" and not text.strip():
            raise CatalogueRefused(field, f"{_label(field)}: say it in words; it may not be blank.")
        if len(text) > most:
            raise CatalogueRefused(field, f"{_label(field)}: at most {most} characters; these are {len(text)}.")
    if right.holder not in Side.values:
        raise CatalogueRefused("holder", "Holder: a right is held by the PC or by the MSO.")
    if right.other_side not in OtherSide.values:
        raise CatalogueRefused("other_side", "The other side: choose one of the parts it may have.")
    named = set(right.exercised_by)
    if not named or named - set(Exerciser.values):
        raise CatalogueRefused("exercised_by", "Exercised by: name who inside the holder decides.")
    if right.holder == Side.MSO and named != {Exerciser.MSO}:
        raise CatalogueRefused("exercised_by", "Exercised by: the MSO exercises its own rights.")
    if right.holder == Side.PC and Exerciser.MSO in named:
        raise CatalogueRefused("exercised_by", "Exercised by: the MSO never exercises a right of the PC.")
    if right.reserved and right.holder != Side.PC:
        raise CatalogueRefused("holder", "Holder: what the law reserves to physicians is held by the PC.")
    if base is not None and base.reserved:
        _stays_reserved(right, base)


def _stays_reserved(right: RightText, base: RightText) -> None:
    if right.holder != Side.PC:
        raise CatalogueRefused(
            "holder", f"Holder: the law reserves {base.code} to physicians ({base.basis}); it stays with the PC."
        )
    if not right.reserved:
        raise CatalogueRefused("reserved", f"Reserved: the law reserves {base.code} to physicians ({base.basis}).")
    if right.name != base.name:
        raise CatalogueRefused("name", f"Name: {base.code} is reserved by law and keeps its name.")


def check_version(rights: Mapping[str, RightText], base: Mapping[str, RightText], *, amended_under: str) -> None:
    """Whether these rights may make a version that follows `base`. Raises CatalogueRefused."""
    for code, before in base.items():
        if before.reserved and code not in rights:
            raise CatalogueRefused("rights", f"{code} is reserved to physicians by law and cannot be left out.")
    for code, right in rights.items():
        check_right(right, base.get(code))
    adopts = rights.get(amended_under)
    if adopts is None or adopts.holder != Side.PC:
        raise CatalogueRefused(
            "amended_under", "Adopted under: name a right of the PC that stands in this very version."
        )
    if dict(rights) == dict(base):
        raise CatalogueRefused("rights", "Nothing differs from the version it was drafted from.")


def differing(old: RightText | None, new: RightText | None) -> list[str]:
    """The fields in which two texts of a right differ."""
    if old is None or new is None:
        return [] if old == new else [field.name for field in fields(RightText)]
    return [field.name for field in fields(RightText) if getattr(old, field.name) != getattr(new, field.name)]


def settled(right: RightText, base: RightText | None, *, by_counsel: bool) -> RightText:
    """The right with `confirmed` as it may be: counsel confirms; who else changes a right loses the confirmation."""
    if by_counsel:
        return right
    same = base is not None and set(differing(base, right)) <= {"confirmed"}
    return RightText(**{**right.__dict__, "confirmed": bool(base and base.confirmed and same)})


def _label(field: str) -> str:
    return field.replace("_", " ").capitalize()
