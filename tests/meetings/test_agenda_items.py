"""Items before the meeting: edited, withdrawn, placed, timed, late; and those that others propose."""

from typing import Any

import pytest
from django.db import ProgrammingError
from django.test import Client
from django.utils import timezone

from audit.workflow import IllegalTransition
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from meetings.choices import STANDING
from meetings.models import AgendaItem, Meeting, ProposedItem
from meetings.services.agenda import add_item, refresh_agenda, release_agenda
from meetings.services.agenda_edits import edit_item, move_item, place_item, withdraw_item
from meetings.services.calling import plan_meeting
from meetings.services.proposed_items import accept_item, decline_item, propose_item, withdraw_proposed
from meetings.services.series import change_series
from tests.cast import Cast
from tests.meetings.gathering import item_of, month_of, opened, planned, proposal
from tests.meetings.test_meeting_pages import address, page
from tests.meetings.test_series import OTHER
from tests.sign_in import sign_in

POINT: dict[str, Any] = {"topic": "other", "title": "Telehealth pilot", "purpose": "discussion"}


def titles(meeting: Meeting) -> list[str]:
    return list(meeting.items.order_by("position").values_list("title", flat=True))


def numbered(meeting: Meeting) -> bool:
    return list(meeting.items.values_list("position", flat=True)) == list(range(1, meeting.items.count() + 1))


def test_an_item_is_edited_by_chair_and_secretary_before_the_meeting(board: Cast) -> None:
    meeting = planned(board)
    item = add_item(actor=board.secretary, meeting=meeting, presenter="A guest", budget=10, **POINT)
    assert (item.presenter, item.budget, item.late, item.consent) == ("A guest", 10, False, False)
    with pytest.raises(AuthorityRefused):
        edit_item(actor=board.operations, item=item, **POINT)
    edited = edit_item(
        actor=board.secretary, item=item, topic="compliance", title="Telehealth rules", purpose="information",
        presenter_person=board.physician, budget=5, consent=True,
    )  # fmt: skip
    assert (edited.title, edited.presenter, edited.consent) == ("Telehealth rules", str(board.physician), True)
    wrongs: list[tuple[str, dict[str, Any]]] = [
        ("title", {"title": " "}), ("budget", {"budget": 0}), ("right", {"purpose": "decision"}),
        ("title", {"topic": "compliance", "title": "Compliance"}), ("topic", {"topic": "weather"}),
    ]  # fmt: skip
    for field, wrong in wrongs:
        with pytest.raises(RuleBroken) as refused:
            edit_item(actor=board.director, item=item, **(POINT | wrong))
        assert refused.value.field == field, wrong
    standing = item_of(meeting, "compliance")
    kept = edit_item(actor=board.director, item=standing, presenter="Ada", budget=7, **POINT)
    assert (kept.title, kept.topic, kept.presenter, kept.budget) == ("Compliance", "compliance", "Ada", 7)
    with pytest.raises(RuleBroken, match="not taken by consent"):
        edit_item(actor=board.director, item=standing, consent=True, **POINT)
    opened(board, meeting)
    with pytest.raises(RuleBroken, match="this needs it planned"):
        edit_item(actor=board.director, item=item, **POINT)


def test_a_withdrawn_item_stays_off_and_its_reason_is_kept(board: Cast) -> None:
    put = proposal(board)
    meeting = planned(board)
    release_agenda(actor=board.director, meeting=meeting)
    late = add_item(actor=board.secretary, meeting=meeting, **POINT)
    assert late.late
    release = release_agenda(actor=board.director, meeting=meeting)
    assert [one["title"] for one in release.content["items"] if one["late"]] == ["Telehealth pilot"]
    item = meeting.items.get(proposal=put)
    with pytest.raises(RuleBroken, match="say it in words"):
        withdraw_item(actor=board.secretary, item=item, reason=" ")
    with pytest.raises(RuleBroken, match="is a standing topic"):
        withdraw_item(actor=board.secretary, item=item_of(meeting, "supervision"), reason="No time")
    for gone in (item, late):
        withdraw_item(actor=board.secretary, item=gone, reason="Next month")
    assert numbered(meeting)
    assert set(AgendaItem.every.filter(meeting=meeting, state="withdrawn").values_list("withdrawal_reason")) == {
        ("Next month",)
    }
    assert refresh_agenda(actor=board.secretary, meeting=meeting) == []
    assert not meeting.items.filter(proposal=put).exists()
    assert planned(board, 1).items.filter(proposal=put).exists()
    with pytest.raises(RuleBroken, match="is not on this agenda any more"):
        withdraw_item(actor=board.secretary, item=item, reason="Again")
    shown = page(board, board.secretary, "agenda", meeting.code)
    assert "Next month" in shown
    assert str(item.pk) not in [line.split('"')[0] for line in shown.split('id="item-')[1:]]


def test_an_item_is_put_at_a_place_and_the_others_close_up(board: Cast) -> None:
    meeting = planned(board)
    before = titles(meeting)
    item = item_of(meeting, "scope of services")
    assert place_item(actor=board.secretary, item=item, position=1).position == 1
    assert titles(meeting) == [item.title, *[title for title in before if title != item.title]]
    assert numbered(meeting)
    move_item(actor=board.secretary, item=item, direction="down")
    with pytest.raises(RuleBroken, match="has places 1 to"):
        place_item(actor=board.secretary, item=item, position=99)
    client = sign_in(Client(), board.secretary)
    client.post(address(board, "agenda_move", meeting.code, item.pk), {"to": "3"})
    assert meeting.items.get(pk=item.pk).position == 3


