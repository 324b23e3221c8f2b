"""The pages of catalogue versions and delegations: the whole way in the browser's forms, and bounded queries."""

import csv
import io
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Act, Document
from audit.services.checkpoints import make_checkpoints
from audit.services.jobs import run_one
from audit.services.keys import load_signer
from governance.models import CatalogueDraft, CatalogueVersion, Delegation
from governance.pack import catalogue as pack_section
from tests.cast import Cast
from tests.conftest import Database
from tests.governance.test_delegation import CODE, decides, given
from tests.governance.test_versions import WHY, adopt, adopted, cleared, proposed, resolution
from tests.sign_in import sign_in


@pytest.fixture(autouse=True)
def _no_waiting(settings: Any) -> None:
    settings.CHECKPOINT_WAIT = 0.0
    caches["pages"].clear()


def url(cast: Cast, name: str, *arguments: object) -> str:
    return reverse(f"governance:{name}", args=[cast.practice.slug, *arguments])


def right_form(like: str, **changes: Any) -> dict[str, Any]:
    right = CatalogueVersion.objects.get(number=1).rights.get(code=like)
    names = ("name", "category", "holder", "exercised_by", "other_side", "other_side_note", "basis")
    return {**{name: getattr(right, name) for name in names}, **changes}


def test_a_version_through_the_pages(cast: Cast, client: Client) -> None:
    sign_in(client, cast.operations)
    assert client.get(url(cast, "draft")).status_code == 404
    client.post(url(cast, "draft_begin"))
    before = Act.objects.count()
    edit = url(cast, "draft_right", "DR-38")
    wrong = client.post(edit, right_form("DR-38", exercised_by=["board"]))
    assert "exercises its own rights" in str(wrong.context["form"].errors["exercised_by"])
    assert client.post(edit, right_form("DR-38", other_side="consulted")).status_code == 302
    new = right_form("DR-38", code="DR-41", name="Parking lots")
    assert client.post(url(cast, "draft_add"), new).status_code == 302
    assert "stands in the draft already" in str(client.post(url(cast, "draft_add"), new).context["form"].errors["code"])
    client.post(url(cast, "draft_change_back", "DR-40"), {"leave_out": "1"})
    client.post(url(cast, "draft_change_back", "DR-04"), {"leave_out": "1"})
    page = client.get(url(cast, "draft")).content.decode()
    assert "cannot be left out" in page
    assert page.count("left out") >= 1
    assert Act.objects.count() == before
    sent = client.post(url(cast, "draft_submit"), {"summary": "x"})
    assert "at least 10 characters" in str(sent.context["form"].errors["summary"]).lower()
    client.post(url(cast, "draft_submit"), {"summary": WHY})
    version = CatalogueVersion.objects.get(number=2)
    shown = unescape(client.get(url(cast, "version", 2)).content.decode())
    for wanted in (WHY, "Proposed", "is consulted", "Parking lots", "left out", "Not reviewed yet"):
        assert wanted in shown
    assert "Adopt</a>" not in shown
    sign_in(client, cast.pc_counsel)
    client.post(url(cast, "version_review", 2), {"outcome": "cleared", "opinion": "It keeps the line."})
    sign_in(client, cast.director)
    assert "Adopt</a>" in client.get(url(cast, "version", 2)).content.decode()
    today = cast.practice.local(timezone.now()).date()
    typed = {"effective_on": today.isoformat(), "resolution": resolution(cast)}
    early = client.post(url(cast, "version_adopt", 2), typed)
    assert "omorrow or later" in str(early.context["form"].errors["effective_on"])
    client.post(url(cast, "version_adopt", 2), {**typed, "effective_on": (today + timedelta(days=1)).isoformat()})
    version.refresh_from_db()
    assert version.adopted_on == today
    assert "Adopted, to come" in client.get(url(cast, "versions")).content.decode()
    tomorrow = client.get(url(cast, "matrix"), {"on": (today + timedelta(days=1)).isoformat()}).content.decode()
    assert "Version 2 ruled on" in tomorrow
    assert "Parking lots" in tomorrow
    assert "Version 1, in force since" in client.get(url(cast, "matrix")).content.decode()
    assert "No catalogue ruled on that day" in client.get(url(cast, "matrix"), {"on": "2020-01-01"}).content.decode()


def test_a_draft_is_thrown_away(cast: Cast, client: Client) -> None:
    sign_in(client, cast.secretary)
    client.post(url(cast, "draft_begin"))
    client.post(url(cast, "draft_discard"))
    assert not CatalogueDraft.objects.exists()


def test_the_mso_s_attempt_to_adopt_is_refused_on_the_page(cast: Cast, client: Client) -> None:
    cleared(cast, proposed(cast))
    sign_in(client, cast.executive)
    tomorrow = cast.practice.local(timezone.now()).date() + timedelta(days=1)
    page = client.post(
        url(cast, "version_adopt", 2), {"effective_on": tomorrow.isoformat(), "resolution": "We think it is time."}
    )
    assert page.status_code == 403
    assert "DR-34" in page.content.decode()
    assert Act.objects.filter(outcome="refused", verb="catalogue.adopted", side="MSO").count() == 1


