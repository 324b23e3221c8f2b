"""Papers as PDF: what a packet joins, and what is shown of a paper that is none.

A PDF is its own preview. An image is set on a page; an Office file is shown by LibreOffice where the operator has it,
else a page says, loudly, that it is attached as it came.
"""

import logging
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from audit import store
from audit.documents.base import Attached, RenderError
from audit.documents.child import render_in_child
from audit.documents.foreign import IMAGES, KINDS, OFFICE
from audit.documents.office import office_as_pdf
from audit.models import Document
from audit.services import jobs
from audit.services.jobs import Rendering
from audit.services.places import undropped
from decisions.models import PaperVersion

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


def preview(arguments: dict[str, Any], checkpoint_note: str) -> Rendering:
    """The preview of a paper's version. Raises PaperVersion.DoesNotExist."""
    version = PaperVersion.objects.select_related("document", "paper__practice", "person", "appointment").get(
        pk=arguments["version"]
    )
    kind, document = _KIND_OF[version.document.media_type], version.document
    about: dict[str, Any] = {
        "title": f"{version}, as PDF",
        "kind": PREVIEW,
        "object_type": PaperVersion._meta.label_lower,
        "object_id": str(version.pk),
        "compartment": document.compartment,
        "practice_id": version.paper.practice_id,
        "created": version.made_at,
    }
    if dropped(document):
        return Rendering(**about, html=_page(version, why="its bytes were dropped, since they held patient data"))
    data = store.get(document.sha256)
    if kind.name in IMAGES:
        return Rendering(**about, html=_page(version, image=True), images={"paper": data})
    assert kind.name in OFFICE
    try:
        pdf = office_as_pdf(data, ending=kind.ending, program=settings.SOFFICE)
        return Rendering(**about, pdf=adopted(pdf, version))
    except RenderError as error:
        log.warning("Paper %s is not shown as PDF: %s", version.pk, error)
        original = Attached(
            name=version.file_name, data=data, description=version.title, mime=kind.media_type, relationship="Source"
        )
        return Rendering(**about, html=_page(version, why=str(error)), attachments=[original])


def adopted(pdf: bytes, version: PaperVersion) -> bytes:
    """A PDF from elsewhere as a part that can be joined, made in a child process. Raises RenderError."""
    return render_in_child({"title": version.title, "created": version.made_at, "adopt": pdf})


def dropped(document: Document) -> bool:
    """Whether a scrub dropped the bytes."""
    return not undropped(Document.objects.filter(pk=document.pk)).exists()


def part_of(version: PaperVersion) -> tuple[bytes, bool]:
    """The paper as a part of a packet, and whether that shows its pages; what is not sealed yet is made at once."""
    if dropped(version.document):
        return _made(preview({"version": version.pk}, "")), False
    if version.document.media_type == KINDS["pdf"].media_type:
        try:
            return adopted(store.get(version.document.sha256), version), True
        except RenderError as error:
            log.warning("Paper %s cannot be joined: %s", version.pk, error)
            page = _page(version, why="its pages could not be joined; it is attached as it came")
            return render_in_child({"title": str(version), "created": version.made_at, "html": page}), False
    sealed = (
        undropped(Document.objects.filter(object_type=PaperVersion._meta.label_lower, object_id=str(version.pk)))
        .order_by("-pk")
        .first()
    )
    part = store.get(sealed.sha256) if sealed else _made(preview({"version": version.pk}, ""))
    return part, b"/EmbeddedFiles" not in part


def _made(rendering: Rendering) -> bytes:
    if rendering.pdf is not None:
        return rendering.pdf
    return render_in_child(
        {
            "title": rendering.title,
            "created": rendering.created,
            "attachments": rendering.attachments,
            **rendering.content,
        }
    )


def _page(version: PaperVersion, *, image: bool = False, why: str = "") -> str:
    return render_to_string(
        "decisions/print_paper.html",
        {"version": version, "practice": version.paper.practice, "image": image, "why": why},
    )
