"""`verify_ledger`: is the record intact? Exit code 0 intact, 1 tampered, 2 unusable."""

import os
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from audit.database import reader_url
from audit.ledger.note import NoteError
from audit.services.checkpoints import kept_notes
from audit.services.keys import key_is_separate, trusted_keys
from audit.services.timestamps import StampError, stamps
from audit.services.verification import Report, Unusable, find_practice, verify

SHOWN = 50
"""Findings printed at most."""


class Command(BaseCommand):
    help = "Reads the whole record again. Exit code: 0 intact, 1 tampered (says where), 2 unusable."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--practice", help="short name or id of one practice")
        parser.add_argument("--against", type=Path, help="a checkpoint file that was kept elsewhere")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = self._verify(options["practice"], options["against"])
        except (Unusable, NoteError, psycopg.Error) as error:
            self.stdout.write(self.style.ERROR(f"UNUSABLE: {str(error).strip()}"))
            self.stdout.write("Nothing was judged.")
            raise SystemExit(2) from None
        self._tell(report, against=options["against"] is not None)
        stamped = self._tell_stamps()
        if report.findings or not stamped:
            raise SystemExit(1)

    def _verify(self, practice: str | None, against: Path | None) -> Report:
        try:
            outside = against.read_text("utf-8") if against else None
        except (OSError, UnicodeDecodeError) as error:
            raise Unusable(f"--against: {against} cannot be read: {error}") from None
        with psycopg.connect(reader_url(os.environ), autocommit=True) as connection:
            return verify(
                connection,
                keys=trusted_keys(),
                practice=find_practice(connection, practice) if practice else None,
                against=outside,
                kept=kept_notes(),
                progress=self.stdout.write,
            )

    def _tell_stamps(self) -> bool:
        """Say what the time stamps prove, the newest of the valid ones; whether none is false."""
        if not settings.TIMESTAMP_CERTIFICATES:
            return True
        newest, sound = None, True
        for stamp in stamps():
            if isinstance(stamp, StampError):
                self.stdout.write(self.style.ERROR(str(stamp)))
                sound = False
            else:
                newest = stamp
        if newest:
            self.stdout.write(
                f"Time stamp: what the first {newest.checkpoint.size} entries of {newest.checkpoint.origin} cover"
                f" existed at {newest.at:%Y-%m-%d %H:%M:%S} UTC, says {newest.authority}."
            )
        return sound

    def _tell(self, report: Report, *, against: bool) -> None:
        write = self.stdout.write
        write("")
        self._tell_limits(against=against)
        if report.first:
            write(self.style.ERROR(f"TAMPERED: {len(report.findings)} damaged or missing."))
            write(f"First: {report.first} [{report.first.kind}]")
            write("Damage:")
            for finding in report.findings[:SHOWN]:
                write(f"  - {finding} [{finding.kind}]")
            if len(report.findings) > SHOWN:
                write(f"  and {len(report.findings) - SHOWN} more")
        else:
            write(
                self.style.SUCCESS(
                    "INTACT: entries, texts, rows and files are as the ledger and its checkpoints here say."
                )
            )
        write("What can still be relied on:" if report.findings else "What is proven:")
        for line in report.holds:
            write(f"  - {line}")
        for line in report.remarks:
            write(line)
        write(
            f"Read: {report.entries} entries, {report.parts} parts ({report.scrubbed} scrubbed), {report.rows} sealed"
            f" rows, {report.documents} documents ({report.dropped} more dropped), {report.accesses} accesses."
        )

    def _tell_limits(self, *, against: bool) -> None:
        """Before the result: what it does not say."""
        write = self.stdout.write
        write("Not proven: what was never recorded, and whether what was recorded is true.")
        if not against:
            write("No checkpoint kept elsewhere was compared (--against FILE): a record rewritten together with")
            write("its checkpoints by someone who holds the signing key would not be noticed.")
        if settings.DEMONSTRATION and not key_is_separate():
            write("Key not separated: one user runs everything here, as in every demonstration.")
