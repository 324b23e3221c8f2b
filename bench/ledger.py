"""What it costs to read the record again."""

import time
from typing import Any

from audit.ledger.merkle import leaf_hash
from audit.services.verification import verify
from bench.run import Result, measure


@measure
def verification(database: Any) -> list[Result]:
    """Verifying the whole record, against hashing its headers alone."""
    with database.connect("reader") as reader:
        begin = time.perf_counter()
        report = verify(reader, keys=[])
        whole = time.perf_counter() - begin
        if report.findings:
            raise RuntimeError(f"The record is damaged: {report.first}")
        headers = [header.encode() for (header,) in reader.execute("select header from audit_entry").fetchall()]
        begin = time.perf_counter()
        for header in headers:
            leaf_hash(header)
        hashing = time.perf_counter() - begin
    return [
        Result(
            name="entries verified", value=report.entries / whole, unit="per second", note=f"{report.entries} entries"
        ),
        Result(name="verifying the database against hashlib", value=hashing / whole, unit="times", note="aim 0.2"),
    ]
