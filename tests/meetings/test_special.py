"""Special meetings: called in an hour with their own points, and what makes good that the notice was short."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from audit.models import Act
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from meetings.calendar import feed, invitation
from meetings.facts import record_facts
from meetings.models import Meeting, NoticeAnswer
from meetings.months import months, special_meetings
from meetings.rules.codes import parse_code
from meetings.rules.notice import Short, Word, judge, short_by_hours, verdict
from meetings.selectors.calling import asked, issued_at
from meetings.selectors.minutes import minutes_of
from meetings.selectors.notice import NoticeState, filed_since, notice_state
from meetings.services.agenda import release_agenda
from meetings.services.calling import call_special, cancel_meeting, move_meeting
from meetings.services.minutes import MEANING, sign_minutes, submit_minutes
from meetings.services.notice import protest_notice, waive_notice, waiver_of
from meetings.services.room import adjourn, defer_item, handle_item, mark, open_meeting
from meetings.waiting import notices
from tests.cast import Cast
from tests.meetings.gathering import month_of, planned, seat
from tests.meetings.test_meeting_pages import address, page
from tests.meetings.test_notices import EXPECTED, people, sent
from tests.sign_in import sign_in


def call(cast: Cast, *, hours: float = 1.01, **values: object) -> Meeting:
    wanted = {
        "starts_at": timezone.now() + timedelta(hours=hours), "place": "By video", "mode": "remote",
        "reason": "The clinic in Victorville has no physician from tomorrow.", "points": "Cover at Victorville",
    }  # fmt: skip
    return call_special(actor=cast.director, body=cast.body, **(wanted | values))  # type: ignore[arg-type]


def notice(meeting: Meeting) -> NoticeState:
    meeting.refresh_from_db()
    state = notice_state(meeting, list(meeting.attendances.prefetch_related("presences")), timezone.now())
    assert state
    return state


def words(meeting: Meeting) -> dict[str, Word]:
    return {one.seat.name: one.word for one in notice(meeting).members}


def test_notice_is_judged_by_the_rule() -> None:
    start = datetime(2026, 11, 12, 18, tzinfo=timezone.get_default_timezone())
    for hours, short in ((1, 47), (47.5, 1), (48, 0), (90, 0)):
        assert short_by_hours(start, start - timedelta(hours=hours), 48) == Short(hours=short)
    base = {"given": True, "short": True, "waived": False, "protested": False, "attended": False}
    for changed, word in (
        ({"short": False}, Word.IN_TIME), ({"short": False, "given": False}, Word.OPEN), ({}, Word.LACKING),
        ({"attended": True}, Word.ATTENDED), ({"attended": True, "protested": True}, Word.PROTESTED),
        ({"protested": True, "waived": True}, Word.WAIVED),
    ):  # fmt: skip
        assert judge(**(base | changed)) == word
    good = verdict([("A", Word.WAIVED), ("B", Word.ATTENDED)], asked="48 hours", over=True, cites=True)
    assert (good.finding, "307(a)(3)" in good.sentence) == (False, True)
    bad = verdict([("A", Word.LACKING), ("B", Word.PROTESTED)], asked="48 hours", over=True, cites=False)
    assert bad.finding
    assert "A had no notice of 48 hours and neither waived it nor attended; B protested" in bad.sentence
    assert "307" not in bad.sentence
    assert "own rule on notice was not kept" in bad.sentence
    assert "no valid action" not in bad.sentence
    worse = verdict([("A", Word.LACKING), ("B", Word.WAIVED)], asked="48 hours", over=True, cites=True)
    assert "no valid action was possible" in worse.sentence
    for code in ("2026-11-S0", "2026-13-S1", "2026-11-s1", "2026-11-", "2026-11-S1 "):
        assert parse_code(code) is None


def test_a_special_meeting_is_called_told_and_held(board: Cast) -> None:
    monthly = planned(board, 1)
    for who, broken in (
        (board.secretary, AuthorityRefused), (board.physician, AuthorityRefused), (board.executive, AuthorityRefused),
    ):  # fmt: skip
        with pytest.raises(broken):
            call_special(
                actor=who, body=board.body, starts_at=timezone.now() + timedelta(hours=1), place="Here", mode="remote",
                reason="Now", points="It",
            )  # fmt: skip
    for field, wrong in (
        ("reason", {"reason": " "}), ("points", {"points": " \n"}), ("starts_at", {"hours": -1}),
        ("starts_at", {"hours": 24 * 61}), ("mode", {"mode": "by post"}), ("length", {"length": 0}),
    ):  # fmt: skip
        with pytest.raises(RuleBroken) as refused:
            call(board, **wrong)
        assert refused.value.field == field, wrong
    sent()
    meeting = call(board, points="Cover at Victorville\nCompliance: the notice to patients")
    assert (meeting.code, meeting.state, meeting.notice_hours) == (
        f"{board.practice.local(meeting.starts_at):%Y-%m}-S1", "agenda_released", 48,
    )  # fmt: skip
    assert [item.title for item in meeting.items.order_by("position")] == [
        "The notice to patients",
        "Cover at Victorville",
    ]
    mails = sent()
    assert people(mails) == EXPECTED
    assert all("special meeting" in str(mail.subject) and "shorter than the 48 hours" in mail.body for mail in mails)
    assert meeting.call_reason not in "".join(str(mail.body) for mail in mails)
    since = issued_at([meeting])
    assert b"Special meeting" in invitation(meeting, asked(meeting), since[meeting.pk])
    assert b"Special meeting" in feed([meeting], since)
    release = meeting.releases.get()
    assert (release.short_by, release.short_hours, str(release.short)) == (0, 47, "47 hours")

    # The month is still to be held, and may be called again besides.
    first = month_of(board)
    found = months(board.practice, first, first + timedelta(days=60), person=None, today=first + timedelta(days=60))
    assert meeting not in [month.meeting for month in found]
    assert special_meetings(board.practice, first, first + timedelta(days=90), person=board.director) == [meeting]
    assert call(board, hours=2).special == 2
    assert not any(one.special for one in [monthly, planned(board)])

    # An absent member whose notice was short neither stops the opening nor is passed over in silence.
    for person in (board.director, board.physician):
        mark(actor=board.secretary, attendance=seat(meeting, person), standing="present", mode="remote")
    open_meeting(actor=board.director, meeting=meeting)
    away = seat(meeting, board.alternate).name
    assert words(meeting) == {
        seat(meeting, board.director).name: Word.ATTENDED, seat(meeting, board.physician).name: Word.ATTENDED,
        away: Word.LACKING,
    }  # fmt: skip
    assert f"{away} had no notice of 48 hours (Corp. Code 307(a)(2))" in page(
        board, board.director, "room", meeting.code
    )
    item, other = meeting.items.order_by("position")
    handle_item(actor=board.secretary, item=item, account="The text was read.")
    defer_item(actor=board.secretary, item=other, reason="The locum answers tomorrow.")
    minutes = adjourn(actor=board.director, meeting=meeting)
    facts = record_facts(Meeting.objects.select_related("practice", "body").get(pk=meeting.pk))
    assert facts["special"]["reason"] == meeting.call_reason
    assert facts["notice"]["finding"]
    assert "It was a special meeting, called for this reason" in minutes.working_draft.text
    assert "no valid action was possible" in minutes.working_draft.text
    assert minutes_of(board.practice, board.director, meeting.code) == minutes

    # What it deferred, and its minutes, come to the next monthly meeting, and none of its standing topics does.
    following = planned(board, 2)
    assert following.items.get(title="Cover at Victorville").carried_from == other
    assert following.items.filter(topic="minutes", title__contains="special meeting").count() == 1
    assert other.carried_to.count() == 1

    # The waiver is the member's alone, for that very time, and is filed until the minutes are signed.
    with pytest.raises(AuthorityRefused):
        waive_notice(actor=board.secretary, meeting=meeting, meaning=waiver_of(meeting))
    with pytest.raises(RuleBroken, match="affirm the sentence"):
        waive_notice(actor=board.alternate, meeting=meeting, meaning="I waive it.")
    with pytest.raises(RuleBroken, match="at its commencement"):
        protest_notice(actor=board.alternate, attendance=seat(meeting, board.alternate))
    version = submit_minutes(actor=board.secretary, minutes=minutes, revision=minutes.working_draft.revision)
    offices = list(board.alternate.appointments.all())
    today = board.practice.local(timezone.now()).date()

    def waiting() -> bool:
        return f"M-{meeting.code}" in [one.code for one in notices(board.alternate, board.practice, offices, today)]

    assert waiting()
    client = sign_in(Client(), board.alternate)
    where = address(board, "notice_waive", meeting.code)
    form = client.get(where).content.decode()
    assert "307(a)(3)" in form
    typed = {"sentence": waiver_of(meeting)}
    assert "Affirm what your waiver means" in client.post(where, typed).content.decode()
    assert client.post(where, {**typed, "meaning": "on"}).status_code == 302
    assert client.get(where).status_code == 404
    assert words(meeting)[away] == Word.WAIVED
    assert not notice(meeting).verdict.finding
    assert not waiting()
    answer = NoticeAnswer.objects.get()
    assert (answer.person, answer.starts_at, answer.meaning) == (board.alternate, meeting.starts_at, waiver_of(meeting))
    assert Act.objects.get(verb="notice.waived", outcome="done").object_id == meeting.code
    assert filed_since(version) == [answer]
    sign_minutes(actor=board.director, minutes=minutes, version=version, meaning=MEANING)
    with pytest.raises(RuleBroken, match="minutes are signed"):
        waive_notice(actor=board.physician, meeting=meeting, meaning=waiver_of(meeting))
    listing = client.get(address(board, "meetings")).content.decode()
    assert f"MIN-{meeting.code}" in listing
    assert f"{meeting.code}," in client.get(address(board, "meetings") + "?export=csv").content.decode()

    copy = "insert into meetings_meeting select (jsonb_populate_record(m, %s)).* from meetings_meeting m where id = %s"
    attacks: list[tuple[str, list[Any], str]] = [
        (copy, ['{"id": 999001}', monthly.pk], "meetings_one_a_month"),
        (copy, ['{"id": 999002, "special": 9}', monthly.pk], "meetings_special_with_reason"),
        ("update meetings_meeting set special = 0 where id = %s", [meeting.pk], "signed"),
        ("update meetings_meeting set special = 3 where id = %s", [monthly.pk], "special"),
    ]
    for statement, values, said in attacks:
        with pytest.raises(DatabaseError, match=said), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)


def test_who_protests_attends_but_does_not_cure_the_notice(board: Cast) -> None:
    planned(board, 1)
    meeting = call(board, release=False)
    assert (meeting.state, meeting.notice_at) == ("planned", None)
    assert "47 hours late already" in page(board, board.director, "meeting", meeting.code)
    release_agenda(actor=board.director, meeting=meeting)
    own = sign_in(Client(), board.physician)
    assert "Waive notice" in own.get(address(board, "meeting", meeting.code)).content.decode()
    away = address(board, "notice_protest", meeting.code, seat(meeting, board.physician).pk)
    assert own.post(away).status_code == 302
    assert words(meeting)[seat(meeting, board.physician).name] == Word.PROTESTED
    assert "is recorded already" in own.post(away, follow=True).content.decode()
    other = address(board, "notice_protest", meeting.code, seat(meeting, board.alternate).pk)
    assert own.post(other).status_code == 403
    clerk = sign_in(Client(), board.secretary)
    assert "protests in person" in clerk.post(other, follow=True).content.decode()

    # Another time is another notice: what was said of the old one holds no longer.
    waive_notice(actor=board.alternate, meeting=meeting, meaning=waiver_of(meeting))
    later = timezone.now() + timedelta(hours=60)
    moved = move_meeting(
        actor=board.director,
        meeting=meeting,
        starts_at=later,
        place="By video",
        mode="remote",
        reason="The locum is late",
    )
    assert set(words(moved).values()) == {Word.OPEN}
    release_agenda(actor=board.director, meeting=moved)
    assert set(words(moved).values()) == {Word.IN_TIME}
    with pytest.raises(RuleBroken, match="has notice in time"):
        waive_notice(actor=board.physician, meeting=moved, meaning=waiver_of(moved))
    cancel_meeting(actor=board.director, meeting=moved, reason="The locum has come")
    assert "is a finding" not in page(board, board.director, "meeting", meeting.code)
    carried = planned(board, 2).items.get(title="Cover at Victorville").carried_from
    assert carried is not None
    assert carried.meeting == moved

    client = sign_in(Client(), board.director)
    typed = {
        "reason": "", "starts_at": "2020-01-01T10:00", "place": "By video", "mode": "remote", "length": 30,
        "points": "Cover", "release": "on",
    }  # fmt: skip
    wrong = client.post(address(board, "special"), typed).content.decode()
    assert "This field is required" in wrong
    assert "Cover</textarea>" in wrong
    typed["reason"] = "No cover"
    assert "for a time to come" in client.post(address(board, "special"), typed).content.decode()
    soon = board.practice.local(timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    assert client.post(address(board, "special"), {**typed, "starts_at": soon}).status_code == 302
    assert clerk.get(address(board, "special")).status_code == 404
