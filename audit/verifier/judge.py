"""All checks of a pack, one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from audit.verifier.base import Report, Unusable
from audit.verifier.entries import (
    TOO_LARGE,
    check_against,
    check_clock,
    check_left_out,
    check_tree,
    convert,
    lines_of,
    read_entries,
    read_leaves,
    unbroken,
)
from audit.verifier.files import Broken, Files
from audit.verifier.formats import (
    DATA_FILES,
    FORMATS,
    SEALED_FILES,
    Checkpoint,
    Key,
    check_signature,
    load_json,
    merkle_root,
    parse_checkpoint,
    parse_key,
)
from audit.verifier.lists import check_binding, check_documents, check_refusals, period_of
from audit.verifier.pdf import Pdf
from audit.verifier.seal import check_seal
from audit.verifier.texts import Ledger, check_parts, check_scrubs

SHORT = 1 << 20
LONGEST_MANIFEST = 4 << 20
MOST_ENTRIES = 60_000
"""Entries that are judged in less than 300 MB of memory."""


def check(
    files: Files, key: str | None = None, against: str | None = None, report: Report | None = None,
    most: int = MOST_ENTRIES,
) -> Report:  # fmt: skip
    """Run every check. Raises Unusable when the pack cannot be judged, after filling `report` so far."""
    report = report if report is not None else Report()
    report.damage.extend(files.odd)
    if isinstance(files, Pdf):
        check_seal(files, report)
    manifest = read_manifest(files, report)
    hashes = check_files(files, manifest, report)
    checkpoint, other = checked_note(files, manifest, key, against, report)
    period = period_of(manifest, report)
    if checkpoint.size > most:
        raise Unusable(f"entries.ndjson: {TOO_LARGE}")
    stated = read_leaves(whole_leaves(files, 32 * most + 64), report)
    whole = len(stated) == checkpoint.size and merkle_root(b"".join(stated)) == checkpoint.root
    places = {leaf: number for number, leaf in enumerate(stated)} if whole else {}
    entries = read_entries(lines(files, "entries.ndjson", report), places, report, most)
    del places
    check_left_out(manifest, report)
    run = unbroken(entries, report)
    proven = check_tree(entries, run, stated, whole, checkpoint, report)
    if other:
        elsewhere = check_against(run, other, checkpoint.origin, report)
        report.own = report.own if elsewhere or key else ""
        if report.signature != "false":
            proven |= elsewhere
    ledger = Ledger()
    check_parts(lines(files, "parts.ndjson", report), entries, proven, period, report, ledger)
    check_scrubs(manifest, entries, ledger, report)
    vouched = check_documents(manifest, hashes, ledger, period, entries, report)
    check_refusals(files, entries, proven, period, report)
    check_binding(manifest, vouched, ledger, report)
    check_clock(entries, report)
    if len({entry.data["log"] for entry in entries if entry.data} | {checkpoint.origin}) > 1:
        report.damage.append("entries.ndjson: the entries belong to different logs")
    tell_reach(checkpoint, [entry.data["at"] for entry in entries if entry.data], len(proven), report)
    return report


def checked_note(
    files: Files, manifest: dict[str, Any], own: str | None, against: str | None, report: Report
) -> tuple[Checkpoint, Checkpoint | None]:
    """The pack's checkpoint and the one that the reader kept, with the judgement on their signatures in the report."""
    note, keys = read_note(files, report)
    trusted = trusted_keys(keys, own, report)
    checkpoint, signed, signatures = parsed("checkpoint.txt", parse_checkpoint, note)
    if manifest.get("origin") != checkpoint.origin:
        report.damage.append(
            f"manifest.json: its origin is {manifest.get('origin')!r}, the log's is {checkpoint.origin!r}"
        )
    kept = read_kept(against, trusted, report) if against is not None else None
    try:
        report.signature = check_signature(signed, signatures, kept[1] if kept else trusted)
    except ValueError as error:
        report.signature = "false"
        report.damage.append(f"checkpoint.txt: {error}")
    return checkpoint, kept[0] if kept else None


def parsed(name: str, parse: Any, text: str) -> Any:
    """What a part of the pack says. Raises Unusable naming the part."""
    try:
        return parse(text)
    except ValueError as error:
        raise Unusable(f"{name}: {error}") from None


def small(files: Files, name: str, most: int, report: Report | None = None) -> str:
    """A short text of the pack. Raises Unusable naming it."""
    if name not in files.names:
        raise Unusable(f"{name} is missing")
    try:
        return straight(name, files.read(name, most), report).decode("utf-8")
    except Broken as error:
        raise Unusable(f"{name}: {error}") from None
    except UnicodeDecodeError as error:
        raise Unusable(f"{name} is not UTF-8 text (byte {error.start})") from None


def whole_leaves(files: Files, most: int) -> bytes:
    try:
        return files.read("leaves.bin", most) if "leaves.bin" in files.names else b""
    except Broken:
        return b""  # told by check_files where it is listed; the entries alone give the root


def lines(files: Files, name: str, report: Report) -> Iterator[bytes]:
    """The lines of a file, up to where it breaks off, which is reported. Raises Unusable when it is missing."""
    if name not in files.names:
        raise Unusable(f"{name} is missing")
    try:
        yield from lines_of(files.chunks(name), name, report)
    except Broken as error:
        if f"{name}: {error}" not in report.damage:
            report.damage.append(f"{name}: {error}")


