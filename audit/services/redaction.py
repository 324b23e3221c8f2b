"""The file that takes the place of a sealed one whose bytes a scrub dropped: rendered again, and naming the scrub."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.module_loading import import_string

from audit.documents.child import render_in_child
from audit.models import Act, Document, Job, Scrubbing
from audit.services.jobs import Rendering
from audit.services.places import BYTES
from audit.services.scrubbing import sweep_one


def redaction(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """Render the replacement of the document of key `document`, by the `renderer` and `arguments` that made it.

    A page names each scrub: by whom, in which office, when, why, and the hash of the file it dropped. It stands before
    a document, and after the parts of a joined one, whose numbers its data name.
    """
    document = Document.objects.get(pk=arguments["document"])
    sweep_one(document)
    again = _again(arguments, checkpoint_note, document.sha256)
    scrubs = list(_scrubs(document))
    title = f"{again.title if again else document.title.removesuffix(REDACTED)}{REDACTED}"
    asked = Job.objects.filter(document__isnull=True, arguments__document=document.pk, renderer="redaction").first()
    created = (asked.asked_at if asked else timezone.now()).replace(microsecond=0)
    said = {
        "title": title,
        "document": document,
        "scrubs": scrubs,
        "again": again is not None,
    }
    notice = render_in_child(
        {"title": title, "created": created, "html": render_to_string("audit/redaction.html", said)}
    )
    return Rendering(
        title=title,
        kind=document.kind,
        object_type=document.object_type,
        object_id=document.object_id,
        compartment=document.compartment,
        practice_id=document.practice,
        parts=_parts(notice, again, created),
        attachments=again.attachments if again else (),
        replaces=document.pk,
    )


REDACTED = ", redacted"


def _again(arguments: dict[str, Any], note: str, sha256: str) -> Rendering | None:
    """What the renderer makes of the same arguments now, told what it `replaces`; None when nobody knows it."""
    if "renderer" not in arguments:
        return None
    found: Rendering = import_string(settings.RENDERERS[arguments["renderer"]])(
        {**arguments["arguments"], "replaces": sha256}, note
    )
    return found


def _parts(notice: bytes, again: Rendering | None, created: Any) -> list[bytes]:
    if again is None:
        return [notice]
    if again.parts:
        return [*again.parts, notice]
    if again.pdf is not None:
        return [notice, again.pdf]
    return [notice, render_in_child({"title": again.title, "created": again.created or created, **again.content})]


def _scrubs(document: Document) -> Iterator[dict[str, Any]]:
    """The scrubs that dropped this document and those it replaced, the newest first."""
    found: Document | None = document
    while found is not None:
        scrubbing = (
            Scrubbing.objects.standing()
            .filter(table_name=Document._meta.db_table, row_key=str(found.pk), column_name=BYTES)
            .first()
        )
        if scrubbing is not None:
            act = Act.objects.select_related("entry").get(pk=scrubbing.act_id)
            yield {
                "by": act.actor_name,
                "office": act.office_name,
                "at": act.occurred_at.isoformat(timespec="seconds"),
                "reason": act.reason,
                "entry": act.entry.index,
                "sha256": found.sha256,
                "title": found.title,
                "sealed_at": found.sealed_at.isoformat(timespec="seconds"),
            }
        found = found.replaces
