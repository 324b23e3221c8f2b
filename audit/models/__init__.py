from audit.models.access import AccessBatch, AccessEvent
from audit.models.documents import Document, Job
from audit.models.ledger import Act, Checkpoint, Entry, Head, Log, Part
from audit.models.scrubbing import Scrubbing

__all__ = [
    "AccessBatch",
    "AccessEvent",
    "Act",
    "Checkpoint",
    "Document",
    "Entry",
    "Head",
    "Job",
    "Log",
    "Part",
    "Scrubbing",
]
