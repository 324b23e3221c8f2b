"""Reads for the matrix of decision rights and for one right with every act under it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from audit.models import Act
from governance.catalogue import RightText
from governance.choices import OtherSide, Side
from governance.models import CatalogueVersion, DecisionRight, Practice
from governance.offices import offices_that_exercise


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """A version with its rights; `pc` and `mso` count the rights each side holds."""

    version: CatalogueVersion
    rights: list[DecisionRight]

    @property
    def pc(self) -> int:
        return sum(right.holder == Side.PC for right in self.rights)

    @property
    def mso(self) -> int:
        return len(self.rights) - self.pc

    @property
    def categories(self) -> list[str]:
        """In the order of the rights' numbers."""
        return list(dict.fromkeys(right.category for right in self.rights))


def catalogue_at(practice: Practice, at: datetime) -> Catalogue | None:
    """The catalogue that rules on a moment, with its rights in order. Two queries."""
    version = CatalogueVersion.objects.ruling(practice, at).first()
    if version is None:
        return None
    return Catalogue(version=version, rights=list(version.rights.all()))


def latest_version(practice: Practice) -> CatalogueVersion:
    """The version that rules, or that will rule last; what is proposed next follows it."""
    return CatalogueVersion.objects.filter(practice=practice, effective_from__isnull=False).latest("effective_from")


def texts_of(version: CatalogueVersion) -> dict[str, RightText]:
    """What a version says of each right, by code."""
    return {right.code: RightText.of(right) for right in version.rights.all()}


def narrowed(
    rights: list[DecisionRight], *, text: str = "", category: str = "", holder: str = "", office: str = ""
) -> list[DecisionRight]:
    """The rights that match every filter; `text` is looked for in code, name, basis and note."""
    wanted = text.casefold().split()
    return [
        right
        for right in rights
        if (not category or right.category == category)
        and (not holder or right.holder == holder)
        and (not office or office in offices_that_exercise(right.exercised_by))
        and all(
            word in f"{right.code} {right.name} {right.basis} {right.other_side_note}".casefold() for word in wanted
        )
    ]


def part_of(right: DecisionRight, side: str) -> str:
    """What a side does about a right, in words: "decides", else its part."""
    return "decides" if right.holder == side else str(OtherSide(right.other_side).label)


def acts_under(practice: Practice, code: str, outcome: str) -> QuerySet[Act]:
    """Acts of a practice that cite a right, the newest first, with their entries."""
    return (
        Act.objects.filter(practice=practice.pk, right=code, outcome=outcome)
        .select_related("entry")
        .order_by("-occurred_at", "-entry__index")
    )
