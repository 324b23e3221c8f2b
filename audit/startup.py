"""What web and worker make sure of before they serve: the key is out of reach and the database's guards stand."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from audit import guards
from audit.services.keys import key_is_separate, key_path


def check_key(app_configs: Sequence[AppConfig] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """audit.E001: in production web and worker must not be able to open the checkpointer's key."""
    if settings.DEMONSTRATION or key_is_separate():
        return []
    return [
        Error(
            f"This process can open the checkpointer's key, {key_path()}, so it could sign a rewritten ledger.",
            hint="Run web and worker as another user than the checkpointer (docs/operations.md).",
            id="audit.E001",
        )
    ]


def require_guarded() -> None:
    """Refuse to start in production when the key is within reach or the database's guards deviate.

    Raises ImproperlyConfigured naming each reason. A demonstration runs as one user; its pages say so.
    """
    if settings.DEMONSTRATION:
        return
    reasons = [str(message.msg) for message in check_key()]
    connection.ensure_connection()
    reasons += guards.deviations(connection.connection)
    connection.close()
    if reasons:
        raise ImproperlyConfigured("Brightline does not start: " + " ".join(reasons))
