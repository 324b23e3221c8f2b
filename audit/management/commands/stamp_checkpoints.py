"""`stamp_checkpoints`: an authority's time stamp over the newest checkpoint, kept beside it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.ledger.note import NoteError
from audit.services.timestamps import StampError, stamp_newest


class Command(BaseCommand):
    help = (
        "Has the authority at TIMESTAMP_URL stamp the newest checkpoint of the site log, which covers those of all"
        " others. Run it hourly or daily as the checkpointer's user. Exit 1 when there is no valid answer."
    )
    # It runs as the checkpointer's user, who may open the key.
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            stamp = stamp_newest()
        except (StampError, NoteError) as error:
            raise CommandError(str(error)) from None
        if stamp is None:
            self.stdout.write("The newest checkpoint is stamped already, or there is none yet.")
        else:
            self.stdout.write(
                f"{stamp.checkpoint.origin}, {stamp.checkpoint.size} entries: stamped {stamp.at:%Y-%m-%d %H:%M:%S} UTC"
                f" by {stamp.authority}"
            )
