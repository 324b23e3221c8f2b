"""The drafted minutes and the facts they stand on."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.contrib.auth.hashers import make_password
from django.core.exceptions import PermissionDenied
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from audit.ledger.canonical import canonical, parse_canonical
from audit.models import Act, Entry
from decisions.services.rules import RuleBroken
from governance.models import Account
from meetings.comparison import compared
from meetings.drafting import draft_text, record_facts
from meetings.facts import paper_hash
from meetings.models import Minutes, WorkingDraft
from meetings.services.calling import plan_meeting
from meetings.services.minutes import DraftConflict, cleaned, save_draft, submit_minutes
from tests.cast import Cast
from tests.meetings.minuted import held, house

__all__ = ["house"]

pytestmark = pytest.mark.usefixtures("house")


def test_the_draft_tells_what_the_meeting_did(cast: Cast) -> None:
    text = draft_text(held(cast).meeting)
    for sentence in (
        "The Oversight board of Riverside Physicians, P.C. met on Tuesday, 27 October 2020 at 5:34 p.m. at Flagship",
        "Elena Marsh, MD, Medical Director, presided; Mina Vale recorded the minutes.",
        "Notice was given on 20 October 2020 with the agenda.",
        "Members present: Elena Marsh, MD; Ruth Adeyemi, MD (from 5:40 p.m., until 6:22 p.m.); and Samuel Ortiz, MD "
        "(remote).",
        "Excused: Iris Holt.",
        "A quorum was present from 5:34 p.m.: 2 of 3 authorized directors present",
        "## 2. Clinical operations: Student clearance package at the campus clinic",
        "revision 1.",
        "Ruth Adeyemi, MD was recused, left the room for the item and did not vote. Disclosed: Her spouse",
        "**Motion 1**, moved by Samuel Ortiz, MD, seconded by Elena Marsh, MD:",
        "    To approve CP-2020-001, revision 1",
        "Roll call. Carried: 2 for, 0 against, 1 recused.",
        "**Decision D-2020-002**",
        "## 3. Quality assurance\n",
        "**Corrective action CA-2020-001** was opened: Same-day co-signature of campus charts. Owner: Dana Cole; due "
        "1 December 2020; effect verified by Samuel Ortiz, MD.",
        "Deferred. The report of counsel is not in yet.",
        "The meeting was adjourned at 6:38 p.m.\n",
    ):
        assert sentence in text
    assert ".." not in text
    assert "None" not in text


def test_the_facts_are_canonical_and_complete(cast: Cast) -> None:
    facts = record_facts(held(cast).meeting)
    assert parse_canonical(canonical(facts)) == facts
    assert facts["opened_at"] == "2020-10-27T17:34:00-07:00"
    assert facts["attendance"][0]["name"] == "Elena Marsh, MD"
    assert {person["role"] for person in facts["attendance"]} == {"member", "secretary", "counsel"}
    first = facts["items"][1]
    assert first["papers"][0]["code"] == "CP-2020-001"
    assert len(first["papers"][0]["sha256"]) == 64
    assert [(vote["name"], vote["vote"]) for vote in first["motions"][0]["votes"]] == [
        ("Elena Marsh, MD", "for"),
        ("Ruth Adeyemi, MD", "recused"),
        ("Samuel Ortiz, MD", "for"),
    ]
    assert first["decisions"][0]["motion"] == 1
    assert facts["items"][2]["actions"][0]["due_on"] == "2020-12-01"
    assert facts["items"][-1]["deferral_reason"] == "The report of counsel is not in yet."


def test_the_quorum_of_an_item_is_of_the_moment_it_was_settled(cast: Cast) -> None:
    """Settled after 24 minutes, with the alternate in the room; after 48 minutes she has left."""
    _, soon, *_, last = record_facts(held(cast).meeting)["items"]
    assert soon["quorum"]["present"] == 3
    assert "1 recused counts towards the quorum" in soon["quorum"]["sentence"]
    assert last["quorum"]["present"] == 2
    assert last["quorum"]["votes_needed"] == 2


def test_the_next_meeting_is_named(cast: Cast) -> None:
    first = held(cast)
    plan_meeting(actor=cast.secretary, practice=cast.practice, month=date(2020, 11, 1))
    assert record_facts(first.meeting)["next_at"] == "2020-11-24T17:30:00-08:00"
    assert "The next meeting is called for Tuesday, 24 November 2020." in draft_text(first.meeting)


def test_a_revision_that_changes_changes_the_hash(cast: Cast) -> None:
    minutes = held(cast)
    hashes = {paper["sha256"] for item in record_facts(minutes.meeting)["items"] for paper in item["papers"]}
    revision = minutes.meeting.items.get(proposal__isnull=False).proposal.revisions.get()  # type: ignore[union-attr]
    assert paper_hash(revision) in hashes
    revision.summary += " "
    assert paper_hash(revision) not in hashes


def test_drafting_asks_as_much_for_many_items_as_for_few(cast: Cast) -> None:
    counts = []
    for items, month in ((1, 12), (12, 10)):
        minutes = Minutes.objects.select_related("meeting__practice", "meeting__body").get(
            pk=held(cast, items=items, month=date(2020, month, 1)).pk
        )
        with CaptureQueriesContext(connection) as queries:
            draft_text(minutes.meeting)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 26


def test_a_draft_is_saved_without_a_trace_in_the_record(cast: Cast) -> None:
    minutes = held(cast)
    before = Act.objects.count(), Entry.objects.count(), Minutes.history.count()
    draft = save_draft(account=cast.secretary.account, minutes=minutes, text="## One\r\n\r\nTwo  ", revision=1)  # type: ignore[arg-type]
    assert (draft.text, draft.revision) == ("## One\n\nTwo\n", 2)
    assert (Act.objects.count(), Entry.objects.count(), Minutes.history.count()) == before
    assert not hasattr(WorkingDraft, "history")


def test_of_two_writers_the_second_loses_nothing_and_overwrites_nothing(cast: Cast) -> None:
    minutes = held(cast)
    chair, secretary = cast.director.account, cast.secretary.account
    save_draft(account=chair, minutes=minutes, text="The chair's text", revision=1)  # type: ignore[arg-type]
    with pytest.raises(DraftConflict) as conflict:
        save_draft(account=secretary, minutes=minutes, text="The secretary's text", revision=1)  # type: ignore[arg-type]
    assert conflict.value.mine == "The secretary's text\n"
    assert conflict.value.theirs == "The chair's text\n"
    assert (conflict.value.revision, conflict.value.saved_by) == (2, chair)
    assert WorkingDraft.objects.get(minutes=minutes).text == "The chair's text\n"
    merged = save_draft(account=secretary, minutes=minutes, text="Both", revision=conflict.value.revision)  # type: ignore[arg-type]
    assert merged.revision == 3


def test_two_writers_at_the_same_moment_follow_one_another(cast: Cast) -> None:
    """Both hold revision 1 and save at once, on connections of their own: one is kept, one is told."""
    minutes = held(cast)
    ready = Barrier(2)

    def write(account: Account, text: str) -> str:
        try:
            ready.wait(10)
            return save_draft(account=account, minutes=minutes, text=text, revision=1).text
        except DraftConflict as conflict:
            return f"told of {conflict.theirs}"
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        found = {
            future.result()
            for future in (
                pool.submit(write, cast.director.account, "One"),  # type: ignore[arg-type]
                pool.submit(write, cast.secretary.account, "Other"),  # type: ignore[arg-type]
            )
        }
    kept = WorkingDraft.objects.get(minutes=minutes)
    assert kept.revision == 2
    assert found == {kept.text, f"told of {kept.text}"}


def test_nobody_else_writes_the_minutes(cast: Cast) -> None:
    minutes = held(cast)
    for other in (cast.operations, cast.executive, cast.pc_counsel, cast.mso_counsel, cast.physician, cast.alternate):
        assert other.account
        with pytest.raises(PermissionDenied):
            save_draft(account=other.account, minutes=minutes, text="Mine", revision=1)
    assert WorkingDraft.objects.get(minutes=minutes).revision == 1


def test_a_sign_in_without_a_person_writes_nothing(cast: Cast) -> None:
    root = Account.objects.create(email="root@example.com", is_superuser=True, password=make_password(None))
    with pytest.raises(PermissionDenied):
        save_draft(account=root, minutes=held(cast), text="Mine", revision=1)


def test_a_submitted_text_is_no_longer_typed(cast: Cast) -> None:
    minutes = held(cast)
    submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    with pytest.raises(RuleBroken, match="these minutes are submitted"):
        save_draft(account=cast.secretary.account, minutes=minutes, text="Late", revision=1)  # type: ignore[arg-type]


def test_letters_are_kept_in_one_form() -> None:
    assert cleaned("Cafe\u0301 \r\nx\r") == "Café\nx\n"


def test_the_comparison_marks_the_words_that_differ() -> None:
    rows = compared("## A\n\none two\n\n## B\n\nsame", "## A\n\none <three>\n\n## B\n\nsame\n\n## C\n\nnew")
    assert [(row.label, row.same) for row in rows] == [("A", False), ("B", True), ("C", False)]
    assert rows[0].old == "one <del>two</del>"
    assert rows[0].new == "one <ins>&lt;three&gt;</ins>"
    assert rows[2].old == ""
