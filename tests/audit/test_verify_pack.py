"""The pack verifier, run as its reader runs it: a script on its own, without the project."""

import ast
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from audit.ledger.note import Signer
from audit.verifier import bundle
from audit.verifier.formats import SEALED_FILES, load_json
from audit.verifier.lists import binding
from audit.verifier.pdf import Pdf
from tests.audit.packs import (
    FORGER,
    ORIGIN,
    SIGNER,
    Pack,
    damage,
    headline,
    judge,
    lines,
    ndjson,
    pdf_bytes,
    run,
    script,
    sealed_row,
    synthetic,
    with_manifest,
    write_folder,
    write_zip,
)


@pytest.fixture
def pack() -> Pack:
    return synthetic()


WRITERS = [write_folder, write_zip]


@pytest.mark.parametrize(("name", "code"), [("", 3), ("parts.ndjson", 1), ("manifest.json", 2)])
def test_a_reader_who_closes_the_pipe_leaves_the_verdict(pack: Pack, tmp_path: Path, name: str, code: int) -> None:
    path = write_folder(pack.files(), tmp_path)
    if name:
        (path / name).unlink()
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-I", str(script()), str(path)], stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (code, b"")


@pytest.mark.parametrize("write", WRITERS)
def test_a_pack_of_format_2_is_consistent_at_best(
    pack: Pack, tmp_path: Path, write: Callable[[dict[str, bytes], Path], Path]
) -> None:
    path = write(pack.files(), tmp_path)
    code, text = run(path, "--key", str(SIGNER.key))
    assert (code, headline(text)) == (3, "CONSISTENT"), text
    assert "lists not bound to the ledger" in text
    assert "came in the same file" not in text
    assert text.startswith("What this check does not show:\n")
    assert "All 11 entries are as the checkpoint sealed them" in text
    assert "Document 'Minutes of March' was sealed in entry 9." in text
    assert "Recorded from March 3, 2026, 10:00 a.m. UTC to March 3, 2026, 10:00 a.m. UTC" in text

    code, text = run(path, isolated=True)
    assert (code, headline(text)) == (3, "CONSISTENT"), text
    assert "the key that signed it came in the same file; signatures were not checked" in text
    assert "install it and run this again" in text


def bound(pack: Pack) -> dict[str, bytes]:
    """The pack in the form whose manifest the ledger names."""
    draft = json.loads(with_manifest(pack.files(), pack.documents, format="brightline-pack/3")["manifest.json"])
    pack.add("pack.bound", {"facts": json.dumps({"reason": binding(draft)})}, capacity="system")
    return with_manifest(pack.files(), pack.documents, format="brightline-pack/3")


