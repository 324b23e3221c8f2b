"""What was done to a real pack, and what the verifier must say of it: headline, exit code, and the part it names."""

import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from audit.ledger import merkle
from audit.ledger.note import Checkpoint, Signer, sign
from audit.verifier.judge import MOST_ENTRIES
from audit.verifier.pdf import Pdf, Stream
from tests.audit.packs import (
    OLD_PACK,
    answer,
    headline,
    listed_again,
    old_files,
    run,
    script,
    synthetic,
    write_folder,
    write_zip,
)

CODES = {"VERIFIED": 0, "DAMAGED": 1, "UNUSABLE": 2, "CONSISTENT": 3}
Files = dict[str, bytes]
Change = Callable[[Files], Files]


def expect(path: Path, word: str, part: str, **options: Any) -> None:
    code, said = answer(path, **options)
    assert (headline(said), code) == (word, CODES[word]), said
    assert part in said


# A folder as `pdfdetach -saveall` gives it


def lines(name: str, edit: Callable[[list[bytes]], object], again: bool = False) -> Change:
    """Edit the lines of a file; `again` makes the manifest fit."""

    def change(files: Files) -> Files:
        given = files[name].splitlines()
        edit(given)
        files = {**files, name: b"".join(line + b"\n" for line in given)}
        return listed_again(files) if again else files

    return change


def swap(name: str, old: bytes, new: bytes, again: bool = True, most: int = -1) -> Change:
    def change(files: Files) -> Files:
        assert old in files[name]
        files = {**files, name: files[name].replace(old, new, most)}
        return listed_again(files) if again else files

    return change


def manifest(edit: Callable[[dict[str, Any]], object]) -> Change:
    def change(files: Files) -> Files:
        told = json.loads(files["manifest.json"])
        edit(told)
        return {**files, "manifest.json": json.dumps(told).encode()}

    return change


def refused(files: Files) -> int:
    """The number of the first entry that refused an attempt within the period."""
    rows = (json.loads(line) for line in files["entries.ndjson"].splitlines())
    return next(row["index"] for row in rows if row["outcome"] == "refused" and row["occurred"] > "2026-01-15")


def refusal_left_out(files: Files, parts_too: bool = True) -> Files:
    """The header of a refusal replaced by its hash."""
    number = refused(files)
    entries = files["entries.ndjson"].splitlines()
    act = json.loads(entries[number])["id"].encode()
    entries[number] = hashlib.sha256(b"\x00" + entries[number]).hexdigest().encode()
    kept = [line for line in files["parts.ndjson"].splitlines() if not parts_too or act not in line]
    return listed_again(
        {**files, "entries.ndjson": b"\n".join(entries) + b"\n", "parts.ndjson": b"\n".join(kept) + b"\n"}
    )


def words_withheld(reason: str) -> Change:
    def change(files: Files) -> Files:
        act = json.loads(files["entries.ndjson"].splitlines()[refused(files)])["id"]
        parts = [json.loads(line) for line in files["parts.ndjson"].splitlines()]
        for part in parts:
            if part["act"] == act and part["name"] == "refusal":
                del part["salt"], part["body"]
                part["withheld"] = reason
        return listed_again({**files, "parts.ndjson": b"".join(json.dumps(part).encode() + b"\n" for part in parts)})

    return change


def minutes_of(files: Files) -> list[dict[str, Any]]:
    documents: list[dict[str, Any]] = json.loads(files["manifest.json"])["documents"]
    return documents


def minutes_swapped(files: Files) -> Files:
    one, two = (document["file"] for document in minutes_of(files)[:2])
    return {**files, one: files[two], two: files[one]}


def titles_swapped(told: dict[str, Any]) -> None:
    one, two = told["documents"][:2]
    one["title"], two["title"] = two["title"], one["title"]


def minutes_altered(files: Files) -> Files:
    documents = minutes_of(files)
    name = documents[0]["file"]
    forged = files[name] + b"\n% altered"
    documents[0]["sha256"] = hashlib.sha256(forged).hexdigest()
    return listed_again({**files, name: forged}, documents=documents)


