"""Calendars: invitations that keep their identity through every change, and each person's secret address."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar, Event

from audit.acts import current, service
from audit.models import AccessEvent, Act
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused, take_part
from governance.models import Account, Appointment, Body, Person, Practice
from governance.services.appointments import end_appointment
from meetings import calendar
from meetings.calendar import invitation
from meetings.feed import make_address
from meetings.models import CalendarFeed, Meeting, Reply
from meetings.rules.calling import expectation
from meetings.selectors.calling import asked, issued_at
from meetings.services.agenda import release_agenda
from meetings.services.calling import cancel_meeting, move_meeting
from meetings.services.replies import reply
from tests.cast import Cast, found
from tests.conftest import Database
from tests.meetings import gathering
from tests.sign_in import sign_in
from tests.test_access_matrix import without_token

PACIFIC = Practice(slug="riverside", name="Riverside Physicians, P.C.", time_zone="America/Los_Angeles")
NOW = datetime(2026, 3, 2, 18, 30, tzinfo=UTC)


def called(at: datetime, key: int = 7, **fields: Any) -> Meeting:
    """A meeting in memory."""
    body = Body(practice=PACIFIC, name="Oversight board", kind="board", authorized=3)
    return Meeting(
        pk=key, practice=PACIFIC, body=body, month=date(at.year, at.month, 1), starts_at=at, place="Riverside, room 2",
        mode="hybrid", **fields,
    )  # fmt: skip


def read(data: bytes) -> tuple[Calendar, Event]:
    """What icalendar's own parser makes of a file with one event; the file is valid and every line short enough."""
    parsed = Calendar.from_ical(data)
    assert isinstance(parsed, Calendar)
    parsed.validate()
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    (event,) = parsed.events
    assert not event.errors
    return parsed, event


def start_of(event: Event) -> datetime:
    assert isinstance(event.start, datetime)
    return event.start


@pytest.mark.parametrize(
    ("day", "hour"),
    [("2026-03-07", 25), ("2026-03-08", 24), ("2026-10-31", 24), ("2026-11-01", 25)],
    ids=["before it begins", "the day it begins", "before it ends", "the day it ends"],
)
def test_the_time_is_right_beside_both_changes_of_daylight_saving(day: str, hour: int) -> None:
    """17:30 on the practice's clock, by its VTIMEZONE alone, whatever the reader's own tables say."""
    wall = datetime.fromisoformat(f"{day}T17:30")
    meeting = called(wall.replace(tzinfo=PACIFIC.zone).astimezone(UTC))
    parsed, event = read(calendar.feed([meeting], {7: NOW}))
    assert start_of(event).replace(tzinfo=None) == wall
    assert start_of(event).tzinfo is not None
    assert event["DTSTART"].params["TZID"] == "America/Los_Angeles"
    own = parsed.timezones[0].to_tz(lookup_tzid=False)
    at = wall.replace(tzinfo=own)
    assert (
        at.astimezone(UTC) == meeting.starts_at == datetime.fromisoformat(f"{day}T00:30+00:00") + timedelta(hours=hour)
    )
    assert event.end - event.start == timedelta(hours=1)


def test_a_year_of_meetings_goes_by_one_clock() -> None:
    meetings = [called(datetime(2026, month, 24, 1, 30, tzinfo=UTC), key=month) for month in range(1, 13)]
    parsed = Calendar.from_ical(calendar.feed(meetings, dict.fromkeys(range(1, 13), NOW)))
    parsed.validate()
    assert len(parsed.timezones) == 1
    assert len({event.uid for event in parsed.events}) == 12
    summer = [start_of(event).utcoffset() == timedelta(hours=-7) for event in parsed.events]
    assert summer == [3 <= month <= 10 for month in range(1, 13)]


