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
from http.cookies import SimpleCookie
from itertools import count
from pathlib import Path
from urllib.parse import urlencode

from config.installation import PROJECT

CONNECTIONS = 4
READY_WITHIN = 30
BASELINE = "/bench/baseline/"
LOGIN = "/account/login/"


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
    """Sign in and read the page that follows, as a browser would; gives the cookies that it keeps."""
    deadline = time.monotonic() + READY_WITHIN
    while True:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", LOGIN)
            page = connection.getresponse()
            break
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    page.read()
    cookies = _kept({}, page)
    body = urlencode({"login": email, "password": password, "csrfmiddlewaretoken": cookies["csrftoken"]})
    headers = {"Cookie": _sent(cookies), "Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", LOGIN, body, headers)
    answer = connection.getresponse()
    answer.read()
    cookies = _kept(cookies, answer)
    assert "sessionid" in cookies, answer.status
    # The word of welcome stays in a cookie until a page shows it, and such a page is not kept.
    address = answer.headers["Location"]
    while address:
        connection.request("GET", address, headers={"Cookie": _sent(cookies)})
        answer = connection.getresponse()
        answer.read()
        cookies, address = _kept(cookies, answer), answer.headers["Location"]
    assert answer.status == 200, answer.status
    return _sent(cookies)


def _kept(cookies: dict[str, str], answer: http.client.HTTPResponse) -> dict[str, str]:
    """The cookies after this answer; what it empties is gone."""
    given: SimpleCookie = SimpleCookie()
    for line in answer.headers.get_all("Set-Cookie") or []:
        given.load(line)
    changed = cookies | {name: one.coded_value for name, one in given.items()}
    return {name: value for name, value in changed.items() if value.strip('"')}


def _sent(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


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
