"""`manage.py export_pack`: an audit pack without a browser."""

import argparse
import os
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from audit.documents.base import RenderError
from audit.documents.child import render_in_child
from audit.documents.sign import SealError
from audit.services.documents import seal_document, sign_file
from governance.management.commands.open_practice import day
from governance.models import Practice
from governance.offices import SEE, SEE_CONFIDENTIAL, SEE_PRIVILEGED
from governance.rendering import PackError, pack

SEEN = {"open": [SEE], "confidential": [SEE, SEE_CONFIDENTIAL], "privileged": [SEE, SEE_CONFIDENTIAL, SEE_PRIVILEGED]}


class Command(BaseCommand):
    help = (
        "Writes the audit pack of a period to a file and seals it into the record. Holds the open compartment only,"
        " unless another is named. Wants the newest checkpoint, so the checkpointer must have run."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("practice", help="the practice's short name, as in its addresses")
        parser.add_argument("--from", dest="start", type=day, required=True, help="first day, as 2026-01-01")
        parser.add_argument("--to", dest="end", type=day, required=True, help="last day, as 2026-06-30")
        parser.add_argument("--out", type=Path, required=True, help="the file to write; it must not exist")
        parser.add_argument("--compartment", choices=sorted(SEEN), default="open", help="the widest compartment inside")
        parser.add_argument("--operator", default=os.environ.get("USER", "operator"), help="whom the cover names")
        parser.add_argument("--purpose", default="Export at the command line", help="what the cover states")

    def handle(self, *args: Any, **options: Any) -> None:
        start: date = options["start"]
        end: date = options["end"]
        out: Path = options["out"]
        practice = Practice.objects.filter(slug=options["practice"]).first()
        if practice is None:
            raise CommandError(f"practice: there is none named {options['practice']}.")
        if end < start:
            raise CommandError("--to: the last day is before the first.")
        if out.exists():
            raise CommandError(f"--out: {out} exists.")
        now = timezone.now().replace(microsecond=0)
        arguments = {
            "practice": str(practice.pk),
            "code": f"EXPORT-{now:%Y%m%d-%H%M%S}",
            "start": start.isoformat(),
            "end": end.isoformat(),
            "purpose": options["purpose"],
            "person": "",
            "requested_by": f"{options['operator']}, at the command line, in no office",
            "office": "",
            "requested_at": now.isoformat(),
            "sees": SEEN[options["compartment"]],
            "compartment": options["compartment"],
        }
        try:
            made = pack(arguments, "")
            data = render_in_child(
                {"title": made.title, "created": now, "parts": made.parts, "attachments": made.attachments}
            )
            data = sign_file(data, title=made.title)
        except (PackError, RenderError, SealError) as error:
            raise CommandError(str(error)) from None
        document = seal_document(
            data=data,
            title=made.title,
            kind=made.kind,
            object_type=made.object_type,
            object_id=made.object_id,
            compartment=made.compartment,
            practice_id=made.practice_id,
        )
        out.write_bytes(data)
        self.stdout.write(f"{out}: {len(data)} bytes, sha256 {document.sha256}")
