"""Reads for the page of legal holds: what stands, what they keep, and who opened it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from audit.models import Act, Document, Opening, Sequestered
from audit.registry import closed_tables
from audit.services.places import Place, part_of
from governance.models import Hold, Person, Practice
from governance.selectors.scrubbing import parts_open_to


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A sequestered value: where it stood, by which act it was scrubbed, and each act that opened it."""

    sequestered: Sequestered
    scrub: Act
    openings: list[Act]
    destroyed: Act | None

    @property
    def where(self) -> str:
        place = self.sequestered.scrubbing
        if place.column_name == "bytes":
            return f"Sealed file {place.row_key}"
        column, table = place.column_name.replace("_", " ").capitalize(), place.table_name.partition("_")[2]
        return f"{column} of {table} {place.row_key}"


def sequestered_of(practice: Practice) -> QuerySet[Sequestered]:
    """Everything that holds of this practice keep or kept, the newest first."""
    return Sequestered.objects.filter(practice=practice.pk).select_related("scrubbing", "destruction").order_by("-pk")


def sequestered_for(person: Person, practice: Practice) -> QuerySet[Sequestered]:
    """The same without what was taken from closed parts that are not open to a person."""
    tables = [*closed_tables(), Document._meta.db_table]
    parts = parts_open_to(person, practice)
    found = sequestered_of(practice)
    parts_kept = {one.pk: part_kept(one) for one in found.filter(scrubbing__table_name__in=tables)}
    return found.exclude(pk__in=[key for key, part in parts_kept.items() if part is not None and part not in parts])


def part_kept(sequestered: Sequestered) -> int | None:
    """The closed part from which a value was taken; None for one of the open record."""
    place = sequestered.scrubbing
    return part_of(Place(place.table_name, place.row_key, place.column_name))


def kept(rows: Any) -> list[Kept]:
    """The rows with their acts: three queries, however many rows there are."""
    rows = list(rows)
    openings: dict[int, list[UUID]] = {row.pk: [] for row in rows}
    for opening in Opening.objects.filter(sequestered__in=rows).order_by("pk"):
        openings[opening.sequestered_id].append(opening.act_id)
    destroyed = {row.pk: row.destruction.act_id for row in rows if hasattr(row, "destruction")}
    wanted = {row.act_id for row in rows} | {act for own in openings.values() for act in own} | set(destroyed.values())
    acts = Act.objects.select_related("entry").in_bulk(wanted)
    return [
        Kept(
            sequestered=row,
            scrub=acts[row.act_id],
            openings=[acts[act] for act in openings[row.pk]],
            destroyed=acts[destroyed[row.pk]] if row.pk in destroyed else None,
        )
        for row in rows
    ]


def standing_on(practice: Practice, kind: str, key: object) -> list[Hold]:
    """The holds that stand on this object, or on the whole practice. One query."""
    standing = Hold.objects.standing(practice).order_by("placed_at")
    return [hold for hold in standing if not hold.object_type or (hold.object_type, hold.object_id) == (kind, str(key))]
