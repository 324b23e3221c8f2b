"""What the audit tests share: acts without a story, a checkpointer in the test's own process, and the verifier."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from audit.acts import service
from audit.ledger import note
from audit.services.checkpoints import make_checkpoints
from audit.services.keys import load_signer
from governance import authority
from governance.models import Person, Practice, Site
from governance.services.appointments import open_site
from tests.cast import Cast
from tests.conftest import Database


@pytest.fixture(autouse=True)
def _checkpoint_folders(tmp_path: Path, settings: Any) -> None:
    settings.CHECKPOINT_FOLDER = str(tmp_path / "checkpoints")
    settings.CHECKPOINT_KEY_FOLDER = str(tmp_path / "checkpointer")


@service
def rename_site(*, actor: Person, practice: Practice, site: Site, name: str) -> Site:
    """A change of a governed row, as small as one can be."""
    authority.exercise(actor=actor, practice=practice, right="DR-21", verb="site.renamed", about=site)
    site.name = name
    site.save()
    return site


@pytest.fixture
def act(cast: Cast) -> Callable[[str], Site]:
    """Seal one more act: a site is opened."""

    def do(name: str) -> Site:
        return open_site(
            actor=cast.director, practice=cast.practice, name=name, city="Hemet", opened_on=cast.flagship.opened_on
        )

    return do


@pytest.fixture
def sign(house: Database) -> Callable[[], list[note.Checkpoint]]:
    """Sign every log that moved, as the checkpointer does."""

    def do() -> list[note.Checkpoint]:
        with house.connect("checkpointer") as connection:
            return make_checkpoints(connection, load_signer())

    return do


@pytest.fixture
def verify() -> Callable[..., tuple[int, str]]:
    """Run `verify_ledger`; its exit code and what it says."""

    def do(*arguments: str) -> tuple[int, str]:
        out = io.StringIO()
        try:
            call_command("verify_ledger", *arguments, stdout=out, no_color=True)
        except SystemExit as end:
            return int(end.code or 0), out.getvalue()
        return 0, out.getvalue()

    return do


@pytest.fixture
def tamper(house: Database) -> Callable[..., None]:
    """Do what only the server's superuser can: change anything, with every trigger off."""

    def do(*statements: str) -> None:
        with house.connect("superuser") as connection:
            connection.execute("set session_replication_role = replica")
            for statement in statements:
                # Triggers that are enabled ALWAYS fire even so.
                for table in TABLES:
                    connection.execute(f"alter table {table} disable trigger user")
                connection.execute(statement)
                for table in TABLES:
                    connection.execute(f"alter table {table} enable trigger user")
                    for (name,) in connection.execute(
                        "select tgname from pg_trigger where tgrelid = %s::regclass and not tgisinternal", [table]
                    ).fetchall():
                        connection.execute(f"alter table {table} enable always trigger {name}")

    return do


TABLES = (
    "audit_entry", "audit_head", "audit_act", "audit_part", "audit_checkpoint", "audit_document", "governance_site",
    "governance_historicalsite", "audit_accessevent", "audit_accessbatch",
)  # fmt: skip
