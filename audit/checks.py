"""audit.E002 to E004: models of ours that could change without a trace."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import AppConfig, apps
from django.core.checks import CheckMessage, Error
from django.db import models

from audit.registry import OUR_APPS, Kind, kind_of

BY_DATABASE = tuple(
    getattr(models, name) for name in ("DB_CASCADE", "DB_SET_NULL", "DB_SET_DEFAULT") if hasattr(models, name)
)
"""Deletions that the database does by itself, without signals and so without history."""


def check_models(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Every model of ours is kept somehow; no governed or recorded one changes behind the record's back."""
    return [error for model in apps.get_models(include_auto_created=True) for error in judge(model)]


def judge(model: type[models.Model]) -> Iterator[CheckMessage]:
    """What is wrong with one model."""
    if model._meta.app_label not in OUR_APPS or not model._meta.managed or model._meta.proxy:
        return
    try:
        kind = kind_of(model)
    except LookupError as error:
        yield Error(str(error), obj=model, id="audit.E004")
        return
    if kind not in {Kind.GOVERNED, Kind.RECORDED}:
        return
    for field in model._meta.get_fields():
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete in BY_DATABASE:
            yield Error(
                f"{model._meta.label}.{field.name} lets the database change rows by itself, without history.",
                hint="Use PROTECT: rows of the record are ended, not deleted.",
                obj=model,
                id="audit.E002",
            )
        if isinstance(field, models.ManyToManyField):
            yield Error(
                f"{model._meta.label}.{field.name} is many to many; its rows would have no history.",
                hint="Write the link as a Governed or Recorded model of its own.",
                obj=model,
                id="audit.E003",
            )
