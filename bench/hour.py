"""A one-hour meeting of 25 items, 12 papers, 8 motions and 10 corrective actions: its pages, and their queries."""

import http.client
from datetime import timedelta
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.run import Result, Size, measure
from bench.served import BASELINE, rate, served, settings_for, sign_in
from governance.models import Account
from meetings.choices import Purpose, Topic
from meetings.demonstration.before import scan
from meetings.models import AgendaItem, Meeting
from meetings.services.agenda import add_item
from meetings.services.motions import make_motion, record_votes
from meetings.services.outcomes import open_action_under_item
from meetings.services.papers import attach_to_item
from meetings.services.room import adjourn, handle_item
from tests.cast import PASSWORD, Cast, local_day, recall
from tests.meetings import gathering
from tests.sign_in import sign_in as sign_in_client

ITEMS, PAPERS, MOTIONS, ACTIONS = 25, 12, 8, 10
WATCHED_BY = 3
"""Queries that an idle watcher's poll takes at most."""


def hold(cast: Cast) -> Meeting:
    """The meeting in session, its first items with motions and actions recorded, all items still open but those."""
    gathering.series(cast)
    meeting = gathering.planned(cast)
    while (at := meeting.items.count()) < ITEMS:
        add_item(
            actor=cast.secretary, meeting=meeting, topic=Topic.OTHER, title=f"Point {at + 1} of the hour",
            purpose=Purpose.DISCUSSION,
        )  # fmt: skip
    items = list(meeting.items.order_by("position"))
    for number, item in enumerate(items[:PAPERS], start=1):
        attach_to_item(
            actor=cast.secretary, item=item, data=scan(f"Paper {number}"), name=f"paper-{number}.pdf",
            title=f"Paper {number} of the hour",
        )  # fmt: skip
    meeting = gathering.opened(cast, meeting)
    seats = [gathering.seat(meeting, person) for person in (cast.director, cast.physician, cast.alternate)]
    for item in items[:MOTIONS]:
        motion = make_motion(
            actor=cast.secretary, item=item, text=f"To accept the report on {item.title.lower()}.", mover=seats[0],
            seconder=seats[1],
        )  # fmt: skip
        record_votes(actor=cast.secretary, motion=motion, votes={seat.pk: "for" for seat in seats})
    for number, item in enumerate(items[:ACTIONS], start=1):
        open_action_under_item(
            actor=cast.secretary, item=item, title=f"Action {number} of the hour", root_cause="A list on paper.",
            action="A list that all may read.", strength="intermediate", owner=cast.operations,
            due_on=local_day() + timedelta(days=30), measure="No item is missing in two audits.",
            verifier=cast.physician,
        )  # fmt: skip
    return meeting


@measure
def one_hour_meeting(database: Any, size: Size) -> list[Result]:
    """The pages of a one-hour meeting as a share of the baseline page's rate; and an idle watcher."""
    for account in Account.objects.all():
        account.set_password(PASSWORD)
        account.save()
    cast = recall()
    meeting = hold(cast)
    room = reverse("meetings:room", args=[cast.practice.slug, meeting.code])
    paths = {
        "room": room,
        "room at an item with a motion": f"{room}?item={_first(meeting).pk}",
        "meeting in session": reverse("meetings:meeting", args=[cast.practice.slug, meeting.code]),
        "list of meetings": reverse("meetings:meetings", args=[cast.practice.slug]),
    }
    results = _answer(database, cast, size, paths, watched=room)
    for item in meeting.items.filter(state="open").order_by("position"):
        handle_item(actor=cast.secretary, item=item, account="Considered.")
    adjourn(actor=cast.director, meeting=meeting)
    minutes = {"draft of the minutes": reverse("meetings:minutes", args=[cast.practice.slug, meeting.code])}
    return results + _answer(database, cast, size, minutes)


def _answer(database: Any, cast: Cast, size: Size, paths: dict[str, str], *, watched: str = "") -> list[Result]:
    client = Client(headers={"host": "127.0.0.1"})
    sign_in_client(client, cast.director)
    with served(settings_for(database.urls)) as port:
        queries = {name: _queries(client, path) for name, path in paths.items()}
        email = cast.director.account.email if cast.director.account else ""
        cookie = sign_in(port, email, PASSWORD)
        shares: dict[str, list[float]] = {}
        base: list[float] = []
        for _ in range(size.rounds):
            for name, path in paths.items():
                base.append(rate(port, BASELINE, cookie, size.seconds))
                shares.setdefault(name, []).append(rate(port, path, cookie, size.seconds, fresh=True) / base[-1])
            if watched:
                polled = rate(port, watched, cookie, size.seconds, known=_shown(port, watched, cookie), status=304)
                shares.setdefault("idle watcher's poll, 304", []).append(polled / base[-1])
    if watched:
        shown = client.get(watched)["ETag"]
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(watched, headers={"If-None-Match": shown, "HX-Request": "true"})
        assert (answer.status_code, answer.content) == (304, b"")
        assert len(asked) <= WATCHED_BY
        queries["idle watcher's poll, 304"] = len(asked)
    return [
        Result(
            name=f"hour: {name}: share of the baseline's rate",
            value=median(found),
            unit="times",
            note=f"{queries[name]} queries",
        )
        for name, found in shares.items()
    ]


def _queries(client: Client, path: str) -> int:
    """Queries of the page as it is opened for the first time since the record moved."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(path, {"look": "first"} if "?" not in path else None)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers)
    return len(asked)


def _shown(port: int, path: str, cookie: str) -> str:
    """The version of a page that a watcher has before it polls."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    asked.request("GET", path, headers={"Cookie": cookie})
    answer = asked.getresponse()
    answer.read()
    return str(answer.headers["ETag"])


def _first(meeting: Meeting) -> AgendaItem:
    found = meeting.items.order_by("position").first()
    assert found
    return found