def minutes_removed(files: Files) -> Files:
    documents = minutes_of(files)
    gone = documents.pop(1)
    files = {name: data for name, data in files.items() if name != gone["file"]}
    rows = files["meetings.csv"].splitlines(keepends=True)
    files["meetings.csv"] = b"".join(row for row in rows if b"2026-02" not in row)
    return listed_again(files, documents=documents)


def own_key(cut: int = 0, keep_keys: bool = False) -> Change:
    """The log rewritten, or its tail cut, and signed with a key of the forger's."""

    def change(files: Files) -> Files:
        entries = files["entries.ndjson"].splitlines()
        entries = entries[: len(entries) - cut] if cut else entries
        leaves = [merkle.leaf_hash(line) for line in entries]
        told = json.loads(files["manifest.json"])
        signer = Signer.from_private_key(Ed25519PrivateKey.from_private_bytes(bytes(32)), name="brightline.localhost")
        note = sign(Checkpoint(origin=told["origin"], size=len(entries), root=merkle.root(leaves)).text(), [signer])
        acts = {json.loads(line)["id"].encode() for line in entries}
        kept = [line for line in files["parts.ndjson"].splitlines() if line[9:45] in acts]
        documents = [] if cut else told["documents"]
        files = {
            **files, "entries.ndjson": b"\n".join(entries) + b"\n", "leaves.bin": b"".join(leaves),
            "checkpoint.txt": note.encode(), "parts.ndjson": b"\n".join(kept) + b"\n",
        }  # fmt: skip
        if not keep_keys:
            files["keys.txt"] = f"{signer.key}\n".encode()
        return listed_again(files, documents=documents)

    return change


def add(name: str, data: bytes) -> Change:
    return lambda files: {**files, name: data}


def deep(files: Files) -> Files:
    return {**files, "manifest.json": b'{"a":' * 200_000 + b"1" + b"}" * 200_000}


HEADER = lambda old, new: swap("entries.ndjson", old, new, most=1)  # noqa: E731

