"""The audit app and its system checks."""

from django.apps import AppConfig
from django.core.checks import register


class AuditConfig(AppConfig):
    name = "audit"

    def ready(self) -> None:
        from audit.checks import check_models
        from audit.startup import check_key

        register(check_models)
        # At deployment only: the owner who migrates may hold any file. Web and worker ask `require_guarded`.
        register(check_key, deploy=True)
