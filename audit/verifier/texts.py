"""The texts of the acts: each is the one its entry commits to, or is withheld for a reason that holds."""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from audit.verifier.base import Report, count
from audit.verifier.entries import Entry
from audit.verifier.formats import load_json
from audit.verifier.reasons import PATIENT_DATA, reason_of

WEST, EAST = datetime.timedelta(hours=12), datetime.timedelta(hours=14)
"""How far a clock on earth lies behind and before UTC."""


SEEN = ""
"""Stands for the commitment to a part once the part was seen."""


class Period(NamedTuple):
    """The days that a pack is of, on the practice's clock."""

    first: datetime.date
    last: datetime.date

    def surely_holds(self, moment: str) -> bool:
        """Whether a moment (UTC, as headers write it) lies within these days on every clock."""
        try:
            at = datetime.datetime.fromisoformat(f"{moment[:19]}+00:00")
        except ValueError:
            return False
        begin = datetime.datetime.combine(self.first, datetime.time(), datetime.timezone.utc)
        end = datetime.datetime.combine(self.last, datetime.time(), datetime.timezone.utc) + datetime.timedelta(days=1)
        return begin + WEST <= at < end - EAST


class Sealed(NamedTuple):
    """A document as the ledger records it."""

    entry: int
    sha256: str
    title: str
    kind: str
    about: tuple[str, str]


class Ledger:
    """What proven texts of the ledger say about documents and scrubs."""

    def __init__(self) -> None:
        self.documents: dict[str, Sealed] = {}  # by key
        self.replaced: set[str] = set()  # keys of documents in whose place another stands
        self.parts: dict[tuple[str, str], str] = {}  # (act, name) of a scrubbed part, and the act of the scrub
        self.dropped: dict[str, str] = {}  # key of a document that a scrub dropped, and its act
        self.words: dict[str, str] = {}  # act of a scrub: who and why
        self.claims: list[tuple[str, str, str, str]] = []  # place, act and name of a part, act of the scrub
        self.bindings: dict[str, int] = {}  # hashes of manifests, and the entry that binds each

    def learn(self, entry: Entry, name: str, body: str) -> None:
        """Take in a disclosed text of a proven entry. Raises ValueError for a row that no ledger writes."""
        act, kind = entry.data["id"], name.split("/")[:2]
        try:
            if kind == ["row", "audit_document"]:
                self.seal(entry, json.loads(body))
            if entry.data["verb"] == "pack.bound" and name == "facts" and entry.data.get("capacity") == "system":
                self.bindings[str(json.loads(body)["reason"])] = entry.number
            if entry.data["verb"] != "text.scrubbed" or entry.data.get("outcome") != "done":
                return
            if name == "facts":
                facts = json.loads(body)
                self.words[act] = f"{facts['actor_name']}, {facts['office_name']}: {facts['reason']}"
            if kind == ["row", "audit_scrubbing"]:
                row = json.loads(body)
                self.parts.update(dict.fromkeys(((str(one), str(part)) for one, part in row["parts"]), act))
                if row["table_name"] == "audit_document" and row["column_name"] == "bytes":
                    self.dropped[str(row["row_key"])] = act
        except (KeyError, TypeError, RecursionError):
            raise ValueError(f"{name} is not as the ledger writes it") from None

    def seal(self, entry: Entry, row: dict[str, Any]) -> None:
        about = (str(row["object_type"]), str(row["object_id"]))
        sealed = Sealed(entry.number, str(row["sha256"]), str(row["title"]), str(row["kind"]), about)
        self.documents[str(row["id"])] = sealed
        if row.get("replaces_id") is not None:
            self.replaced.add(str(row["replaces_id"]))


def check_parts(
    lines: Iterable[bytes],
    entries: list[Entry],
    proven: set[int],
    period: Period | None,
    report: Report,
    ledger: Ledger,
) -> None:  # fmt: skip
    """Each part of a header is disclosed and fits, or is withheld for a reason that may hide it."""
    acts: dict[str, Entry] = {}
    for entry in entries:
        if entry.data:
            if entry.data["id"] in acts:
                report.damage.append(
                    f"entry {entry.number}: it carries the act of entry {acts[entry.data['id']].number}"
                )
            acts[entry.data["id"]] = entry
    disclosed = withheld = 0
    for number, line in enumerate(lines, 1):
        try:
            part = load_json(line.decode("utf-8"))
            act, name = part["act"], part["name"]
            if not isinstance(act, str) or not isinstance(name, str):
                raise ValueError("act and name must be texts")
            place = f"entry {acts[act].number}, part {name!r}" if act in acts else f"part {name!r} of act {act}"
            expected = acts[act].data["parts"].get(name) if act in acts else None
            if expected is None:
                report.damage.append(f"{place}: added; no readable entry names it")
                continue
            if expected == SEEN:
                report.damage.append(f"{place}: given twice")
                continue
            acts[act].data["parts"][name] = SEEN
            if "withheld" in part:
                withheld += 1
                judge_withheld(place, acts[act], part, period, report, ledger)
            else:
                disclosed += 1
                salt, body = bytes.fromhex(part["salt"]), part["body"]
                # A salt of any other length could swallow the beginning of the text.
                digest = hashlib.sha256(b"brightline.part/1\n" + salt + body.encode("utf-8")).hexdigest()
                if len(salt) != 32 or digest != expected:
                    report.damage.append(f"{place}: the text or its salt was changed after it was sealed")
                elif acts[act].number in proven:
                    ledger.learn(acts[act], name, body)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            report.damage.append(f"parts.ndjson: line {number} is unreadable: {error}")
    for entry in acts.values():
        for name in sorted(name for name, expected in entry.data["parts"].items() if expected != SEEN):
            report.damage.append(f"entry {entry.number}, part {name!r}: missing, and no reason is given")
    report.covered.append(f"{count(disclosed, 'text')} of the acts disclosed, {withheld:,} withheld.")


