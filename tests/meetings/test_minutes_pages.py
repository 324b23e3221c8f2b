"""The pages of minutes: who sees what, what is offered, what a form keeps, and how often they ask the database."""

import re
from datetime import date
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act
from governance.models import Person
from meetings.models import Minutes, Signature, WorkingDraft
from meetings.services.minutes import MEANING, save_draft, sign_minutes, submit_minutes
from tests.cast import Cast
from tests.meetings.gathering import carried, meeting_now
from tests.meetings.minuted import held, house
from tests.sign_in import sign_in

__all__ = ["house"]

pytestmark = pytest.mark.usefixtures("house")

CODE = "2020-10"


@pytest.fixture(autouse=True)
def _no_waiting(settings: pytest.FixtureRequest) -> None:
    settings.CHECKPOINT_WAIT = 0.0  # type: ignore[attr-defined]


def browser(person: Person, *, proven: bool = True) -> Client:
    """The person's browser, signed in; `proven` with a proof of identity of this minute."""
    return sign_in(Client(), person, seconds_ago=0 if proven else 3600)


def url(name: str = "minutes", *more: object) -> str:
    return reverse(f"meetings:{name}", args=["riverside", CODE, *more])


def test_only_the_secretary_and_the_chair_see_the_draft(cast: Cast) -> None:
    draft = WorkingDraft.objects.get(minutes=held(cast))
    for person in (cast.secretary, cast.director):
        page = browser(person).get(url())
        assert page.status_code == 200
        assert b"Two of forty charts" in page.content
    for person in (cast.physician, cast.alternate, cast.operations, cast.mso_counsel):
        client = browser(person)
        page = client.get(url())
        assert page.status_code == 200
        assert b"Two of forty charts" not in page.content
        assert b"Being written" in page.content
        data = {"text": "Mine", "revision": draft.revision}
        assert client.post(url(), data).status_code == 404
        assert client.post(url("minutes_autosave"), data).status_code == 404
        assert client.get(url("minutes_sign")).status_code == 404
        assert client.get(url("minutes_return")).status_code == 404
        assert client.get(url("minutes_amend")).status_code == 404
    draft.refresh_from_db()
    assert draft.revision == 1


def test_minutes_that_are_not_there_are_not_found(cast: Cast) -> None:
    held(cast)
    client = browser(cast.director)
    for code in ("2020-11", "2020-13", "0000-00", "x", "2020-1"):
        for name in ("minutes", "minutes_sign", "minutes_return", "minutes_amend"):
            assert client.get(reverse(f"meetings:{name}", args=["riverside", code])).status_code == 404


def test_the_editor_saves_shows_a_conflict_and_submits(cast: Cast) -> None:
    minutes = held(cast)
    client = browser(cast.secretary)
    empty = client.post(url(), {"text": "  ", "revision": 1})
    assert empty.status_code == 200
    assert b"There is a problem" in empty.content
    assert client.post(url(), {"text": "## A\n\nmine <b>", "revision": 1}).status_code == 302
    save_draft(account=cast.director.account, minutes=minutes, text="## A\n\ntheirs", revision=2)  # type: ignore[arg-type]
    conflict = client.post(url(), {"text": "## A\n\nmine again", "revision": 2, "submit": "1"})
    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert "theirs" in page
    assert "mine again" in page
    assert "<del>theirs</del>" in page
    assert 'name="revision" value="3"' in page
    assert minutes.versions.count() == 0
    assert client.post(url(), {"text": "## A\n\nboth", "revision": 3, "submit": "1"}).status_code == 302
    assert minutes.versions.get().text == "## A\n\nboth\n"
    assert b"wait for the chair" in client.get(url()).content
    late = client.post(url(), {"text": "late", "revision": 4}, follow=True)
    assert "nothing was saved" in late.content.decode()


def test_autosave_answers_with_the_revision_to_go_on_from(cast: Cast) -> None:
    minutes = held(cast)
    client = browser(cast.secretary)
    saved = client.post(url("minutes_autosave"), {"text": "typed", "revision": 1}).content.decode()
    assert "Draft saved" in saved
    assert 'value="2"' in saved
    assert "hx-swap-oob" in saved
    save_draft(account=cast.director.account, minutes=minutes, text="theirs", revision=2)  # type: ignore[arg-type]
    told = client.post(url("minutes_autosave"), {"text": "typed more", "revision": 2}).content.decode()
    assert "Not saved: somebody saved another text" in told
    assert "hx-swap-oob" not in told
    assert WorkingDraft.objects.get().text == "theirs\n"
    assert client.get(url("minutes_autosave")).status_code == 405


