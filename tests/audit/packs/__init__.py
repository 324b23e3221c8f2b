"""Packs for tests of the verifier: a small synthetic one, and a real one that an earlier Brightline made."""

import hashlib
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pikepdf
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit.ledger import merkle
from audit.ledger.canonical import canonical, commitment
from audit.ledger.note import Checkpoint, Signer, sign
from audit.verifier.base import Report, Unusable
from audit.verifier.bundle import one_file
from audit.verifier.files import Files
from audit.verifier.formats import FORMAT, SEALED_FILES
from audit.verifier.judge import check
from audit.verifier.verdict import judge as judge_path
from audit.verifier.verdict import tell

OLD_PACK = Path(__file__).with_name("format-2.pdf")
"""A pack of January to November 2026, made before the verifier knew three headlines; it is signed (PAdES)."""
ORIGIN = "ledger.example/practice/1"
SIGNER = Signer.from_private_key(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), name=ORIGIN)
FORGER = Signer.from_private_key(Ed25519PrivateKey.from_private_bytes(bytes(32)), name=ORIGIN)
MINUTES = b"%PDF-1.7 minutes of 3 March"
MINUTES_HASH = hashlib.sha256(MINUTES).hexdigest()
TITLE = "Minutes of March"


class Held(Files):
    """A pack in memory."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        super().__init__(list(files))

    def open(self, name: str) -> Iterator[bytes]:
        yield self.files[name]


@dataclass
class Pack:
    """The files of a pack, with what is needed to build them again after a change."""

    signer: Signer = SIGNER
    headers: list[dict[str, Any]] = field(default_factory=list)
    parts: list[dict[str, Any]] = field(default_factory=list)
    documents: list[dict[str, Any]] = field(default_factory=list)
    others: dict[str, bytes] = field(default_factory=dict)

    def leaves(self) -> list[bytes]:
        return [merkle.leaf_hash(canonical(header).encode()) for header in self.headers]

    def checkpoint(self, size: int) -> str:
        root = merkle.root(self.leaves()[:size])
        return sign(Checkpoint(origin=ORIGIN, size=size, root=root).text(), [self.signer])

    def files(self) -> dict[str, bytes]:
        return with_manifest(
            {
                "entries.ndjson": lines([canonical(header) for header in self.headers]),
                "leaves.bin": b"".join(self.leaves()),
                "parts.ndjson": ndjson(self.parts),
                "checkpoint.txt": self.checkpoint(len(self.headers)).encode(),
                "keys.txt": f"{self.signer.key}\n".encode(),
                **self.others,
            },
            self.documents,
        )

    def add(self, verb: str, bodies: dict[str, str], **fields: Any) -> None:
        """One more entry with these texts."""
        index = len(self.headers)
        act, salt = f"00000000-0000-4000-8000-{index:012d}", bytes([index]) * 32
        at = f"2026-03-03T10:00:{index:02d}.000000Z"
        self.headers.append(
            {
                "v": 1, "log": ORIGIN, "index": index, "id": act, "at": at, "occurred": at, "verb": verb,
                "actor": "p-1",
                "office": "medical_director", "right": "DR-04", "object": {"type": "motion", "id": str(index)},
                "request": "r-1", "outcome": "done", "via": "web",
                "parts": {name: commitment(salt, body).hex() for name, body in bodies.items()}, **fields,
            }
        )  # fmt: skip
        self.parts += [{"act": act, "name": name, "salt": salt.hex(), "body": bodies[name]} for name in sorted(bodies)]


def sealed_row(**changes: Any) -> str:
    """The row by which the ledger records a document."""
    row = {
        "id": 7, "kind": "minutes", "title": TITLE, "sha256": MINUTES_HASH, "object_type": "meetings.minutes",
        "object_id": "MIN-2026-03", "compartment": "open", "replaces_id": None,
    }  # fmt: skip
    return json.dumps({**row, **changes})


def synthetic() -> Pack:
    """Eleven entries; the meeting of March is opened in entry 8, and its minutes are sealed in entry 9."""
    pack = Pack()
    for index in range(8):
        pack.add("motion.carry", {"body": canonical({"reason": f"Motion {index} carried. Grüße \u2028 {{"})})
    pack.add("meeting.opened", {"facts": "{}"}, object={"type": "meetings.meeting", "id": "2026-03"})
    pack.add(
        "document.sealed", {"row/audit_document/7": sealed_row()},
        object={"type": "meetings.minutes", "id": "MIN-2026-03"}, capacity="system",
    )  # fmt: skip
    pack.add("motion.carry", {"body": "{}"})
    pack.others["documents/minutes.pdf"] = MINUTES
    pack.documents.append({"title": TITLE, "sha256": MINUTES_HASH, "file": "documents/minutes.pdf"})
    return pack


def lines(texts: list[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def ndjson(records: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def with_manifest(files: dict[str, bytes], documents: list[dict[str, Any]], **changes: Any) -> dict[str, bytes]:
    """The files with a manifest that fits them, as a careful forger would write it."""
    unlisted = {"manifest.json", *SEALED_FILES}
    manifest = {
        "format": FORMAT, "origin": ORIGIN, "practice": "Riverside Cardiology, P.C.",
        "period": ["2026-01-01", "2026-06-30"],
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name not in unlisted},
        "documents": documents, **changes,
    }  # fmt: skip
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def listed_again(files: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    """The files of a real pack with the hashes in its manifest made to fit, as a careful forger would."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"] = {
        name: hashlib.sha256(data).hexdigest()
        for name, data in files.items()
        if name not in {"manifest.json", *SEALED_FILES}
    }
    return {**files, "manifest.json": json.dumps({**manifest, **changes}).encode()}


