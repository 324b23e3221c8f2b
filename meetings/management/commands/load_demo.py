"""Loads the demonstration: fourteen months of an invented practice, made through the services with their dates."""

import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.context import acting
from audit.models import Act, Job
from governance.models import Practice
from governance.services.packs import record_download
from meetings.demonstration.diary import MONTHS
from meetings.demonstration.people import PASSWORD, SIGN_INS, SLUG, address, recall
from meetings.demonstration.story import Story
from meetings.models import Meeting

RENDERED_WITHIN = 300
"""Seconds the worker may take for what the demonstration asks for."""


class Command(BaseCommand):
    help = "Loads the demonstration practice once, into an empty database. Prints the sign-ins."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--downloads",
            action="store_true",
            help="wait for the packs that counsel asked for, and have counsel download them, once",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError(
                "Its people share a known password: it is loaded in a demonstration only (DEMONSTRATION=1)."
            )
        if options["downloads"]:
            self._download()
        else:
            self._load()

    def _download(self) -> None:
        """Counsel takes each pack once. This happens now: no file is taken before it was sealed."""
        packs = Job.objects.filter(renderer="pack", state__in=[Job.State.WAITING, Job.State.RUNNING])
        patience = time.monotonic() + RENDERED_WITHIN
        while packs.exists() and time.monotonic() < patience:
            time.sleep(1)
        people = recall()
        asked = Job.objects.filter(renderer="pack", state=Job.State.DONE, arguments__person=str(people.holt.pk))
        taken = set(Act.objects.filter(verb="pack.downloaded").values_list("object_id", flat=True))
        for job in asked.select_related("document").order_by("asked_at"):
            if job.document and str(job.document.pk) not in taken:
                with acting(via="command"):
                    record_download(
                        actor=people.holt,
                        practice=people.practice,
                        document=job.document,
                        purpose=job.arguments["purpose"],
                    )

    def _load(self) -> None:
        there = Practice.objects.filter(slug=SLUG, demonstration=True).exists()
        if not there and Practice.objects.exists():
            raise CommandError("This database holds another practice; the demonstration wants an empty one.")
        if there:
            if Meeting.objects.filter(practice__slug=SLUG).count() < MONTHS:
                raise CommandError("Loading was interrupted before its end: give it an empty database (remove var/).")
            self.stdout.write("The demonstration is loaded already.")
        else:
            began = time.monotonic()
            with acting(via="command"):
                Story(lambda words: self.stdout.write(f"  {words}")).tell()
            self.stdout.write(f"Fourteen months loaded in {time.monotonic() - began:.0f} s.")
        self.stdout.write(f"\nSign in with any of these addresses and the password {PASSWORD}\n")
        for name, who, what in SIGN_INS:
            self.stdout.write(f"  {address(name):22} {who:20} {what}")
