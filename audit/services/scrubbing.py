"""Blotting a span of text out of the places that hold it, inside the current act, and keeping what was taken out.

It is locked away (audit/custody.py) before the scrub takes it out: the text as it was, with the salted payloads that
prove it against the ledger, or the whole sealed file. So a scrub hides at once and can be taken back.
"""

import base64
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from audit import custody, store
from audit.acts import current, record
from audit.models import Act, Destruction, Document, Job, Part, Restoration, Scrubbing, Sequestered
from audit.services import jobs
from audit.services.places import BYTES, Place, dropped_keys, find, is_draft, is_scrubbable, model_of, undropped

__all__ = ["MARK", "SHORTEST", "Place", "find", "scrub", "sweep"]

MARK = "[scrubbed]"
"""What stands in the place of a scrubbed span; fixed in audit/sql/scrub.sql."""
SHORTEST = 3
"""Characters of a span at least: a shorter one would blot words that have nothing to do with it."""
REDACTION = "redaction"


def scrub(place: Place, value: str) -> Scrubbing | None:
    """Blot the span out of one place, inside the current act. The database names the place in the act, not the span.

    What is taken out is kept, locked away. A sealed file loses its bytes once the act is committed, and the worker
    renders a redacted one. A draft is simply overwritten: None. Raises custody.CustodyError.
    """
    if is_draft(place):
        _overwrite(place, value)
        return None
    act = current()
    # The database refuses a place that nobody declared; there is nothing to keep of it.
    kept = _as_it_stands(place, value) if is_scrubbable(place) else {}
    with connection.cursor() as cursor:
        cursor.execute("select audit.scrub(%s, %s, %s, %s, %s)", [act.id, place.table, place.key, place.column, value])
        (key,) = cursor.fetchone()
    act.touch(Scrubbing._meta.db_table, key)
    scrubbing = Scrubbing.objects.get(pk=key)
    _lock_away(scrubbing, kept)
    if place.column == BYTES:
        _replace(scrubbing)
    return scrubbing


def sweep() -> int:
    """Remove from the store what scrubs dropped and disposals destroyed; how many files were there still.

    Done after each such act; the worker does it again when it starts, in case a process died in between.
    """
    dropped = Document.objects.filter(pk__in=[int(key) for key in dropped_keys()])
    addresses = set(dropped.values_list("sha256", flat=True))
    addresses -= set(undropped(Document.objects.filter(sha256__in=addresses)).values_list("sha256", flat=True))
    addresses |= set(Destruction.objects.values_list("sequestered__sha256", flat=True))
    present = [address for address in addresses if store.holds(address)]
    for address in present:
        store.drop(address)
    return len(present)


def restore(scrub_act: Any, boxes: Iterable[dict[str, Any]]) -> list[int]:
    """Take a scrub back inside the current act. `boxes` are the opened contents of everything it sequestered.

    Rows, history and payloads stand again as they were sealed, each payload proven against its entry; a sealed file
    lies in the store again. Returns the keys of the restorations.
    """
    act = current()
    boxes = list(boxes)
    given = [[part["act"], part["name"], part["salt"], part["body"]] for box in boxes for part in box.get("parts", [])]
    for box in boxes:
        if box.get("file"):
            store.put(base64.b64decode(box["file"]))
    with connection.cursor() as cursor:
        cursor.execute("select audit.restore(%s, %s, %s)", [act.id, scrub_act, json.dumps(given)])
        (keys,) = cursor.fetchone()
    for key in keys:
        act.touch(Restoration._meta.db_table, key)
    # A redacted file that nobody needs any more is not made.
    asked = [f"{REDACTION}/{key}" for key in Scrubbing.objects.filter(act=scrub_act).values_list("pk", flat=True)]
    Job.objects.filter(key__in=asked, document__isnull=True).update(state=Job.State.DONE, lease_until=None)
    return list(keys)


def destroy(sequestered: Sequestered) -> Destruction:
    """Destroy a sequestered value inside the current act: its file goes once the act is committed."""
    transaction.on_commit(lambda: store.drop(sequestered.sha256))
    return record(Destruction, sequestered=sequestered, destroyed_at=current().occurred_at or timezone.now())


def _overwrite(place: Place, value: str) -> None:
    model = model_of(place.table)
    row = model._base_manager.select_for_update(no_key=True).get(pk=place.key)
    setattr(row, place.column, blotted(getattr(row, place.column), value))
    if place.table != Job._meta.db_table and hasattr(row, "revision"):
        # Whoever types on an older text is told, and does not bring the span back.
        row.revision += 1
    row.save()


