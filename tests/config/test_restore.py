"""A whole installation, backed up and restored into a new cluster: it verifies, and work goes on there."""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from audit import store
from audit.services.documents import seal_document
from config.backup import back_up, restore
from config.embedded import LOGINS, VARIABLES, Cluster
from config.installation import Installation, InstallationError
from config.programs import installed_binaries
from governance.models import Site
from governance.services.appointments import open_site
from tests.cast import Cast, recall
from tests.conftest import Database, point_to


@pytest.fixture
def original(house: Database, cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """An operator's own database with the practice in it, a sealed document, and a checkpoint over all of it."""
    monkeypatch.setenv("PATH", f"{installed_binaries()}{os.pathsep}{os.environ['PATH']}")
    seal_document(
        data=b"%PDF-1.7 minutes", title="Minutes of May", kind="minutes", object_type="meetings.minutes", object_id="1",
        compartment="open", practice_id=cast.practice.pk,
    )  # fmt: skip
    given = {VARIABLES[login]: house.urls[login] for login in LOGINS}
    given |= {
        "PATH": os.environ["PATH"],
        "DEMONSTRATION": "1",
        "FILE_STORE": str(store.default_storage.path("")),
    }
    installation = Installation(tmp_path / "original", given=given)
    installation.manage("checkpointer", "--once", logins=("checkpointer",))
    return installation


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Installation]:
    """An installation without data, on a cluster of its own."""
    var = tmp_path / "elsewhere"
    var.mkdir()
    installation = Installation(var, given={"PATH": os.environ["PATH"]})
    installation.cluster = Cluster(var / "postgresql", durable=False)
    with installation.database():
        yield installation
    installation.cluster.destroy()


def test_the_restored_installation_verifies_and_works(
    original: Installation, elsewhere: Installation, tmp_path: Path, settings: object
) -> None:
    assert elsewhere.cluster
    # `restore` itself runs `check_database` and `verify_ledger`, and refuses what does not pass.
    restore(elsewhere, back_up(original, tmp_path / "backups"))
    stored = [path.read_bytes() for path in elsewhere.file_store.rglob("*") if path.is_file()]
    assert stored == [b"%PDF-1.7 minutes"]
    point_to(elsewhere.cluster.urls())
    there = recall()
    open_site(actor=there.director, practice=there.practice, name="Hemet", city="Hemet", opened_on=date(2026, 1, 5))
    assert Site.objects.filter(name="Hemet").count() == 1
    elsewhere.manage("checkpointer", "--once", "--new-key", logins=("checkpointer",))
    elsewhere.manage("verify_ledger", logins=("reader",))


def test_a_backup_of_a_changed_document_does_not_pass(
    original: Installation, elsewhere: Installation, tmp_path: Path
) -> None:
    [stored] = [path for path in original.file_store.rglob("*") if path.is_file()]
    stored.chmod(0o600)
    stored.write_bytes(b"%PDF-1.7 other minutes")
    with pytest.raises(InstallationError, match="verify_ledger ended with 1"):
        restore(elsewhere, back_up(original, tmp_path / "backups"))
