"""The audit pack: one PDF with the record of a period, and inside it all that proves it.

The data is read in one snapshot of the database. What is printed and what is attached come from it; the ledger's
entries end at one checkpoint, which the cover prints. `verify_pack.py`, which `audit.verifier` makes and
which is attached too, checks the whole.
"""

import csv
import hashlib
import io
import json
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Collate
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.safestring import mark_safe
from pikepdf import Pdf

from audit import store
from audit.documents.base import Attached
from audit.documents.child import render_in_child
from audit.ledger.note import Checkpoint, open_note
from audit.models import Document, Entry, Head, Log, Part
from audit.packs import Section
from audit.registry import closed_tables
from audit.services.checkpoints import newest
from audit.services.jobs import Rendering
from audit.services.keys import key_is_separate, trusted_keys
from audit.verifier.bundle import one_file
from audit.verifier.formats import FORMAT, SEALED_FILES
from audit.verifier.reasons import CLOSED, NOT_OPEN
from governance.csv import safe
from governance.models import Person, Practice
from governance.selectors.documents import COMPARTMENTS, WORDS
from governance.withheld import Scrubbed

SEALED_LATER = "sealed after this pack's checkpoint; ask for the pack again to have it"
SEALED_DOCUMENT = ("row/audit_document/", "after/audit_document/")


class PackError(Exception):
    """The pack cannot be made now; the message says why."""


@dataclass
class _Part:
    """One joined part: a page to be rendered, or a sealed document as it is."""

    title: str
    html: str = ""
    pdf: bytes = b""
    document: Document | None = None
    withheld: str = ""
    dropped: bool = False
    """Withheld because a scrub dropped the bytes."""


@dataclass
class _Content:
    """Everything the snapshot gave."""

    parts: list[_Part] = field(default_factory=list)
    files: list[Attached] = field(default_factory=list)
    documents: list[dict[str, str]] = field(default_factory=list)
    dropped: list[dict[str, Any]] = field(default_factory=list)
    """Documents whose bytes a scrub dropped."""


