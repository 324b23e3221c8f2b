"""The pack verifier, run as its reader runs it: a script on its own, without the project."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

import audit
from audit import verify_pack
from audit.ledger import merkle
from audit.ledger.canonical import canonical, commitment
from audit.ledger.note import Checkpoint, Signer, sign

SCRIPT = Path(audit.__file__).with_name("verify_pack.py")
ORIGIN = "ledger.example/practice/1"
SIGNER = Signer.from_private_key(Ed25519PrivateKey.from_private_bytes(bytes(range(32))), name=ORIGIN)
FORGER = Signer.from_private_key(Ed25519PrivateKey.from_private_bytes(bytes(32)), name=ORIGIN)
MINUTES = b"%PDF-1.7 minutes of 3 March"
MINUTES_HASH = hashlib.sha256(MINUTES).hexdigest()
WITHHELD_ENTRY = 6


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
        leaves = self.leaves()
        entries = [
            leaf.hex() if index == WITHHELD_ENTRY else canonical(header)
            for index, (header, leaf) in enumerate(zip(self.headers, leaves, strict=True))
        ]
        return with_manifest(
            {
                "entries.ndjson": lines(entries),
                "leaves.bin": b"".join(leaves),
                "parts.ndjson": ndjson(self.parts),
                "checkpoint.txt": self.checkpoint(len(self.headers)).encode(),
                "keys.txt": f"{self.signer.key}\n".encode(),
                **self.others,
            },
            self.documents,
        )


def lines(texts: list[str]) -> bytes:
    return "".join(f"{text}\n" for text in texts).encode()


def ndjson(records: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def with_manifest(files: dict[str, bytes], documents: list[dict[str, Any]]) -> dict[str, bytes]:
    """The files with a manifest that fits them, as a careful forger would write it."""
    unlisted = {"manifest.json", *verify_pack.SEALED_FILES}
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name not in unlisted}
    manifest = {
        "format": verify_pack.FORMAT,
        "origin": ORIGIN,
        "practice": "Riverside Cardiology, P.C.",
        "period": ["2026-01-01", "2026-06-30"],
        "files": hashes,
        "documents": documents,
    }
    return {**files, "manifest.json": json.dumps(manifest).encode()}


@pytest.fixture
def pack() -> Pack:
    pack = Pack()
    for index in range(11):
        act = f"00000000-0000-4000-8000-{index:012d}"
        salt = bytes([index]) * 32
        body = canonical({"reason": f"Motion {index} carried. Grüße \u2028 {{", "sha256": MINUTES_HASH})
        commits = {"body": commitment(salt, body).hex()}
        if index == 4:
            commits["patient"] = commitment(salt, "scrubbed").hex()
            pack.parts.append({"act": act, "name": "patient", "withheld": "patient data, 45 CFR 164"})
        pack.headers.append(
            {
                "v": 1,
                "log": ORIGIN,
                "index": index,
                "id": act,
                "at": f"2026-03-03T10:00:{index:02d}.000000Z",
                "occurred": f"2026-03-03T10:00:{index:02d}.000000Z",
                "verb": "motion.carry",
                "actor": "p-1",
                "office": "Medical Director",
                "grant": None,
                "right": "clinical.protocol",
                "object": f"motion/{index}",
                "request": "r-1",
                "outcome": "ok",
                "via": "web",
                "parts": commits,
            }
        )
        if index != WITHHELD_ENTRY:
            pack.parts.append({"act": act, "name": "body", "salt": salt.hex(), "body": body})
    pack.others["documents/minutes.pdf"] = MINUTES
    pack.documents.append({"title": "Minutes", "sha256": MINUTES_HASH, "file": "documents/minutes.pdf"})
    return pack


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


def write_pdf(files: dict[str, bytes], place: Path) -> Path:
    (place / "pack.pdf").write_bytes(pdf_bytes(files, pikepdf.ObjectStreamMode.generate))
    return place / "pack.pdf"


WRITERS = [write_folder, write_zip, write_pdf]


def run(path: Path, *options: str, isolated: bool = False) -> tuple[int, str]:
    """Exit code and output of the script; `isolated` leaves it the standard library alone."""
    flags = ["-I", "-S"] if isolated else ["-I"]
    done = subprocess.run(
        [sys.executable, *flags, "-X", "utf8", str(SCRIPT), str(path), *options],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def judge(files: dict[str, bytes], **options: Any) -> verify_pack.Report:
    return verify_pack.check(files, **options)


def damage(files: dict[str, bytes], **options: Any) -> str:
    return "\n".join(judge(files, **options).damage)


@pytest.mark.parametrize(("name", "code"), [("", 0), ("parts.ndjson", 1), ("manifest.json", 2)])
def test_a_reader_who_closes_the_pipe_leaves_the_verdict(pack: Pack, tmp_path: Path, name: str, code: int) -> None:
    path = write_folder(pack.files(), tmp_path)
    if name:
        (path / name).unlink()
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-I", str(SCRIPT), str(path)], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.parametrize("write", WRITERS)
def test_intact(pack: Pack, tmp_path: Path, write: Callable[[dict[str, bytes], Path], Path]) -> None:
    path = write(pack.files(), tmp_path)
    code, text = run(path, "--key", str(SIGNER.key))
    assert code == 0, text
    assert text.startswith("INTACT: nothing was changed after sealing.\n")
    assert "All 11 entries are as the checkpoint sealed them" in text
    assert "entries 0 to 10; 1 withheld, their place proven" in text
    assert "10 texts are disclosed, 1 are withheld with a reason" in text
    assert "Document 'Minutes' is recorded in entry" in text
    assert "What was never entered into the ledger" in text
    assert "stole the signing key" in text

    code, text = run(path, isolated=True)
    assert code == 0, text
    assert text.startswith("INTACT, BUT SIGNATURE NOT CHECKED.\n")
    assert "install the Python package 'cryptography'" in text


LISTED = "{}: the file is not the one the manifest lists"


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("entries.ndjson", "entry 4: the header was changed after it was sealed"),
        ("leaves.bin", "leaves.bin: changed at entry 5; the entries themselves were not"),
        *(
            (name, LISTED.format(name))
            for name in ("parts.ndjson", "checkpoint.txt", "keys.txt", "documents/minutes.pdf")
        ),
    ],
)
def test_a_changed_or_missing_file_is_named(
    pack: Pack, tmp_path: Path, name: str, message: str, write: Callable[[dict[str, bytes], Path], Path]
) -> None:
    files = pack.files()
    middle = len(files[name]) // 2
    changed = files[name][:middle] + bytes([files[name][middle] ^ 1]) + files[name][middle + 1 :]
    code, text = run(write({**files, name: changed}, tmp_path), isolated=True)
    assert code == 1, text
    assert text.startswith("TAMPERED")
    assert message in text
    place = tmp_path / "missing"
    place.mkdir()
    rest = {key: data for key, data in files.items() if key != name}
    code, text = run(write(rest, place), isolated=True)
    assert code == 1, text
    sealed = name in verify_pack.SEALED_FILES
    assert f"{name}: {'every pack holds' if sealed else 'the manifest lists'} this file, but it is missing" in text


def test_changed_header_is_found_by_its_leaf_and_the_others_hold(pack: Pack, tmp_path: Path) -> None:
    files = pack.files()
    files["entries.ndjson"] = files["entries.ndjson"].replace(b"motion/3", b"motion/9")
    code, text = run(write_zip(files, tmp_path))
    assert code == 1
    assert "entry 3: the header was changed after it was sealed" in text
    assert "10 of 11 entries are as the checkpoint sealed them" in text


def test_changed_header_with_its_leaf_breaks_the_root(pack: Pack) -> None:
    note = pack.checkpoint(11)
    old = pack.checkpoint(3)
    pack.headers[3]["object"] = "motion/9"
    files = pack.files()
    files["checkpoint.txt"] = note.encode()
    files = with_manifest(files, pack.documents)
    report = judge(files)
    assert "entries 0 to 10: their root differs" in "\n".join(report.damage)
    assert report.holds == []
    report = judge(files, against=old)
    assert "Entries 0 to 2 are those of the checkpoint you kept." in report.holds


def test_rewritten_and_signed_again_is_found_by_a_kept_checkpoint_or_key(pack: Pack, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(pack.checkpoint(5), "utf-8")
    pack.headers[3]["object"] = "motion/9"
    path = write_folder(pack.files(), tmp_path)
    assert run(path)[0] == 0  # the signing key was used: this pack alone cannot show it
    code, text = run(path, "--against", str(kept))
    assert code == 1
    assert "entries 0 to 4: they are not those of the checkpoint you kept: history was rewritten" in text
    assert run(path, "--against", str(kept), isolated=True)[0] == 1

    pack.signer = FORGER
    path = write_zip(pack.files(), tmp_path)
    assert run(path)[0] == 0
    code, text = run(path, "--key", str(SIGNER.key))
    assert code == 1
    assert "checkpoint.txt: none of the keys made its signature" in text
    assert "keys.txt: it does not hold the key you trust" in text
    assert "All 11 entries" not in text
    code, text = run(path, "--against", str(kept))
    assert code == 1
    assert "the checkpoint you kept: none of the keys made its signature" in text


def test_false_signature(pack: Pack) -> None:
    pack.signer = Signer(key=SIGNER.key, sign=FORGER.sign)
    report = judge(pack.files())
    assert report.damage == [f"checkpoint.txt: the signature of {ORIGIN} is false"]
    assert not any("All 11" in line for line in report.holds)


def edit_lines(files: dict[str, bytes], name: str, edit: Callable[[list[dict[str, Any]]], object]) -> None:
    records = [json.loads(line) for line in files[name].decode().removesuffix("\n").split("\n")]
    edit(records)
    files[name] = ndjson(records)


@pytest.mark.parametrize(
    ("edit", "message", "proven"),
    [
        (lambda e: e.pop(5), "entry 5: missing (entry 6 follows)", "10 of"),
        (lambda e: e.__delitem__(slice(2, 5)), "entries 2 to 4: missing (entry 5 follows)", "8 of"),
        (lambda e: e.__delitem__(slice(9, 11)), "entries 9 to 10: missing; the checkpoint covers 11", "9 of"),
        (lambda e: e.append("00" * 32), "entry 11: added; the checkpoint covers", "All"),
        (lambda e: e.insert(4, e[3]), "entry 3: out of order or given twice", "All"),
        (lambda e: e.insert(3, e.pop(7)), "entries 3 to 6: missing (entry 7 follows)", "All"),
        (lambda e: e.__setitem__(3, e[3] + " "), "entry 3: the header is not as the ledger", "10 of"),
        (lambda e: e.__setitem__(3, e[3] + " "), "entry 3: the header was changed after it was sealed", "10 of"),
        (lambda e: e.__setitem__(3, "{"), "entry 3: the header was changed after it was sealed", "10 of"),
        (lambda e: e.__setitem__(6, "00" * 32), "entry 6: the header was changed after it was sealed", "10 of"),
        (lambda e: e.__setitem__(3, ""), "line 4 is unreadable: it has neither header nor leaf", "10 of"),
        (lambda e: e.__setitem__(6, "00"), "line 7 is unreadable: it has neither header nor leaf", "10 of"),
    ],
)
def test_damaged_entries(pack: Pack, edit: Any, message: str, proven: str) -> None:
    """What is left is told by its leaf, so it stays proven."""
    files = pack.files()
    entries = files["entries.ndjson"].decode().splitlines()
    edit(entries)
    report = judge({**files, "entries.ndjson": lines(entries)})
    assert message in "\n".join(report.damage)
    assert any(line.startswith(f"{proven} 11 entries are as the checkpoint sealed them") for line in report.holds)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda leaves: leaves[:-32], "leaves.bin: changed at entry 10; the entries themselves were not"),
        (lambda leaves: leaves[32:64] + leaves[32:], "leaves.bin: changed at entry 0; the entries themselves were not"),
        (lambda leaves: leaves + b"x", "leaves.bin: cut or damaged: 1 bytes remain after the last hash"),
        (lambda leaves: b"", "leaves.bin: changed at entry 0; the entries themselves were not"),
    ],
)
def test_damaged_leaves(pack: Pack, change: Callable[[bytes], bytes], message: str) -> None:
    """The entries alone still give the checkpoint's root, and so hold."""
    files = pack.files()
    report = judge({**files, "leaves.bin": change(files["leaves.bin"])})
    assert report.damage == [message]
    assert any(line.startswith("All 11 entries are as") for line in report.holds)


