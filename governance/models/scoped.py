"""What a practice's rows have in common: they exist only for those who may see the practice; many carry a number."""

from typing import ClassVar, Self

from django.db import models
from django.db.models import Max, OuterRef

from governance.models.people import Person
from governance.models.practices import Practice, may_see
from governance.offices import SEE


class ScopedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows of a practice."""

    def visible_to(self, person: Person | None, permission: str = SEE) -> Self:
        return self.filter(may_see(person, OuterRef("practice_id"), permission))


class Numbered(models.Model):
    """A row with a number of its practice and year, such as CP-2026-007."""

    PREFIX: ClassVar[str]

    practice = models.ForeignKey(Practice, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(editable=False)
    number = models.PositiveIntegerField(editable=False)

    class Meta:
        abstract = True

    @property
    def code(self) -> str:
        return f"{self.PREFIX}-{self.year}-{self.number:03}"

    @classmethod
    def parse(cls, code: str) -> dict[str, int]:
        """The filter that finds a row by its code; an impossible one for what is no code."""
        prefix, _, rest = code.partition("-")
        year, _, number = rest.partition("-")
        if prefix != cls.PREFIX or not (year.isdecimal() and number.isdecimal()) or len(rest) > 12:
            return {"year": 0, "number": 0}
        return {"year": int(year), "number": int(number)}


def next_number(model: type[Numbered], practice: Practice, year: int, **of: object) -> dict[str, int]:
    """The next number of this year among the rows that `of` filters.

    The practice's row is locked, so two writers take two numbers.
    """
    Practice.objects.select_for_update(no_key=True).get(pk=practice.pk)
    highest = model._default_manager.filter(practice=practice, year=year, **of).aggregate(n=Max("number"))["n"]
    return {"year": year, "number": (highest or 0) + 1}