TAMPERINGS: dict[str, tuple[Change, str, str]] = {
    "0 untouched": (lambda files: files, "CONSISTENT", "lists not bound to the ledger"),
    "2 deciding physician replaced": (
        swap("decisions.csv", b"Elena Marsh", b"Dana Cole"), "CONSISTENT", "Practice and period and 33 lists and files",
    ),
    "3 refusals changed": (
        swap("refusals.csv", b"cheaper", b"dearer", again=False), "DAMAGED", "refusals.csv: the file",
    ),
    "4 refusals emptied": (
        lines("refusals.csv", lambda rows: rows.__delitem__(slice(1, None)), again=True), "DAMAGED",
        "refusals.csv: entries",
    ),
    "5 two minutes swapped": (minutes_swapped, "DAMAGED", "minutes-9cf49ed59925.pdf: the file is not the one"),
    "6 titles swapped": (manifest(titles_swapped), "DAMAGED", "minutes-9cf49ed59925.pdf: titled 'Minutes of"),
    "7 minutes altered with both hashes": (minutes_altered, "DAMAGED", "and no entry of the ledger did"),
    "8 minutes removed with their lines": (minutes_removed, "DAMAGED", "Friday, 27 February 2026': missing, and entry"),
    "9 entries swapped": (
        lines("entries.ndjson", lambda rows: rows.insert(4, rows.pop(9))), "DAMAGED", "entries 4 to 8: missing",
    ),
    "10 entry doubled": (
        lines("entries.ndjson", lambda rows: rows.insert(4, rows[3])), "DAMAGED", "entry 3: out of order",
    ),
    "11 entry removed": (lines("entries.ndjson", lambda rows: rows.pop(5)), "DAMAGED", "entry 5: missing"),
    "12 header replaced by its hash": (
        lambda files: refusal_left_out(files, parts_too=False), "DAMAGED", "its header is left out, and the pack does",
    ),
    "13 the same with its parts": (refusal_left_out, "DAMAGED", "its header is left out, and the pack does"),
    "14 a refusal's words withheld": (words_withheld("attorney-client"), "DAMAGED", "for a reason that no pack knows"),
    "14 the same in the words of a pack": (
        words_withheld("attorney-client, not open to who asked"), "DAMAGED", "is no reason to withhold this text",
    ),
    "14 the same as outside the period": (
        words_withheld("outside the period asked for"), "DAMAGED", "withheld as outside the period, and it lies within",
    ),
    "15 other form of a time": (HEADER(b'000Z","capacity', b'000+00:00","capacity'), "DAMAGED", "entry "),
    "16 letter that looks alike": (HEADER(b"governance", "gоvernance".encode()),
                                   "DAMAGED", "was changed after it was sealed"),
    "17 line ends of the data": (
        swap("entries.ndjson", b"\n", b"\r\n", again=False), "DAMAGED", "entries.ndjson: its line ends were converted",
    ),
    "18 line ends of the checkpoint": (
        swap("checkpoint.txt", b"\n", b"\r\n", again=False), "DAMAGED", "checkpoint.txt: its line ends were converted",
    ),
    "19 log a list": (
        lambda files: own_key()(HEADER(b'"log":"brightline.localhost/practice/', b'"log":[],"mog":"')(files)),
        "DAMAGED", "side is malformed",
    ),
    "20 parts a text": (
        lambda files: own_key()(HEADER(b'"parts":{', b'"parts":"","partz":{')(files)),
        "DAMAGED", "its parts are malformed",
    ),
    "21 file a list": (
        manifest(lambda told: told["documents"][0].update(file=[])), "DAMAGED", "is not the file with the stated hash",
    ),
    "22 file a dict": (
        manifest(lambda told: told["documents"][0].update(file={})), "DAMAGED", "is not the file with the stated hash",
    ),
    "23 documents malformed": (manifest(lambda told: told.update(documents=[5, None])), "DAMAGED", "a record of"),
    "24 documents a dict": (manifest(lambda told: told.update(documents={})), "DAMAGED", "'documents' is malformed"),
    "24 dropped a text": (manifest(lambda told: told.update(dropped="x")), "DAMAGED", "'dropped' is malformed"),
    "25 integer of 20 digits": (HEADER(b'"index":7,', b'"index":77777777777777777777,'), "DAMAGED", "entry 7"),
    "26 nested deeply": (deep, "UNUSABLE", "manifest.json cannot be read: nested too deeply"),
    "28 wrong types in parts": (
        lines("parts.ndjson", lambda rows: rows.__setitem__(3, b'{"act":[],"name":5,"salt":7,"body":{}}'), again=True),
        "DAMAGED", "parts.ndjson: line 4 is unreadable",
    ),
    "29 space in a header": (HEADER(b'"via":"command"', b'"via": "command"'), "DAMAGED", "was changed after it"),
    "30 size beyond all": (
        swap("checkpoint.txt", b"\n515\n", b"\n9999999999999999999\n"), "DAMAGED", "entries.ndjson: more entries than",
    ),
    "31 size of one more": (swap("checkpoint.txt", b"\n515\n", b"\n516\n"), "DAMAGED", "checkpoint.txt: the signature"),
    "34 an extra file": (add("README.txt", b"Counsel certifies"), "CONSISTENT", "FILES NOBODY VOUCHES FOR"),
    "35 a file renamed": (
        lambda files: {name.replace("9cf49ed59925", "9c"): data for name, data in files.items()},
        "DAMAGED", "minutes-9cf49ed59925.pdf: the manifest lists this file, but it is missing",
    ),
    "36 key with a letter that looks alike": (
        swap("keys.txt", b"brightline", "brіghtline".encode()), "UNUSABLE", "keys.txt: the key of",
    ),
    "40 log signed with an own key": (own_key(), "CONSISTENT", "the key that signed it came in the same file"),
    "43 own key, keys left": (own_key(keep_keys=True), "DAMAGED", "none of the keys made its signature"),
    "44 tail cut and signed": (own_key(cut=9), "CONSISTENT", "the key that signed it came in the same file"),
    "period malformed": (manifest(lambda told: told.update(period=[1, 2])), "DAMAGED", "its period is malformed"),
    "files a list": (manifest(lambda told: told.update(files=[])), "UNUSABLE", "'files' is missing or malformed"),
    "format a list": (manifest(lambda told: told.update(format=[])), "UNUSABLE", "the format is"),
}  # fmt: skip


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_folder(tampering: str, tmp_path: Path) -> None:
    change, word, part = TAMPERINGS[tampering]
    expect(write_folder(change(old_files()), tmp_path), word, part)


