"""A production server with one process, and a browser's requests to it: rates as a share of the baseline page's."""

import http.client
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from config.installation import PROJECT

CONNECTIONS = 4
READY_WITHIN = 30
BASELINE = "/bench/baseline/"


@contextmanager
def served(environment: dict[str, str]) -> Iterator[int]:
    """Serve the application with these settings on a free port; static files are collected before."""
    _manage(environment, "collectstatic", "--no-input")
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
        yield port
    finally:
        server.terminate()
        server.wait(20)


def settings_for(urls: dict[str, str]) -> dict[str, str]:
    """The environment of a server on the database with these addresses."""
    return os.environ | {"DATABASE_URL": urls["app"], "DJANGO_SETTINGS_MODULE": "bench.settings"}


def prepare(environment: dict[str, str], *commands: str) -> None:
    """Run commands of manage.py, one after the other."""
    for command in commands:
        _manage(environment, *command.split())


def _manage(environment: dict[str, str], *command: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", *command], cwd=PROJECT, env=environment, check=True, stdout=subprocess.DEVNULL
    )


def sign_in(port: int, email: str, password: str) -> str:
    """Sign in; gives the cookies."""
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
    body = urlencode({"login": email, "password": password, "csrfmiddlewaretoken": token})
    headers = {"Cookie": f"csrftoken={token}", "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/account/login/", body, headers)
    answer = connection.getresponse()
    answer.read()
    cookies = [c.split(";")[0] for c in answer.headers.get_all("Set-Cookie") or []]
    assert any(c.startswith("sessionid=") for c in cookies), answer.status
    return "; ".join(cookies)


def rate(
    port: int, path: str, cookie: str, seconds: float, *, fresh: bool = False, known: str = "", status: int = 200
) -> float:
    """Requests per second over a few connections; every answer must have the status.

    `fresh`: each address is new. `known`: the version that a polling page shows already.
    """
    headers = {"Cookie": cookie} | ({"If-None-Match": known} if known else {})

    def ask(until: float) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        done = 0
        while time.monotonic() < until:
            address = f"{path}{'&' if '?' in path else '?'}look={next(_looks)}" if fresh else path
            connection.request("GET", address, headers=headers)
            answer = connection.getresponse()
            answer.read()
            assert answer.status == status, (path, answer.status)
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
