"""What is typed in the room: saved as a draft that is no record, by two writers without loss, gone once recorded."""

import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act
from decisions.services.rules import RuleBroken
from governance.idle import SEEN
from meetings.models import AgendaItem, ItemDraft, Meeting
from meetings.services.drafts import ItemDraftConflict, save_item_draft
from meetings.services.room import defer_item, handle_item
from tests.cast import PASSWORD, Cast
from tests.meetings.gathering import item_of, seat
from tests.meetings.test_live import Watcher
from tests.meetings.test_meeting_pages import address, page
from tests.sign_in import sign_in


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    return item_of(meeting, "clinical operations")


def send(
    client: Client, board: Cast, item: AgendaItem, text: str, revision: int = 0, *, script: bool = True
) -> HttpResponse:
    where = address(board, "room_draft", item.meeting.code)
    typed = {"item": item.pk, "field": "account.account", "text": text, "revision": revision}
    answer: HttpResponse = client.post(where, typed, headers={"HX-Request": "true"} if script else {})  # type: ignore[assignment]
    return answer


def test_two_writers_overwrite_nothing(board: Cast, meeting: Meeting, item: AgendaItem) -> None:
    acts = Act.objects.count()
    chair, clerk = board.director.account, board.secretary.account
    assert chair
    assert clerk
    first = save_item_draft(account=clerk, item=item, field="account.account", text="Staffing.", revision=0)
    assert first.revision == 1
    again = save_item_draft(account=clerk, item=item, field="account.account", text="Staffing and hours.", revision=1)
    with pytest.raises(ItemDraftConflict) as conflict:
        save_item_draft(account=chair, item=item, field="account.account", text="The courier.", revision=1)
    assert (conflict.value.draft.text, conflict.value.draft.revision) == ("Staffing and hours.", again.revision)
    other = save_item_draft(account=chair, item=item, field="defer.reason", text="No time.", revision=0)
    assert other.revision == 1
    save_item_draft(account=chair, item=item, field="account.account", text="Both.", revision=2)
    assert ItemDraft.objects.get(field="account.account").text == "Both."
    assert Act.objects.count() == acts
    assert not hasattr(ItemDraft, "history")
    for nobody in (board.physician.account, board.operations.account):
        assert nobody
        with pytest.raises(PermissionDenied):
            save_item_draft(account=nobody, item=item, field="account.account", text="Mine.", revision=3)
    with pytest.raises(RuleBroken, match="no draft of"):
        save_item_draft(account=chair, item=item, field="motion.method", text="voice", revision=0)
    handle_item(actor=board.secretary, item=item, account="Staffing, hours and the courier.")
    assert not ItemDraft.objects.exists()
    with pytest.raises(RuleBroken, match="is handled already"):
        save_item_draft(account=chair, item=item, field="account.account", text="Late.", revision=0)


def test_the_page_saves_and_shows_both_texts(board: Cast, meeting: Meeting, item: AgendaItem) -> None:
    clerk, chair = sign_in(Client(), board.secretary), sign_in(Client(), board.director)
    saved = send(clerk, board, item, "Staffing.")
    assert (saved.status_code, saved.json()["revision"], saved.json()["by"]) == (200, 1, "Mina Vale")  # type: ignore[attr-defined]
    assert ">\nStaffing.</textarea>" in page(board, board.director, "room", meeting.code, query=f"?item={item.pk}")
    assert "Staffing." not in page(board, board.physician, "room", meeting.code, query=f"?item={item.pk}")
    told = send(chair, board, item, "The courier.")
    assert (told.json()["text"], told.json()["revision"]) == ("Staffing.", 1)  # type: ignore[attr-defined]
    # A form that was kept over a sign-in comes without the script.
    both = send(chair, board, item, "The courier.", script=False)
    assert "The courier.</textarea>" in both.content.decode()
    assert "Staffing.</textarea>" in both.content.decode()
    assert "nothing was overwritten" in both.content.decode()
    assert send(chair, board, item, "Staffing and the courier.", 1, script=False).status_code == 302
    assert send(sign_in(Client(), board.physician), board, item, "Mine.").status_code == 404
    wrong = clerk.post(
        address(board, "room_draft", meeting.code),
        {"item": item.pk, "field": "x", "text": "y"},
        headers={"HX-Request": "true"},
    )
    assert "no draft of" in wrong.json()["problem"]


def test_an_account_is_not_recorded_over_a_draft_that_was_not_seen(
    board: Cast, meeting: Meeting, item: AgendaItem
) -> None:
    clerk, chair = sign_in(Client(), board.secretary), sign_in(Client(), board.director)
    send(clerk, board, item, "Staffing.")
    record = address(board, "room_do", meeting.code, "account")
    shown = chair.post(record, {"item": item.pk, "account": "The courier.", "seen": 0}).content.decode()
    assert "Mina Vale saved another text" in shown
    assert "Staffing.</textarea>" in shown
    assert "The courier.</textarea>" in shown
    assert 'name="seen" value="1"' in shown
    assert chair.post(record, {"item": item.pk, "account": "Both.", "seen": 1}).status_code == 302
    item.refresh_from_db()
    assert (item.state, item.account) == ("handled", "Both.")


def test_what_is_recorded_is_no_draft_any_more(board: Cast, meeting: Meeting, item: AgendaItem) -> None:
    clerk, account = sign_in(Client(), board.secretary), board.secretary.account
    assert account
    for field in ("motion.text", "account.account"):
        save_item_draft(account=account, item=item, field=field, text="To note the report.", revision=0)
    typed = {
        "item": item.pk, "text": "To note it.", "mover": seat(meeting, board.director).pk,
        "seconder": seat(meeting, board.physician).pk, "method": "voice",
    }  # fmt: skip
    assert clerk.post(address(board, "room_do", meeting.code, "motion"), typed).status_code == 302
    assert ItemDraft.objects.get().field == "account.account"
    other = item_of(meeting, "compliance")
    save_item_draft(account=account, item=other, field="defer.reason", text="Later", revision=0)
    defer_item(actor=board.secretary, item=other, reason="Later")
    assert ItemDraft.objects.get().item == item


def test_a_draft_moves_the_page_of_who_records(board: Cast, meeting: Meeting, item: AgendaItem) -> None:
    chair, member = Watcher(board, meeting, board.director), Watcher(board, meeting, board.physician)
    send(sign_in(Client(), board.secretary), board, item, "Staffing.")
    assert chair.ask().status_code == 200
    assert member.ask().status_code == 304
    tag = chair.client.get(chair.address)["ETag"]
    with CaptureQueriesContext(connection) as queries:
        assert chair.ask(tag).status_code == 304
    assert len(queries) <= 3


def test_a_text_typed_into_an_ended_session_is_kept(board: Cast, meeting: Meeting, item: AgendaItem) -> None:
    clerk = sign_in(Client(), board.secretary)
    clerk.get(address(board, "room", meeting.code))
    session = clerk.session
    session[SEEN] = int(time.time()) - 3600
    session.save()
    ended = send(clerk, board, item, "Typed too late.")
    assert "HX-Redirect" in ended
    assert not ItemDraft.objects.exists()
    assert board.secretary.account
    clerk.post(reverse("account_login"), {"login": board.secretary.account.email, "password": PASSWORD})
    kept = clerk.get(reverse("kept")).content.decode()
    assert "Typed too late." in kept
    assert address(board, "room_draft", meeting.code) in kept
    assert send(clerk, board, item, "Typed too late.", script=False).status_code == 302
    assert ItemDraft.objects.get().text == "Typed too late."
