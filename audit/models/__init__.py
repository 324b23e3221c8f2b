from audit.models.documents import Document, Job
from audit.models.ledger import Act, Checkpoint, Entry, Head, Log, Part

__all__ = ["Act", "Checkpoint", "Document", "Entry", "Head", "Job", "Log", "Part"]
