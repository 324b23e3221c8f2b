"""The pages of legal holds and of hidden text."""

from datetime import timedelta
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
from governance.choices import Office
from governance.models import Hold
from governance.services.appointments import appoint, invite
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
    assert "No hold is in force" in page
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
    for person, side in (
        (cast.pc_counsel, "PC"), (cast.director, "PC"), (cast.operations, "MSO"), (cast.mso_counsel, "MSO")
    ):  # fmt: skip
        told = sign_in(client, person).get(own).content.decode()
        assert (hold.code in told) == (side == "PC")
        assert (f'href="{at(cast, "hold", hold.code)}"' in told) == (
            client.get(at(cast, "hold", hold.code)).status_code == 200
        )
    assert hold.code not in sign_in(client, cast.mso_counsel).get(at(cast, "holds")).content.decode()
    assert client.get(at(cast, "hidden")).status_code == 404
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
    assert sign_in(client, cast.pc_counsel).post(at(cast, "disposal"), {**reason, "inventory": "x"}).status_code == 200
    sign_in(client, cast.physician)
    assert client.post(at(cast, "disposal"), {**reason, "inventory": "x"}).status_code == 403
    auditor = invite(actor=cast.director, practice=cast.practice, name="Ann Auditor", email="ann@riverside.example")
    appoint(
        actor=cast.director, practice=cast.practice, person=auditor, office=Office.AUDITOR,
        ends_at=timezone.now() + timedelta(days=30),
    )  # fmt: skip
    sign_in(client, auditor)
    for name in ("hidden_open", "hidden_confirm", "hidden_restore"):
        assert client.post(at(cast, name, row.act_id), reason).status_code == 403
    sign_in(client, cast.director)
    assert client.post(at(cast, "hold", Hold.objects.get().code), reason).status_code == 403
    assert set(Act.objects.filter(outcome="refused").values_list("verb", flat=True)) == {
        "hold.placed", "sequestered.disposed", "sequestered.opened", "scrub.confirmed", "scrub.restored", "hold.lifted"
    }  # fmt: skip


def test_counsel_opens_a_value_and_everybody_sees_that(cast: Cast, client: Client, decision: Decision) -> None:
    row = kept(cast, decision)
    page = at(cast, "hidden_open", row.act_id)
    sign_in(client, cast.pc_counsel)
    assert "Jane" not in client.get(page).content.decode()
    missing = client.post(page, {"reason": ""})
    assert list(missing.context["form"].errors) == ["reason"]
    assert not Opening.objects.exists()
    shown = client.post(page, {"reason": "The court asked for it."})
    assert "Jane Doe complains." in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert "Jane" not in client.get(page).content.decode()
    told = sign_in(client, cast.director).get(at(cast, "hidden_text", row.act_id)).content.decode()
    assert f"opened by {cast.pc_counsel}" in told
    assert "The court asked for it." in told


def test_a_sealed_file_is_downloaded(cast: Cast, client: Client) -> None:
    document = seal_document(
        data=b"Dear Jane Doe", title="A letter", kind="paper", object_type="a", object_id="1", compartment="open",
        practice_id=cast.practice.pk, media_type="text/plain",
    )  # fmt: skip
    placed(cast)
    scrub_text(actor=cast.director, practice=cast.practice, about=document, value="Jane Doe", reason="A name.")
    sign_in(client, cast.pc_counsel)
    answer = client.post(at(cast, "hidden_open", Sequestered.objects.get().act_id), {"reason": "The court asked."})
    assert answer.content == b"Dear Jane Doe"
    assert answer["Content-Disposition"].startswith("attachment")
    gone = client.get(at(cast, "document", document.sha256)).content.decode()
    assert "hid text in this file as patient data" in gone
    assert "Download" not in gone
    assert client.post(at(cast, "document", document.sha256), {"purpose": "To read it"}).status_code == 200