def judge_withheld(
    place: str, entry: Entry, part: dict[str, Any], period: Period | None, report: Report, ledger: Ledger
) -> None:
    """Count a text that is withheld, and say why where nothing allows it."""
    words = part["withheld"]
    if "body" in part or "salt" in part or not isinstance(words, str) or not words.strip():
        report.damage.append(f"{place}: withheld without a reason")
        return
    reason, moment = reason_of(words), entry.data.get("occurred") or entry.data["at"]
    if reason is None:
        report.damage.append(f"{place}: withheld for a reason that no pack knows: {words[:200]!r}")
    elif not reason.of.fullmatch(part["name"]) or (entry.data.get("outcome") == "refused" and not reason.refusals):
        report.damage.append(f"{place}: withheld, and {reason.told or words!r} is no reason to withhold this text")
    elif not reason.in_period and period is not None and period.surely_holds(moment):
        report.damage.append(f"{place}: withheld as outside the period, and it lies within")
    else:
        report.withheld[f"{reason.told or words} ({reason.who})"] += 1
    if reason and reason.needs_proof:
        ledger.claims.append((place, entry.data["id"], part["name"], str(part.get("scrub", ""))))


def check_scrubs(manifest: dict[str, Any], entries: list[Entry], ledger: Ledger, report: Report) -> None:
    """Whatever is missing because patient data was scrubbed, is so by a proven entry; say which, by whom and why."""
    numbers = {entry.data["id"]: entry.number for entry in entries if entry.data}
    texts: dict[str, int] = {}
    unproven = 0
    for place, act, name, scrub in ledger.claims:
        if not scrub:
            unproven += 1
        elif ledger.parts.get((act, name)) == scrub:
            texts[scrub] = texts.get(scrub, 0) + 1
        else:
            report.damage.append(f"{place}: said to be scrubbed, but no proven entry of this pack scrubbed it")
    if unproven:
        report.remarks.append(
            f"{count(unproven, 'text')} scrubbed after the checkpoint, as the pack says; nothing here proves why."
        )
    for scrub, many in sorted(texts.items(), key=lambda pair: numbers[pair[0]]):
        report.covered.append(
            f"Entry {numbers[scrub]} scrubbed patient data ({ledger.words.get(scrub, 'by whom is withheld')})."
            f" {many} {'text is' if many == 1 else 'texts are'} missing for that reason; place and hash stay proven."
        )
    for document in listed(manifest, "dropped", report):
        judge_dropped(document, numbers, ledger, report)


def judge_dropped(document: dict[str, Any], numbers: dict[str, int], ledger: Ledger, report: Report) -> None:
    title, key, by = document.get("title"), str(document.get("document")), str(document.get("scrub", ""))
    known = ledger.documents.get(key)
    if not by:
        report.remarks.append(f"Document {title!r} was dropped after the checkpoint; nothing here proves why.")
    elif by not in numbers or ledger.dropped.get(key) != by:
        report.damage.append(f"document {title!r}: said to be dropped by a scrub, but no proven entry says so")
    elif known and known.sha256 != document.get("sha256"):
        report.damage.append(f"document {title!r}: another hash is recorded for the document that was dropped")
    else:
        report.covered.append(
            f"Document {title!r} held {PATIENT_DATA.split(',')[0]}; the scrub of entry {numbers[by]} dropped it"
            f" ({ledger.words.get(by, 'by whom is withheld')}). Its hash {document.get('sha256')} stays recorded."
        )


def listed(manifest: dict[str, Any], name: str, report: Report) -> list[dict[str, Any]]:
    """The records of a list in the manifest; what is malformed is reported and left out."""
    given = manifest.get(name, [])
    if not isinstance(given, list):
        report.damage.append(f"manifest.json: {name!r} is malformed")
        return []
    if not all(isinstance(one, dict) for one in given):
        report.damage.append(f"manifest.json: a record of {name!r} is malformed")
    return [one for one in given if isinstance(one, dict)]