@pytest.mark.parametrize("cut", [0, 9])
def test_a_log_of_another_key_is_told_by_a_key_or_checkpoint_of_ones_own(cut: int, tmp_path: Path) -> None:
    """Rows 41, 42, 45."""
    files = old_files()
    kept = tmp_path / "kept.txt"
    kept.write_bytes(files["checkpoint.txt"])
    path = write_folder(own_key(cut=cut)(files), tmp_path)
    key = files["keys.txt"].decode().strip()
    expect(path, "DAMAGED", "checkpoint.txt: none of the keys made its signature", key=key)
    expect(path, "DAMAGED", "so pack and checkpoint do not belong together", against=kept)


def test_links_and_folders_in_place_of_files(tmp_path: Path) -> None:
    """Rows 32, 33, 87, 88."""
    path = write_folder(old_files(), tmp_path)
    (path / "loop").symlink_to(path)
    (path / "keys.txt").unlink()
    (path / "keys.txt").symlink_to("/etc/hostname")
    expect(path, "DAMAGED", "keys.txt: not an ordinary file")
    (path / "keys.txt").unlink()
    (path / "keys.txt").mkdir()
    os.mkfifo(path / "pipe")
    expect(path, "DAMAGED", "pipe: not an ordinary file")


@pytest.mark.parametrize(
    ("make", "part"),
    [
        (lambda path: path.write_bytes(b""), "neither a PDF, a zip file nor a folder"),
        (lambda path: path.mkdir(), "manifest.json is missing"),
        (lambda path: None, "cannot be read: No such file"),
        (os.mkfifo, "neither a file nor a folder"),
        (lambda path: path.symlink_to("/dev/zero"), "neither a file nor a folder"),
    ],
)
def test_what_is_no_pack(make: Callable[[Path], object], part: str, tmp_path: Path) -> None:
    """Rows 82 to 86."""
    make(tmp_path / "pack")
    expect(tmp_path / "pack", "UNUSABLE", part)
    code, said = run(tmp_path / "pack", limit=20)
    assert (code, headline(said)) == (2, "UNUSABLE")


# The PDF


