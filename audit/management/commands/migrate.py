"""`migrate`, as the owner: takes OWNER_DATABASE_URL by itself and lays the guards afterwards."""

import os
from typing import Any

from django.core.management.base import CommandError
from django.core.management.commands.migrate import Command as Migrate
from django.db import connections

from audit import guards
from audit.database import using


class Command(Migrate):
    help = "Migrates as the database's owner, then lays grants and triggers anew."

    def handle(self, *args: Any, **options: Any) -> None:
        url = os.environ.get("OWNER_DATABASE_URL")
        if not url:
            raise CommandError("OWNER_DATABASE_URL is not set: only the owner's login may migrate.")
        with using(url):
            super().handle(*args, **options)
            if not options.get("plan") and not options.get("check_unapplied"):
                connection = connections["default"]
                connection.ensure_connection()
                guards.apply(connection.connection)
