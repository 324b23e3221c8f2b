"""What a ruling is made from, read together in one query: offices held, the right, the physician's licenses.

Written as SQL because every act asks it: three queries through the ORM cost more than the rest of an act.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.db import models

from audit.database import prepared
from audit.models import Act
from governance.models import Appointment, CatalogueVersion, DecisionRight, License, Person, Practice, Verification
from governance.selectors.licenses import LicenseState, best_state

READ: dict[type[models.Model], str] = {Appointment: "a", DecisionRight: "r", License: "l", Verification: "v"}
"""What each row of the query holds one of, or nulls; and its name in the query."""


@dataclass(frozen=True)
class Standing:
    """A person's appointments in force (in no order), the right asked for, and the license as it stands."""

    appointments: list[Appointment]
    right: DecisionRight | None
    license: LicenseState


def standing(person: Person, practice: Practice, code: str, at: datetime) -> Standing:
    """How this person stands here to the right of that code at that moment; an empty code asks for none."""
    today = practice.local(at).date()
    with prepared() as cursor:
        cursor.execute(_query(), {"person": person.pk, "practice": practice.pk, "code": code, "at": at, "today": today})
        rows = cursor.fetchall()
    licenses = _read(License, rows)
    verifications = _read(Verification, rows)
    for verification in verifications.values():
        verification.license = licenses[verification.license_id]
    return Standing(
        appointments=list(_read(Appointment, rows).values()),
        right=next(iter(_read(DecisionRight, rows).values()), None),
        license=best_state(verifications.values(), practice, today),
    )


@cache
def _query() -> str:
    table = {name: model._meta.db_table for model, name in READ.items()} | {
        "c": CatalogueVersion._meta.db_table,
        "act": Act._meta.db_table,
    }
    columns = ", ".join(f'{name}."{field.column}"' for model, name in READ.items() for field in _fields(model))
    return f"""
        select {columns} from (select) one
        left join {table["a"]} a on a.person_id = %(person)s and a.practice_id = %(practice)s
          and a.starts_at <= %(at)s and (a.ends_at is null or a.ends_at > %(at)s)
        left join {table["r"]} r on r.code = %(code)s and r.catalogue_id = (
          select c.id from {table["c"]} c where c.practice_id = %(practice)s and c.effective_from <= %(at)s
          order by c.effective_from desc limit 1)
        left join {table["l"]} l on l.person_id = %(person)s and l.physician
        left join lateral (
          select x.* from {table["v"]} x join {table["act"]} act on act.id = x.act_id and act.practice = %(practice)s
          where x.license_id = l.id and x.verified_on <= %(today)s
          order by x.verified_on desc, x.id desc limit 1) v on true
    """  # noqa: S608 (names of our own tables and columns)


def _fields(model: type[models.Model]) -> list[Any]:
    return list(model._meta.concrete_fields)


@cache
def _place(model: type[models.Model]) -> tuple[slice, int, list[str]]:
    """Where the model's values stand in a row, where its primary key does, and their names."""
    before = 0
    for other in READ:
        if other is model:
            break
        before += len(_fields(other))
    names = [field.attname for field in _fields(model)]
    return slice(before, before + len(names)), before + names.index(model._meta.pk.attname), names


def _read[M: models.Model](model: type[M], rows: Sequence[tuple[Any, ...]]) -> dict[Any, M]:
    """The different instances that the rows hold, by primary key."""
    where, key, names = _place(model)
    different = {row[key]: row[where] for row in rows if row[key] is not None}
    return {pk: model.from_db("default", names, values) for pk, values in different.items()}
