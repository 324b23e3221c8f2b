"""Papers as PDF: what a packet joins, and what is shown of a paper that is none.

A PDF is its own preview. An image is set on a page; an Office file is shown by LibreOffice where the operator has it,
else a page says, loudly, that it is attached as it came.
"""

import logging
from datetime import datetime
from typing import Any, Protocol

from django.conf import settings
from django.template.loader import render_to_string

from audit import store
from audit.documents.base import Attached, RenderError
from audit.documents.child import CPU_SECONDS, MEMORY_BYTES, answer_in_child, render_in_child
from audit.documents.foreign import IMAGES, KINDS, OFFICE
from audit.documents.office import office_as_pdf
from audit.models import Document
from audit.services import jobs
from audit.services.jobs import Rendering
from audit.services.places import undropped
from decisions.models import PaperVersion
from governance.models import Practice

log = logging.getLogger(__name__)

PREVIEW = "preview"
_KIND_OF = {kind.media_type: kind for kind in KINDS.values()}


def ask_for_preview(version: PaperVersion) -> None:
    """Have the worker render what is shown of a paper that is no PDF, inside the current act."""
    if version.document.media_type != KINDS["pdf"].media_type:
        jobs.ask(
            key=f"{PREVIEW}/{version.pk}",
            renderer=PREVIEW,
            practice_id=version.paper.practice_id,
            arguments={"version": version.pk},
        )


class PaperFile(Protocol):
    """A version of a paper, wherever it lies: what its pages are made from."""

    title: str
    file_name: str
    made_at: datetime

    @property
    def document(self) -> Document: ...


def preview(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """The preview of a paper's version. Raises PaperVersion.DoesNotExist."""
    version = PaperVersion.objects.select_related("document", "paper__practice", "person", "appointment").get(
        pk=arguments["version"]
    )
    return Rendering(
        **_content(version, version.paper.practice),
        title=f"{version}, as PDF",
        kind=PREVIEW,
        object_type=PaperVersion._meta.label_lower,
        object_id=str(version.pk),
        compartment=version.document.compartment,
        practice_id=version.paper.practice_id,
        created=version.made_at,
    )


def _content(version: PaperFile, practice: Practice) -> dict[str, Any]:
    """What is shown of a paper that is no PDF: its pages, or a page that says why not."""
    kind, document = _KIND_OF[version.document.media_type], version.document
    if dropped(document):
        why = "its bytes were dropped, since they held patient data"
        return {"html": _page(version, practice, why=why)}
    data = store.get(document.sha256)
    if kind.name in IMAGES:
        return {"html": _page(version, practice, image=True), "images": {"paper": data}}
    assert kind.name in OFFICE
    try:
        return {"pdf": adopted(office_as_pdf(data, ending=kind.ending, program=settings.SOFFICE), version, practice)}
    except RenderError as error:
        log.warning("A %s is not shown as PDF: %s", kind.words, error)
        original = Attached(
            name=version.file_name, data=data, description=version.title, mime=kind.media_type, relationship="Source"
        )
        return {"html": _page(version, practice, why=str(error)), "attachments": [original]}


def adopted(pdf: bytes, version: PaperFile, practice: Practice) -> bytes:
    """A PDF from elsewhere as a part that can be joined, made in child processes. Raises RenderError.

    What its pages do not show for certain, comments and the answers in a form, follows on a page of its own.
    """
    made = {"title": version.title, "created": version.made_at}
    pages = render_in_child({**made, "adopt": pdf})
    told = answer_in_child(
        "audit.documents.unseen:answer", pdf, title=version.title, memory_bytes=MEMORY_BYTES, seconds=CPU_SECONDS
    )
    if not told["comments"] and not told["answers"]:
        return pages
    html = render_to_string("decisions/print_unseen.html", {"version": version, "practice": practice, **told})
    return render_in_child({**made, "parts": [pages, render_in_child({**made, "html": html})]})


def dropped(document: Document) -> bool:
    """Whether a scrub dropped the bytes."""
    return not undropped(Document.objects.filter(pk=document.pk)).exists()


def part_of(version: PaperVersion) -> tuple[bytes, bool]:
    """The paper as a part of a packet, and whether that shows its pages; what is not sealed yet is made at once."""
    if not dropped(version.document) and version.document.media_type != KINDS["pdf"].media_type:
        sealed = (
            undropped(Document.objects.filter(object_type=PaperVersion._meta.label_lower, object_id=str(version.pk)))
            .order_by("-pk")
            .first()
        )
        if sealed:
            part = store.get(sealed.sha256)
            return part, b"/EmbeddedFiles" not in part
    return part_made(version, version.paper.practice)


def part_made(version: PaperFile, practice: Practice) -> tuple[bytes, bool]:
    """The same, made now from the file alone."""
    if dropped(version.document):
        return _made(version, _content(version, practice)), False
    if version.document.media_type == KINDS["pdf"].media_type:
        try:
            return adopted(store.get(version.document.sha256), version, practice), True
        except RenderError as error:
            log.warning("A paper cannot be joined: %s", error)
            why = "its pages could not be joined; it is attached as it came"
            return _made(version, {"html": _page(version, practice, why=why)}), False
    part = _made(version, _content(version, practice))
    return part, b"/EmbeddedFiles" not in part


def _made(version: PaperFile, content: dict[str, Any]) -> bytes:
    pdf: bytes | None = content.get("pdf")
    return pdf or render_in_child({"title": str(version), "created": version.made_at, **content})


def _page(version: PaperFile, practice: Practice, *, image: bool = False, why: str = "") -> str:
    return render_to_string(
        "decisions/print_paper.html", {"version": version, "practice": practice, "image": image, "why": why}
    )
