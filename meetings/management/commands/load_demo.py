"""Loads the demonstration: fourteen months of an invented practice, made through the services with their dates."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.context import acting
from governance.models import Practice
from meetings.demonstration.diary import MONTHS
from meetings.demonstration.people import PASSWORD, SIGN_INS, SLUG, address
from meetings.demonstration.story import Story
from meetings.models import Meeting


class Command(BaseCommand):
    help = "Loads the demonstration practice once; refuses a database that holds another practice. Prints the sign-ins."

    def handle(self, *args: Any, **options: Any) -> None:
        others = Practice.objects.exclude(slug=SLUG, demonstration=True)
        if others.exists():
            raise CommandError("This database holds another practice; the demonstration wants an empty one.")
        if Practice.objects.exists():
            if Meeting.objects.count() < MONTHS:
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
