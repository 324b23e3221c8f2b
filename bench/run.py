"""Run every measurement on an embedded cluster of its own, print a table, write bench/results.json.

A measurement is a function registered with `@measure`; it gets the database and gives results. Durations differ from
machine to machine, so what is claimed are ratios of things measured in turns on the same machine.
"""

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

MODULES = ["bench.acts", "bench.appends", "bench.ledger", "bench.packs", "bench.pages"]
"""Where the measurements are; each registers its own."""
RESULTS = Path(__file__).parent / "results.json"


@dataclass(frozen=True, kw_only=True)
class Result:
    """One line of the table."""

    name: str
    value: float
    unit: str
    note: str = ""


type Measurement = Callable[[Any], list[Result]]

MEASUREMENTS: list[Measurement] = []


def measure(function: Measurement) -> Measurement:
    """Register a measurement; it gets `tests.conftest.Database` with the practice of `tests.cast`."""
    MEASUREMENTS.append(function)
    return function


def in_turns(works: dict[str, Callable[[], object]], *, rounds: int = 7, each: int = 30) -> dict[str, float]:
    """Median seconds of one call of each work; the works take turns, so that a slow moment of the machine hits all."""
    for work in works.values():
        work()
    seconds: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(rounds):
        for name, work in works.items():
            begin = time.perf_counter()
            for _ in range(each):
                work()
            seconds[name].append((time.perf_counter() - begin) / each)
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
    """Measure everything; exit code 0."""
    django.setup()
    for module in MODULES:
        import_module(module)
    results: list[Result] = []
    with practice() as database:
        for function in MEASUREMENTS:
            print(f"Measuring: {(function.__doc__ or function.__name__).splitlines()[0]}", flush=True)
            results += function(database)
    report(results)
    return 0


def report(results: list[Result]) -> None:
    """Print the table and write the file."""
    width = max(len(result.name) for result in results)
    print()
    for result in results:
        print(f"{result.name:<{width}}  {result.value:>12,.2f} {result.unit:<14} {result.note}".rstrip())
    RESULTS.write_text(
        json.dumps(
            {
                "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "machine": {"cores": os.cpu_count(), "system": platform.platform(), "python": sys.version.split()[0]},
                "results": [asdict(result) for result in results],
            },
            indent=1,
        )
        + "\n"
    )
    print(f"\nWritten to {RESULTS.relative_to(RESULTS.parents[1])}.")
