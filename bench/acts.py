"""What an act costs, against the same change written by plain Django and by simple-history alone."""

from itertools import count
from typing import Any

from django.db import models, transaction

from audit.acts import service
from bench.models import Plain, Remembered
from bench.run import Result, Size, in_turns, measure
from governance import authority
from governance.models import Site
from tests.cast import recall


@measure
def one_act(database: Any, size: Size) -> list[Result]:
    """One act that changes one row: against plain Django, and against history alone."""
    cast = recall()
    site, number = cast.satellite, count()
    columns = {name: getattr(site, name) for name in ("practice_id", "name", "city", "flagship", "opened_on")}
    rows: dict[type[models.Model], int] = {
        model: model._default_manager.create(**columns).pk for model in (Plain, Remembered)
    }

    @service
    def act() -> None:
        authority.exercise(actor=cast.director, practice=cast.practice, right="DR-21", verb="site.renamed", about=site)
        row = Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        row.name = f"Site {next(number)}"
        row.save()

    def rename(model: type[models.Model]) -> None:
        with transaction.atomic():
            row: Any = model._default_manager.select_for_update(no_key=True).get(pk=rows[model])
            row.name = f"Site {next(number)}"
            row.save()

    found = in_turns(
        {"plain": lambda: rename(Plain), "history": lambda: rename(Remembered), "act": act}, rounds=size.rounds
    )
    return [
        Result(name="one row changed, plain Django", value=found["plain"] * 1000, unit="ms"),
        Result(name="one row changed, simple-history alone", value=found["history"] * 1000, unit="ms"),
        Result(
            name="one row changed by an act",
            value=found["act"] * 1000,
            unit="ms",
            note="authority, history, seal, guards at commit",
        ),
        Result(name="act against plain Django", value=found["act"] / found["plain"], unit="times"),
        Result(
            name="act against simple-history alone",
            value=found["act"] / found["history"],
            unit="times",
            note="aim at most 1.5",
        ),
    ]
