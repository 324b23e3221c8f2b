"""Asking for a packet: made once for the same contents, and again when other contents lay between."""

import hashlib
import json
from typing import Any
from uuid import UUID

from audit.acts import current
from audit.models import Job
from audit.services import jobs


def ask_for_contents(
    renderer: str, practice_id: UUID, arguments: dict[str, Any], *, of: str, anew: bool = False
) -> Job:
    """Have these contents made, inside the current act; `of` names the argument that says whose packet it is.

    What was asked for last stands if it has the same contents, unless they shall be made `anew`. The newest file is
    always the one that counts, so contents that come back, as after a withdrawal, are made again.
    """
    last = (
        Job.objects.filter(practice=practice_id, renderer=renderer, **{f"arguments__{of}": arguments[of]})
        .order_by("-asked_at", "-pk")
        .first()
    )
    if last and last.arguments == arguments and not anew:
        return last
    digest = hashlib.sha256(json.dumps(arguments, sort_keys=True).encode()).hexdigest()[:24]
    return jobs.ask(
        key=f"{renderer}/{digest}/{current().id}",
        renderer=renderer,
        practice_id=practice_id,
        arguments=arguments,
    )
