"""The governance app; what happens to sign-ins enters the access log."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        from governance import access, idle

        access.listen()
        idle.listen()
