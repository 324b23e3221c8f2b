"""Two clients that write at once, each a process of its own, leave gapless logs that verify."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from audit.models import Entry, Head, Log
from governance.models import Practice
from tests.cast import Cast, found
from tests.conftest import Database

ACTS = 25
"""Of each client; `make bench` writes 2,000."""


def hammer(database: Database, slugs: list[str], count: int) -> None:
    """One client for each name, all at once."""
    environment = os.environ | {"DATABASE_URL": database.urls["app"], "DJANGO_SETTINGS_MODULE": "tests.settings"}
    clients = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.writer", slug, str(count)], env=environment, cwd=Path(__file__).parents[2]
        )
        for slug in slugs
    ]
    assert [client.wait(300) for client in clients] == [0] * len(slugs)


@pytest.mark.parametrize("logs", [1, 2])
def test_two_clients_leave_gapless_logs(logs: int, cast: Cast, house: Database, sign: Any, verify: Any) -> None:
    slugs = [cast.practice.slug] * 2
    if logs == 2:
        slugs[1] = found("hesperia").practice.slug
    heads = Head.objects.in_bulk()
    hammer(house, slugs, ACTS)
    for slug in set(slugs):
        log = Log.objects.get(practice=Practice.objects.get(slug=slug).pk)
        head = Head.objects.get(log=log)
        assert head.size == heads[log.pk].size + ACTS * slugs.count(slug)
        numbers = list(Entry.objects.filter(log=log).order_by("index").values_list("index", flat=True))
        assert numbers == list(range(head.size))
    sign()
    code, said = verify()
    assert code == 0, said
