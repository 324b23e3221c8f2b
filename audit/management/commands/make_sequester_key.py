"""Making the key to which values under a legal hold are locked."""

import sys
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit import custody

SHORTEST = 12


class Command(BaseCommand):
    help = "Makes the key for what a legal hold preserves. PC counsel types, and keeps, its passphrase."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--without-passphrase", action="store_true", help="for trials only")

    def handle(self, *args: Any, **options: Any) -> None:
        passphrase = ""
        if not options["without_passphrase"]:
            # From a terminal twice; from a pipe, as a password manager gives it, once.
            if sys.stdin.isatty():
                passphrase = getpass("Passphrase: ")
                if getpass("Again: ") != passphrase:
                    raise CommandError("Passphrase: the two differ.")
            else:
                passphrase = sys.stdin.readline().rstrip("\n")
            if len(passphrase) < SHORTEST:
                raise CommandError(f"Passphrase: at least {SHORTEST} characters.")
        self.stdout.write(f"Key {custody.make_key(passphrase)} is made. Without its file and passphrase nothing opens.")
