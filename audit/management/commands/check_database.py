"""Whether the live database's grants and triggers are what the code expects."""

import os
from typing import Any

import psycopg
from django.core.management.base import BaseCommand

from audit import guards
from audit.database import reader_url


class Command(BaseCommand):
    help = "Exit 0 when grants and triggers are as the code expects, else 1 with each deviation."

    def handle(self, *args: Any, **options: Any) -> None:
        with psycopg.connect(reader_url(os.environ)) as connection:
            found = guards.deviations(connection)
        for deviation in found:
            self.stdout.write(deviation)
        if found:
            self.stdout.write(self.style.ERROR(f"{len(found)} deviations."))
            raise SystemExit(1)
        self.stdout.write("The database's grants and triggers are what the code expects.")
