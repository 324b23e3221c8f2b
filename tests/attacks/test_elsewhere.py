"""A person of another practice learns nothing: what is not theirs answers as what does not exist, to the query."""

import re
from typing import Any
from uuid import UUID, uuid4

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Act
from governance.models import Invitation
from tests.cast import Cast, found
from tests.sign_in import sign_in
from tests.test_access_matrix import rows, things, without_token

NOWHERE = "nowhere"
CHANGING = {"Set-Cookie", "Expires", "Date"}


def told(client: Client, method: str, page: str) -> tuple[int, dict[str, str], bytes, int]:
    """Everything an answer tells: status, headers, body, and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        response: Any = client.post(page, {}) if method == "POST" else client.get(page)
    headers = {name: value for name, value in response.headers.items() if name not in CHANGING}
    location = headers.get("Location", "")
    # The way back after a sign-in names the page that was asked for, and nothing else.
    headers["Location"] = re.sub(r"next=.*", "", location)
    return response.status_code, headers, without_token(response.content), len(queries)


def none_such(name: str, value: Any) -> Any:
    """A key of the same kind that belongs to nothing."""
    if name in {"kind", "figure", "doing", "right"}:
        return value
    if isinstance(value, UUID):
        return uuid4()
    if isinstance(value, int):
        return 999_999
    if re.fullmatch(r"[0-9a-f]{64}", str(value)):
        return "0" * 64
    return re.sub(r"20\d\d", "2099", str(value)) if re.search(r"20\d\d", str(value)) else re.sub(r"\d", "8", str(value))


def test_another_practice_answers_as_none_does(cast: Cast, client: Client) -> None:
    known = things(cast)
    sign_in(client, found("harbor").director)
    client.get(reverse("home"))
    acts = Act.objects.count()
    asked = 0
    for method, name, wanted, _ in rows():
        arguments = [known[one] for one in wanted]
        theirs = told(client, method, reverse(name, args=[cast.practice.slug, *arguments]))
        nothing = told(client, method, reverse(name, args=[NOWHERE, *arguments]))
        assert theirs[0] == 404, name
        assert theirs == nothing, f"{method} {name}: the practice shows in its answer"
        asked += 1
    assert asked == len(rows())
    assert Act.objects.count() == acts


def test_a_key_of_another_practice_answers_as_none_does(cast: Cast, client: Client) -> None:
    known = things(cast)
    sign_in(client, found("harbor").director)
    client.get(reverse("meetings:desk", args=["harbor"]))
    asked = set()
    for method, name, wanted, expected in rows():
        false = [none_such(one, known[one]) for one in wanted]
        arguments = [known[one] for one in wanted]
        if expected["els"] != "--" or false == arguments:
            continue
        theirs = told(client, method, reverse(name, args=["harbor", *arguments]))
        nothing = told(client, method, reverse(name, args=["harbor", *false]))
        assert theirs[0] == 404, name
        assert theirs == nothing, f"{method} {name}: the key shows in its answer"
        asked.add(name)
    assert {"meetings:meeting", "decisions:decision", "governance:person", "governance:document"} <= asked


def test_an_invitation_names_nobody_of_another_practice(cast: Cast, client: Client) -> None:
    """Somebody's address is no key to who they are: the name has to be known, and is not told."""
    theirs = cast.director.account.email  # type: ignore[union-attr]
    sign_in(client, found("harbor").executive)
    page, sent = reverse("governance:invite", args=["harbor"]), Invitation.objects.filter(practice__slug="harbor")
    before = sent.count()
    for typed in ("Somebody", "Marsh", "Elena Marsh, MD"):
        answer = client.post(page, {"name": typed, "email": theirs.upper()})
        assert answer.status_code == 200
        assert "belongs to another name" in str(answer.context["form"].errors["email"])
        said = answer.content.decode().replace(typed, "")
        assert "Marsh" not in said
        assert ", MD" not in said
    invited = Act.objects.filter(verb="person.invited", outcome="done", object_id=str(cast.director.pk))
    assert (sent.count(), invited.count()) == (before, 0)
    assert client.post(page, {"name": " elena marsh", "email": theirs}).status_code == 302
    assert invited.count() == 1