def blotted(content: Any, value: str) -> Any:
    """Text, or structure of texts, with the span blotted out; the same as audit.blotted."""
    if isinstance(content, dict):
        return {key: blotted(inner, value) for key, inner in content.items()}
    if isinstance(content, list):
        return [blotted(inner, value) for inner in content]
    return content.replace(value, MARK) if isinstance(content, str) else content


def _replace(scrubbing: Scrubbing) -> None:
    """Drop the bytes after the act, and ask for the redacted file."""
    document = Document.objects.get(pk=scrubbing.row_key)
    made = Job.objects.filter(document=document).order_by("pk").first()
    again = {"renderer": made.renderer, "arguments": made.arguments} if made else {}
    if made and made.renderer == REDACTION:
        again = {name: made.arguments[name] for name in ("renderer", "arguments") if name in made.arguments}
    jobs.ask(
        key=f"{REDACTION}/{scrubbing.pk}",
        renderer=REDACTION,
        practice_id=document.practice,
        arguments={"document": document.pk, **again},
    )
    transaction.on_commit(lambda: sweep_one(document))


def sweep_one(document: Document) -> None:
    """Remove a dropped document's bytes, unless another document that was not dropped has the same."""
    same = Document.objects.filter(sha256=document.sha256).values_list("pk", flat=True)
    if {str(key) for key in same} <= set(dropped_keys().filter(row_key__in=[str(key) for key in same])):
        store.drop(document.sha256)


def begin_again(practice: Any) -> None:
    """Have renderings of the practice that run at this moment thrown away: they may have read what is scrubbed."""
    Job.objects.filter(practice=practice, state=Job.State.RUNNING).update(
        state=Job.State.WAITING, lease_until=None, attempts=F("attempts") - 1
    )


def _lock_away(scrubbing: Scrubbing, kept: dict[str, Any]) -> None:
    emptied = {(act, name) for act, name in scrubbing.parts}
    kept["parts"] = [part for part in kept.get("parts", []) if (part["act"], part["name"]) in emptied]
    box = custody.lock(json.dumps(kept, ensure_ascii=False).encode(), about=about(scrubbing))
    public = custody.public_key()
    assert public is not None
    act = current()
    record(
        Sequestered,
        scrubbing=scrubbing,
        practice=act.practice_id,
        sha256=store.put(box),
        size=len(box),
        key=custody.key_id(public),
        sequestered_at=act.occurred_at or timezone.now(),
    )


def about(scrubbing: Scrubbing) -> str:
    """What a box is bound to, so that it cannot stand in for another."""
    return f"{scrubbing.act_id}/{scrubbing.table_name}/{scrubbing.row_key}/{scrubbing.column_name}"


def _as_it_stands(place: Place, value: str) -> dict[str, Any]:
    """What the scrub will take out of a place: the span, the text as it is now, and the payloads that hold it."""
    if place.column == BYTES:
        document = Document.objects.get(pk=place.key)
        data = base64.b64encode(store.get(document.sha256)).decode()
        return {"span": value, "title": document.title, "sha256": document.sha256, "file": data}
    model = model_of(place.table)
    name = next(item.name for item in model._meta.concrete_fields if item.column == place.column)
    row = model._base_manager.get(pk=place.key)
    text = getattr(row, name)
    return {
        "span": value,
        "text": text if isinstance(text, str) else json.dumps(text, ensure_ascii=False, default=str),
        "parts": [
            {"act": str(part.act_id), "name": part.name, "salt": bytes(part.salt).hex(), "body": part.body}
            for part in _payloads(place, model)
            if part.salt is not None
        ],
    }


def _payloads(place: Place, model: Any) -> Any:
    """The parts that a scrub of this place may empty."""
    if model is Part:
        return Part.objects.filter(pk=place.key)
    if model is Act:
        own = Part.objects.filter(act_id=UUID(place.key), name__startswith="row/").values_list("name", flat=True)
        left = [f"after/{place.table}/{place.key}", *(f"after/{name.removeprefix('row/')}" for name in own)]
        return Part.objects.filter(Q(act=place.key) | Q(name__in=left))
    rows = [(place.table, place.key)]
    if hasattr(model, "history"):
        past = model.history.model._meta.db_table
        rows += [(past, str(key)) for key in model.history.filter(id=place.key).values_list("history_id", flat=True)]
    return Part.objects.filter(name__in=[f"{kind}/{table}/{key}" for kind in ("row", "after") for table, key in rows])