def straight(name: str, data: bytes, report: Report | None) -> bytes:
    """The file with its own line ends, where a program has turned them into those of Windows."""
    if b"\r\n" not in data:
        return data
    convert(name, report)
    return data.replace(b"\r\n", b"\n")


def read_manifest(files: Files, report: Report) -> dict[str, Any]:
    try:
        manifest = load_json(small(files, "manifest.json", LONGEST_MANIFEST, report))
    except ValueError as error:
        raise Unusable(f"manifest.json cannot be read: {error}") from None
    if manifest.get("format") not in FORMATS:
        raise Unusable(
            f"manifest.json: the format is {str(manifest.get('format'))[:80]!r}, and this script knows only"
            f" {' and '.join(map(repr, FORMATS))}; use the verify_pack.py that came with the pack, or a newer one"
        )
    stated = manifest.get("files")
    if not isinstance(stated, dict) or not all(isinstance(value, str) for value in stated.values()):
        raise Unusable("manifest.json: 'files' is missing or malformed")
    return manifest


def check_files(files: Files, manifest: dict[str, Any], report: Report) -> dict[str, str]:
    """Every file has the hash the manifest states, and none is there that it does not list; the hashes by name."""
    stated, names = manifest["files"], set(files.names)
    hashes: dict[str, str] = {}
    for name in sorted(set(stated) - names):
        report.damage.append(f"{name}: the manifest lists this file, but it is missing")
    for name in sorted(set(stated) & names):
        try:
            hashes[name] = files.sha256(name)
        except Broken as error:
            report.damage.append(f"{name}: {error}")
            continue
        if hashes[name] != stated[name] and not only_line_ends(files, name):
            report.damage.append(f"{name}: the file is not the one the manifest lists (its hash differs)")
    for name in sorted(set(DATA_FILES) - set(SEALED_FILES) - set(stated)):
        report.damage.append(f"{name}: the manifest does not list this file")
    for name in sorted(set(SEALED_FILES) - names - set(stated)):
        report.damage.append(f"{name}: every pack holds this file, but it is missing")
    report.unlisted = sorted(names - set(stated) - {"manifest.json"} - set(DATA_FILES))
    return hashes


def only_line_ends(files: Files, name: str) -> bool:
    """Whether the hash of a text differs for a reason that is told where it is read."""
    if name not in DATA_FILES or name in SEALED_FILES:
        return False
    try:
        return any(b"\r" in piece for piece in files.chunks(name))
    except Broken:
        return False


def read_note(files: Files, report: Report) -> tuple[str, list[Key]]:
    """The signed checkpoint, and the keys that the pack brings along."""
    note, lines = small(files, "checkpoint.txt", SHORT, report), small(files, "keys.txt", SHORT, report)
    return note, [parsed("keys.txt", parse_key, line) for line in lines.split("\n") if line.strip()]


def trusted_keys(keys: list[Key], own: str | None, report: Report) -> list[Key]:
    """The reader's own key if one is given, else those of the pack."""
    if own is None:
        return keys
    key: Key = parsed("--key", parse_key, own)
    if key not in keys:
        report.damage.append("keys.txt: it does not hold the key you trust")
    report.own = "the key you gave"
    return [key]


def read_kept(note: str, trusted: list[Key], report: Report) -> tuple[Checkpoint, list[Key]] | None:
    """The checkpoint that the reader kept, and which of the keys signed it: only these may have signed the pack's."""
    checkpoint, signed, signatures = parsed("--against", parse_checkpoint, note)
    try:
        check_signature(signed, signatures, trusted)
    except ValueError as error:
        report.damage.append(f"the checkpoint you kept: {error}, so pack and checkpoint do not belong together")
        return None
    report.own = report.own or "the checkpoint you kept"
    made = {(name, raw[:4]) for name, raw in signatures}
    return checkpoint, [one for one in trusted if (one.name, one.id) in made]


def tell_reach(checkpoint: Checkpoint, times: list[str], proven: int, report: Report) -> None:
    """Say how many entries hold, of which log, and when they were recorded."""
    if report.signature == "false":
        report.holds.append("The checkpoint is not vouched for, so nothing that rests on it alone is proven.")
    elif proven:
        which = "All" if proven == checkpoint.size else f"{proven:,} of"
        report.holds.append(
            f"{which} {checkpoint.size:,} entries are as the checkpoint sealed them: content and order."
            " Texts hold too, except those named as damaged."
        )
    if not checkpoint.size:
        report.covered.insert(0, f"Log {checkpoint.origin}, which is empty.")
        return
    report.covered.insert(0, f"Log {checkpoint.origin}, entries 0 to {checkpoint.size - 1}.")
    if times:
        report.covered.insert(
            1,
            f"Recorded from {day(times[0])} to {day(times[-1])}, by the ledger's own clock: the days on which"
            " the entries were made. What an entry says of an earlier day was entered afterwards.",
        )


MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def day(moment: str) -> str:
    """The day of a moment as Americans write it, with its clock: December 1, 2026, 3:05 a.m. UTC."""
    year, month, date = moment[:10].split("-")
    hour = int(moment[11:13])
    name = MONTHS[int(month) - 1] if 1 <= int(month) <= 12 else month
    half = "a.m." if hour < 12 else "p.m."
    return f"{name} {int(date)}, {year}, {hour % 12 or 12}:{moment[14:16]} {half} UTC"
