"""Every page of each person, found by following the links from the desk."""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from django.urls import URLResolver, get_resolver, resolve
from playwright.sync_api import Page

from meetings.demonstration.people import SIGN_INS
from tests.browser.look import glance, look

SEVERAL = {"meetings:meeting": 3, "meetings:minutes": 2, "decisions:proposal": 3, "decisions:action": 3}
"""Pages that look different from row to row: how many of them each person opens."""

FILES = {"ledger:checkpoint"}
"""Addresses that answer with a file."""

ELSEWHERE = {
    *FILES,
    "decisions:action_verify",
    "decisions:action_window",
    "decisions:proposal_go_live",
    "decisions:scope_resume",
    "meetings:agenda_move",
    "meetings:agenda_refresh",
    "meetings:agenda_release",
    "meetings:minutes_autosave",
    "meetings:plan",
    "meetings:room",
    "meetings:room_adjourn",
    "meetings:room_attend",
    "meetings:room_call",
    "meetings:room_do",
    "meetings:room_item",
    "meetings:room_open",
    "meetings:series",
}
"""Pages and acts that no link of the demonstration leads to; the story goes there."""


def followed(page: Page) -> list[str]:
    """The paths within the practice to which the page links, in order, without files and filters."""
    addresses = page.eval_on_selector_all("a[href]:not([download])", "links => links.map(link => link.href)")
    parts = [urlsplit(address) for address in addresses]
    host = urlsplit(page.url).netloc
    return [
        part.path
        for part in parts
        if part.netloc == host and part.path.startswith(("/p/", "/ledger/")) and not part.query
    ]


def walk(page: Page) -> Iterator[str]:
    """Open page after page, each kind of page as often as is worth a look; yields the kind."""
    waiting = deque([urlsplit(page.url).path])
    known, opened = set(waiting), Counter[str]()
    while waiting:
        path = waiting.popleft()
        kind = resolve(path).view_name
        if kind in FILES or opened[kind] >= SEVERAL.get(kind, 1):
            continue
        opened[kind] += 1
        answer = page.goto(path)
        assert answer is not None
        assert answer.ok, f"{path} answers {answer.status}"
        yield kind if opened[kind] == 1 else f"{kind}-{opened[kind]}"
        for link in followed(page):
            if link not in known:
                known.add(link)
                waiting.append(link)


def test_every_page_of_each_person(enter: Callable[[str], Page]) -> None:
    faults: list[str] = []
    seen: set[str] = set()
    for name, _, _ in SIGN_INS:
        page = enter(name)
        for kind in walk(page):
            own = f"{name}-desk" if kind == "meetings:desk" else kind.replace(":", "-")
            faults += look(page, own) if own not in seen else glance(page)
            seen |= {own, kind}
        page.context.close()
    assert not faults, "\n".join(faults)
    assert kinds() - seen <= ELSEWHERE


def kinds() -> set[str]:
    """The names of all addresses below a practice."""
    below = next(part for part in get_resolver().url_patterns if str(part.pattern) == "p/<slug:practice>/")
    assert isinstance(below, URLResolver)
    apps = [part for part in below.url_patterns if isinstance(part, URLResolver)]
    return {f"{app.app_name}:{name}" for app in apps for name in app.reverse_dict if isinstance(name, str)}
