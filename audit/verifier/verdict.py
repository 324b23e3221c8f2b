"""Headline, exit code and what is printed: first what the check cannot show, then the result."""

from __future__ import annotations

import argparse
import os
import stat
import sys
from pathlib import Path

from audit.verifier.base import Report, Unusable
from audit.verifier.files import Files, Folder, Zip
from audit.verifier.judge import MOST_ENTRIES, SHORT, check
from audit.verifier.large import check_large, is_zip, open_large
from audit.verifier.pdf import Pdf

VERIFIED, DAMAGED, UNUSABLE, CONSISTENT = 0, 1, 2, 3
"""The exit codes; a script may rely on 0 alone."""
SHOWN = 200
"""Lines of one section that are printed at most."""

NEVER_SHOWN = (
    "Whether what was entered is true, and what was never entered.",
    "What was changed or entered after the checkpoint was made.",
    "A forgery by someone who stole the signing key and replaced every copy of the checkpoints.",
    "Whether this script is the true one: take it from where you trust, not from a pack that you doubt.",
)


def open_pack(path: Path) -> Files:
    """The pack at this path. Raises Unusable."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return Folder(path)
        if not stat.S_ISREG(mode):
            raise Unusable(f"{path} is neither a file nor a folder")
        with path.open("rb") as stream:
            start = stream.read(1024)
        if start.startswith(b"%PDF-"):
            return Pdf(path)
        if is_zip(path):
            return Zip(path)
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from None
    if b"%PDF-" in start:
        raise Unusable(f"{path}: something stands before the PDF's beginning")
    raise Unusable(f"{path} is neither a PDF, a zip file nor a folder")


def kept_note(path: Path) -> str:
    """The checkpoint file that the reader kept. Raises Unusable."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unusable(f"--against: {path} is no file")
        with path.open("rb") as stream:
            return stream.read(SHORT).decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable(f"--against: {path} cannot be read: {error}") from None


def judge(path: Path, key: str | None, against: Path | None, everything: bool, report: Report) -> Report:
    """The report on the pack at this path. Raises Unusable, after filling `report` so far."""
    kept = kept_note(against) if against else None
    files = open_pack(path)
    large = None if isinstance(files, Pdf) else open_large(path)
    quick = check_large(large, key, kept) if large else None
    return quick or check(files, key, kept, report, most=sys.maxsize if everything else MOST_ENTRIES)


def main() -> int:
    """Judge the pack named on the command line, print the verdict, return the exit code."""
    parser = argparse.ArgumentParser(
        description="Check a Brightline audit pack. Exit code: 0 verified, 1 damaged, 2 unusable, 3 consistent."
    )
    parser.add_argument("pack", type=Path, help="the PDF, zip file or folder")
    parser.add_argument("--key", help="the log's verifier key as you got it by another way")
    parser.add_argument("--against", type=Path, help="a checkpoint file you kept, to compare with")
    parser.add_argument("--large", action="store_true", help="use as much memory as a very large pack wants")
    options = parser.parse_args()
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    report, unusable = Report(), ""
    try:
        report = judge(options.pack, options.key, options.against, options.large, report)
    except Unusable as error:
        unusable = str(error)
    except MemoryError:
        unusable = "the pack wants more memory than there is"
    except Exception as error:  # whatever a forged pack provokes is its fault, never a traceback
        unusable = f"the pack is malformed in a way that was not foreseen ({type(error).__name__})"
    try:
        code = tell(report, unusable)
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read along (head, a pager) has seen enough; the exit code says the verdict still
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = verdict(report, unusable)
    return code


def verdict(report: Report, unusable: str) -> int:
    """The exit code."""
    if report.damage:
        return DAMAGED
    if unusable:
        return UNUSABLE
    return CONSISTENT if report.unverified() else VERIFIED


def exclusions(report: Report) -> list[str]:
    """What this check did not and could not show, for this pack."""
    found = [f"{item.what}: {item.why}" for item in report.unbound]
    if not report.own:
        found.append(
            "Whose key this is: it came in the same file. Compare it with one you got by another way (--key), or the"
            " checkpoint with one you or your counsel kept (--against)."
        )
    if report.signature == "not checked":
        found.append("The signatures: they need the Python package 'cryptography'; install it and run this again.")
    if report.seal == "none":
        found.append("The printed pages: they lie in the PDF, and this is a folder or zip file of what it carries.")
    else:
        found.append("Who sealed the printed pages: the certificate came with the file. Compare it with one you know.")
    if report.withheld:
        found.append(f"The {sum(report.withheld.values()):,} texts that are withheld; the reasons are counted below.")
    found += [
        f"{name}: the manifest does not list it, so nothing is said about it." for name in report.unlisted[:SHOWN]
    ]
    return found + list(NEVER_SHOWN)


def headline(report: Report) -> str:
    """The result in one sentence."""
    if report.damage:
        return f"DAMAGED: {report.damage.number:,} damaged or missing."
    why = report.unverified()
    if not why:
        return f"VERIFIED: entries, disclosed texts, documents and lists agree with {report.own}."
    extra = " BESIDE IT LIE FILES NOBODY VOUCHES FOR." if report.unlisted else ""
    return f"CONSISTENT: the pack agrees with itself, no more.{extra} Not verified: {'; '.join(why)}."


def tell(report: Report, unusable: str) -> int:
    """Print what is not shown, the verdict, and what led to it; the exit code."""
    code = verdict(report, unusable)
    if code == UNUSABLE:
        show(f"UNUSABLE: {unusable}.")
        show("Nothing was judged. Get the pack again, as the PDF that Brightline gave out.")
        return code
    if unusable:
        report.damage.append(f"not judged further: {unusable}")
    section("What this check does not show", exclusions(report))
    show(headline(report))
    show("")
    if report.damage:
        section("Damage", report.damage)
        holds = report.holds or ["Nothing in this pack can be relied on; compare it with another copy."]
        section("What still holds", holds)
    else:
        section("What holds", report.holds)
    withheld = [f"withheld: {many:,}, {why}" for why, many in sorted(report.withheld.items())]
    section("Withheld", withheld)
    section("Remarks", report.remarks)
    section("Covered", report.covered)
    return code


def section(title: str, lines: list[str]) -> None:
    if not lines:
        return
    show(f"{title}:")
    for line in lines[:SHOWN]:
        show(line, "  - ")
    if len(lines) > SHOWN:
        show(f"and {len(lines) - SHOWN:,} more", "  ")
    show("")


def show(text: str, indent: str = "") -> None:
    """Print one line; characters that could steer a terminal are replaced."""
    print(indent + "".join(character if character.isprintable() else "?" for character in text[:2000]))