@cache
def _old_files() -> dict[str, bytes]:
    with pikepdf.open(OLD_PACK) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


def old_files() -> dict[str, bytes]:
    """What the real pack carries, as `pdfdetach -saveall` gives it."""
    return dict(_old_files())


def write_folder(files: dict[str, bytes], place: Path) -> Path:
    for name, data in files.items():
        (place / "pack" / name).parent.mkdir(parents=True, exist_ok=True)
        (place / "pack" / name).write_bytes(data)
    return place / "pack"


def write_zip(files: dict[str, bytes], place: Path) -> Path:
    with zipfile.ZipFile(place / "pack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return place / "pack.zip"


def pdf_bytes(files: dict[str, bytes], mode: pikepdf.ObjectStreamMode, **options: Any) -> bytes:
    pdf, out = pikepdf.new(), io.BytesIO()
    pdf.add_blank_page()
    for name, data in files.items():
        pdf.attachments[name] = data
    pdf.save(out, object_stream_mode=mode, **options)
    return out.getvalue()


@cache
def script() -> Path:
    """verify_pack.py, as every pack carries it."""
    path = Path(mkdtemp(prefix="verify-pack-")) / "verify_pack.py"
    path.write_text(one_file(), "utf-8")
    return path


def run(path: Path, *options: str, isolated: bool = False, limit: float = 120) -> tuple[int, str]:
    """Exit code and output of the script; `isolated` leaves it the standard library alone.

    It must say nothing on stderr, and end within so many seconds.
    """
    flags = ["-I", "-S"] if isolated else ["-I"]
    done = subprocess.run(
        [sys.executable, *flags, "-X", "utf8", str(script()), str(path), *options],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=limit,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def headline(said: str) -> str:
    """The first word of the line that gives the result."""
    words = ("VERIFIED", "CONSISTENT", "DAMAGED", "UNUSABLE")
    return next(line.split(":")[0] for line in said.splitlines() if line.startswith(words))


def judge(files: dict[str, bytes], **options: Any) -> Report:
    return check(Held(files), **options)


def damage(files: dict[str, bytes], **options: Any) -> str:
    return "\n".join(judge(files, **options).damage)


def answer(path: Path, key: str | None = None, against: Path | None = None) -> tuple[int, str]:
    """Exit code and output for a pack, in this process and without the net under it: whatever it raises is a fault."""
    report, unusable, said = Report(), "", io.StringIO()
    try:
        report = judge_path(path, key, against, False, report)
    except Unusable as error:
        unusable = str(error)
    with redirect_stdout(said):
        code = tell(report, unusable)
    return code, said.getvalue()