def test_a_stale_session_signs_in_anew_before_it_opens(cast: Cast, client: Client, decision: Decision) -> None:
    page = at(cast, "hidden_open", kept(cast, decision).act_id)
    sign_in(client, cast.pc_counsel, seconds_ago=1000)
    for response in (client.get(page), client.post(page, {"reason": "The court asked for it."})):
        assert "reauthenticate" in response["Location"]
    assert not Opening.objects.exists()


def test_a_hold_is_acknowledged_from_the_desk_and_lifted(cast: Cast, client: Client, decision: Decision) -> None:
    row = kept(cast, decision)
    page = at(cast, "hold", Hold.objects.get().code)
    desk = reverse("meetings:desk", args=[cast.practice.slug])
    assert page in sign_in(client, cast.physician).get(desk).content.decode()
    assert page not in sign_in(client, cast.operations).get(desk).content.decode()
    sign_in(client, cast.physician)
    assert client.post(at(cast, "hold_acknowledge", Hold.objects.get().code)).status_code == 302
    assert page not in client.get(desk).content.decode()
    assert f"{cast.physician}" in client.get(page).content.decode()
    sign_in(client, cast.pc_counsel)
    assert client.post(page, {"reason": "The claim is settled."}).status_code == 302
    assert store.holds(row.sha256)
    assert "Lift it" not in client.get(page).content.decode()
    today = cast.practice.local(timezone.now()).date().isoformat()
    assert "A past state" in client.get(page, {"as_of": today}).content.decode()


@pytest.mark.parametrize(("name", "word"), [("hidden_confirm", "Confirmed"), ("hidden_restore", "Restored")])
def test_a_second_person_decides_from_the_desk(
    cast: Cast, client: Client, decision: Decision, name: str, word: str
) -> None:
    row = kept(cast, decision)
    page = at(cast, "hidden_text", row.act_id)
    desk = reverse("meetings:desk", args=[cast.practice.slug])
    assert page not in sign_in(client, cast.director).get(desk).content.decode()
    own = client.get(page).content.decode()
    assert "a second person confirms it" in own
    assert at(cast, "hidden_confirm", row.act_id) not in own
    assert at(cast, "hidden_restore", row.act_id) in own
    assert page in sign_in(client, cast.physician).get(desk).content.decode()
    assert (
        "Jane Doe complains."
        in client.post(at(cast, "hidden_open", row.act_id), {"reason": "To decide about it."}).content.decode()
    )
    short = client.post(at(cast, name, row.act_id), {"reason": "No"})
    assert list(short.context["form"].errors) == ["reason"]
    assert client.post(at(cast, name, row.act_id), {"reason": "I have read it."}).status_code == 302
    assert word in client.get(page).content.decode()
    assert page not in client.get(desk).content.decode()
    decision.refresh_from_db()
    assert ("Jane Doe" in decision.text) == (word == "Restored")
    again = client.post(at(cast, name, row.act_id), {"reason": "I have read it."})
    assert "already" in str(again.context["form"].errors)


def test_the_list_takes_as_many_queries_however_long_it_is(cast: Cast, client: Client, decision: Decision) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            client.get(at(cast, "holds"))
            client.get(at(cast, "hidden"))
        return len(found)

    kept(cast, decision)
    sign_in(client, cast.pc_counsel)
    client.post(at(cast, "hidden_open", Sequestered.objects.get().act_id), {"reason": "The court asked for it."})
    asked()
    few = asked()
    for number in range(3):
        made = record_decision(
            actor=cast.director, practice=cast.practice, right="DR-21", title="More", text=f"Roe {number} here.",
            rationale="Why.",
        )  # fmt: skip
        scrub_text(actor=cast.director, practice=cast.practice, about=made, value=f"Roe {number}", reason="A name.")
        newest = Sequestered.objects.latest("pk")
        client.post(at(cast, "hidden_open", newest.act_id), {"reason": "The court asked for it."})
        placed(cast)
    assert asked() == few