@pytest.mark.parametrize("drop", [slice(4, 5), slice(9, 11)])
def test_entries_left_out_together_with_their_leaves(pack: Pack, drop: slice) -> None:
    files = pack.files()
    entries = files["entries.ndjson"].decode().splitlines()
    leaves = [files["leaves.bin"][at : at + 32] for at in range(0, 11 * 32, 32)]
    del entries[drop], leaves[drop]
    report = judge({**files, "entries.ndjson": lines(entries), "leaves.bin": b"".join(leaves)})
    assert "missing" in report.damage[0]
    assert report.damage[0].startswith("entry 4" if drop.start == 4 else "entries 9 to 10")
    assert not report.holds


def first_body(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return next(part for part in parts if part["name"] == "body" and part["act"].endswith("4"))


def move_into_salt(parts: list[dict[str, Any]]) -> None:
    part = first_body(parts)
    part["salt"] += part["body"][:5].encode().hex()
    part["body"] = part["body"][5:]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda p: first_body(p).update(body="{}"), "entry 4, part 'body': the text or its salt was changed"),
        (lambda p: first_body(p).update(salt="00" * 32), "entry 4, part 'body': the text or its salt was"),
        (move_into_salt, "entry 4, part 'body': the text or its salt was changed"),
        (lambda p: p.remove(first_body(p)), "entry 4, part 'body': missing, and no reason is given"),
        (lambda p: p.append(first_body(p)), "entry 4, part 'body': given twice"),
        (lambda p: first_body(p).update(withheld="why"), "entry 4, part 'body': withheld without a reason"),
        (
            lambda p: first_body(p).update(name="x"),
            "entry 4, part 'x': added; no readable entry names it",
        ),
        (lambda p: first_body(p).update(salt="zz"), "is unreadable"),
        (lambda p: first_body(p).update(body=5), "is unreadable"),
    ],
)
def test_damaged_parts(pack: Pack, edit: Any, message: str) -> None:
    files = pack.files()
    edit_lines(files, "parts.ndjson", edit)
    report = judge(with_manifest(files, pack.documents))
    assert message in "\n".join(report.damage)
    assert any(line.startswith("All 11 entries are as") for line in report.holds)


