"""Composite foreign keys for migrations: Django has none of its own."""

from django.db import migrations


def pair(table: str, name: str, columns: str, target: str, target_columns: str) -> migrations.RunSQL:
    """A foreign key over several columns, checked at commit; `target_columns` carry a unique constraint."""
    return migrations.RunSQL(
        f"alter table {table} add constraint {name} foreign key ({columns}) references {target} ({target_columns})"
        " deferrable initially deferred",
        f"alter table {table} drop constraint {name}",
    )
