"""An upload on its way into the record: kept, read again, taken up by the act that imports it, or thrown away.

Keeping and throwing away are no acts: nothing of an upload is a record until it is imported.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from audit.acts import current
from governance.models import ImportDraft, Person, Practice
from governance.sheets.columns import Layout, Row
from governance.sheets.letters import ENCODINGS, meant
from governance.sheets.lines import SheetRefused, plainly
from governance.sheets.preview import Preview
from governance.sheets.reading import read_in_child

KEPT = timedelta(hours=12)
"""How long an upload waits to be imported."""


class ImportRefused(ValueError):
    """What would be imported is not what was previewed, or something in it is wrong; nothing was written."""

    field = "file"


def keep_upload(
    *, actor: Person, practice: Practice, kind: str, about: str = "", name: str, data: bytes, layout: Layout
) -> ImportDraft:
    """Keep the rows of an uploaded file for their preview, in place of the person's last upload of this kind.

    Uploads that have expired go with it, whoever's they were. Raises SheetRefused.
    """
    found = read_in_child(data)
    layout.heading(found.lines[0])
    now = timezone.now()
    with transaction.atomic():
        ImportDraft.objects.filter(expires_at__lte=now).delete()
        draft, _ = ImportDraft.objects.update_or_create(
            practice=practice,
            person=actor,
            kind=kind,
            about=about,
            defaults={
                "name": name[:200],
                "sha256": hashlib.sha256(data).hexdigest(),
                "lines": [[line.number, line.cells] for line in found.lines],
                "month_first": None,
                "said": found.said,
                "letters_unknown": found.letters_unknown,
                "uploaded_at": now,
                "expires_at": now + KEPT,
            },
        )
    return draft


def standing_upload(*, actor: Person, practice: Practice, kind: str, about: str = "") -> ImportDraft | None:
    """The person's upload of this kind, unless it has expired."""
    kept = ImportDraft.objects.standing(timezone.now())
    return kept.filter(practice=practice, person=actor, kind=kind, about=about).first()


def say_date_order(draft: ImportDraft, *, month_first: bool) -> None:
    """Say how dates such as 03/04/2026 of this file are to be read."""
    draft.month_first = month_first
    draft.save(update_fields=["month_first"])


def say_letters(draft: ImportDraft, *, encoding: str) -> None:
    """Say in which encoding the letters of this file are; from here on the lines are text.

    Raises SheetRefused for an encoding in which they cannot be read.
    """
    if not draft.letters_unknown:
        return
    try:
        draft.lines = [[number, [plainly(meant(cell, encoding)) for cell in cells]] for number, cells in draft.lines]
    except UnicodeDecodeError:
        raise SheetRefused("The letters of this file cannot be read so. Choose another reading.") from None
    draft.said, draft.letters_unknown = [*draft.said, f"Letters read as {ENCODINGS[encoding]}."], False
    draft.save(update_fields=["lines", "said", "letters_unknown"])


def discard_upload(draft: ImportDraft) -> None:
    """Throw an upload away; nothing of it was a record."""
    draft.delete()


def lock_upload(draft: ImportDraft, *, actor: Person) -> ImportDraft:
    """The upload, locked for the act that imports it. Raises ImportRefused when it is gone or has changed since."""
    held = (
        ImportDraft.objects.standing(timezone.now())
        .select_for_update(no_key=True, of=("self",))
        .filter(pk=draft.pk, person=actor)
        .first()
    )
    if held is None:
        raise ImportRefused("The upload is gone: it was imported, replaced or has expired. Upload the file again.")
    if (held.sha256, held.lines, held.month_first) != (draft.sha256, draft.lines, draft.month_first):
        raise ImportRefused("Another file was uploaded since; look at its rows first.")
    return held


def take_up(draft: ImportDraft, preview: Preview, part: str) -> list[Row]:
    """The rows of this part, which the current act shall write; the others wait. All are right, or none is taken.

    The act keeps the file's name, its hash and the numbers of the rows. Raises ImportRefused.
    """
    if draft.letters_unknown:
        raise ImportRefused("Say first how the letters of this file are to be read.")
    if not preview.sound:
        raise ImportRefused(preview.barred or "A row is not right any more; nothing was imported.")
    rows = next((one.rows for one in preview.parts if one.right == part), [])
    if not rows:
        raise ImportRefused("There is no row of that kind in the file.")
    numbers = {row.number for row in rows}
    current().attach("file", {"name": draft.name, "sha256": draft.sha256, "rows": sorted(numbers)})
    draft.lines = [draft.lines[0], *(line for line in draft.lines[1:] if line[0] not in numbers)]
    if len(draft.lines) == 1:
        draft.delete()
    else:
        draft.save(update_fields=["lines"])
    return rows


def each[R](rows: Sequence[Row], write: Callable[[Row], R]) -> list[R]:
    """Write row after row. A rule that breaks names its row and ends the whole: Raises ImportRefused."""
    written = []
    for row in rows:
        try:
            written.append(write(row))
        except ValueError as problem:
            raise ImportRefused(f"Row {row.number}: {problem} Nothing was imported.") from problem
    return written