def test_withheld_reason_must_be_given(pack: Pack) -> None:
    pack.parts[4]["withheld"] = " "
    assert "entry 4, part 'patient': withheld without a reason" in damage(pack.files())


def test_replaced_document(pack: Pack) -> None:
    pack.others["documents/minutes.pdf"] = b"forged"
    assert "document 'Minutes': documents/minutes.pdf is not the file" in damage(pack.files())
    pack.documents[0]["sha256"] = hashlib.sha256(b"forged").hexdigest()
    report = judge(pack.files())
    assert not report.damage
    assert "NOT RECORDED: no proven entry in this pack names the hash of document 'Minutes'." in report.remarks
    assert not any("Minutes" in line for line in report.covered)


def test_clock_stepping_back_is_remarked(pack: Pack) -> None:
    pack.headers[7]["at"] = "2026-03-03T09:00:00.000000Z"
    report = judge(pack.files())
    assert not report.damage
    assert report.remarks == [
        "entry 7: clock stepped back, from 2026-03-03T10:00:05.000000Z to 2026-03-03T09:00:00.000000Z."
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"at": "yesterday"}, "entry 7: the header is not as the ledger writes it: its id or time"),
        ({"index": 8}, "entry 7: the header is not as the ledger writes it: it was sealed as entry 8"),
        ({"log": "elsewhere"}, "the entries belong to different logs"),
        ({"id": "00000000-0000-4000-8000-000000000002"}, "entry 7: it carries the act of entry 2"),
        ({"parts": []}, "its parts are malformed"),
    ],
)
def test_headers_the_ledger_would_not_write(pack: Pack, change: dict[str, Any], message: str) -> None:
    pack.headers[7].update(change)
    assert message in damage(pack.files())


