"""`retry_documents`: documents that were given up, or rest after a failure, are tried again at once."""

from typing import Any

from django.core.management.base import BaseCommand

from audit.services.jobs import retry


class Command(BaseCommand):
    help = "Asks again for every document whose rendering failed; the worker makes them. Use it once the cause is gone."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{retry()} documents are tried again.")
