"""Documents, titles and lists of a pack against what the ledger's entries say."""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import json
from collections.abc import Iterable
from typing import Any

from audit.verifier.base import Report, Unbound, count, some
from audit.verifier.entries import Entry
from audit.verifier.files import Broken, Files
from audit.verifier.formats import BINDING_FORMAT, DATA_FILES
from audit.verifier.texts import Ledger, Period, listed

REFUSALS = "refusals.csv"
MINUTES = "meetings.minutes"
LONGEST_LIST = 8 << 20


def period_of(manifest: dict[str, Any], report: Report) -> Period | None:
    """The days of the pack; None, and reported, when they are malformed."""
    given = manifest.get("period")
    if given is None:
        return None
    try:
        first, last = map(datetime.date.fromisoformat, given)
        if first > last or first.year < 1900 or last.year > 9000:
            raise ValueError
    except (ValueError, TypeError):
        report.damage.append("manifest.json: its period is malformed")
        return None
    return Period(first, last)


def check_documents(
    manifest: dict[str, Any], hashes: dict[str, str], ledger: Ledger, period: Period | None, entries: list[Entry],
    report: Report,
) -> set[str]:  # fmt: skip
    """Each document is one that the ledger sealed, under its title; and what it sealed in the period is there.

    `hashes` are those of the files. Returns the names of the files that the ledger's entries vouch for.
    """
    by_hash: dict[str, list[str]] = {}
    for key, sealed in ledger.documents.items():
        by_hash.setdefault(sealed.sha256, []).append(key)
    there: set[str] = set()
    vouched: set[str] = set()
    for document in listed(manifest, "documents", report):
        title, stated, name = document.get("title"), document.get("sha256"), document.get("file")
        keys = by_hash.get(stated, []) if isinstance(stated, str) else []
        if not isinstance(name, str) or hashes.get(name) != stated:
            report.damage.append(f"document {title!r}: {name} is not the file with the stated hash")
        elif not keys:
            report.damage.append(
                f"document {title!r}: the pack says that it was sealed, and no entry of the ledger did"
            )
        elif not any(ledger.documents[key].title == title for key in keys):
            known = ledger.documents[keys[0]]
            report.damage.append(f"{name}: titled {title!r}, and entry {known.entry} sealed it as {known.title!r}")
        else:
            vouched.add(name)
            report.covered.append(f"Document {title!r} was sealed in entry {ledger.documents[keys[0]].entry}.")
        there.update(keys)
    there |= set(ledger.dropped) | ledger.replaced
    there |= {str(document.get("document")) for document in listed(manifest, "dropped", Report())}
    check_minutes(ledger, there, entries, period, report)
    return vouched


def check_minutes(ledger: Ledger, there: set[str], entries: list[Entry], period: Period | None, report: Report) -> None:
    """Sealed minutes of a meeting that was held in the period, in a month of it, are there."""
    opened: dict[str, str] = {}
    for entry in entries:
        about = entry.data.get("object") or {}
        if entry.data.get("verb") == "meeting.opened" and entry.data.get("outcome") == "done":
            opened[f"MIN-{about.get('id')}"] = entry.data.get("occurred") or entry.data["at"]
    for key, sealed in sorted(ledger.documents.items(), key=lambda pair: pair[1].entry):
        kind, code = sealed.about
        if kind != MINUTES or key in there or period is None or not period.surely_holds(opened.get(code, "")):
            continue
        if whole_month(code[len("MIN-") :][:7], period):
            report.damage.append(
                f"document {sealed.title!r}: missing, and entry {sealed.entry} sealed it in the period"
            )


def whole_month(month: str, period: Period) -> bool:
    """Whether the period holds all days of a month, written 2026-03; one that is no month is held."""
    try:
        first = datetime.date.fromisoformat(f"{month}-01")
    except ValueError:
        return True
    following = (first + datetime.timedelta(days=31)).replace(day=1)
    return period.first <= first and following - datetime.timedelta(days=1) <= period.last


def check_refusals(files: Files, entries: list[Entry], proven: set[int], period: Period | None, report: Report) -> None:
    """The list of refused attempts names those that the ledger refused, and leaves none of the period out."""
    refused = {entry.number: entry for entry in entries if entry.data.get("outcome") == "refused"}
    inside = {
        number
        for number, entry in refused.items()
        if period and period.surely_holds(entry.data.get("occurred") or entry.data["at"])
    }
    if REFUSALS not in files.names:
        if inside:
            report.damage.append(f"{REFUSALS}: missing, and entries {numbered(inside)} refused attempts in the period")
        return
    try:
        rows = list(csv.DictReader(io.StringIO(files.read(REFUSALS, LONGEST_LIST).decode("utf-8"), newline="")))
        told = {int(row["entry"][:12]): row for row in rows if row["entry"].isdecimal()}
        if len(told) < len(rows):
            raise ValueError("an entry is named twice, or none")
    except Broken:
        return  # told by its hash
    except (ValueError, KeyError, TypeError, AttributeError, csv.Error):
        report.damage.append(f"{REFUSALS}: it is not as a pack lists refused attempts")
        return
    if left_out := inside - set(told):
        report.damage.append(f"{REFUSALS}: entries {numbered(left_out)} refused attempts, and the list leaves them out")
    for number, row in sorted(told.items()):
        data = refused[number].data if number in refused and number in proven else None
        if number in report.left_out:
            continue
        if data is None:
            report.damage.append(f"{REFUSALS}: entry {number} refused no attempt")
        elif (row.get("right"), row.get("side")) != (data.get("right", ""), data.get("side", "")):
            report.damage.append(f"{REFUSALS}: entry {number} was refused for another right or side")


def numbered(numbers: Iterable[int]) -> str:
    return some([str(number) for number in sorted(numbers)])


def binding(manifest: dict[str, Any]) -> str:
    """The hash by which an entry of the ledger binds a manifest: over all but what proves itself.

    SHA-256, hexadecimal, of the manifest as JSON with sorted keys and no spaces, without the hashes of DATA_FILES,
    of which one holds the binding itself.
    """
    files = {name: stated for name, stated in manifest["files"].items() if name not in DATA_FILES}
    text = json.dumps({**manifest, "files": files}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def check_binding(manifest: dict[str, Any], vouched: set[str], ledger: Ledger, report: Report) -> None:
    """Say which files nothing in the ledger vouches for. A manifest of the binding form must be bound."""
    if manifest["format"] == BINDING_FORMAT:
        entry = ledger.bindings.get(binding(manifest))
        if entry is None:
            report.damage.append(
                "manifest.json: no entry of the ledger binds it, so it was changed after it was sealed"
            )
        else:
            report.covered.append(f"Manifest and lists are bound by entry {entry}.")
        return
    loose = sorted(set(manifest["files"]) - set(DATA_FILES) - vouched)
    named = f" and {count(len(loose), 'list or file', 'lists and files')} ({some(loose, 4)})" if loose else ""
    report.unbound.append(
        Unbound(
            f"Practice and period{named}",
            "not bound. In this form of pack the ledger does not vouch for them, and whoever changes one can change the"
            " manifest as well.",
        )
    )