def test_a_release_later_than_the_notice_period_says_so(board: Cast) -> None:
    coming = month_of(board, 1)
    change_series(actor=board.director, body=board.body, starts_on=coming, reason="Notice", notice_days=60, **OTHER)
    meeting = plan_meeting(actor=board.secretary, practice=board.practice, month=coming)
    local = board.practice.local
    ahead = (local(meeting.starts_at).date() - local(timezone.now()).date()).days
    assert "late already" in page(board, board.director, "meeting", meeting.code)
    assert release_agenda(actor=board.director, meeting=meeting).short_by == 60 - ahead
    add_item(actor=board.secretary, meeting=meeting, **POINT)
    second = release_agenda(actor=board.director, meeting=meeting)
    assert second.short_by == 60 - ahead  # the notice is the first release; a later one changes the agenda
    assert "than the 60 days that its rule asks for" in page(
        board, board.operations, "agenda_released", meeting.code, 2
    )
    assert "late notice" in page(board, board.operations, "meeting", meeting.code)
    assert release_agenda(actor=board.director, meeting=planned(board)).short_by == 0


def propose(cast: Cast, **values: Any) -> ProposedItem:
    wanted: dict[str, Any] = {"actor": cast.operations, "reason": "Students ask for it.", **POINT}
    return propose_item(practice=cast.practice, **(wanted | values))


def test_the_chair_answers_what_either_side_proposes(board: Cast) -> None:
    meeting = planned(board)
    for person in (board.pc_counsel, board.mso_counsel):
        with pytest.raises(AuthorityRefused):
            propose(board, actor=person)
    with pytest.raises(RuleBroken, match="say it in words"):
        propose(board, reason="")
    first, second, third = propose(board), propose(board, actor=board.physician), propose(board, title="Parking")
    assert (first.side, second.side) == ("MSO", "PC")
    for person in (board.secretary, board.executive, board.physician):
        with pytest.raises(AuthorityRefused):
            accept_item(actor=person, proposed=first, meeting=meeting)
        with pytest.raises(AuthorityRefused):
            decline_item(actor=person, proposed=first, answer="No")
    accepted = accept_item(actor=board.alternate, proposed=first, meeting=meeting)
    assert accepted.item is not None
    assert accepted.item.title in titles(meeting)
    with pytest.raises(RuleBroken, match="holds “Telehealth pilot”"):
        accept_item(actor=board.director, proposed=second, meeting=meeting)
    with pytest.raises(RuleBroken, match="say it in words"):
        decline_item(actor=board.director, proposed=second, answer=" ")
    assert decline_item(actor=board.director, proposed=second, answer="It stands there already.").state == "declined"
    with pytest.raises(IllegalTransition):
        accept_item(actor=board.director, proposed=second, meeting=meeting)
    with pytest.raises(RuleBroken, match="who alone takes it back"):
        withdraw_proposed(actor=board.executive, proposed=third)
    assert withdraw_proposed(actor=board.operations, proposed=third).state == "withdrawn"
    assert set(STANDING) <= set(meeting.items.values_list("topic", flat=True))


def test_the_pages_propose_and_answer(board: Cast) -> None:
    meeting = planned(board)
    staff, chair = sign_in(Client(), board.operations), sign_in(Client(), board.director)
    assert "This field is required" in staff.post(address(board, "proposed"), POINT).content.decode()
    assert staff.post(address(board, "proposed"), {**POINT, "reason": "Asked for"}).status_code == 302
    made = ProposedItem.objects.get()
    assert "Dana Cole proposes it for the agenda" in page(board, board.director, "desk")
    declining = chair.post(address(board, "proposed_item", made.pk), {"act": "decline", "answer": ""})
    assert "Say it in words" in declining.content.decode()
    refused = staff.post(address(board, "proposed_item", made.pk), {"act": "accept", "meeting": meeting.pk})
    assert refused.status_code == 403
    chair.post(address(board, "proposed_item", made.pk), {"act": "accept", "meeting": meeting.pk, "answer": "Gladly"})
    told = page(board, board.operations, "proposed")
    assert "accepted" in told
    assert "Gladly" in told
    item = meeting.items.get(title="Telehealth pilot")
    edit = address(board, "agenda_edit", meeting.code, item.pk)
    assert sign_in(Client(), board.secretary).post(edit, {**POINT, "budget": "45"}).status_code == 302
    assert "45 of 60 minutes given" in page(board, board.secretary, "agenda", meeting.code)
    standing = item_of(meeting, "supervision")
    edit = address(board, "agenda_edit", meeting.code, standing.pk)
    assert chair.post(edit, {"budget": "30", "presenter_person": str(board.physician.pk)}).status_code == 302
    assert "15 minutes over" in page(board, board.secretary, "agenda", meeting.code)
    gone = address(board, "agenda_withdraw", meeting.code, item.pk)
    assert chair.post(gone, {"reason": "Later"}).status_code == 302
    assert "Later" in page(board, board.secretary, "agenda", meeting.code)


def test_the_database_lets_no_item_change_in_session(board: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    meeting = planned(board)
    item = add_item(actor=board.secretary, meeting=meeting, **POINT)
    opened(board, meeting)
    monkeypatch.setattr("meetings.services.agenda_edits.require_state", lambda *anything: None)
    with pytest.raises(ProgrammingError, match="an item is edited before its meeting"):
        edit_item(actor=board.secretary, item=item, **(POINT | {"title": "Something else"}))