def test_a_returned_version_tells_the_secretary_why(cast: Cast) -> None:
    minutes = held(cast)
    first = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    chair = browser(cast.director)
    blank = chair.post(url("minutes_return"), {"reason": ""})
    assert b"This field is required" in blank.content
    assert chair.post(url("minutes_return"), {"reason": "Name the sample."}).status_code == 302
    secretary = browser(cast.secretary)
    assert b"Name the sample." in secretary.get(url()).content
    text = first.text.replace("forty charts", "forty October charts")
    secretary.post(url(), {"text": text, "revision": 1, "submit": "1"})
    page = secretary.get(url("minutes_version", 2)).content.decode()
    assert re.search(r"<ins>\s?October\s?</ins>", page)
    assert secretary.get(url("minutes_version", 3)).status_code == 404


def test_signing_wants_a_fresh_proof_the_meaning_and_the_consent(cast: Cast) -> None:
    version = submit_minutes(actor=cast.secretary, minutes=held(cast), revision=1)
    asked = browser(cast.director, proven=False).get(url("minutes_sign"))
    assert asked.status_code == 302
    assert reverse("account_reauthenticate") in asked.url  # type: ignore[attr-defined]
    client = browser(cast.director)
    page = client.get(url("minutes_sign")).content.decode()
    assert version.sha256 in page
    shown = re.search(r"<pre[^>]*>(.*?)</pre>", page, re.S)
    assert shown
    assert unescape(shown[1]) == version.canonical
    without = client.post(url("minutes_sign"), {"version": 1, "meaning": "on"})
    assert b"Agree to sign electronically" in without.content
    assert not Signature.objects.exists()
    signed = client.post(url("minutes_sign"), {"version": 1, "meaning": "on", "consent": "on"}, follow=True)
    told = signed.content.decode()
    assert "Recorded; checkpoint pending." in told
    assert "Being sealed" in told
    assert MEANING in told
    assert "License A-riverside-1, in force" in told
    assert Minutes.objects.get().state == "signed"


def test_who_may_not_sign_finds_no_button_and_a_posted_form_is_refused(cast: Cast) -> None:
    submit_minutes(actor=cast.secretary, minutes=held(cast), revision=1)
    for person in (cast.secretary, cast.executive, cast.physician):
        client = browser(person)
        assert b"Read and sign" not in client.get(url()).content
        forged = client.post(url("minutes_sign"), {"version": 1, "meaning": "on", "consent": "on"})
        assert forged.status_code == 403
    assert b"Read and sign" in browser(cast.director).get(url()).content
    assert Act.objects.filter(verb="minutes.signed", outcome="refused").count() == 3


def test_amending_needs_a_motion_text_and_reason_and_stands_beside(cast: Cast) -> None:
    version = submit_minutes(actor=cast.secretary, minutes=held(cast), revision=1)
    sign_minutes(actor=cast.director, minutes=version.minutes, version=version, meaning=MEANING)
    client = browser(cast.director)
    assert b"No motion that amends these minutes has carried" in client.get(url("minutes_amend")).content
    motion = carried(cast, meeting_now(cast))
    typed = {"motion": motion.pk, "text": "Fifty charts.", "reason": ""}
    kept = client.post(url("minutes_amend"), typed).content.decode()
    assert "Fifty charts." in kept
    assert "This field is required" in kept
    done = client.post(url("minutes_amend"), typed | {"reason": "Read wrongly."}, follow=True).content.decode()
    assert "Amendment 1" in done
    room = reverse("meetings:room", args=["riverside", motion.meeting.code])
    assert f"{room}?item={motion.item_id}#motion-{motion.number}" in done
    assert "as amendment 1" in client.get(f"{room}?item={motion.item_id}").content.decode()
    assert client.get(url("minutes_sign")).status_code == 404


def test_pages_ask_as_much_for_a_long_meeting_as_for_a_short_one(cast: Cast) -> None:
    counts: dict[str, list[int]] = {"draft": [], "submitted": [], "signed": []}
    for month, items in ((12, 1), (10, 14)):
        minutes = held(cast, month=date(2020, month, 1), items=items)
        page = reverse("meetings:minutes", args=["riverside", minutes.meeting.code])
        client = browser(cast.director)

        def asked(client: Client = client, page: str = page) -> int:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(page).status_code == 200
            return len(queries)

        counts["draft"].append(asked())
        version = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
        counts["submitted"].append(asked())
        sign_minutes(actor=cast.director, minutes=minutes, version=version, meaning=MEANING)
        counts["signed"].append(asked())
    for page, (few, many) in counts.items():
        assert few == many, page
        assert few <= 46, (page, few)
