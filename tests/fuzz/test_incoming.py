"""Changed files through the readers of sheets and papers: each is read or refused in words, and nothing else happens.

`make fuzz` runs the same for as long as is asked, from a seed of its own, and keeps what fails in ``var/fuzz``; a file
that failed once goes into ``tests/fuzz/corpus`` and is read by every run.
"""

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audit.documents.base import FileRefused
from audit.documents.foreign import check
from governance.sheets.lines import CELL, COLUMNS, ROWS, SheetRefused
from governance.sheets.reading import read
from tests.decisions.paper_files import HOSTILE, changed, field, filled, image, note, office, pdf, phone_photo, word
from tests.fuzz.mutate import mutated

CORPUS = Path(__file__).with_name("corpus")
FAILED = Path(__file__).resolve().parents[2] / "var" / "fuzz"
SECONDS = 10.0
"""What each reader is tried for in a test run."""
SLOWEST = 10.0
"""Seconds of processor time that one file of at most a megabyte may take."""


def told(refusal: str) -> str:
    """A refusal is a sentence somebody can read."""
    assert 10 < len(refusal) < 600
    return "refused"


def sheet_is_read_or_refused(data: bytes) -> str:
    """Read a sheet; what comes out keeps the limits."""
    try:
        found = read(data)
    except SheetRefused as refused:
        return told(str(refused))
    assert 2 <= len(found.lines) <= ROWS + 1
    assert [line.number for line in found.lines] == sorted({line.number for line in found.lines})
    for line in found.lines:
        assert 1 <= len(line.cells) <= COLUMNS
        assert all(len(cell) <= CELL for cell in line.cells)
        assert "\x00" not in "".join(line.cells)
        "".join(line.cells).encode()
    return "read"


def paper_is_judged_or_refused(data: bytes) -> str:
    """Judge a paper."""
    try:
        return check(data).name
    except FileRefused as refused:
        return told(str(refused))


def sheets() -> list[bytes]:
    """The sheets that are changed."""
    return [path.read_bytes() for path in sorted(CORPUS.glob("sheet-*"))]


def papers() -> list[bytes]:
    """The papers that are changed: the small files of the other tests, good and hostile."""
    return [
        pdf(), changed(Annots=note("Text")), filled("A\nB"), image(), image("JPEG"), phone_photo(), office(),
        office("xlsx"), office("pptx", parts={"ppt/embeddings/a.xlsx": office("xlsx")}),
        word(field("IF ", "{", "PAGE", "}", " = 1 a")),
        *(data for data, _ in HOSTILE.values() if 0 < len(data) < 100_000),
        *(path.read_bytes() for path in sorted(CORPUS.glob("paper-*"))),
    ]  # fmt: skip


KINDS: dict[str, tuple[Callable[[bytes], str], Callable[[], list[bytes]]]] = {
    "sheet": (sheet_is_read_or_refused, sheets),
    "paper": (paper_is_judged_or_refused, papers),
}


def changes(corpus: list[bytes], seed: int) -> Iterator[bytes]:
    """Changed files without end."""
    chance = random.Random(seed)
    while True:
        made = chance.choice(corpus)
        for _ in range(chance.choice((1, 1, 2, 3))):
            made = mutated(made, chance, corpus)
        yield made


def tried(kind: str, *, seconds: float, seed: int) -> tuple[Counter[str], list[bytes]]:
    """What became of the files, and those that broke the reader or took too long."""
    judge, gather = KINDS[kind]
    counted, failed = Counter[str](), list[bytes]()
    until = time.process_time() + seconds
    for data in changes(gather(), seed):
        began = time.process_time()
        if began > until:
            return counted, failed
        try:
            counted[judge(data)] += 1
        except Exception as error:
            counted[f"FAILED: {type(error).__name__}"] += 1
            failed.append(data)
        if time.process_time() - began > SLOWEST:
            counted["SLOW"] += 1
            failed.append(data)
    raise AssertionError("changes never end")


@pytest.mark.parametrize("kind", KINDS)
def test_the_corpus_is_read_or_refused(kind: str) -> None:
    judge, gather = KINDS[kind]
    found = Counter(judge(data) for data in gather())
    assert found["refused"]
    assert len(found) > 1, "some of it is good"


@pytest.mark.parametrize("kind", KINDS)
def test_no_change_breaks_a_reader(kind: str) -> None:
    counted, failed = tried(kind, seconds=SECONDS, seed=20261201)
    assert not failed, (counted, failed[0][:300])
    assert counted["refused"]
    assert counted.total() > 20


def main() -> int:
    """Try one reader for so many minutes; 1 when anything failed."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("kind", choices=KINDS)
    asked.add_argument("--minutes", type=float, default=60)
    asked.add_argument("--seed", type=int, default=time.time_ns())
    said = asked.parse_args()
    counted, failed = tried(said.kind, seconds=said.minutes * 60, seed=said.seed)
    FAILED.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(failed[:100]):
        (FAILED / f"{said.kind}-{said.seed}-{number}").write_bytes(data)
    sys.stdout.write(f"{said.kind}, seed {said.seed}, {said.minutes:g} minutes of processor time: {dict(counted)}\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
