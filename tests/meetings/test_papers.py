"""Papers under an agenda: late ones, carried ones, what the minutes say of them, and how many queries they take."""

import json

import psycopg
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from decisions.services.papers import attach_to_proposal
from decisions.services.rules import RuleBroken
from governance.authority import AuthorityRefused
from meetings.models import ItemPaper
from meetings.selectors.papers import papers_by_item
from meetings.services.agenda import release_agenda
from meetings.services.minutes import MEANING, sign_minutes, submit_minutes
from meetings.services.papers import attach_to_item, replace_item_paper, withdraw_item_paper
from tests.cast import Cast
from tests.conftest import Database
from tests.decisions.paper_files import image, office, pdf
from tests.meetings.gathering import concluded, item_of, opened, planned, proposal
from tests.sign_in import sign_in


def test_papers_from_the_agenda_to_the_signed_minutes(board: Cast, house: Database) -> None:
    put = proposal(board)
    attach_to_proposal(actor=board.operations, proposal=put, data=pdf(), name="Demand.pdf")
    meeting = planned(board)
    item = item_of(meeting, "compliance")
    with pytest.raises(AuthorityRefused):
        attach_to_item(actor=board.operations, item=item, data=office(), name="Checks.docx")
    early = attach_to_item(actor=board.secretary, item=item, data=office(), name="Checks.docx")
    opened(board, meeting)
    late = attach_to_item(actor=board.director, item=item, data=image(), name="Board.png", title="Exclusion list")
    gone = attach_to_item(actor=board.secretary, item=item, data=pdf(mark="x"), name="Wrong.pdf").paper
    withdraw_item_paper(actor=board.director, item=item, paper=gone, reason="Of another practice.")
    meeting.refresh_from_db()
    items = list(meeting.items.all())
    under = papers_by_item(meeting, items)
    assert [(one.newest.title, one.late) for one in under[item.pk]] == [
        ("Checks", False), ("Exclusion list", True), ("Wrong", True),
    ]  # fmt: skip
    assert [one.newest.title for one in under[meeting.items.get(proposal=put).pk]] == ["Demand"]
    minutes = concluded(board, meeting)
    item.refresh_from_db()
    with pytest.raises(RuleBroken, match="this needs it planned or agenda released or in session"):
        attach_to_item(actor=board.secretary, item=item, data=pdf(mark="y"), name="After.pdf")
    assert "the paper “Exclusion list”, version 1, which came late, on" in minutes.working_draft.text
    # What comes afterwards is no part of this meeting: the deferred item goes on next month, its papers with it.
    following = planned(board, 1)
    carried = following.items.get(carried_from=item)
    replace_item_paper(
        actor=board.secretary,
        item=carried,
        paper=early.paper,
        data=office("xlsx"),
        name="Checks.xlsx",
        note="As a list.",
    )
    assert [one.newest.number for one in papers_by_item(following, [carried])[carried.pk]] == [2, 1]
    meeting.refresh_from_db()
    assert [one.newest.number for one in papers_by_item(meeting, [item])[item.pk]][:2] == [1, 1]
    version = submit_minutes(actor=board.secretary, minutes=minutes, revision=1)
    hashes = {paper["sha256"] for paper in json.loads(version.canonical)["papers"]}
    assert {early.document.sha256, late.document.sha256} < hashes
    assert len(hashes) == 4  # the text of the proposal, its paper, and these two
    sign_minutes(actor=board.director, minutes=minutes, version=version, meaning=MEANING)
    page = sign_in(Client(), board.mso_counsel).get(
        reverse("meetings:minutes", args=[board.practice.slug, meeting.code])
    )
    assert late.document.sha256 in page.content.decode()
    with house.connect("app") as raw:
        for attack in ("update meetings_itempaper set item_id = item_id", "delete from meetings_itempaper"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                raw.execute(attack)
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="signed"):
            raw.execute(
                "insert into meetings_itempaper (item_id, paper_id, act_id) select %s, paper_id, act_id"
                " from meetings_itempaper where paper_id = %s limit 1",
                [meeting.items.exclude(pk=item.pk).earliest("pk").pk, early.paper_id],
            )


def test_pages_take_as_many_queries_for_twelve_papers_as_for_one(board: Cast) -> None:
    meeting = planned(board)
    items = list(meeting.items.all())
    data = image()
    attach_to_item(actor=board.secretary, item=items[0], data=data, name="One.png")
    release_agenda(actor=board.director, meeting=meeting)
    client = sign_in(Client(), board.director)
    slug = board.practice.slug
    pages = [
        reverse("meetings:meeting", args=[slug, meeting.code]),
        reverse("meetings:agenda", args=[slug, meeting.code]),
        reverse("meetings:room", args=[slug, meeting.code]),
    ]

    def counted() -> list[int]:
        found = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(page + "?fresh=1").status_code == 200
            found.append(len(captured))
        return found

    few = counted()
    for number in range(11):
        item = items[number % len(items)]
        attach_to_item(actor=board.secretary, item=item, data=data, name=f"{number}.png", title=f"List {number}")
    assert ItemPaper.objects.count() == 12
    assert counted() == few
