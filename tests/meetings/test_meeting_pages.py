"""The pages of desk, meetings, agenda and room: who is offered what, what is kept, and how many queries it takes."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act, Job
from governance.models import Account, Person
from meetings.models import Meeting, Series
from meetings.rules.workflow import ItemState
from meetings.services.agenda import refresh_agenda, release_agenda
from meetings.services.motions import make_motion, record_votes
from meetings.services.room import adjourn, go_to, handle_item, leave, mark, open_meeting
from tests.cast import Cast
from tests.governance.test_steady import STANDING
from tests.governance.test_steady import queries as looked
from tests.meetings.gathering import item_of, month_of, planned, proposal, seat
from tests.sign_in import sign_in


def address(cast: Cast, name: str, *args: object) -> str:
    return reverse(f"meetings:{name}", args=[cast.practice.slug, *args])


def page(cast: Cast, person: Person, name: str, *args: object, query: str = "") -> str:
    response = sign_in(Client(), person).get(address(cast, name, *args) + query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def queries(cast: Cast, person: Person, name: str, *args: object) -> int:
    client = sign_in(Client(), person)
    client.get(address(cast, name, *args))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(cast, name, *args)).status_code == 200
    return len(captured)


def finish(cast: Cast, meeting: Meeting) -> None:
    """Hold a released meeting to its end, with a motion under one item."""
    meeting = open_meeting(actor=cast.director, meeting=meeting)
    mark(actor=cast.secretary, attendance=seat(meeting, cast.physician), standing="present")
    motion = make_motion(
        actor=cast.secretary, item=item_of(meeting, "compliance"), text="To note the report.",
        mover=seat(meeting, cast.director), seconder=seat(meeting, cast.physician),
    )  # fmt: skip
    votes = {seat(meeting, person).pk: "for" for person in (cast.director, cast.physician)}
    record_votes(actor=cast.secretary, motion=motion, votes=votes)
    for item in meeting.items.filter(state=ItemState.OPEN):
        handle_item(actor=cast.secretary, item=item, account="Considered.")
    adjourn(actor=cast.director, meeting=meeting)


def test_a_meeting_stands_until_its_papers_come_along(board: Cast) -> None:
    meeting = planned(board)
    release_agenda(actor=board.director, meeting=meeting)
    client, where = sign_in(Client(), board.director), address(board, "meeting", meeting.code)
    for _ in range(2):
        client.get(where)
    assert looked(client, where)[0] == STANDING
    assert Job.objects.exclude(state=Job.State.DONE).update(attempts=1)
    assert looked(client, where)[0] > STANDING
    assert looked(client, where)[0] == STANDING


def test_pages_take_as_many_queries_for_fourteen_months_as_for_one(board: Cast) -> None:
    first = planned(board)
    release_agenda(actor=board.director, meeting=first)
    pages = [("desk",), ("meetings",), ("meeting", first.code), ("room", first.code), ("agenda", first.code)]
    little = {name: queries(board, board.director, *name) for name in pages}
    for offset in range(1, 14):
        proposal(board, f"Service line {offset}")
        planned(board, offset)
    refresh_agenda(actor=board.secretary, meeting=first)
    assert first.items.count() > 20
    much = {name: queries(board, board.director, *name) for name in pages}
    little["meeting", first.code] += 2  # it names proposals and rights for the first time
    assert much == little
    assert little["desk",] <= 20
    assert little["meeting", first.code] <= 33
    release_agenda(actor=board.director, meeting=first)
    opened = open_meeting(actor=board.director, meeting=first)
    item = item_of(opened, "compliance")
    quiet = queries(board, board.director, "room", first.code)
    for name in (board.physician, board.alternate, board.secretary, board.pc_counsel):
        mark(actor=board.secretary, attendance=seat(opened, name), standing="present")
    for _ in range(3):
        motion = make_motion(
            actor=board.secretary, item=item, text="To note the report.", mover=seat(opened, board.director),
            seconder=seat(opened, board.physician),
        )  # fmt: skip
        votes = {seat(opened, one).pk: "for" for one in (board.director, board.physician, board.alternate)}
        record_votes(actor=board.secretary, motion=motion, votes=votes)
    go_to(actor=board.secretary, meeting=opened, item=item)
    assert queries(board, board.director, "room", first.code) <= quiet + 2  # votes and amendments of motions


def test_the_desk_tells_each_office_what_waits(board: Cast) -> None:
    meeting = planned(board)
    desk = page(board, board.director, "desk")
    assert "Read and release" in desk
    assert "Stop a service" in desk
    assert "The other side this week" in desk
    assert "Prepare" in page(board, board.secretary, "desk")
    staff = page(board, board.operations, "desk")
    assert "Read and release" not in staff
    assert "Stop a service" not in staff
    assert "Your side this week" in staff
    release_agenda(actor=board.director, meeting=meeting)
    assert "Read and release" not in page(board, board.director, "desk")
    finish(board, meeting)
    assert f"MIN-{meeting.code}" in page(board, board.secretary, "desk")
    assert f"MIN-{meeting.code}" not in page(board, board.operations, "desk")


def test_pages_of_a_practice_do_not_exist_for_others(board: Cast) -> None:
    meeting = planned(board)
    stranger = Client()
    for name, args in (("desk", ()), ("meetings", ()), ("meeting", (meeting.code,)), ("room", (meeting.code,))):
        assert stranger.get(address(board, name, *args)).status_code == 302
    account = Account.objects.create_superuser("root@riverside.example", "correct horse battery staple")
    stranger.force_login(account)
    assert stranger.get(address(board, "desk")).status_code == 404
    for code in ("2019-01", "2026-13", "minutes", "99999-12"):
        assert sign_in(Client(), board.director).get(address(board, "meeting", code)).status_code == 404


def test_the_agenda_is_edited_and_released_on_its_page(board: Cast) -> None:
    client, chair = sign_in(Client(), board.secretary), sign_in(Client(), board.director)
    month = f"{month_of(board):%Y-%m}"
    assert client.post(address(board, "plan"), {"month": month}).status_code == 302
    meeting = Meeting.objects.get()
    typed = {"topic": "compliance", "title": "Exclusion checks", "purpose": "decision", "presenter": "Ada", "right": ""}
    wrong = client.post(address(board, "agenda", meeting.code), typed)
    assert "An item for decision names the right under which it is decided" in wrong.content.decode()
    assert "Exclusion checks" in wrong.content.decode()
    assert client.post(address(board, "agenda", meeting.code), {**typed, "right": "DR-16"}).status_code == 302
    item = meeting.items.get(title="Exclusion checks")
    client.post(address(board, "agenda_move", meeting.code, item.pk), {"direction": "up"})
    assert meeting.items.get(pk=item.pk).position == item.position - 1
    refused = client.post(address(board, "agenda_release", meeting.code))
    assert refused.status_code == 403
    assert Act.objects.filter(verb="agenda.released", outcome="refused", actor=board.secretary.pk).exists()
    assert chair.post(address(board, "agenda_release", meeting.code)).status_code == 302
    assert "Version 1" in page(board, board.operations, "meeting", meeting.code)
    assert "Exclusion checks" in page(board, board.operations, "agenda_released", meeting.code, 1)
    assert sign_in(Client(), board.operations).get(address(board, "agenda", meeting.code)).status_code == 302


def test_the_room_is_held_by_plain_posts(board: Cast) -> None:
    proposal(board)
    meeting = planned(board)
    release_agenda(actor=board.director, meeting=meeting)
    chair, clerk = sign_in(Client(), board.director), sign_in(Client(), board.secretary)

    def post(client: Client, name: str, *args: object, **data: object) -> str:
        response = client.post(address(board, name, meeting.code, *args), data, follow=True)
        assert response.status_code == 200
        return response.content.decode()

    for person in (board.physician, board.alternate):
        post(clerk, "room_attend", seat(meeting, person).pk, standing="present")
    assert "In session" in post(chair, "room_open")
    item = meeting.items.get(proposal__isnull=False)
    director, other = seat(meeting, board.director), seat(meeting, board.physician)
    text = "To approve revision 1."
    wrong = post(clerk, "room_do", "motion", item=item.pk, text=text, mover=director.pk, method="roll call")
    assert "A motion is seconded by another member" in wrong
    assert text in wrong
    post(clerk, "room_do", "motion", item=item.pk, text=text, mover=director.pk, seconder=other.pk, method="roll call")
    gone = seat(meeting, board.alternate)
    post(clerk, "room_attend", gone.pk, standing="left", item=item.pk)
    ballot = {"item": item.pk, "motion": meeting.motions.get().pk, "method": "roll call"}
    incomplete = post(clerk, "room_do", "votes", **ballot, **{f"vote_{director.pk}": "for"})
    assert "Say how Samuel Ortiz, MD votes." in incomplete
    room = page(board, board.secretary, "room", meeting.code, query=f"?item={item.pk}")
    assert f'name="vote_{gone.pk}"' not in room
    votes = {f"vote_{director.pk}": "for", f"vote_{other.pk}": "for"}
    asked = post(clerk, "room_do", "votes", **ballot, **votes, **{f"vote_{gone.pk}": "for"})
    assert "Ruth Adeyemi, MD is recorded as voting “for”, but is not in the meeting." in asked
    assert "gone since" in asked
    assert "whose motion or vote is it?" in asked
    carried = post(clerk, "room_do", "votes", **ballot, **votes)
    assert "recorded by Mina Vale on behalf of the members" in carried
    assert "Carried: 2 for, 0 against, 1 absent." in carried
    motion = meeting.motions.get()
    values = {"item": item.pk, "outcome": "approved", "rationale": "Safe as staffed.", "motion": motion.pk}
    refused = clerk.post(address(board, "room_do", meeting.code, "determine"), values)
    assert refused.status_code == 403
    assert "Safe as staffed." in refused.content.decode()
    post(chair, "room_do", "determine", **values)
    assert item.item_decisions.get().motion == motion
    post(clerk, "room_do", "account", item=item.pk, account="Staffing was considered.")
    assert "neither handled nor deferred" in post(chair, "room_adjourn")
    for rest in meeting.items.filter(state="open"):
        post(clerk, "room_do", "defer", item=rest.pk, reason="No time.")
    chair.post(address(board, "room_adjourn", meeting.code), {"closing_note": ""})
    meeting.refresh_from_db()
    assert meeting.state == "adjourned"


def test_who_only_looks_on_gets_no_form_and_a_live_page(board: Cast, meeting: Meeting) -> None:
    leave(actor=board.secretary, attendance=seat(meeting, board.alternate))
    leave(actor=board.secretary, attendance=seat(meeting, board.physician))
    for person in (board.physician, board.operations, board.pc_counsel):
        shown = page(board, person, "room", meeting.code)
        assert "Quorum lost at" in shown
        assert f'data-live="{address(board, "room", meeting.code)}"' in shown
        assert 'name="account"' not in shown
        assert 'name="standing"' not in shown
    shown = page(board, board.secretary, "room", meeting.code)
    assert 'name="account"' in shown
    assert "No action is possible: only 1 may vote" in shown
    assert "Adjourn the meeting" not in shown


def test_months_are_listed_filtered_and_exported(board: Cast) -> None:
    planned(board)
    listed = page(board, board.operations, "meetings")
    assert f"{month_of(board):%B %Y}" in listed
    assert "No month matches" in page(board, board.operations, "meetings", query="?state=missed")
    export = sign_in(Client(), board.operations).get(address(board, "meetings") + "?export=csv")
    assert export["Content-Type"].startswith("text/csv")
    assert f"{month_of(board):%Y-%m}" in export.content.decode()


def test_the_day_is_set_on_its_page_by_the_medical_director(cast: Cast) -> None:
    typed = {
        "day_rule": "someday", "time": "17:30", "place": "Riverside", "mode": "remote", "starts_on": month_of(cast),
    }  # fmt: skip
    wrong = sign_in(Client(), cast.director).post(address(cast, "series"), typed).content.decode()
    assert "“someday” is not understood" in wrong
    typed["day_rule"] = "fourth Tuesday"
    assert sign_in(Client(), cast.secretary).post(address(cast, "series"), typed).status_code == 403
    assert sign_in(Client(), cast.director).post(address(cast, "series"), typed).status_code == 302
    assert Series.objects.get().day_rule == "fourth Tuesday"
