"""Large packs are judged block by block on every core: the same verdict, and nothing damaged passes this way."""

import hashlib
import json
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from audit.ledger import merkle
from audit.ledger.canonical import canonical, commitment
from audit.ledger.note import Checkpoint, sign
from audit.verifier import large
from audit.verifier.bundle import one_file
from audit.verifier.judge import check
from tests.audit.packs import MINUTES, MINUTES_HASH, ORIGIN, SIGNER, TITLE, Held, lines, ndjson, run, with_manifest
from tests.audit.packs import sealed_row as row
from tests.audit.packs import write_folder as folder

COUNT = 67
SEALED = 5
"""The entry that seals the minutes."""
BATCHES = {3, 20, 66}
"""The entries that seal a batch of the access log; they have no texts."""


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large, "LARGE", 0)
    monkeypatch.setattr(large, "BLOCK", 4096)
    monkeypatch.setattr(large, "BATCH", 1024)
    monkeypatch.setattr(large, "SUBTREE", 8)


def headers() -> list[str]:
    return [
        canonical(
            {
                "v": 1, "log": ORIGIN, "index": index, "id": str(UUID(int=index)),
                "at": f"2026-03-03T{10 + index // 60}:{index % 60:02d}:00.000000Z",
                "verb": "site.renamed", "actor": str(UUID(int=7)), "office": "medical_director", "side": "PC",
                "right": "DR-21", "outcome": "done", "capacity": "decides", "via": "web", "request": "r",
                "object": {"type": "governance.site", "id": "1"},
                "parts": {name(index): commitment(salt(index), body(index)).hex()},
            }
        )
        if index not in BATCHES
        else canonical(
            {
                "v": 1, "log": ORIGIN, "index": index, "id": str(UUID(int=index)), "practice": str(UUID(int=3)),
                "at": f"2026-03-03T{10 + index // 60}:{index % 60:02d}:00.000000Z", "verb": "access.sealed",
                "capacity": "system", "via": "checkpointer", "parts": {},
                "access": {"count": index, "first": 1, "last": 10 * index, "root": MINUTES_HASH[::-1]},
            }
        )
        for index in range(COUNT)
    ]  # fmt: skip


def salt(index: int) -> bytes:
    return bytes([index]) * 32


def body(index: int) -> str:
    return row() if index == SEALED else canonical({"reason": f"Grüße {index}"})


def name(index: int) -> str:
    return "row/audit_document/7" if index == SEALED else "facts"


def checkpoint(size: int) -> str:
    root = merkle.root([merkle.leaf_hash(header.encode()) for header in headers()[:size]])
    return sign(Checkpoint(origin=ORIGIN, size=size, root=root).text(), [SIGNER])


def sealed(made: list[str]) -> dict[str, bytes]:
    return {"entries.ndjson": lines(made), "leaves.bin": b"".join(merkle.leaf_hash(one.encode()) for one in made)}


@pytest.fixture
def files() -> dict[str, bytes]:
    parts = [
        {"act": str(UUID(int=index)), "name": name(index), "salt": salt(index).hex(), "body": body(index)}
        for index in range(COUNT)
        if index not in BATCHES
    ]
    given = {
        **sealed(headers()),
        "parts.ndjson": ndjson(parts),
        "checkpoint.txt": checkpoint(COUNT).encode(),
        "keys.txt": f"{SIGNER.key}\n".encode(),
        "documents/minutes.pdf": MINUTES,
    }
    return with_manifest(given, [{"title": TITLE, "sha256": MINUTES_HASH, "file": "documents/minutes.pdf"}])


