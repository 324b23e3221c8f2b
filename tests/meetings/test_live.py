"""The live room: what asks whether it moved gets an empty answer until something did, at the price of three queries."""

import time

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from audit.models import AccessEvent
from governance.idle import SEEN
from governance.models import Person
from governance.services.appointments import end_appointment
from meetings.models import Meeting
from meetings.services.room import leave
from tests.cast import Cast
from tests.meetings.gathering import seat
from tests.meetings.test_meeting_pages import address
from tests.sign_in import sign_in


class Watcher:
    """Somebody whose page of the room asks again."""

    def __init__(self, board: Cast, meeting: Meeting, person: Person) -> None:
        self.client = sign_in(Client(), person)
        self.address = address(board, "room", meeting.code)
        self.client.get(self.address)
        self.tag = self.client.get(self.address)["ETag"]

    def ask(self, tag: str = "") -> HttpResponse:
        headers = {"If-None-Match": tag or self.tag, "HX-Request": "true"}
        answer: HttpResponse = self.client.get(self.address, headers=headers)  # type: ignore[assignment]
        return answer


def test_an_idle_watcher_costs_three_queries_and_an_empty_answer(board: Cast, meeting: Meeting) -> None:
    for person in (board.physician, board.secretary, board.director, board.operations):
        watcher = Watcher(board, meeting, person)
        looked = AccessEvent.objects.count()
        with CaptureQueriesContext(connection) as queries:
            answer = watcher.ask()
        assert (answer.status_code, answer.content) == (304, b"")
        assert len(queries) <= 3
        assert AccessEvent.objects.count() == looked


def test_what_moved_is_shown_to_everybody(board: Cast, meeting: Meeting) -> None:
    chair, member = Watcher(board, meeting, board.director), Watcher(board, meeting, board.physician)
    leave(actor=board.secretary, attendance=seat(meeting, board.alternate))
    for watcher in (chair, member):
        moved = watcher.ask()
        assert moved.status_code == 200
        assert "2 of 3 present" in moved.content.decode()
        assert f'data-version="{moved["ETag"].strip(chr(34))}"' in moved.content.decode()
        assert watcher.ask(moved["ETag"]).status_code == 304


def test_a_tag_is_good_for_one_person_at_one_address(board: Cast, meeting: Meeting) -> None:
    one, other = Watcher(board, meeting, board.physician), Watcher(board, meeting, board.operations)
    assert other.ask(one.tag).status_code == 200
    item = meeting.items.order_by("position").last()
    assert item
    one.address += f"?item={item.pk}"
    assert one.ask().status_code == 200


def test_asking_keeps_no_session_alive_and_takes_no_message(board: Cast, meeting: Meeting) -> None:
    watcher = Watcher(board, meeting, board.secretary)
    session = watcher.client.session
    session[SEEN] = before = int(time.time()) - 600
    session.save()
    watcher.client.post(
        address(board, "room_attend", meeting.code, seat(meeting, board.physician).pk), {"standing": "x"}
    )
    session = watcher.client.session
    session[SEEN] = before
    session.save()
    assert watcher.ask('"another"').status_code == 200
    assert watcher.client.session[SEEN] == before
    assert "is none of present" in watcher.client.get(watcher.address).content.decode()


def test_the_answer_ends_with_office_and_session(board: Cast, meeting: Meeting) -> None:
    watcher = Watcher(board, meeting, board.operations)
    watcher.client.cookies.clear()
    assert watcher.ask().status_code == 302
    watcher = Watcher(board, meeting, board.operations)
    session = watcher.client.session
    session[SEEN] = int(time.time()) - 3600
    session.save()
    assert "HX-Redirect" in watcher.ask()
    watcher = Watcher(board, meeting, board.operations)
    office = board.operations.appointments.get()
    end_appointment(actor=board.executive, appointment=office, reason="She left")
    assert watcher.ask().status_code == 404
