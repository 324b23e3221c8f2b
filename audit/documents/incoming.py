"""Files from elsewhere, judged in a child process with limits."""

import logging

from audit.documents.base import FileRefused, LimitReached, RenderError
from audit.documents.child import answer_in_child
from audit.documents.foreign import KINDS, Kind

logger = logging.getLogger(__name__)

CHECK_MEMORY_BYTES = 1 << 30
CHECK_SECONDS = 20
"""What a file from elsewhere may take to be opened."""


def check_in_child(data: bytes, *, title: str) -> Kind:
    """What a file from elsewhere is, by `foreign.check` in a child process.

    Raises FileRefused with the rule that the file breaks, of which one is that it opens within the limits.
    """
    try:
        told = answer_in_child(
            "audit.documents.foreign:answer", data, title=title, memory_bytes=CHECK_MEMORY_BYTES, seconds=CHECK_SECONDS
        )
    except LimitReached as error:
        raise FileRefused(
            f"it could not be opened within {CHECK_MEMORY_BYTES >> 20} MB of memory and {CHECK_SECONDS} seconds"
        ) from error
    except RenderError as error:
        # Not the file's size: what judges it failed over it, which an operator should hear of.
        logger.exception("A file could not be judged")
        raise FileRefused(
            "it could not be examined: the program that reads such files failed over it, so the file may be damaged;"
            " open it, save it again, and attach that"
        ) from error
    if "refused" in told:
        raise FileRefused(told["refused"])
    return KINDS[told["kind"]]