def zipped(files: dict[str, bytes], place: Path) -> Path:
    with zipfile.ZipFile(place / "pack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(f"pack/{name}", data)
    return place / "pack.zip"


@pytest.fixture(autouse=True)
def _deaf_to_the_signal() -> Iterator[None]:
    """A program that uses the script may handle SIGTERM itself, as the worker does: the pool ends all the same."""
    kept = signal.signal(signal.SIGTERM, lambda *_: None)
    yield
    signal.signal(signal.SIGTERM, kept)


@pytest.mark.parametrize("write", [folder, zipped])
def test_the_same_report(files: dict[str, bytes], tmp_path: Path, write: Callable[..., Path]) -> None:
    found = large.open_large(write(files, tmp_path))
    assert found is not None
    for key, against in ((None, None), (str(SIGNER.key), checkpoint(30))):
        quick, full = large.check_large(found, key, against), check(Held(files), key, against)
        assert quick is not None
        assert vars(quick) == vars(full)


def test_a_small_pack_and_a_pdf_are_read_whole(
    files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder(files, tmp_path)
    assert large.open_large(path / "documents" / "minutes.pdf") is None
    monkeypatch.setattr(large, "LARGE", 1 << 20)
    assert large.open_large(path) is None


Change = tuple[str, bytes, bytes]
CHANGES: dict[str, Change] = {
    "header": ("entries.ndjson", b"DR-21", b"DR-22"),
    "leaf": ("leaves.bin", merkle.leaf_hash(headers()[9].encode()), merkle.leaf_hash(headers()[8].encode())),
    "leaf too many": ("leaves.bin", b"", bytes(32)),
    "quotation mark with a backslash": ("entries.ndjson", b'"verb"', b'\\"verb"'),
    "another order of keys": ("entries.ndjson", b'"v":1,', b""),
    "number with a zero before it": ("entries.ndjson", b'"count":20', b'"count":020'),
    "access batch without its root": ("entries.ndjson", b'"root"', b'"boot"'),
    "control character": ("entries.ndjson", b"medical_director", b"medical\tdirector"),
    "line break in a header": ("entries.ndjson", b"medical_director", b"medical\ndirector"),
    "carriage return": ("entries.ndjson", b"}\n", b"}\r\n"),
    "letter beyond ASCII": ("entries.ndjson", b"medical_director", "médical_director".encode()),
    "blank line": ("entries.ndjson", b"}\n", b"}\n\n"),
    "two entries in one line": ("entries.ndjson", b'"via":"web"}\n', b'"via":"web"}'),
    "time that is none": ("entries.ndjson", b"2026-03-03T10:05", b"2026-03-03T1a:05"),
    "withheld entry": ("entries.ndjson", headers()[9].encode(), merkle.leaf_hash(headers()[9].encode()).hex().encode()),
    "text": ("parts.ndjson", "Grüße 7".encode(), "Grüße 8".encode()),
    "salt": ("parts.ndjson", b'"salt": "0707', b'"salt": "0708'),
    "name of a part": ("parts.ndjson", b'"name": "facts"', b'"name": "other"'),
    "withheld": ("parts.ndjson", b'"salt": "', b'"withheld": "patient data", "salt": "'),
    "checkpoint": ("checkpoint.txt", b"67", b"66"),
    "document": ("documents/minutes.pdf", b"minutes", b"forgery"),
    "key": ("keys.txt", b"ledger", b"lodger"),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("listed", [True, False])
def test_whatever_is_changed_is_left_to_the_full_check(
    change: str, listed: bool, files: dict[str, bytes], tmp_path: Path
) -> None:
    name, old, new = CHANGES[change]
    assert old in files[name]
    documents = json.loads(files["manifest.json"])["documents"]
    files[name] = files[name].replace(old, new, 1)
    if listed:
        files = with_manifest(files, documents)
    found = large.open_large(folder(files, tmp_path))
    assert found is not None
    assert large.check_large(found) is None


FORMS: dict[str, tuple[str, str]] = {
    "control character": ("medical_director", "medical\tdirector"),
    "line break": ("medical_director", "medical\ndirector"),
    "number with a zero before it": ('"count":20', '"count":020'),
    "key that no header has": ('"verb"', '"verbs"'),
    "order of keys": ('"v":1,"verb":"site.renamed","via":"web"', '"v":1,"via":"web","verb":"site.renamed"'),
    "request given twice": ('"request":"r"', '"request":"r","request":"r"'),
    "quotation mark in a value": ('"request":"r"', '"request":"""'),
    "time that is none": ("2026-03-03T10:09", "2026-03-03T1a:09"),
    "other log": (ORIGIN, "another.example/1"),
    "other number": ('"index":9', '"index":8'),
    "repeated act": (str(UUID(int=9)), str(UUID(int=8))),
    "part given twice": ('"parts":{"facts"', '"parts":{"facts":"' + "0" * 64 + '","facts"'),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_header_sealed_in_another_form_is_left_to_the_full_check(
    form: str, files: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leaf, root and signature fit, for the log itself was made with such a header."""
    old, new = FORMS[form]
    made = headers()
    place = next(index for index in (9, 20) if old in made[index])
    made[place] = made[place].replace(old, new, 1)
    leaves = [merkle.leaf_hash(header.encode()) for header in made]
    note = sign(Checkpoint(origin=ORIGIN, size=COUNT, root=merkle.root(leaves)).text(), [SIGNER])
    documents = json.loads(files["manifest.json"])["documents"]
    given = with_manifest({**files, **sealed(made), "checkpoint.txt": note.encode()}, documents)
    found = large.open_large(folder(given, tmp_path))
    assert found is not None
    assert large.check_large(found) is None
    assert check(Held(given)).damage


@pytest.mark.parametrize("name", ["entries.ndjson", "parts.ndjson"])
@pytest.mark.parametrize("way", ["first", "middle", "last", "twice", "swapped"])
def test_lines_left_out_repeated_or_in_another_order(
    name: str, way: str, files: dict[str, bytes], tmp_path: Path
) -> None:
    given = files[name].splitlines(keepends=True)
    changed = {
        "first": given[1:], "middle": given[:9] + given[10:], "last": given[:-1], "twice": [*given[:9], *given[8:]],
        "swapped": [*given[:8], given[9], given[8], *given[10:]],
    }[way]  # fmt: skip
    files = with_manifest({**files, name: b"".join(changed)}, json.loads(files["manifest.json"])["documents"])
    found = large.open_large(folder(files, tmp_path))
    assert found is not None
    assert large.check_large(found) is None
    # Texts in another order than their entries are still all there.
    assert bool(check(Held(files)).damage) is not (name == "parts.ndjson" and way == "swapped")


def test_a_kept_checkpoint_of_another_history(files: dict[str, bytes], tmp_path: Path) -> None:
    found = large.open_large(folder(files, tmp_path))
    assert found is not None
    other = sign(Checkpoint(origin=ORIGIN, size=30, root=hashlib.sha256(b"other").digest()).text(), [SIGNER])
    assert large.check_large(found, against=other) is None


def test_nothing_is_imported_from_the_folder_of_the_pack(files: dict[str, bytes], tmp_path: Path) -> None:
    path = folder(files, tmp_path)
    (path / "selectors.py").write_text("raise SystemExit('imported')")
    (path / "verify_pack.py").write_bytes(one_file().encode())
    done = subprocess.run(
        [sys.executable, "verify_pack.py", "."], cwd=path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 3, done.stdout + done.stderr
    assert run(path, isolated=True)[0] == 3
