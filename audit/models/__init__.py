from audit.models.access import AccessBatch, AccessEvent, AccessKind
from audit.models.documents import Document, Job
from audit.models.ledger import Act, Checkpoint, Entry, Head, Log, Part
from audit.models.scrubbing import Confirmation, Destruction, Opening, Restoration, Scrubbing, Sequestered

__all__ = [
    "AccessBatch",
    "AccessEvent",
    "AccessKind",
    "Act",
    "Checkpoint",
    "Confirmation",
    "Destruction",
    "Document",
    "Entry",
    "Head",
    "Job",
    "Log",
    "Opening",
    "Part",
    "Restoration",
    "Scrubbing",
    "Sequestered",
]