def saved_anew(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        forge_page(pdf)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def forge_page(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].contents_add(b"BT /F1 12 Tf 72 72 Td (No attempt was refused) Tj ET")


def updated(edit: Callable[[IncrementalPdfFileWriter], None]) -> Callable[[bytes], bytes]:
    def change(data: bytes) -> bytes:
        writer, out = IncrementalPdfFileWriter(io.BytesIO(data)), io.BytesIO()
        edit(writer)
        writer.write(out)
        return out.getvalue()

    return change


def replace(name: str, content: bytes) -> Callable[[IncrementalPdfFileWriter], None]:
    def edit(writer: IncrementalPdfFileWriter) -> None:
        pending = [writer.root["/Names"].raw_get("/EmbeddedFiles")]
        while pending:
            node = pending.pop()
            node = node.get_object() if hasattr(node, "get_object") else node
            pending += list(node.get("/Kids", []))
            names = list(node.get("/Names", []))
            for key, given in zip(names[::2], names[1::2], strict=True):
                spec = given.get_object() if hasattr(given, "get_object") else given
                if str(key) == name:
                    reference = spec["/EF"].raw_get("/F")
                    stream = reference.get_object()
                    stream._data, stream._encoded_data = content, None
                    writer.mark_update(reference)

    return edit


def page_added(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Title"] = writer.root["/Type"]
    writer.update_root()


def both_replaced(writer: IncrementalPdfFileWriter) -> None:
    files = listed_again({**old_files(), "refusals.csv": b"entry,right,side\r\n"})
    replace("refusals.csv", files["refusals.csv"])(writer)
    replace("manifest.json", files["manifest.json"])(writer)


def contents(data: bytes) -> tuple[int, int]:
    """Where the signature's hexadecimal digits begin and end."""
    start = data.rindex(b"/Contents <") + len(b"/Contents <")
    return start, data.index(b">", start)


def bit_of_signature(data: bytes) -> bytes:
    start, _ = contents(data)
    raw = bytes.fromhex(data[start : data.index(b">", start)].decode())
    length = int.from_bytes(raw[2:4], "big") + 4  # the DER value that the padding follows
    at = start + 2 * (length - 1)
    return data[:at] + (b"0" if data[at : at + 1] != b"0" else b"1") + data[at + 1 :]


def without_signature(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        del pdf.Root.AcroForm
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def cut_at(part: float) -> Callable[[bytes], bytes]:
    return lambda data: data[: int(len(data) * part)]


def two_contents(data: bytes) -> bytes:
    """An attachment replaced, and the original objects put back where no table lists them (row 58)."""
    changed = updated(replace("refusals.csv", b"entry,right,side\r\n"))(data)
    end = changed.rindex(b"startxref")
    return changed[:end] + b"99999 0 obj\n<<>>\nendobj\n" + changed[end:]


PDFS: dict[str, tuple[Callable[[bytes], bytes], str, str]] = {
    "50 untouched": (lambda data: data, "CONSISTENT", "The PDF is, byte for byte, as it was signed"),
    "51 cut to 90 percent": (cut_at(0.9), "UNUSABLE", "the PDF is cut short"),
    "52 cut to half": (cut_at(0.5), "UNUSABLE", "the PDF is cut short"),
    "53 page changed, saved anew": (saved_anew, "DAMAGED", "the PDF: "),
    "54 signature removed": (without_signature, "DAMAGED", "its signature was removed"),
    "54 one bit of it flipped": (bit_of_signature, "DAMAGED", "the PDF: its signature is false"),
    "55 changed by an update": (updated(page_added), "DAMAGED", "bytes were added after it was signed"),
    "56 refusals replaced by an update": (
        updated(replace("refusals.csv", b"entry,right,side\r\n")), "DAMAGED", "refusals.csv: the file is not the one",
    ),
    "57 with the manifest": (updated(both_replaced), "DAMAGED", "bytes were added after it was signed"),
    "58 two contents": (two_contents, "DAMAGED", "belong to nothing that its table lists"),
    "bytes after the end": (lambda data: data + b"\nmore", "DAMAGED", "were added after it was signed"),
    "bytes before the beginning": (lambda data: b"\n" + data, "UNUSABLE", "before the PDF's beginning"),
}  # fmt: skip


@pytest.mark.parametrize("tampering", PDFS)
def test_a_pdf(tampering: str, tmp_path: Path) -> None:
    change, word, part = PDFS[tampering]
    path = tmp_path / "pack.pdf"
    path.write_bytes(change(OLD_PACK.read_bytes()))
    expect(path, word, part)


def streams() -> list[tuple[str, int, int]]:
    """Name of the attached file, else of the kind, and place and length of every stream of the PDF."""
    pdf = Pdf(OLD_PACK)
    attached = {stream.start: name for name, stream in pdf.attached.items()}
    found = []
    for place in sorted(pdf.offsets):
        _, value, _ = pdf.at(place)
        if isinstance(value, Stream) and value.length:
            found.append((attached.get(value.start, ""), value.start, value.length))
    return found


def test_a_bit_flipped_in_any_stream(tmp_path: Path) -> None:
    """Rows 59 and 59b: each is damage; an attached file is named, and the rest is judged nevertheless."""
    data, path = OLD_PACK.read_bytes(), tmp_path / "pack.pdf"
    given = streams()
    chosen = [one for one in given if one[0]][::3] + [one for one in given if not one[0]][::25]
    assert len(chosen) > 20
    for name, start, length in chosen:
        at = start + length // 2
        path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        code, said = answer(path)
        assert code in (1, 2), f"{name or 'stream'} at {start}: {said}"
        if name.endswith(".csv"):
            assert f"  - {name}: it is " in said or f"  - {name}: the file" in said
            assert "All 515 entries are as the checkpoint sealed them" in said


TREES: dict[str, str] = {
    "70 Kids 5": "<< /Kids 5 >>",
    "71 Names 5": "<< /Names 5 >>",
    "72 Names a dictionary": "<< /Names << /A 1 >> >>",
    "73 a circle": "<< /Kids [5 0 R] >>",
    "a name without a file": "<< /Names [(manifest.json)] >>",
    "a file that is a number": "<< /Names [(manifest.json) 7] >>",
    "a reference to itself": "5 0 R",
    "100,000 arrays": "<< /Names " + "[" * 100_000 + "]" * 100_000 + " >>",
}


def bare_pdf(tree: str) -> bytes:
    """A PDF whose name tree of attached files is this."""
    out, places = b"%PDF-1.7\n", []
    for number, value in enumerate(
        ["<< /Type /Catalog /Pages 2 0 R /Names 4 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>", "null",
         "<< /EmbeddedFiles 5 0 R >>", tree], start=1,
    ):  # fmt: skip
        places.append(len(out))
        out += f"{number} 0 obj\n{value}\nendobj\n".encode()
    rows = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 6\n0000000000 65535 f \n{rows}{end}".encode()


@pytest.mark.parametrize("tree", TREES)
def test_name_trees_of_any_shape(tree: str, tmp_path: Path) -> None:
    """Rows 70 to 74, 80."""
    path = tmp_path / "pack.pdf"
    path.write_bytes(bare_pdf(TREES[tree]))
    expect(path, "UNUSABLE", "attached files")


def test_a_pdf_of_empty_streams_is_told_at_once(tmp_path: Path) -> None:
    """Row 77."""
    path = tmp_path / "pack.pdf"
    path.write_bytes(b"%PDF-1.7\n" + b"1 0 obj<<>>stream\n" * 60_000 + b"startxref\n9\n%%EOF")
    code, said = run(path, limit=10)
    assert (code, headline(said)) == (2, "UNUSABLE")


# The zip file


def test_damaged_zip_files(tmp_path: Path) -> None:
    """Rows 60 to 66."""
    files = old_files()
    data = write_zip(files, tmp_path).read_bytes()
    directory = data.index(b"PK\x01\x02")

    def put(at: int, byte: int) -> bytes:
        return data[:at] + bytes([byte]) + data[at + 1 :]

    for changed, word, part in (
        (data[: len(data) // 2], "UNUSABLE", "the zip file is damaged"),
        (put(directory, 0x51), "UNUSABLE", "the zip file is damaged"),
        (put(directory + 8, 1), "DAMAGED", "it is encrypted"),
        (put(directory + 10, 99), "DAMAGED", "compressed by a method that no pack uses"),
        (put(directory + 46, 0xFF), "DAMAGED", "the manifest lists this file, but it is missing"),
    ):
        path = tmp_path / "changed.zip"
        path.write_bytes(changed)
        expect(path, word, part)
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        path = tmp_path / f"{method}.zip"
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        expect(path, "UNUSABLE", "manifest.json: it is compressed by a method that no pack uses")


def test_single_bits_of_a_zip_file_s_directory(tmp_path: Path) -> None:
    """Row 90: never a traceback; bits that do not matter change nothing."""
    data = write_zip(synthetic().files(), tmp_path).read_bytes()
    directory = data.index(b"PK\x01\x02")
    path, told = tmp_path / "changed.zip", set()
    for number in range(150):
        at = directory + number * (len(data) - directory) // 150
        path.write_bytes(data[:at] + bytes([data[at] ^ 1 << number % 8]) + data[at + 1 :])
        told.add(answer(path)[0])
    assert told <= {1, 2, 3}
    assert {1, 2} & told


@pytest.mark.parametrize("name", ["/etc/passwd", "../keys.txt", "a/../../b"])
def test_names_that_lead_out_of_the_pack(name: str, tmp_path: Path) -> None:
    expect(write_zip({**old_files(), name: b"x"}, tmp_path), "DAMAGED", f"{name}: its name leads out of the pack")


# Size and time

MEASURED = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-I", *sys.argv[1:]])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_of(path: Path, limit: float = 100) -> tuple[str, int]:
    """The headline, and the most memory (MB) that the script held."""
    command = [sys.executable, "-I", "-c", MEASURED, str(script()), str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, timeout=limit)
    assert done.stderr == ""
    return headline(done.stdout), int(done.stdout.splitlines()[-1]) // 1024


def zeros(count: int) -> bytes:
    packer = zlib.compressobj(9)
    pieces = [packer.compress(bytes(1 << 20)) for _ in range(count)]
    return b"".join(pieces) + packer.flush()


def test_zip_bombs(tmp_path: Path) -> None:
    """Row 69."""
    data = bytearray(write_zip({name: name.encode() for name in "123"}, tmp_path).read_bytes())
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 24 : at + 28] = (900 << 20).to_bytes(4, "little")
    path = tmp_path / "bomb.zip"
    path.write_bytes(data)
    word, peak = peak_of(path)
    assert word == "UNUSABLE"
    assert peak < 100


def test_attachments_that_unfold_without_end(tmp_path: Path) -> None:
    """Row 79: twelve attachments, each 200 MB of zeros, in one bound of memory and time."""
    packed = zeros(200)
    manifest_text = json.dumps({"format": "brightline-pack/2", "files": {f"{n}.txt": "00" for n in range(12)}})
    files = {"manifest.json": manifest_text.encode(), **{f"{n}.txt": b"" for n in range(12)}}
    out, places = b"%PDF-1.7\n", dict[int, int]()

    def put(number: int, value: bytes) -> None:
        nonlocal out
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, value)

    put(1, b"<< /Type /Catalog /Names << /EmbeddedFiles << /Names [%s] >> >> >>" % b" ".join(
        b"(%s) << /F (%s) /EF << /F %d 0 R >> >>" % (name.encode(), name.encode(), 2 + at)
        for at, name in enumerate(files)
    ))  # fmt: skip
    for at, (name, data) in enumerate(files.items()):
        stream, how = (packed, b"/Filter /FlateDecode ") if name.endswith(".txt") else (data, b"")
        put(2 + at, b"<< %s/Length %d >>\nstream\n%s\nendstream" % (how, len(stream), stream))
    rows = b"".join(b"%010d 00000 n \n" % places[number] for number in sorted(places))
    out += b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(places) + 1, rows, len(out),
    )  # fmt: skip
    path = tmp_path / "bomb.pdf"
    path.write_bytes(out)
    word, peak = peak_of(path)
    assert word == "DAMAGED"
    assert peak < 100


def test_the_largest_pack_that_is_judged_in_full_stays_within_300_mb(tmp_path: Path) -> None:
    """As many entries as are judged without --large, none of which is in order."""
    files = old_files()
    row = files["entries.ndjson"].splitlines()[70]
    entries = b"".join(row.replace(b'"index":70', b'"index":%d' % n) + b"\n" for n in range(MOST_ENTRIES))
    note = files["checkpoint.txt"].replace(b"\n515\n", b"\n%d\n" % MOST_ENTRIES)
    leaves = b"".join(hashlib.sha256(b"\x00" + line).digest() for line in entries.splitlines())
    changed = {**files, "entries.ndjson": entries, "leaves.bin": leaves, "checkpoint.txt": note}
    word, peak = peak_of(write_folder(listed_again(changed), tmp_path))
    assert word == "DAMAGED"
    assert peak < 300