def test_a_bound_pack_is_verified_by_a_key_or_checkpoint_of_ones_own(pack: Pack, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(pack.checkpoint(5), "utf-8")
    path = write_folder(bound(pack), tmp_path)
    for options in (["--key", str(SIGNER.key)], ["--against", str(kept)]):
        code, text = run(path, *options)
        assert (code, headline(text)) == (0, "VERIFIED"), text
        assert run(path, *options, isolated=True)[0] == 3
    assert run(path)[0] == 3
    (path / "beside.txt").write_text("Counsel certifies")
    code, text = run(path, "--key", str(SIGNER.key))
    assert (code, headline(text)) == (3, "CONSISTENT")
    assert "files that the manifest does not list: beside.txt" in text


def test_a_bound_manifest_cannot_be_changed(pack: Pack) -> None:
    pack.others["decisions.csv"] = b"code,by\r\nD-1,Elena Marsh\r\n"
    files = bound(pack)
    assert not judge(files).damage
    forged = {**files, "decisions.csv": b"code,by\r\nD-1,Dana Cole\r\n"}
    told = damage(with_manifest(forged, pack.documents, format="brightline-pack/3"))
    assert "manifest.json: no entry of the ledger binds it" in told
    told = damage(with_manifest(files, pack.documents, format="brightline-pack/3", period=["2026-01-01", "2026-02-01"]))
    assert "manifest.json: no entry of the ledger binds it" in told


def test_a_kept_checkpoint_does_not_vouch_for_a_key_that_did_not_sign_it(pack: Pack, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text(pack.checkpoint(5), "utf-8")
    pack.add("motion.carry", {"body": '{"reason":"Never moved"}'})
    pack.signer = FORGER
    files = pack.files()
    files["keys.txt"] += f"{SIGNER.key}\n".encode()
    path = write_folder(with_manifest(files, pack.documents), tmp_path)
    code, text = run(path, "--against", str(kept))
    assert code == 1, text
    assert "checkpoint.txt: none of the keys made its signature" in text


def test_the_script_is_one_file_that_python_3_9_reads() -> None:
    ast.parse(bundle.one_file(), feature_version=(3, 9))
    assert "audit.verifier" not in bundle.one_file()


LISTED = "{}: the file is not the one the manifest lists"


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("entries.ndjson", "entry 5: the header was changed after it was sealed"),
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
    assert headline(text) == "DAMAGED"
    assert message in text
    place = tmp_path / "missing"
    place.mkdir()
    rest = {key: data for key, data in files.items() if key != name}
    code, text = run(write(rest, place), isolated=True)
    assert code == 1, text
    sealed = name in SEALED_FILES
    assert f"{name}: {'every pack holds' if sealed else 'the manifest lists'} this file, but it is missing" in text


def test_changed_header_is_found_by_its_leaf_and_the_others_hold(pack: Pack, tmp_path: Path) -> None:
    files = pack.files()
    files["entries.ndjson"] = files["entries.ndjson"].replace(b'"id":"3","type"', b'"id":"9","type"')
    code, text = run(write_zip(files, tmp_path))
    assert code == 1
    assert "entry 3: the header was changed after it was sealed" in text
    assert "10 of 11 entries are as the checkpoint sealed them" in text


def test_changed_header_with_its_leaf_breaks_the_root(pack: Pack) -> None:
    note = pack.checkpoint(11)
    old = pack.checkpoint(3)
    pack.headers[3]["object"] = {"type": "motion", "id": "9"}
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
    pack.headers[3]["object"] = {"type": "motion", "id": "9"}
    path = write_folder(pack.files(), tmp_path)
    assert run(path)[0] == 3  # the signing key was used: this pack alone cannot show it
    code, text = run(path, "--against", str(kept))
    assert code == 1
    assert "entries 0 to 4: they are not those of the checkpoint you kept: history was rewritten" in text
    assert run(path, "--against", str(kept), isolated=True)[0] == 1

    pack.signer = FORGER
    path = write_zip(pack.files(), tmp_path)
    assert run(path)[0] == 3
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
        (lambda e: e.__setitem__(3, ""), "line 4 is unreadable: it is no header", "10 of"),
        (lambda e: e.__setitem__(6, "00"), "line 7 is unreadable: it is no header", "10 of"),
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
    withhold(pack, " ")
    assert "entry 4, part 'body': withheld without a reason" in damage(pack.files())


def test_replaced_document(pack: Pack) -> None:
    pack.others["documents/minutes.pdf"] = b"forged"
    assert "document 'Minutes of March': documents/minutes.pdf is not the file" in damage(pack.files())
    pack.documents[0]["sha256"] = hashlib.sha256(b"forged").hexdigest()
    told = damage(pack.files())
    assert "document 'Minutes of March': the pack says that it was sealed, and no entry of the ledger did" in told


def test_a_text_that_names_a_hash_seals_no_document(pack: Pack) -> None:
    """Whoever may write a reason could otherwise seal minutes of their own."""
    forged = hashlib.sha256(b"forged").hexdigest()
    pack.add("item.proposed", {"facts": json.dumps({"reason": f"See {forged}"})})
    pack.others["more.pdf"] = b"forged"
    pack.documents.append({"title": "More", "sha256": forged, "file": "more.pdf"})
    assert "document 'More': the pack says that it was sealed, and no entry of the ledger did" in damage(pack.files())


def test_a_document_under_another_title(pack: Pack) -> None:
    pack.documents[0]["title"] = "Minutes of April"
    told = damage(pack.files())
    assert "documents/minutes.pdf: titled 'Minutes of April', and entry 9 sealed it as 'Minutes of March'" in told


def test_sealed_minutes_of_the_period_are_there(pack: Pack) -> None:
    pack.documents, pack.others = [], {}
    told = damage(pack.files())
    assert told == "document 'Minutes of March': missing, and entry 9 sealed it in the period"
    outside = with_manifest(pack.files(), [], period=["2026-04-01", "2026-06-30"])
    assert not judge(outside).damage
    replaced = sealed_row(id=8, title="Minutes of March, redacted", replaces_id=7)
    pack.add("document.sealed", {"row/audit_document/8": replaced}, capacity="system")
    assert "'Minutes of March, redacted': missing" in damage(pack.files())
    assert "'Minutes of March':" not in damage(pack.files())


def refusing(pack: Pack, rows: str) -> dict[str, bytes]:
    """A pack in which one attempt was refused, in entry 11, with this list of refusals."""
    pack.add("decision.recorded", {"refusal": "{}"}, outcome="refused", right="DR-04", side="MSO")
    pack.others["refusals.csv"] = f"entry,right,side\r\n{rows}".encode()
    return pack.files()


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("11,DR-04,MSO\r\n", ""),
        ("", "entries 11 refused attempts, and the list leaves them out"),
        ("11,DR-05,MSO\r\n", "entry 11 was refused for another right or side"),
        ("11,DR-04,MSO\r\n3,DR-04,MSO\r\n", "entry 3 refused no attempt"),
        ("eleven,DR-04,MSO\r\n", "it is not as a pack lists refused attempts"),
    ],
)
def test_the_list_of_refusals_is_that_of_the_ledger(pack: Pack, rows: str, message: str) -> None:
    told = damage(refusing(pack, rows))
    assert told == (f"refusals.csv: {message}" if message else "")


