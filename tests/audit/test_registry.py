"""Every model is kept somehow, and none can change behind the record's back."""

from django.apps import apps
from django.db import models

from audit.checks import check_models, judge
from audit.models.base import Recorded
from audit.registry import EXEMPT, LEDGER, OUR_APPS, Kind, tables


def test_every_model_of_ours_has_its_kind() -> None:
    assert check_models() == []
    kinds = {table.name: table.kind for table in tables()}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in OUR_APPS:
            assert model._meta.db_table in kinds
    assert {Kind.GOVERNED, Kind.HISTORY, Kind.RECORDED, Kind.LEDGER, Kind.EXEMPT} == set(kinds.values())


def test_no_exemption_is_left_over() -> None:
    labels = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    assert set(EXEMPT) | LEDGER <= labels
    assert all(reason.strip() for reason in EXEMPT.values())


def test_governed_pairs_name_each_other() -> None:
    found = {table.name: table for table in tables()}
    for table in found.values():
        if table.kind is Kind.GOVERNED:
            assert found[table.history].base == table.name


def identifiers(model: type[models.Model]) -> list[str | None]:
    return [message.id for message in judge(model)]


def test_what_the_checks_refuse() -> None:
    register = apps.all_models["audit"]
    known = dict(register)
    try:

        class Cascading(Recorded):
            log = models.ForeignKey("audit.Log", models.DB_CASCADE, related_name="+")

            class Meta:
                app_label = "audit"

        class Emptied(Recorded):
            log = models.ForeignKey("audit.Log", models.DB_SET_NULL, null=True, related_name="+")

            class Meta:
                app_label = "audit"

        class Many(Recorded):
            logs = models.ManyToManyField("audit.Log", related_name="+")

            class Meta:
                app_label = "audit"

        class Loose(models.Model):
            class Meta:
                app_label = "audit"

        assert identifiers(Cascading) == ["audit.E002"]
        assert identifiers(Emptied) == ["audit.E002"]
        assert "audit.E003" in identifiers(Many)
        assert identifiers(Many.logs.through) == ["audit.E004"]
        assert identifiers(Loose) == ["audit.E004"]
    finally:
        register.clear()
        register.update(known)
        apps.clear_cache()
