"""The governance app; sign-ins enter the access log."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        from governance.access import listen

        listen()