def test_the_list_of_refusals_cannot_be_left_out(pack: Pack) -> None:
    refusing(pack, "")
    del pack.others["refusals.csv"]
    assert damage(pack.files()) == "refusals.csv: missing, and entries 11 refused attempts in the period"


def withhold(pack: Pack, words: str, act: int = 4) -> None:
    part = next(one for one in pack.parts if one["act"].endswith(f"{act:02d}"))
    for name in ("salt", "body"):
        part.pop(name, None)
    part["withheld"] = words


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("a matter of opinion", "withheld for a reason that no pack knows: 'a matter of opinion'"),
        ("attorney-client", "withheld for a reason that no pack knows"),
        ("attorney-client, not open to who asked", "is no reason to withhold this text"),
        ("a closed compartment, which goes into a file of its own alone", "is no reason to withhold this text"),
        ("outside the period asked for", "withheld as outside the period, and it lies within"),
    ],
)
def test_a_text_is_withheld_for_a_reason_of_the_vocabulary_that_may_hide_it(
    pack: Pack, words: str, message: str
) -> None:
    withhold(pack, words)
    assert f"entry 4, part 'body': {message}" in damage(pack.files()) or message in damage(pack.files())


def test_reasons_are_counted_with_who_may_withhold(pack: Pack, tmp_path: Path) -> None:
    pack.headers[4]["occurred"] = "2025-02-03T10:00:00.000000Z"
    withhold(pack, "outside the period asked for")
    pack.add("closed_record.signed", {"row/meetings_stay/1": "{}"})
    withhold(pack, "a closed compartment, which goes into a file of its own alone", 11)
    code, text = run(write_folder(pack.files(), tmp_path))
    assert code == 3, text
    assert "withheld: 1, outside the period asked for (by Brightline, for the days asked for)" in text
    assert "withheld: 1, a closed compartment, which goes into a file of its own alone (by Brightline" in text
    assert "The 2 texts that are withheld" in text


def left_out(pack: Pack, **changes: Any) -> dict[str, bytes]:
    """The pack with the hash of entry 6 in place of its header, and without its texts."""
    files = pack.files()
    entries = files["entries.ndjson"].decode().splitlines()
    entries[6] = pack.leaves()[6].hex()
    parts = [part for part in pack.parts if part["act"] != pack.headers[6]["id"]]
    files.update({"entries.ndjson": lines(entries), "parts.ndjson": ndjson(parts)})
    return with_manifest(files, pack.documents, **changes)


def test_a_header_is_left_out_only_where_the_pack_counts_it(pack: Pack) -> None:
    """Its leaf keeps the order proven; that nothing proves why it is missing is said in the headline."""
    assert damage(left_out(pack)) == "entry 6: its header is left out, and the pack does not say so"
    assert "counts 3 entries" in damage(with_manifest(pack.files(), pack.documents, withheld={"entries": 3}))
    report = judge(left_out(pack, withheld={"entries": 1}))
    assert not report.damage
    assert "1 entry left out whole" in report.unverified()
    assert sum(report.withheld.values()) == 1


