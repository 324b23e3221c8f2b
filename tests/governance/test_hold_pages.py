"""The pages of legal holds: list, placing, lifting, and opening what a hold keeps."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit import store
from audit.models import Act, Opening, Sequestered
from audit.services.documents import seal_document
from decisions.models import Decision
from decisions.services.log import record_decision
from governance.models import Hold
from governance.services.holds import place_hold
from governance.services.scrubbing import scrub_text
from tests.cast import Cast
from tests.sign_in import sign_in

pytestmark = pytest.mark.usefixtures("house")
GIVEN: dict[str, Any] = {"matter": "Doe v. Riverside", "reason": "A claim is expected."}


@pytest.fixture
def decision(cast: Cast) -> Decision:
    return record_decision(
        actor=cast.director, practice=cast.practice, right="DR-21", title="A complaint", text="Jane Doe complains.",
        rationale="She wrote.",
    )  # fmt: skip


def at(cast: Cast, name: str, *args: object) -> str:
    return reverse(f"governance:{name}", args=[cast.practice.slug, *args])


def placed(cast: Cast) -> Hold:
    return place_hold(actor=cast.pc_counsel, practice=cast.practice, **GIVEN)


def kept(cast: Cast, decision: Decision) -> Sequestered:
    placed(cast)
    scrub_text(actor=cast.director, practice=cast.practice, about=decision, value="Jane Doe", reason="A name.")
    return Sequestered.objects.get()


def test_the_empty_list_says_how_a_hold_comes_about(cast: Cast, client: Client) -> None:
    page = sign_in(client, cast.pc_counsel).get(at(cast, "holds")).content.decode()
    assert "No hold stands" in page
    assert "Nothing was scrubbed under a hold." in page
    assert "Place a hold" in page
    assert "Place a hold" not in sign_in(client, cast.director).get(at(cast, "holds")).content.decode()


def test_counsel_places_a_hold_on_an_object_which_then_says_so(cast: Cast, client: Client, decision: Decision) -> None:
    sign_in(client, cast.pc_counsel)
    scrub_page = at(cast, "scrub", "decisions.decision", decision.pk)
    assert at(cast, "hold_place_on", "decisions.decision", decision.pk) in client.get(scrub_page).content.decode()
    response = client.post(at(cast, "hold_place_on", "decisions.decision", decision.pk), GIVEN)
    hold = Hold.objects.get()
    assert response["Location"] == at(cast, "hold", hold.code)
    own = reverse("decisions:decision", args=[cast.practice.slug, decision.code])
    for person in (cast.pc_counsel, cast.director, cast.operations):
        told = sign_in(client, person).get(own).content.decode()
        assert hold.code in told
        # A link only for whom it opens.
        assert (f'href="{at(cast, "hold", hold.code)}"' in told) == (
            client.get(at(cast, "hold", hold.code)).status_code == 200
        )
        assert (person == cast.operations) == ("Read it" not in told)
    listed = sign_in(client, cast.director).get(at(cast, "holds")).content.decode()
    assert f"Decision {decision.code}" in listed


def test_a_hold_on_one_object_is_not_told_on_another(cast: Cast, client: Client, decision: Decision) -> None:
    other = record_decision(
        actor=cast.director, practice=cast.practice, right="DR-21", title="Other", text="Text.", rationale="Why."
    )
    hold = place_hold(actor=cast.pc_counsel, practice=cast.practice, held=decision, **GIVEN)
    page = reverse("decisions:decision", args=[cast.practice.slug, other.code])
    assert hold.code not in sign_in(client, cast.director).get(page).content.decode()


@pytest.mark.parametrize(("field", "value"), [("matter", ""), ("reason", "short"), ("reason", "")])
def test_a_mistake_stands_at_its_field(cast: Cast, client: Client, field: str, value: str) -> None:
    response = sign_in(client, cast.pc_counsel).post(at(cast, "hold_place"), {**GIVEN, field: value})
    assert list(response.context["form"].errors) == [field]
    assert not Hold.objects.exists()


def test_a_refusal_is_a_page_and_a_record(cast: Cast, client: Client, decision: Decision) -> None:
    assert sign_in(client, cast.director).post(at(cast, "hold_place"), GIVEN).status_code == 403
    row, reason = kept(cast, decision), {"reason": "I want to know it."}
    assert client.post(at(cast, "sequestered", row.pk), reason).status_code == 403
    assert client.post(at(cast, "hold", Hold.objects.get().code), reason).status_code == 403
    assert set(Act.objects.filter(outcome="refused").values_list("verb", flat=True)) == {
        "hold.placed", "sequestered.opened", "hold.lifted"
    }  # fmt: skip


def test_counsel_opens_a_value_and_everybody_sees_that(cast: Cast, client: Client, decision: Decision) -> None:
    row = kept(cast, decision)
    page = at(cast, "sequestered", row.pk)
    sign_in(client, cast.pc_counsel)
    assert "Jane" not in client.get(page).content.decode()
    missing = client.post(page, {"reason": ""})
    assert list(missing.context["form"].errors) == ["reason"]
    assert not Opening.objects.exists()
    shown = client.post(page, {"reason": "The court asked for it."})
    assert "Jane Doe complains." in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert "Jane" not in client.get(page).content.decode()
    listed = sign_in(client, cast.director).get(at(cast, "holds")).content.decode()
    assert f"{cast.pc_counsel}" in listed
    assert "The court asked for it." in listed


def test_a_sealed_file_is_downloaded(cast: Cast, client: Client) -> None:
    document = seal_document(
        data=b"Dear Jane Doe", title="A letter", kind="paper", object_type="a", object_id="1", compartment="open",
        practice_id=cast.practice.pk, media_type="text/plain",
    )  # fmt: skip
    placed(cast)
    scrub_text(actor=cast.director, practice=cast.practice, about=document, value="Jane Doe", reason="A name.")
    sign_in(client, cast.pc_counsel)
    answer = client.post(at(cast, "sequestered", Sequestered.objects.get().pk), {"reason": "The court asked."})
    assert answer.content == b"Dear Jane Doe"
    assert answer["Content-Disposition"].startswith("attachment")
    gone = client.get(at(cast, "document", document.sha256)).content.decode()
    assert "had its bytes dropped" in gone
    assert "Download" not in gone
    assert client.post(at(cast, "document", document.sha256), {"purpose": "To read it"}).status_code == 200


def test_a_stale_session_signs_in_anew_before_it_opens(cast: Cast, client: Client, decision: Decision) -> None:
    page = at(cast, "sequestered", kept(cast, decision).pk)
    sign_in(client, cast.pc_counsel, seconds_ago=1000)
    for response in (client.get(page), client.post(page, {"reason": "The court asked for it."})):
        assert "reauthenticate" in response["Location"]
    assert not Opening.objects.exists()


def test_lifting_warns_of_what_it_destroys(cast: Cast, client: Client, decision: Decision) -> None:
    row = kept(cast, decision)
    page = at(cast, "hold", Hold.objects.get().code)
    sign_in(client, cast.pc_counsel)
    assert "destroys 1 sequestered value" in client.get(page).content.decode()
    assert client.post(page, {"reason": "The claim is settled."}).status_code == 302
    assert not store.holds(row.sha256)
    assert "Lift it" not in client.get(page).content.decode()
    today = cast.practice.local(timezone.now()).date().isoformat()
    assert "A past state" in client.get(page, {"as_of": today}).content.decode()
    assert "Destroyed" in client.get(at(cast, "sequestered", row.pk)).content.decode()
    assert "Destroyed" in client.get(at(cast, "holds")).content.decode()


def test_the_list_takes_as_many_queries_however_long_it_is(cast: Cast, client: Client, decision: Decision) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(at(cast, "holds"))
        return len(found)

    kept(cast, decision)
    sign_in(client, cast.pc_counsel)
    client.post(at(cast, "sequestered", Sequestered.objects.get().pk), {"reason": "The court asked for it."})
    asked()
    few = asked()
    for number in range(3):
        made = record_decision(
            actor=cast.director, practice=cast.practice, right="DR-21", title="More", text=f"Roe {number} here.",
            rationale="Why.",
        )  # fmt: skip
        scrub_text(actor=cast.director, practice=cast.practice, about=made, value=f"Roe {number}", reason="A name.")
        newest = Sequestered.objects.latest("pk")
        client.post(at(cast, "sequestered", newest.pk), {"reason": "The court asked for it."})
        placed(cast)
    assert asked() == few
