"""What every governed row is made of: a history bound to acts, or a record that never changes.

A model of ours is `Governed` (rows change, each change is in its history), `Recorded` (rows are only
inserted) or named in `audit.registry.EXEMPT`; nothing else exists.
"""

from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import models
from simple_history.models import HistoricalRecords

from audit.acts import current


class HistoryRow(models.Model):
    """The columns that bind a history row to its act. The foreign key is checked at commit: the act comes last."""

    act = models.ForeignKey("audit.Act", models.DO_NOTHING, related_name="+", db_constraint=True, editable=False)
    actor_name = models.TextField(editable=False)
    office_name = models.TextField(editable=False)
    request = models.TextField(editable=False)

    class Meta:
        abstract = True


def _no_default_user(**_kwargs: object) -> None:
    """The actor is the act's, never the request's."""


@cache
def _history_of(model: type[models.Model]) -> Any:
    """The model of its history rows; asked once, since each look at a manager of history makes a class anew."""
    return model.history.model  # type: ignore[attr-defined]


class History(HistoricalRecords):
    """django-simple-history, with the act in place of the request's user."""

    def __init__(self, **kwargs: Any) -> None:
        if kwargs.pop("m2m_fields", None):
            raise ImproperlyConfigured("Governed models have explicit through models instead of m2m history.")
        super().__init__(
            history_id_field=models.BigAutoField(),
            history_user_id_field=models.UUIDField(null=True),
            history_user_getter=lambda row: row.history_user_id,
            history_user_setter=lambda row, person: setattr(row, "history_user_id", person),
            get_user=_no_default_user,
            bases=[HistoryRow],
            **kwargs,
        )

    def get_history_user(self, instance: models.Model) -> Any:
        return current().actor_id

    def create_historical_record(self, instance: models.Model, history_type: str, using: str | None = None) -> None:
        act = current()
        model = _history_of(type(instance))
        row = model(
            history_date=act.opened_at,
            history_type=history_type,
            history_user_id=act.actor_id,
            history_change_reason=act.reason,
            act_id=act.id,
            actor_name=act.actor_name,
            office_name=act.office_name,
            request=act.request,
            **{field.attname: getattr(instance, field.attname) for field in self.fields_included(instance)},
        )
        row.save(using=using)
        act.touch(model._meta.db_table, row.history_id)


class Governed(models.Model):
    """A row that changes only inside an act, each state kept in its history."""

    history = History(inherit=True)

    class Meta:
        abstract = True


class Recorded(models.Model):
    """A row that is inserted inside an act and never changes. Create it with `audit.acts.record`."""

    act = models.ForeignKey("audit.Act", models.DO_NOTHING, related_name="+", editable=False)

    class Meta:
        abstract = True