@pytest.mark.parametrize("text", ['{"a":1,"a":1}', '{"a":1.5}', '{"a":9007199254740992}', '{"é":1}', "[]", '{"a":NaN}'])
def test_header_profile_is_enforced(text: str) -> None:
    with pytest.raises(ValueError, match=r"twice|integer|ASCII|object"):
        verify_pack.load_json(text, exact=True)


def test_manifest_of_another_log(pack: Pack) -> None:
    files = pack.files()
    files["manifest.json"] = files["manifest.json"].replace(ORIGIN.encode(), b"ledger.example/other")
    assert f"its origin is ledger.example/other, the log's is {ORIGIN}" in damage(files)


def test_manifest_must_list_the_data(pack: Pack) -> None:
    files = pack.files()
    manifest = json.loads(files["manifest.json"])
    del manifest["files"]["parts.ndjson"]
    report = judge({**files, "manifest.json": json.dumps(manifest).encode(), "stray.txt": b""})
    assert report.damage == ["parts.ndjson: the manifest does not list this file"]
    assert "stray.txt is not listed in the manifest; nothing is said about it." in report.remarks


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("manifest.json", None, "manifest.json is missing"),
        ("manifest.json", b"{", "manifest.json cannot be read"),
        ("manifest.json", b'{"format":"other/1"}', "the format is 'other/1'"),
        ("manifest.json", b'{"format":"brightline-pack/1"}', "this script knows only 'brightline-pack/2'"),
        ("checkpoint.txt", b"hello", "checkpoint.txt: not three lines"),
        ("checkpoint.txt", b"o\n011\nAA==\n\n\xe2\x80\x94 a AA==\n", "without leading zeros"),
        ("keys.txt", b"name+key", "keys.txt: a key must be written name+id+base64"),
        ("keys.txt", b"\xff", "keys.txt is not UTF-8 text"),
        ("entries.ndjson", None, "entries.ndjson is missing"),
    ],
)
def test_unusable(pack: Pack, tmp_path: Path, name: str, data: bytes | None, message: str) -> None:
    files = {key: value for key, value in pack.files().items() if key != name}
    if data is not None:
        files[name] = data
    if name != "manifest.json":
        files = with_manifest(files, pack.documents)
    if name == "entries.ndjson":
        manifest = json.loads(files["manifest.json"])
        manifest["files"][name] = "00"
        files["manifest.json"] = json.dumps(manifest).encode()
    code, text = run(write_folder(files, tmp_path), isolated=True)
    assert message in text or "lists this file, but it is missing" in text
    assert (code, text.split(":")[0]) == ((1, "TAMPERED") if name == "entries.ndjson" else (2, "UNUSABLE"))


