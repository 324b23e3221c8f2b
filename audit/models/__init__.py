from audit.models.access import AccessBatch, AccessEvent, AccessKind
from audit.models.documents import Document, Job
from audit.models.ledger import Act, Checkpoint, Entry, Head, Log, Part
from audit.models.scrubbing import Destruction, Opening, Scrubbing, Sequestered

__all__ = [
    "AccessBatch",
    "AccessEvent",
    "AccessKind",
    "Act",
    "Checkpoint",
    "Destruction",
    "Document",
    "Entry",
    "Head",
    "Job",
    "Log",
    "Opening",
    "Part",
    "Scrubbing",
    "Sequestered",
]
