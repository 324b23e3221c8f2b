"""How fast the pages answer, as a share of the rate of a signed-in Django page with one query, on the same server."""

from statistics import median
from typing import Any

import psycopg

from bench.run import Result, Size, measure
from bench.served import BASELINE, prepare, rate, served, settings_for, sign_in
from meetings.demonstration.people import PASSWORD, address

PAGES = {
    "desk": "",
    "meeting": "meetings/{month}/",
    "decision log": "decisions/",
    "audit room": "audit/",
    "decision rights": "rights/",
}
AIMS = {"desk": 0.25, "meeting": 0.33, "decision log": 0.33, "audit room": 0.33, "decision rights": 0.33}


@measure
def pages(database: Any, size: Size) -> list[Result]:
    """Pages of the demonstration as a share of the baseline page's rate: rendered anew each time, and as they stand."""
    fresh = database.cluster
    name = "brightline_bench_pages"
    fresh.create_database(name)
    environment = settings_for(fresh.urls(name))
    prepare(environment | {"OWNER_DATABASE_URL": fresh.urls(name)["owner"]}, "migrate", "load_demo")
    with served(environment) as port:
        cookie = sign_in(port, address("marsh"), PASSWORD)
        latest = _latest_month(fresh, name)
        paths = {page: "/p/riverside/" + path.format(month=latest) for page, path in PAGES.items()}
        shares: dict[str, list[float]] = {}
        base = []
        for _ in range(size.rounds):
            for page, path in paths.items():
                base.append(rate(port, BASELINE, cookie, size.seconds))
                for kind in ("fresh", "standing"):
                    found = rate(port, path, cookie, size.seconds, fresh=kind == "fresh")
                    shares.setdefault(f"{page}, {kind}", []).append(found / base[-1])
    note = "session, user, one query"
    results = [Result(name="baseline page", value=median(base), unit="requests/s", note=note)]
    for name, times in shares.items():
        aim = f"aim {AIMS[name.split(',')[0]]}"
        results.append(
            Result(name=f"{name}: share of the baseline's rate", value=median(times), unit="times", note=aim)
        )
    return results


def _latest_month(cluster: Any, name: str) -> str:
    """The newest adjourned meeting's month, as its address has it."""
    with psycopg.connect(cluster.urls(name)["app"]) as connection:
        row = connection.execute(
            "select to_char(month, 'YYYY-MM') from meetings_meeting where state = 'adjourned'"
            " order by month desc limit 1"
        ).fetchone()
    assert row
    return str(row[0])