@pytest.mark.parametrize("name", ["entries.ndjson", "parts.ndjson", "checkpoint.txt", "keys.txt", "manifest.json"])
def test_converted_line_ends_are_told_in_one_line(pack: Pack, name: str) -> None:
    files = pack.files()
    if name == "manifest.json":
        files[name] = json.dumps(json.loads(files[name]), indent=1).encode()
    files[name] = files[name].replace(b"\n", b"\r\n")
    report = judge(files)
    assert report.damage == [f"{name}: its line ends were converted to those of Windows (CR LF); unpack the pack again"]


def test_clock_stepping_back_is_remarked(pack: Pack) -> None:
    pack.headers[7]["at"] = "2026-03-03T09:00:00.000000Z"
    report = judge(pack.files())
    assert not report.damage
    assert report.remarks == [
        "entry 7: clock stepped back, from 2026-03-03T10:00:06.000000Z to 2026-03-03T09:00:00.000000Z."
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
        load_json(text, exact=True)


def test_manifest_of_another_log(pack: Pack) -> None:
    files = pack.files()
    files["manifest.json"] = files["manifest.json"].replace(ORIGIN.encode(), b"ledger.example/other")
    assert f"its origin is 'ledger.example/other', the log's is '{ORIGIN}'" in damage(files)


def test_manifest_must_list_the_data(pack: Pack) -> None:
    files = pack.files()
    manifest = json.loads(files["manifest.json"])
    del manifest["files"]["parts.ndjson"]
    report = judge({**files, "manifest.json": json.dumps(manifest).encode(), "stray.txt": b""})
    assert report.damage == ["parts.ndjson: the manifest does not list this file"]
    assert report.unlisted == ["stray.txt"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("manifest.json", None, "manifest.json is missing"),
        ("manifest.json", b"{", "manifest.json cannot be read"),
        ("manifest.json", b'{"format":"other/1"}', "the format is 'other/1'"),
        (
            "manifest.json",
            b'{"format":"brightline-pack/1"}',
            "knows only 'brightline-pack/2' and",
        ),
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
    assert (code, headline(text)) == ((1, "DAMAGED") if name == "entries.ndjson" else (2, "UNUSABLE"))


def test_files_that_are_no_pack(pack: Pack, tmp_path: Path) -> None:
    path = tmp_path / "x"
    assert run(path)[0] == 2
    for data, message in (
        (b"hello", "neither a PDF, a zip file nor a folder"),
        (b"PK\x03\x04 broken", "the zip file is damaged"),
        (b"%PDF-1.7\n1 0 obj << /A [ (x \n 2 0 obj", "the PDF is cut short"),
        (b"x%PDF-1.7\n", "something stands before the PDF's beginning"),
        (pdf_bytes({}, pikepdf.ObjectStreamMode.generate), "no attached files"),
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


def test_newer_checkpoint_is_not_compared(pack: Pack) -> None:
    newer = pack.checkpoint(11)
    pack.headers.pop()
    pack.parts.pop()
    report = judge(pack.files(), against=newer)
    assert not report.damage
    assert "NOT COMPARED: the checkpoint you kept covers 11 entries, this pack 10." in report.remarks


def test_folder_in_folder(pack: Pack, tmp_path: Path) -> None:
    files = {f"pack 2026/{name}": data for name, data in pack.files().items()}
    assert run(write_zip({**files, "__MACOSX/x": b""}, tmp_path))[0] == 3


@pytest.mark.parametrize(
    "options",
    [
        {"mode": pikepdf.ObjectStreamMode.generate},
        {"mode": pikepdf.ObjectStreamMode.disable},
        {"mode": pikepdf.ObjectStreamMode.disable, "compress_streams": False},
        {"mode": pikepdf.ObjectStreamMode.generate, "linearize": True},
    ],
)
def test_every_form_of_pdf_gives_the_same_files(options: dict[str, Any], tmp_path: Path) -> None:
    files = {f"file {number}.txt": bytes([number]) * number for number in range(1, 80)}
    files["trap"] = b"1 0 obj\nendstream endobj trailer << /Root 1 0 R >>\n"
    files["Grüße (1) \\ €.txt"] = b"\n"
    path = tmp_path / "pack.pdf"
    path.write_bytes(pdf_bytes(files, **options))
    pdf = Pdf(path)
    assert {name: pdf.read(name, 1 << 20) for name in pdf.names} == files
    assert pdf.odd == []
