"""Stored files are on the disk before whoever stored them goes on, and only the installation reads them."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from audit.services.keys import write_whole
from audit.storage import DurableFiles


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What is brought to the disk, in order."""
    paths: list[Path] = []
    sync = os.fsync

    def note(opened: int) -> None:
        paths.append(Path(os.readlink(f"/proc/self/fd/{opened}")))
        sync(opened)

    monkeypatch.setattr(os, "fsync", note)
    return paths


def test_a_file_and_each_folder_to_it_are_on_the_disk(tmp_path: Path, synced: list[Path]) -> None:
    store = DurableFiles(location=tmp_path)
    kept = store.save("sha256/ab/cd/file", ContentFile(b"minutes"))
    path = tmp_path / kept
    assert synced == [path, *list(path.parents)[:4]]
    assert path.parents[3] == tmp_path
    assert path.read_bytes() == b"minutes"


def test_nobody_but_owner_and_group_reads_a_file(tmp_path: Path) -> None:
    store = DurableFiles(location=tmp_path)
    path = tmp_path / store.save("sha256/ab/cd/file", ContentFile(b"minutes"))
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.parent.stat().st_mode & 0o777 == 0o750


def test_a_note_is_on_the_disk_under_its_name(tmp_path: Path, synced: list[Path]) -> None:
    write_whole(tmp_path / "12.txt", "note")
    assert synced == [tmp_path / "12.txt.partial", tmp_path]
