"""The scan of signed minutes: a PDF by its content, passive and readable, written inside the current act."""

import io
from datetime import datetime

from pikepdf import Dictionary, PasswordError, Pdf, PdfError

from audit import store
from audit.acts import record
from audit.models import Document
from decisions.services.rules import RuleBroken
from governance.models import Practice

KIND = "past minutes"
MEGABYTES, PAGES = 25, 300
"""What a scan may weigh, and its pages."""
_ACTIVE = ("/JavaScript", "/EmbeddedFiles")


def check_scan(data: bytes) -> None:
    """Raise RuleBroken unless the file is a PDF that can be read, without password, scripts or files within."""
    if len(data) > MEGABYTES << 20:
        raise RuleBroken("scan", f"Scan: it is larger than {MEGABYTES} MB.")
    if not data.startswith(b"%PDF-"):
        raise RuleBroken("scan", "Scan: by its content this is no PDF.")
    try:
        with Pdf.open(io.BytesIO(data)) as pdf:
            pages, names = len(pdf.pages), pdf.Root.get("/Names", Dictionary())
            active = any(name in names for name in _ACTIVE) or "/OpenAction" in pdf.Root or "/AA" in pdf.Root
            locked = pdf.is_encrypted
    except PasswordError:
        locked, pages, active = True, 0, False
    except PdfError as broken:
        raise RuleBroken("scan", "Scan: it begins as a PDF and cannot be read as one; save it anew.") from broken
    if locked:
        raise RuleBroken("scan", "Scan: an encrypted PDF is not accepted; save it without a password.")
    if not 1 <= pages <= PAGES:
        raise RuleBroken("scan", f"Scan: a PDF has 1 to {PAGES} pages, this one has {pages}.")
    if active:
        raise RuleBroken("scan", "Scan: a PDF that runs something or holds other files is not accepted; print it anew.")


def write_scan(
    data: bytes, *, practice: Practice, title: str, object_id: str, compartment: str, at: datetime
) -> Document:
    """Put the file into the store and its hash into the current act."""
    return record(
        Document,
        practice=practice.pk,
        kind=KIND,
        title=title,
        object_type="meetings.pastmeeting",
        object_id=object_id,
        compartment=compartment,
        sha256=store.put(data),
        size=len(data),
        media_type="application/pdf",
        sealed_at=at,
    )
