"""The page on which a physician scrubs, and on which everybody sees where it was done."""

import pytest
from django.test import Client
from django.urls import reverse

from audit.models import Act, Scrubbing
from audit.services.scrubbing import MARK
from decisions.services.log import record_decision
from tests.cast import Cast
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
    assert client.post(where, GIVEN).status_code == 302
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
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
    assert not Scrubbing.objects.exists()
