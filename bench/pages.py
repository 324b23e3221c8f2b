"""How fast the pages answer, as a share of the rate of a signed-in Django page with one query, on the same server."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode

import psycopg

from bench.run import Result, Size, measure
from config.installation import PROJECT
from meetings.demonstration.people import PASSWORD, address

CONNECTIONS = 4
READY_WITHIN = 30

PAGES = {
    "desk": "",
    "meeting": "meetings/{month}/",
    "decision log": "decisions/",
    "audit room": "audit/",
    "decision rights": "rights/",
}
AIMS = {"desk": 0.25, "meeting": 0.33, "decision log": 0.33, "audit room": 0.33, "decision rights": 0.33}
BASELINE = "/bench/baseline/"


@measure
def pages(database: Any, size: Size) -> list[Result]:
    """Pages of the demonstration as a share of the baseline page's rate: rendered anew each time, and as they stand."""
    fresh = database.cluster
    name = "brightline_bench_pages"
    fresh.create_database(name)
    environment = os.environ | {
        "OWNER_DATABASE_URL": fresh.urls(name)["owner"],
        "DATABASE_URL": fresh.urls(name)["app"],
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }
    for command in ("migrate", "load_demo", "collectstatic --no-input"):
        subprocess.run(
            [sys.executable, "manage.py", *command.split()],
            cwd=PROJECT,
            env=environment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    del environment["OWNER_DATABASE_URL"]
    port = _free_port()
    server = subprocess.Popen(
        [
            shutil.which("granian", path=str(Path(sys.executable).parent)) or "granian",
            *f"--interface wsgi config.wsgi:application --host 127.0.0.1 --port {port}".split(),
            *["--workers", "1", "--blocking-threads", "2", "--no-ws", "--log-level", "error"],
        ],
        cwd=PROJECT,
        env=environment,
    )
    try:
        cookie = _sign_in(port)
        latest = _latest_month(fresh, name)
        paths = {page: "/p/riverside/" + path.format(month=latest) for page, path in PAGES.items()}
        shares: dict[str, list[float]] = {}
        base = []
        for _ in range(size.rounds):
            for page, path in paths.items():
                base.append(_rate(port, BASELINE, cookie, size.seconds))
                for kind in ("fresh", "standing"):
                    rate = _rate(port, path, cookie, size.seconds, fresh=kind == "fresh")
                    shares.setdefault(f"{page}, {kind}", []).append(rate / base[-1])
    finally:
        server.terminate()
        server.wait(20)
    note = "session, user, one query"
    results = [Result(name="baseline page", value=median(base), unit="requests/s", note=note)]
    for name, found in shares.items():
        aim = f"aim {AIMS[name.split(',')[0]]}"
        results.append(
            Result(name=f"{name}: share of the baseline's rate", value=median(found), unit="times", note=aim)
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


def _sign_in(port: int) -> str:
    """Sign in as the Medical Director; gives the cookies."""
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/account/login/")
            page = connection.getresponse()
            break
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    page.read()
    token = next(c for c in page.headers.get_all("Set-Cookie") or [] if c.startswith("csrftoken="))
    token = token.split(";")[0].partition("=")[2]
    body = urlencode({"login": address("marsh"), "password": PASSWORD, "csrfmiddlewaretoken": token})
    headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/account/login/", body, headers)
    answer = connection.getresponse()
    answer.read()
    cookies = [c.split(";")[0] for c in answer.headers.get_all("Set-Cookie") or []]
    assert any(c.startswith("sessionid=") for c in cookies), answer.status
    return "; ".join(cookies)


def _rate(port: int, path: str, cookie: str, seconds: float, *, fresh: bool = False) -> float:
    """Requests per second over a few connections; every answer must be 200. `fresh`: each address is new."""

    def ask(until: float) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        done = 0
        while time.monotonic() < until:
            address = f"{path}?look={next(_looks)}" if fresh else path
            connection.request("GET", address, headers={"Cookie": cookie})
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, (path, answer.status)
            done += 1
        return done

    begin = time.monotonic()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        done = sum(pool.map(ask, [begin + seconds] * CONNECTIONS))
    return done / (time.monotonic() - begin)


_looks = count()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