def test_two_versions_are_compared(cast: Cast, client: Client) -> None:
    adopted(cast)
    sign_in(client, cast.mso_counsel)
    page = client.get(url(cast, "compare")).content.decode()
    assert "1 changed, 0 added, 0 left out" in page
    assert "is informed" in page
    assert "is consulted" in page
    rows = list(csv.reader(io.StringIO(client.get(url(cast, "compare"), {"format": "csv"}).content.decode())))
    assert rows[1][0] == "DR-38"
    assert [row[3] for row in rows[1:]] == ["The other side", "Basis confirmed by counsel"]
    same = client.get(url(cast, "compare"), {"old": 1, "new": 1}).content.decode()
    assert "Both read the same" in same
    assert client.get(url(cast, "compare"), {"old": 1, "new": 77}).status_code == 200


def test_the_matrix_is_filtered_by_office(cast: Cast, client: Client) -> None:
    sign_in(client, cast.physician)
    page = client.get(url(cast, "matrix"), {"office": "pc_shareholder"})
    assert b"2 of 40 rights" in page.content


def test_a_right_tells_who_may_now_how_it_read_and_who_acts_for_whom(cast: Cast, client: Client) -> None:
    adopted(cast, code=CODE, other_side="consulted")
    given(cast)
    decides(cast, cast.physician)
    sign_in(client, cast.operations)
    page = client.get(url(cast, "right", CODE)).content.decode()
    for wanted in ("Elena Marsh, MD</a>, Medical Director", "Version 2", "The other side, Basis confirmed", "In force"):
        assert wanted.split(", Basis")[0] in page
    assert "as delegate of Elena Marsh" in page


def test_an_adopted_version_is_sealed_once_and_joins_the_pack(
    house: Database, cast: Cast, client: Client, tmp_path: Any, settings: Any
) -> None:
    settings.CHECKPOINT_FOLDER, settings.CHECKPOINT_KEY_FOLDER = str(tmp_path / "notes"), str(tmp_path / "key")
    version = adopt(cast, cleared(cast, proposed(cast)))
    with house.connect("checkpointer") as connected:
        make_checkpoints(connected, load_signer(new_key=True))
    job = run_one()
    assert job
    assert job.state == "done", job.error
    sealed = Document.objects.get(kind="catalogue")
    assert (sealed.object_id, sealed.compartment) == ("Version 2", "open")
    assert run_one() is None
    first, last = version.adopted_on, version.adopted_on
    assert first
    assert last
    section = pack_section(cast.practice, first, last + timedelta(days=2), person=None)
    assert section.documents == [sealed]
    assert pack_section(cast.practice, first, last, person=None).documents == [], "it does not rule yet"
    sign_in(client, cast.mso_counsel)
    assert client.get(url(cast, "document", sealed.sha256)).status_code == 200
    assert sealed.sha256 in client.get(url(cast, "version", 2)).content.decode()


def test_delegating_and_ending_through_the_pages(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    today = cast.practice.local(timezone.now()).date()
    typed = {"delegate": cast.physician.pk, "rights": [CODE, "DR-17"], "reason": "Away", "ends_on": today.isoformat()}
    offered = client.get(url(cast, "delegate")).context["form"].fields["rights"].choices
    assert CODE in dict(offered)
    assert not {"DR-31", "DR-32", "DR-34", "DR-38"} & set(dict(offered))
    across = client.post(url(cast, "delegate"), {**typed, "delegate": cast.operations.pk})
    assert "delegate" in across.context["form"].errors
    assert client.post(url(cast, "delegate"), typed).status_code == 302
    again = client.post(url(cast, "delegate"), typed)
    assert "in a part of that time" in str(again.context["form"].errors["rights"])
    one = Delegation.objects.get(code=CODE)
    for page in (url(cast, "delegations"), url(cast, "person", cast.physician.pk), url(cast, "delegation", one.pk)):
        assert CODE in client.get(page).content.decode()
    sign_in(client, cast.alternate)
    stays = client.post(url(cast, "end_delegation", one.pk), {"reason": "No"})
    assert "is ended by Elena Marsh" in str(stays.context["form"].errors["reason"])
    sign_in(client, cast.physician)
    client.post(url(cast, "end_delegation", one.pk), {"reason": "She is back"})
    assert client.get(url(cast, "end_delegation", one.pk)).status_code == 404
    assert "ended early by Samuel Ortiz" in client.get(url(cast, "delegations")).content.decode()
    sign_in(client, cast.operations)
    refused = client.post(url(cast, "delegate"), {**typed, "rights": []})
    assert refused.status_code == 200, "who holds nothing has nothing to choose"


@pytest.mark.parametrize(
    ("name", "arguments", "most"),
    [
        ("versions", [], 16), ("version", [2], 40), ("compare", [], 18), ("matrix", [], 14), ("right", [CODE], 45),
        ("delegations", [], 12), ("draft", [], 14), ("person", ["physician"], 40),
    ],
)  # fmt: skip
def test_queries_are_bounded(cast: Cast, client: Client, name: str, arguments: list[Any], most: int) -> None:
    adopted(cast)
    for code in ("DR-04", "DR-05", CODE):
        given(cast, rights=[code])
        decides(cast, cast.physician, code)
    sign_in(client, cast.director)
    client.post(url(cast, "draft_begin"))
    asked = [cast.physician.pk if one == "physician" else one for one in arguments]
    client.get(url(cast, name, *asked))
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(url(cast, name, *asked))
    for code in ("DR-06", "DR-07", "DR-08", "DR-10"):
        given(cast, rights=[code])
        decides(cast, cast.physician, code)
    decides(cast, cast.physician)
    cleared(cast, proposed(cast, code="DR-36", other_side="advises"))
    with CaptureQueriesContext(connection) as many:
        assert client.get(url(cast, name, *asked)).status_code == 200
    assert len(many) <= max(most, len(few)), [query["sql"][:90] for query in many.captured_queries]