def test_a_meeting_keeps_its_identity_when_it_is_moved_and_canceled(board: Cast) -> None:
    meeting = gathering.planned(board)

    def issued() -> tuple[Calendar, Event]:
        fresh = Meeting.objects.select_related("practice", "body", "secretary__account").get(pk=meeting.pk)
        return read(invitation(fresh, asked(fresh), issued_at([fresh])[fresh.pk]))

    parsed, first = issued()
    assert (parsed.method, first.sequence, first.status) == ("REQUEST", 0, "TENTATIVE")
    assert first.organizer == "mailto:vale@riverside.example"
    people = {str(one): dict(one.params) for one in first.attendees}
    assert len(people) == meeting.attendances.count()
    assert people["mailto:ortiz@riverside.example"] == {
        "CN": "Samuel Ortiz, MD", "CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }  # fmt: skip
    assert people["mailto:holt@riverside.example"]["ROLE"] == "OPT-PARTICIPANT"

    release_agenda(actor=board.director, meeting=meeting)
    meeting.refresh_from_db()
    reply(actor=board.physician, meeting=meeting, answer="accepted")
    _, released = issued()
    assert (released.uid, released.sequence, released.status) == (first.uid, 0, "CONFIRMED")
    assert "ACCEPTED" in {one.params["PARTSTAT"] for one in released.attendees}

    day = datetime.combine(meeting.month, time(17, 30), board.practice.zone)
    for number, at in enumerate((day + timedelta(days=40), day + timedelta(days=41)), start=1):
        move_meeting(actor=board.director, meeting=meeting, starts_at=at, place="Room 3", mode="remote", reason="Leave")
        parsed, moved = issued()
        assert (parsed.method, moved.uid, moved.sequence) == ("REQUEST", first.uid, number)
        assert (start_of(moved), moved.location) == (at, "Room 3")
        assert moved.stamp >= first.stamp
        # What was said of the old time holds no longer.
        assert {one.params["PARTSTAT"] for one in moved.attendees} == {"NEEDS-ACTION"}

    release_agenda(actor=board.director, meeting=meeting)
    assert issued()[1].sequence == 2
    cancel_meeting(actor=board.director, meeting=meeting, reason="No quorum in sight")
    parsed, canceled = issued()
    assert (parsed.method, canceled.uid, canceled.sequence, canceled.status) == ("CANCEL", first.uid, 3, "CANCELLED")
    assert canceled.stamp >= moved.stamp
    move_meeting(actor=board.director, meeting=meeting, starts_at=at, place="Room 3", mode="remote", reason="After all")
    parsed, again = issued()
    assert (parsed.method, again.uid, again.sequence, again.status) == ("REQUEST", first.uid, 4, "TENTATIVE")


def test_each_answers_alone_and_the_last_answer_holds(board: Cast, client: Client) -> None:
    meeting = gathering.planned(board)
    page = f"/p/riverside/meetings/{meeting.code}/"
    sign_in(client, board.physician)
    assert "You have not answered yet" in client.get(page).text
    assert client.post(f"{page}reply/", {"answer": "accepted"}).status_code == 302
    assert "You answered: <b>Accepted</b>" in client.get(page).text
    assert "quorum" not in client.get(page).text.partition("Do you come?")[2].partition("</section>")[0]
    client.post(f"{page}reply/", {"answer": "declined"})
    mine = Reply.objects.get()
    assert (mine.answer, mine.history.count()) == ("declined", 2)
    assert mine.attendance.person == board.physician
    told = client.post(f"{page}reply/", {"answer": "maybe so"}, follow=True).text
    assert "none of accepted, tentative, declined" in told
    with pytest.raises(RuleBroken, match="not asked"):
        reply(actor=board.operations, meeting=meeting, answer="accepted")
    with pytest.raises(RuleBroken, match="already"):
        reply(actor=board.physician, meeting=meeting, answer="declined")

    reply(actor=board.director, meeting=meeting, answer="accepted")
    sign_in(client, board.secretary)
    text = client.get(page).text
    assert "1 of 3 members accepted, 2 needed: quorum open" in text
    assert "expected<small>declined</small>" in text
    reply(actor=board.alternate, meeting=meeting, answer="accepted")
    assert "2 of 3 members accepted, 2 needed: quorum likely" in client.get(page).text
    acts = Act.objects.filter(verb="invitation.answered", outcome="done")
    assert {act.actor_name for act in acts} == {"Elena Marsh, MD", "Samuel Ortiz, MD", "Ruth Adeyemi, MD"}

    gathering.opened(board, meeting)
    with pytest.raises(RuleBroken, match="is in session"):
        reply(actor=board.physician, meeting=meeting, answer="accepted")


def test_nobody_answers_for_another_behind_the_service(board: Cast) -> None:
    meeting = gathering.planned(board)

    @service
    def answer_for(*, actor: Person, whose: Person) -> None:
        take_part(actor=actor, practice=board.practice, verb="invitation.answered")
        current().about(meeting)
        Reply.objects.create(
            attendance=gathering.seat(meeting, whose), answer="accepted", starts_at=meeting.starts_at,
            answered_at=timezone.now(),
        )  # fmt: skip

    with pytest.raises(DatabaseError, match="each answers the invitation alone"):
        answer_for(actor=board.director, whose=board.physician)
    answer_for(actor=board.physician, whose=board.physician)


def test_what_the_answers_let_expect() -> None:
    assert expectation(["accepted", "accepted", None], 2).word == "likely"
    assert expectation(["accepted", None, "tentative"], 2).word == "open"
    assert expectation(["declined", "declined", "accepted"], 2).word == "not to be reached"
    assert expectation([None], 1).sentence == "0 of 1 member accepted, 1 needed: quorum open"


def address(client: Client, person: Person) -> str:
    """A new address of the person's calendar, as the page shows it once."""
    sign_in(client, person)
    text = client.post("/account/calendar/", {"do": "make"}).text
    return str(text.split('<code id="address">')[1].split("</code>")[0]).removeprefix("http://127.0.0.1:8000")


def uids(answer: Any) -> set[str]:
    parsed = Calendar.from_ical(answer.content)
    parsed.validate()
    assert "ATTENDEE" not in answer.text
    return {str(event.uid) for event in parsed.events}


def test_an_address_is_shown_once_kept_as_a_hash_and_taken_back(board: Cast, client: Client, house: Database) -> None:
    meeting = gathering.planned(board)
    first = address(client, board.physician)
    token = first.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 43
    assert token not in client.get("/account/calendar/").text
    with house.connect("superuser") as seen:
        tables = seen.execute(
            "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname in ('public', 'audit')"
        ).fetchall()
        for (table,) in tables:
            kept = seen.execute(f"select count(*) from {table} t where t::text like %s", [f"%{token}%"]).fetchone()
            assert kept == (0,), table
    anybody = Client()
    answer = anybody.get(first)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert not answer.cookies
    assert uids(answer) == {calendar.uid(meeting)}
    assert "not read by a calendar yet" not in client.get("/account/calendar/").text
    # On the clock of the practice, named.
    assert re.search(r"last read by a calendar on [^;]+ P[SD]T\.", client.get("/account/calendar/").text)

    second = address(client, board.physician)
    assert anybody.get(first).status_code == 404
    assert anybody.get(second).status_code == 200
    assert client.post("/account/calendar/", {"do": "take back"}).status_code == 302
    gone, never = anybody.get(second), anybody.get("/calendar/nothing.ics")
    elsewhere = anybody.get("/nothing/")
    assert gone.status_code == never.status_code == elsewhere.status_code == 404
    assert without_token(gone.content) == without_token(never.content) == without_token(elsewhere.content)
    assert dict(gone.headers) == dict(never.headers)
    noted = AccessEvent.objects.filter(actor=board.physician.pk, kind="calendar address").order_by("pk")
    assert [event.object for event in noted] == ["made", "made", "taken back"]
    assert AccessEvent.objects.filter(actor=board.physician.pk, path="calendar_feed").count() == 2


def test_making_an_address_wants_a_fresh_proof(board: Cast, client: Client) -> None:
    sign_in(client, board.physician, seconds_ago=400)
    assert "/reauthenticate/" in client.post("/account/calendar/", {"do": "make"})["Location"]
    assert not CalendarFeed.objects.exists()


def test_a_calendar_holds_what_its_person_may_see_now(board: Cast, client: Client) -> None:
    harbor = found("harbor")
    gathering.series(harbor)
    here, there = gathering.planned(board), gathering.planned(harbor)
    mine, theirs = make_address(board.physician), make_address(harbor.physician)
    assert uids(client.get(mine)) == {calendar.uid(here)}
    assert uids(client.get(theirs)) == {calendar.uid(there)}
    assert uids(client.get(make_address(board.operations))) == set()  # in office, and not asked
    for held in Appointment.objects.in_force().filter(person=board.physician):
        end_appointment(actor=board.director, appointment=held, reason="Leaves")
    assert uids(client.get(mine)) == set()
    Account.objects.filter(person=board.physician).update(is_active=False)
    assert client.get(mine).status_code == 404


def test_a_calendar_that_is_read_again_costs_little(board: Cast, client: Client) -> None:
    meeting = gathering.planned(board)
    mine = make_address(board.physician)
    fresh = client.get(mine)
    with CaptureQueriesContext(connection) as few:
        again = client.get(mine, headers={"If-None-Match": fresh["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for offset in (1, 2, 3):
        gathering.planned(board, offset)
    with CaptureQueriesContext(connection) as more:
        grown = client.get(mine, headers={"If-None-Match": fresh["ETag"]})
    assert (grown.status_code, len(uids(grown))) == (200, 4)
    own, anew = (
        [one for one in queries if "governance_shared" not in one["sql"] and one["sql"] not in {"BEGIN", "COMMIT"}]
        for queries in (few, more)
    )
    assert len(own) == 3  # who, which meetings, their history
    assert len(anew) <= 5  # and the entry in the access log, and the hour
    assert calendar.uid(meeting) in uids(grown)


def test_a_calendar_is_throttled(board: Cast, client: Client, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "calendar_feed": "3/m/ip"}
    cache.clear()
    assert [client.get("/calendar/guess.ics").status_code for _ in range(5)] == [404, 404, 404, 429, 429]
    cache.clear()


def test_the_invitation_is_a_file_for_who_may_see_the_meeting(board: Cast, client: Client) -> None:
    meeting = gathering.planned(board)
    page = f"/p/riverside/meetings/{meeting.code}/invitation/"
    sign_in(client, board.mso_counsel)
    answer = client.get(page)
    assert answer["Content-Disposition"] == f'attachment; filename="riverside-{meeting.code}.ics"'
    assert read(answer.content)[1].uid == calendar.uid(meeting)
    sign_in(client, found("harbor").director)
    assert client.get(page).status_code == 404


def test_an_act_of_another_office_is_no_answer(board: Cast) -> None:
    meeting = gathering.planned(board)
    with pytest.raises(AuthorityRefused):
        reply(actor=found("harbor").director, meeting=meeting, answer="accepted")
