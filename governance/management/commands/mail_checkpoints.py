"""`manage.py mail_checkpoints`: the newest checkpoint of each practice to counsel of both sides, once a month."""

import logging
from typing import Any

from django.core.management.base import BaseCommand

from governance.models import Practice
from governance.services.checkpoint_mail import due, mail_checkpoint

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Mails the newest checkpoint of each practice to counsel of both sides who had none this month. Run it daily:"
        " who was reached is left alone, who was not is tried again. Exit 1 when a mail could not be sent."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        sent = failed = 0
        for practice in Practice.objects.order_by("slug"):
            for person in due(practice):
                try:
                    checkpoint = mail_checkpoint(practice, person)
                except (LookupError, OSError) as error:
                    failed += 1
                    log.error("Checkpoint of %s not mailed to person %s: %s", practice.slug, person.pk, error)
                else:
                    sent += 1
                    log.info("Checkpoint %s of %s mailed to person %s", checkpoint.size, practice.slug, person.pk)
        self.stdout.write(f"{sent} checkpoints mailed, {failed} failed.")
        if failed:
            raise SystemExit(1)