def test_files_that_are_no_pack(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert run(path)[0] == 2
    for data, message in (
        (b"hello", "neither a PDF, a zip file nor a folder"),
        (b"PK\x03\x04 broken", "the zip file is damaged"),
        (b"%PDF-1.7\n1 0 obj << /A [ (x \n 2 0 obj", "no embedded files"),
        (pdf_bytes({}, pikepdf.ObjectStreamMode.generate), "no embedded files"),
        (
            pdf_bytes(
                pack.files(),
                pikepdf.ObjectStreamMode.generate,
                encryption=pikepdf.Encryption(owner="a", user="b"),
            ),
            "the PDF is encrypted",
        ),
    ):
        path.write_bytes(data)
        code, text = run(path, isolated=True)
        assert (code, text.startswith("UNUSABLE: ")) == (2, True)
        assert message in text


def test_options_that_cannot_be_used(pack: Pack, tmp_path: Path) -> None:
    path = write_zip(pack.files(), tmp_path)
    for options, message in (
        (["--key", "nonsense"], "--key: a key must be written"),
        (["--against", str(tmp_path / "none")], "cannot be read"),
        (["--against", str(path)], "--against"),
    ):
        code, text = run(path, *options)
        assert code == 2
        assert message in text
    code, text = run(path, "--key", str(SIGNER.key), isolated=True)
    assert code == 2
    assert "signatures cannot be checked without the package 'cryptography'" in text


def test_newer_checkpoint_is_not_compared(pack: Pack) -> None:
    newer = pack.checkpoint(11)
    pack.headers.pop()
    pack.parts.pop()
    report = judge(pack.files(), against=newer)
    assert not report.damage
    assert "NOT COMPARED: the checkpoint you kept covers 11 entries, this pack 10." in report.remarks


def test_folder_in_folder(pack: Pack, tmp_path: Path) -> None:
    files = {f"pack 2026/{name}": data for name, data in pack.files().items()}
    assert run(write_zip({**files, "__MACOSX/x": b""}, tmp_path))[0] == 0


@pytest.mark.parametrize(
    "options",
    [
        {"mode": pikepdf.ObjectStreamMode.generate},
        {"mode": pikepdf.ObjectStreamMode.disable},
        {"mode": pikepdf.ObjectStreamMode.disable, "compress_streams": False},
        {"mode": pikepdf.ObjectStreamMode.generate, "linearize": True},
    ],
)
def test_every_form_of_pdf_gives_the_same_files(options: dict[str, Any]) -> None:
    files = {f"file {number}.txt": bytes([number]) * number for number in range(1, 80)}
    files["trap"] = b"1 0 obj\nendstream endobj trailer << /Root 1 0 R >>\n"
    files["Grüße (1) \\ €.txt"] = b"\n"
    assert verify_pack.Pdf(pdf_bytes(files, **options)).embedded_files() == files


def test_pdf_changed_by_an_added_revision(pack: Pack) -> None:
    """A signature is appended as a new revision; so may be a replaced attachment, which then counts."""
    data = pdf_bytes(pack.files(), pikepdf.ObjectStreamMode.generate)
    writer = IncrementalPdfFileWriter(io.BytesIO(data))
    names = writer.root["/Names"]["/EmbeddedFiles"]["/Names"]
    position = [str(name) for name in list(names)[::2]].index("entries.ndjson")
    reference = names[2 * position + 1]["/EF"].raw_get("/F")
    stream = reference.get_object()
    stream._data, stream._encoded_data = b"forged", None
    writer.mark_update(reference)
    out = io.BytesIO()
    writer.write(out)
    found = verify_pack.Pdf(out.getvalue()).embedded_files()
    assert found == {**pack.files(), "entries.ndjson": b"forged"}
