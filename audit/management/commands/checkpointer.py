"""The checkpointer: signs every log as soon as it moves, until SIGTERM or SIGINT.

Each minute, and when it ends, it seals what the access log noted meanwhile.
"""

import os
import signal
import time
from types import FrameType
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from audit.ledger.note import NoteError, Signer
from audit.services.access import seal_waiting
from audit.services.checkpoints import make_checkpoints
from audit.services.keys import KeyMissing, key_path, load_signer

EVERY = 60.0
"""Seconds after which accesses are sealed and the logs are looked at even where no head moved."""
AGAIN = 2.0
"""Seconds before a database that was lost is connected anew."""
TICK = 0.1
"""Seconds between two looks at the heads. Not NOTIFY: its lock queues the commits of all logs behind each other."""


class Command(BaseCommand):
    help = "Signs a checkpoint of every log whose head moved. Runs until it is stopped."
    # It alone may open the key, which the checks refuse to web and worker.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="sign what moved, then end")
        parser.add_argument("--new-key", action="store_true", help="begin a new key; the old one is put aside")

    def handle(self, *args: Any, **options: Any) -> None:
        url = os.environ.get("CHECKPOINTER_DATABASE_URL")
        if not url:
            raise CommandError("CHECKPOINTER_DATABASE_URL is not set: only the checkpointer's login may sign.")
        try:
            # A trial's key goes with its folder; in production losing it is an incident.
            lost = settings.DEMONSTRATION and not key_path().exists()
            signer = load_signer(new_key=options["new_key"] or lost)
        except (KeyMissing, NoteError) as error:
            raise CommandError(str(error)) from None
        self.stopping = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self.stdout.write(f"Signing as {signer.key}")
        while not self._serve(url, signer, once=options["once"]):
            self._pause()
        self.stdout.write("The checkpointer ends.")

    def _serve(self, url: str, signer: Signer, *, once: bool) -> bool:
        """Sign until asked to stop, which is true; false when the database was lost and must be connected anew."""
        try:
            with psycopg.connect(url, autocommit=True) as connection:
                self._seal_accesses(connection)
                while not self.stopping:
                    seen = self._sizes(connection)
                    self._sign(connection, signer)
                    if once:
                        break
                    self._wait(connection, seen)
                if self._seal_accesses(connection):
                    self._sign(connection, signer)
        except psycopg.OperationalError as error:
            if once:
                raise
            self.stderr.write(f"The database does not answer; connecting again: {str(error).strip()}")
            return self.stopping
        return True

    def _pause(self) -> None:
        """Wait before the database is connected anew, unless asked to stop."""
        until = time.monotonic() + AGAIN
        while not self.stopping and time.monotonic() < until:
            time.sleep(TICK)

    def _sign(self, connection: psycopg.Connection, signer: Signer) -> None:
        for checkpoint in make_checkpoints(connection, signer):
            self.stdout.write(f"{checkpoint.origin}: {checkpoint.size} entries")

    def _seal_accesses(self, connection: psycopg.Connection) -> int:
        self.sealed_at = time.monotonic()
        return seal_waiting(connection)

    def _sizes(self, connection: psycopg.Connection) -> object:
        return connection.execute("select count(*), sum(size) from audit_head").fetchone()

    def _wait(self, connection: psycopg.Connection, seen: object) -> None:
        """Until a head moved since `seen` or a signal to stop. Each minute the accesses are sealed, which moves one."""
        while not self.stopping:
            if self._sizes(connection) != seen:
                return
            time.sleep(TICK)
            if time.monotonic() >= self.sealed_at + EVERY:
                self._seal_accesses(connection)
                return

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True
