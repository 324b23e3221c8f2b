"""The page on which a physician scrubs, and on which everybody sees where it was done."""

import json

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Act, Scrubbing
from audit.services.documents import seal_document
from audit.services.scrubbing import MARK
from decisions.services.actions import open_action
from decisions.services.log import record_decision
from tests.cast import Cast, decided
from tests.sign_in import sign_in

pytestmark = pytest.mark.usefixtures("house")
GIVEN = {"value": "Jane Doe", "reason": "A patient was named."}


@pytest.fixture
def where(cast: Cast) -> str:
    decision = record_decision(
        actor=cast.director, practice=cast.practice, right="DR-21", title="A complaint", text="Jane Doe complains.",
        rationale="She wrote.",
    )  # fmt: skip
    return reverse("governance:scrub", args=[cast.practice.slug, "decisions.decision", decision.pk])


def test_a_physician_scrubs_and_everybody_sees_by_whom(cast: Cast, client: Client, where: str) -> None:
    sign_in(client, cast.physician)
    assert "Jane Doe complains." in client.get(where).content.decode()
    shown = client.post(where, GIVEN)
    assert "Jane Doe" in shown.content.decode()
    assert not Scrubbing.objects.exists()
    marked = [place.token for place in shown.context["preview"].places]
    assert len(marked) == 1
    assert client.post(where, {**GIVEN, "scrub": "1", "place": marked}).status_code == 302
    sign_in(client, cast.operations)
    seen = client.get(where).content.decode()
    assert "Jane" not in seen
    assert f"{MARK} complains." in seen
    assert f"{cast.physician}, Physician" in seen
    assert GIVEN["reason"] in seen
    assert "Scrub it" not in seen


def test_a_refusal_is_recorded_without_the_span(cast: Cast, client: Client, where: str) -> None:
    assert sign_in(client, cast.operations).post(where, GIVEN).status_code == 403
    refusal = Act.objects.get(verb="text.scrubbed", outcome="refused")
    assert refusal.actor == cast.operations.pk
    assert not any("Jane" in (part.body or "") for part in refusal.parts.all())


@pytest.mark.parametrize(("field", "value"), [("value", "John Roe"), ("reason", "It was Jane Doe")])
def test_a_broken_rule_stands_at_its_field(cast: Cast, client: Client, where: str, field: str, value: str) -> None:
    response = sign_in(client, cast.physician).post(where, {**GIVEN, field: value})
    assert list(response.context["form"].errors) == [field]
    assert not Scrubbing.objects.exists()


@pytest.mark.parametrize("kind", ["governance.person", "audit.act", "decisions.nothing"])
def test_other_kinds_have_no_page(cast: Cast, client: Client, kind: str) -> None:
    where = reverse("governance:scrub", args=[cast.practice.slug, kind, 1])
    assert sign_in(client, cast.physician).get(where).status_code == 404


def test_a_stale_session_signs_in_anew_first(cast: Cast, client: Client, where: str) -> None:
    response = sign_in(client, cast.physician, seconds_ago=1000).post(where, GIVEN)
    assert response["Location"] == where
    response = client.get(where)
    assert "reauthenticate" in response["Location"]
    assert "Jane" not in json.dumps(dict(client.session))
    assert not Scrubbing.objects.exists()


def test_the_preview_shows_every_place_and_afterwards_the_search_finds_none(
    cast: Cast, client: Client, where: str
) -> None:
    decision = decided().get()
    open_action(
        actor=cast.director, practice=cast.practice, title="Call Jane Doe", root_cause="None", action="Call",
        strength="strong", owner=cast.operations, due_on=cast.practice.local(decision.decided_at).date(),
        measure="One call", verifier=cast.physician,
    )  # fmt: skip
    seal_document(
        data=b"Dear Jane Doe", title="A letter", kind="paper", object_type="a", object_id="1", compartment="open",
        practice_id=cast.practice.pk, media_type="text/plain",
    )  # fmt: skip
    sign_in(client, cast.physician)
    shown = client.post(where, GIVEN)
    preview = shown.context["preview"]
    told = {(one.place.table, one.place.column) for one in preview.places}
    assert told == {
        ("decisions_decision", "text"), ("decisions_correctiveaction", "title"), ("audit_document", "bytes")
    }  # fmt: skip
    page = shown.content.decode()
    for words in (decision.code, "A letter", "redacted file takes its place", "<mark>Jane Doe</mark> complains."):
        assert words in page
    sent = {**GIVEN, "scrub": "1", "place": [one.token for one in preview.places], "read_up_to": preview.read_up_to}
    assert client.post(where, sent).status_code == 302
    again = client.post(where, GIVEN)
    assert "No text of this practice holds exactly these characters." in str(again.context["form"].errors)
    log = reverse("decisions:decisions", args=[cast.practice.slug])
    assert decision.title not in client.get(log, {"q": "Jane Doe"}).content.decode()


def test_what_is_not_marked_stays_and_is_found_again(cast: Cast, client: Client, where: str) -> None:
    record_decision(
        actor=cast.director, practice=cast.practice, right="DR-21", title="Another", text="Jane Doe again.",
        rationale="She wrote.",
    )  # fmt: skip
    sign_in(client, cast.physician)
    first, second = [one.token for one in client.post(where, GIVEN).context["preview"].places]
    client.post(where, {**GIVEN, "scrub": "1", "place": [first]})
    assert [one.token for one in client.post(where, GIVEN).context["preview"].places] == [second]
    response = client.post(where, {**GIVEN, "scrub": "1", "place": []})
    assert "No place is marked" in str(response.context["form"].errors)


def test_a_place_that_no_scrub_reaches_is_named(cast: Cast, client: Client, where: str) -> None:
    sign_in(client, cast.physician)
    page = client.post(where, {**GIVEN, "value": "Mina Vale"}).content.decode()
    assert "which no scrub reaches" in page
    assert "Person, name" in page


@pytest.mark.parametrize("token", ["", "x", "audit_entry/1/header", "governance_person/1/name", "a/b/c/d"])
def test_a_forged_mark_scrubs_nothing(cast: Cast, client: Client, where: str, token: str) -> None:
    sign_in(client, cast.physician)
    assert client.post(where, {**GIVEN, "scrub": "1", "place": [token]}).status_code == 200
    assert not Scrubbing.objects.exists()
