"""Run every measurement on an embedded cluster of its own, print a table, write bench/results.json.

A measurement is a function registered with `@measure`; it gets the database and gives results. Durations differ from
machine to machine, so what is claimed are ratios of things measured in turns on the same machine.
"""

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import django
from django.core.management import call_command

from audit.database import close_connections
from config.embedded import DATABASE, Cluster

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

MODULES = ["bench.acts", "bench.appends", "bench.ledger", "bench.packs", "bench.pages", "bench.hour"]
"""Where the measurements are; each registers its own."""
RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One line of the table."""

    name: str
    value: float
    unit: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.name:<62} {self.value:>12,.2f} {self.unit:<12} {self.note}".rstrip()


@dataclass(frozen=True, kw_only=True)
class Size:
    """How much is measured. Ratios of a small run are rougher, but of the same things."""

    name: str
    entries: int
    """Entries that are verified, in a pack and in the database."""
    acts: int
    """Acts that each of two hammering clients writes."""
    seconds: float
    """One turn of writers or of a page."""
    rounds: int
    """Turns that each thing measured takes."""


FULL = Size(name="full", entries=1_000_000, acts=2_000, seconds=2.0, rounds=5)
SMALL = Size(name="small", entries=60_000, acts=100, seconds=0.5, rounds=3)

type Measurement = Callable[[Any, Size], list[Result]]

MEASUREMENTS: list[Measurement] = []


def measure(function: Measurement) -> Measurement:
    """Register a measurement; it gets `tests.conftest.Database` with the practice of `tests.cast`, and the size."""
    MEASUREMENTS.append(function)
    return function


def in_turns(works: dict[str, Callable[[], object]], *, rounds: int, each: int = 10) -> dict[str, float]:
    """Median seconds of one call of each work; the works take turns, so that a slow moment of the machine hits all."""
    for work in works.values():
        for _ in range(each):
            work()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(8 * rounds):
        for name, work in works.items():
            for _ in range(each):
                begin = time.perf_counter()
                work()
                seconds[name].append(time.perf_counter() - begin)
    return {name: median(found) for name, found in seconds.items()}


@contextmanager
def practice() -> Iterator[Any]:
    """A `tests.conftest.Database` on a cluster of its own, with the practice of `tests.cast` founded in it."""
    from tests.cast import found
    from tests.conftest import Database, point_to

    with TemporaryDirectory(prefix="brightline-bench-") as folder:
        # Durable, as in production: what a commit costs is part of what an act costs.
        cluster = Cluster(Path(folder) / "cluster", durable=True)
        try:
            cluster.ensure()
            urls = cluster.urls()
            os.environ["OWNER_DATABASE_URL"] = urls["owner"]
            point_to(urls)
            call_command("migrate", verbosity=0)
            found()
            yield Database(cluster, DATABASE)
        finally:
            close_connections()
            cluster.destroy()


def main() -> int:
    """Measure everything, or what is named on the command line; exit code 0."""
    django.setup()
    for module in MODULES:
        import_module(module)
    by_name = {function.__name__: function for function in MEASUREMENTS}
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure what Brightline claims.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(by_name)}")
    parser.add_argument("--small", action="store_true", help="a quick, rough run")
    arguments = parser.parse_args()
    if unknown := sorted(set(arguments.names) - set(by_name)):
        parser.error(f"there is no measurement {', '.join(unknown)}")
    size = SMALL if arguments.small else FULL
    results: list[Result] = []
    with practice() as database:
        for name in arguments.names or by_name:
            print(f"Measuring: {(by_name[name].__doc__ or name).splitlines()[0]}", flush=True)
            before = os.getloadavg()[0]
            for result in by_name[name](database, size):
                results.append(result)
                print(f"  {result}", flush=True)
            print(f"  (load of the machine: {before:.1f} before, {os.getloadavg()[0]:.1f} after)", flush=True)
    report(results, size)
    return 0


def report(results: list[Result], size: Size) -> None:
    """Print the table and write the file."""
    print()
    for result in results:
        print(result)
    RESULTS.write_text(
        json.dumps(
            {
                "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": sys.version.split()[0]},
                "size": size.name,
                "load": os.getloadavg(),
                "results": [asdict(result) for result in results],
            },
            indent=1,
        )
        + "\n"
    )
    print(f"\nWritten to {RESULTS.relative_to(RESULTS.parents[1])}.")