def pack(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """The audit pack that these arguments of `governance.services.packs.request_pack` describe.

    Raises PackError when no checkpoint covers the practice's log yet.
    """
    practice = Practice.objects.get(pk=UUID(arguments["practice"]))
    with snapshot(), timezone.override(practice.zone):
        checkpoint, note = _checkpoint(practice, checkpoint_note)
        content = _gather(practice, arguments, checkpoint, note)
    created = datetime.fromisoformat(arguments["requested_at"])
    pdfs = [
        part.pdf or render_in_child({"title": part.title, "created": created, "html": part.html})
        for part in content.parts
    ]
    first, last = (date.fromisoformat(arguments[name]) for name in ("start", "end"))
    title = f"Audit pack {arguments['code']}, {practice.name}, {first:%-d %B %Y} to {last:%-d %B %Y}"
    return Rendering(
        title=title,
        kind="pack",
        object_type="audit.pack",
        object_id=arguments["code"],
        compartment=arguments["compartment"],
        practice_id=practice.pk,
        parts=pdfs,
        attachments=_with_manifest(content, practice, arguments, checkpoint.origin, _inside(pdfs)),
        created=created,
    )


@contextmanager
def snapshot() -> Iterator[None]:
    """Everything read inside is as it stood at one moment; nothing can be written."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        yield


def _checkpoint(practice: Practice, note: str) -> tuple[Checkpoint, str]:
    """The checkpoint the pack stands on: the one asked for, else the newest; its signature is checked."""
    if not note:
        found = newest(practice.pk)
        if found is None:
            raise PackError("No checkpoint covers this practice's log yet; is the checkpointer running?")
        note = found.note
    return open_note(note, trusted_keys(), origin=Log.objects.get(practice=practice.pk).origin), note


def _gather(practice: Practice, arguments: dict[str, Any], checkpoint: Checkpoint, note: str) -> _Content:
    start, end = date.fromisoformat(arguments["start"]), date.fromisoformat(arguments["end"])
    person = Person.objects.filter(pk=arguments["person"]).first() if arguments["person"] else None
    sees = frozenset(arguments["sees"])
    log = Log.objects.get(practice=practice.pk)
    page = {
        "practice": practice,
        "start": start,
        "end": end,
        "seal": f"{arguments['code']} · ledger checkpoint of {checkpoint.size} entries",
    }
    content = _Content()
    scrubbed = Scrubbed(practice, log, checkpoint.size)
    for name in settings.AUDIT_PACK_SECTIONS:
        section: Section = import_string(name)(practice, start, end, person=person)
        content.parts.append(_Part(title=section.title, html=printed(section, page)))
        content.parts += [_document_part(document, sees, scrubbed) for document in section.documents]
        content.files += [_table(name, rows) for name, rows in section.data.items()]
    for part in content.parts:
        if part.document and part.dropped:
            content.dropped.append(scrubbed.dropped(part.document))
        if part.document and not part.withheld:
            file = f"{part.document.kind}-{part.document.sha256[:12]}.pdf"
            content.files.append(_attached(file, part.pdf, part.title, "application/pdf", "Source"))
            content.documents.append({"title": part.title, "sha256": part.document.sha256, "file": file})
    content.files += [
        *_sealed(log, checkpoint.size),
        _attached(
            "parts.ndjson",
            _parts(log, sees, scrubbed),
            "The texts of the acts",
            "application/x-ndjson",
        ),
        _attached("checkpoint.txt", note.encode(), "The signed checkpoint", "text/plain"),
        _attached("keys.txt", "".join(f"{key}\n" for key in trusted_keys()).encode(), "Public keys", "text/plain"),
        _attached("verify_pack.py", one_file().encode(), "Checks this file", "text/x-python", "Supplement"),
    ]
    size_now = Head.objects.get(log=log).size
    cover = _cover(practice, arguments, page, content.parts, checkpoint, size_now)
    content.parts = [_Part(title="Cover", html=cover), *(part for part in content.parts if not part.withheld)]
    return content


def printed(section: Section, page: dict[str, Any]) -> str:
    """A section as a whole page; a fragment is laid into governance/pack_base.html."""
    context = {**page, "title": section.title, **section.context}
    html = render_to_string(section.template, context)
    if "<html" in html:
        return html
    return render_to_string(
        "governance/pack_base.html",
        {**page, "title": section.title, "fragment": mark_safe(html)},  # noqa: S308 - rendered by our own template
    )


def _document_part(document: Document, sees: frozenset[str], scrubbed: Scrubbed) -> _Part:
    permission = COMPARTMENTS.get(document.compartment, "")
    if permission not in sees:
        kept = WORDS.get(permission, document.compartment)
        return _Part(title=document.title, document=document, withheld=f"{kept}, not open to who asked for this pack")
    if why := scrubbed.document(document):
        return _Part(title=document.title, document=document, withheld=why, dropped=True)
    if scrubbed.sealed_later(document):
        return _Part(title=document.title, document=document, withheld=SEALED_LATER)
    return _Part(title=document.title, document=document, pdf=store.get(document.sha256))


def _cover(
    practice: Practice,
    arguments: dict[str, Any],
    page: dict[str, Any],
    parts: list[_Part],
    checkpoint: Checkpoint,
    size_now: int,
) -> str:
    contents, number = [], 1
    for part in parts:
        number += not part.withheld
        contents.append({"part": part, "number": None if part.withheld else number})
    return render_to_string(
        "governance/pack_cover.html",
        {
            **page,
            "title": f"Audit pack {arguments['code']}",
            "arguments": arguments,
            "requested_at": datetime.fromisoformat(arguments["requested_at"]),
            "contents": contents,
            "checkpoint": checkpoint,
            "later": size_now - checkpoint.size,
            "root": checkpoint.text().splitlines()[2],
            "keys": [str(key) for key in trusted_keys()],
            "key_separate": key_is_separate(),
            "version": software_version(),
            "whole": set(WORDS) <= set(arguments["sees"]),
        },
    )


@cache
def software_version() -> str:
    """The version in pyproject.toml."""
    text = (Path(settings.BASE_DIR) / "pyproject.toml").read_text(encoding="utf-8")
    return str(tomllib.loads(text)["project"]["version"])


def _attached(name: str, data: bytes, description: str, mime: str, relationship: str = "Data") -> Attached:
    return Attached(name=name, data=data, description=description, mime=mime, relationship=relationship)


def _table(name: str, rows: list[list[str]]) -> Attached:
    text = io.StringIO()
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    return _attached(name, text.getvalue().encode(), f"The same as data: {name}", "text/csv")


def _line(record: dict[str, Any]) -> bytes:
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _sealed(log: Log, size: int) -> list[Attached]:
    """Each entry's header exactly as it was hashed, one a line, and the leaf hashes; the root vouches for both."""
    rows = Entry.objects.filter(log=log, index__lt=size).order_by("index").values_list("header", "leaf")
    found = list(rows.iterator(chunk_size=2000))
    entries = "".join(f"{header}\n" for header, _ in found).encode()
    leaves = b"".join(bytes(leaf) for _, leaf in found)
    return [
        _attached("entries.ndjson", entries, "Every ledger entry", "application/x-ndjson"),
        _attached("leaves.bin", leaves, "The hash of every entry", "application/octet-stream"),
    ]


def _parts(log: Log, sees: frozenset[str], scrubbed: Scrubbed) -> bytes:
    """Each part with its salt, or withheld with the reason, in the order in which the headers name them."""
    rows = (
        Part.objects.filter(act__entry__log=log, act__entry__index__lt=scrubbed.size)
        .order_by("act__entry__index", Collate("name", "C"))
        .values_list("act_id", "name", "salt", "body")
    )
    return b"".join(
        _line({"act": str(act), "name": name, **(_told(name, salt, body, sees) or scrubbed.part(act, name))})
        for act, name, salt, body in rows.iterator(chunk_size=2000)
    )


def _told(name: str, salt: Any, body: str | None, sees: frozenset[str]) -> dict[str, str]:
    """The part, or that its compartment is closed; nothing for a part that was emptied."""
    if body is None or salt is None:
        return {}
    if name.startswith(("row/", "after/")) and name.split("/")[1] in closed_tables():
        return {"withheld": CLOSED}
    if name.startswith(SEALED_DOCUMENT):
        permission = COMPARTMENTS.get(json.loads(body)["compartment"], "")
        if permission not in sees:
            return {"withheld": NOT_OPEN.format(WORDS.get(permission, "a closed compartment"))}
    return {"salt": bytes(salt).hex(), "body": body}


def _inside(pdfs: list[bytes]) -> dict[str, str]:
    """The files that the parts bring along, as the join names them, with their hashes."""
    found = {}
    for number, data in enumerate(pdfs, start=1):
        with Pdf.open(io.BytesIO(data)) as part:
            for name, spec in part.attachments.items():
                found[f"part-{number}-{name}"] = hashlib.sha256(spec.get_file().read_bytes()).hexdigest()
    return found


def _hashes(files: list[Attached]) -> dict[str, str]:
    """The hash of each file that the checkpoint does not vouch for."""
    return {file.name: hashlib.sha256(file.data).hexdigest() for file in files if file.name not in SEALED_FILES}


def _with_manifest(
    content: _Content, practice: Practice, arguments: dict[str, Any], origin: str, inside: dict[str, str]
) -> list[Attached]:
    manifest = {
        "format": FORMAT,
        "origin": origin,
        "practice": practice.name,
        "period": [arguments["start"], arguments["end"]],
        "files": {**inside, **_hashes(content.files)},
        "documents": content.documents,
        "dropped": content.dropped,
    }
    data = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
    return [*content.files, _attached("manifest.json", data, "What this pack holds", "application/json")]
