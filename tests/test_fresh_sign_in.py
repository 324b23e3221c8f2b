"""Whatever decides wants a proof of who asks, five minutes old at most; what was typed is done after the proof."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Act
from decisions.services.log import log_item
from governance.choices import Office
from governance.idle import SUSPENDED
from governance.models import Appointment, CatalogueVersion
from governance.services.catalogue import review_version
from governance.services.delegations import delegate
from meetings.models import Meeting
from meetings.services.calling import call_special
from meetings.services.closed_papers import put_closed_paper
from meetings.services.minutes import MEANING, sign_minutes, submit_minutes
from meetings.services.notice import waiver_of
from tests.cast import PASSWORD, Cast, resolve
from tests.decisions.conftest import NO
from tests.decisions.paper_files import pdf
from tests.governance.test_versions import resolution
from tests.meetings import gathering
from tests.meetings.closed import put
from tests.sign_in import sign_in

type Typed = tuple[str, list[object], dict[str, Any]]
"""The name of a page, what it is about, and what is sent to it."""


def _proposal(cast: Cast, **typed: Any) -> tuple[list[object], dict[str, Any]]:
    return [gathering.proposal(cast).code], {"revision": 1, "rationale": "Ready.", **typed}


def _check(cast: Cast) -> Typed:
    about, _ = _proposal(cast)
    typed = {"revision": 1, "requirement": "training", "state": "waived", "reason": "Same staff."}
    return "decisions:proposal_check", about, typed


def _decision(cast: Cast) -> Typed:
    typed = {"right": "DR-16", "title": "TB protocol", "text": "It is adopted.", "rationale": "Reviewed."}
    return "decisions:decision_new", [], typed


def _pull(cast: Cast) -> Typed:
    item = log_item(
        actor=cast.operations, practice=cast.practice, right="DR-37", category="scheduling", title="Desk",
        detail="A second desk.", happened_on=cast.practice.local(timezone.now()).date(), screen=NO,
    )  # fmt: skip
    return "decisions:operation_pull", [item.code], {"reason": "It shortens the visits."}


def _license(cast: Cast) -> Typed:
    today = cast.practice.local(timezone.now()).date()
    typed = {
        "number": "A-2", "board": "Medical Board", "status": "active", "source": "Register",
        "expires_on": today + timedelta(days=90), "verified_on": today,
    }  # fmt: skip
    return "governance:enter_license", [cast.operations.pk], typed


def _appoint(cast: Cast) -> Typed:
    typed = {"person": cast.alternate.pk, "office": Office.SUPERVISING_PHYSICIAN, "reason": "For the campus."}
    return "governance:appoint", [], typed


def _end(cast: Cast) -> Typed:
    held = Appointment.objects.get(person=cast.alternate, office=Office.ALTERNATE_CHAIR)
    return "governance:end_appointment", [held.pk], {"reason": resolve(cast.practice, "Ruth Adeyemi resigns")}


def _adopt(cast: Cast) -> Typed:
    review_version(
        actor=cast.pc_counsel, version=CatalogueVersion.objects.get(), outcome="cleared", opinion="It keeps the line."
    )
    return "governance:version_adopt", [1], {"resolution": resolution(cast)}


def _delegate(cast: Cast) -> Typed:
    typed = {
        "delegate": cast.physician.pk, "rights": ["DR-16"], "reason": "Away",
        "ends_on": cast.practice.local(timezone.now()).date() + timedelta(days=7),
    }  # fmt: skip
    return "governance:delegate", [], typed


def _end_delegation(cast: Cast) -> Typed:
    made = delegate(
        actor=cast.director, practice=cast.practice, delegate=cast.physician, rights=["DR-16"],
        ends_at=timezone.now() + timedelta(days=7), reason="Away",
    )  # fmt: skip
    return "governance:end_delegation", [made[0].pk], {"reason": "Back"}


def _series(cast: Cast) -> Typed:
    typed = {
        "day_rule": "fourth Tuesday", "time": "17:30", "place": "Riverside", "mode": "remote",
        "starts_on": gathering.month_of(cast),
    }  # fmt: skip
    return "meetings:series", [], typed


def _amend(cast: Cast) -> Typed:
    gathering.series(cast)
    minutes = gathering.concluded(cast, gathering.opened(cast, gathering.planned(cast)))
    version = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    sign_minutes(actor=cast.director, minutes=minutes, version=version, meaning=MEANING)
    motion = gathering.carried(cast, gathering.opened(cast, gathering.planned(cast, 1)))
    return "meetings:minutes_amend", [minutes.meeting.code], {"motion": motion.pk, "text": "Fifty.", "reason": "Wrong."}


def _take(cast: Cast) -> Typed:
    gathering.series(cast)
    matter = put(cast, gathering.planned(cast))
    file = put_closed_paper(actor=cast.alternate, item=matter.item, data=pdf(), name="x.pdf").document
    typed = {"document": file.pk, "purpose": "To prepare the session."}
    return "meetings:closed_do", [matter.item.meeting.code, matter.item_id, "take"], typed


def _special(cast: Cast) -> Typed:
    soon = cast.practice.local(timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M")
    typed = {
        "reason": "No cover",
        "starts_at": soon,
        "length": 30,
        "place": "By video",
        "mode": "remote",
        "points": "It",
    }
    return "meetings:special", [], {**typed, "release": "on"}


def _waive(cast: Cast) -> Typed:
    meeting = call_special(
        actor=cast.director, body=cast.body, starts_at=timezone.now() + timedelta(hours=1), place="By video",
        mode="remote", reason="No cover", points="It",
    )  # fmt: skip
    return "meetings:notice_waive", [meeting.code], {"sentence": waiver_of(meeting), "meaning": "on"}


CASES: dict[str, Callable[[Cast], Typed]] = {
    "proposal.approved": lambda cast: ("decisions:proposal_approve", *_proposal(cast)),
    "proposal.returned": lambda cast: ("decisions:proposal_return", *_proposal(cast)),
    "proposal.refused": lambda cast: ("decisions:proposal_refuse", *_proposal(cast)),
    "gate.waived": _check,
    "decision.recorded": _decision,
    "operation.pulled": _pull,
    "license.verified": _license,
    "appointment.made": _appoint,
    "appointment.ended": _end,
    "catalogue.adopted": _adopt,
    "delegation.made": _delegate,
    "delegation.ended": _end_delegation,
    "series.founded": _series,
    "minutes.amended": _amend,
    "closed_record.taken": _take,
    "meeting.called": _special,
    "notice.waived": _waive,
}


def long_ago(cast: Cast) -> Client:
    return sign_in(Client(), cast.director, seconds_ago=301)


def done(verb: str) -> bool:
    return Act.objects.filter(verb=verb, outcome="done", via="web").exists()


@pytest.mark.parametrize("verb", CASES)
def test_a_proof_that_is_too_old_is_asked_again_and_nothing_typed_is_lost(cast: Cast, verb: str) -> None:
    name, about, typed = CASES[verb](cast)
    client = long_ago(cast)
    asked = client.post(reverse(name, args=[cast.practice.slug, *about]), typed)
    assert asked.status_code == 302
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert not done(verb)
    client.post(asked["Location"], {"password": "not the password"})
    assert not done(verb)
    client.post(asked["Location"], {"password": PASSWORD})
    assert done(verb)


def test_what_was_given_up_is_not_done_by_a_later_proof(cast: Cast) -> None:
    about, typed = _proposal(cast)
    page = reverse("decisions:proposal_approve", args=[cast.practice.slug, *about])
    client = long_ago(cast)
    client.post(page, typed)
    # The page is opened again, or the proof is reached by a link, with what was sent before still in the session.
    asked = client.get(page)
    answer = client.post(asked["Location"], {"password": PASSWORD})
    assert answer["Location"] == page
    assert not done("proposal.approved")


def test_a_proof_left_for_long_does_not_do_what_was_sent(cast: Cast) -> None:
    about, typed = _proposal(cast)
    page = reverse("decisions:proposal_approve", args=[cast.practice.slug, *about])
    client = long_ago(cast)
    asked = client.post(page, typed)
    client.get(asked["Location"])
    session = client.session
    session[SUSPENDED] -= 301
    session.save()
    answer = client.post(asked["Location"], {"password": PASSWORD})
    assert answer["Location"] == page
    assert not done("proposal.approved")


def test_a_passphrase_waits_nowhere(cast: Cast) -> None:
    client = long_ago(cast)
    name, about, typed = _appoint(cast)
    asked = client.post(reverse(name, args=[cast.practice.slug, *about]), {**typed, "passphrase": "open sesame"})
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    kept = str(dict(client.session))
    assert "For the campus." in kept or "For+the+campus" in kept
    assert "sesame" not in kept
    client.post(asked["Location"], {"password": PASSWORD})
    assert done("appointment.made")


@pytest.fixture
def room(cast: Cast) -> Meeting:
    gathering.series(cast)
    gathering.proposal(cast)
    return gathering.opened(cast, gathering.planned(cast))


def _in_the_room(cast: Cast, room: Meeting, act: str) -> tuple[str, dict[str, Any]]:
    if act == "determine":
        item = room.items.get(proposal__isnull=False)
        typed = {"outcome": "approved", "rationale": "Ready."}
    else:
        item = gathering.item_of(room, "protocol review")
        typed = {"right": "DR-16", "title": "TB protocol", "text": "It is adopted.", "rationale": "Reviewed."}
    return reverse("meetings:room_do", args=[cast.practice.slug, room.code, act]), {"item": item.pk, **typed}


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
@pytest.mark.parametrize(("act", "verb"), [("determine", "proposal.approved"), ("decide", "decision.recorded")])
def test_the_room_asks_and_goes_on_where_it_was(cast: Cast, room: Meeting, act: str, verb: str, htmx: bool) -> None:
    address, typed = _in_the_room(cast, room, act)
    client = long_ago(cast)
    asked = client.post(address, typed, headers={"HX-Request": "true"} if htmx else {})
    where = asked["HX-Redirect" if htmx else "Location"]
    assert where.startswith(reverse("account_reauthenticate"))
    assert not done(verb)
    back = client.post(where, {"password": PASSWORD})
    assert back.status_code == 302
    assert back["Location"] == f"{reverse('meetings:room', args=[cast.practice.slug, room.code])}?item={typed['item']}"
    assert done(verb)


def test_what_is_wrong_is_shown_with_what_was_typed(cast: Cast, room: Meeting) -> None:
    address, typed = _in_the_room(cast, room, "decide")
    client = long_ago(cast)
    asked = client.post(address, {**typed, "rationale": ""}, headers={"HX-Request": "true"})
    shown = client.post(asked["HX-Redirect"], {"password": PASSWORD}).content.decode()
    assert "It is adopted." in shown
    assert "This field is required" in shown


def test_a_page_is_itself_again_after_the_proof(cast: Cast) -> None:
    name, about, typed = _decision(cast)
    client = long_ago(cast)
    asked = client.post(reverse(name, args=[cast.practice.slug, *about]), {**typed, "rationale": ""})
    shown = client.post(asked["Location"], {"password": PASSWORD}).content.decode()
    assert "It is adopted." in shown
    assert f'data-means="{name}"' in shown
    assert f'action="{reverse(name, args=[cast.practice.slug, *about])}"' in shown


def test_what_records_only_asks_nobody(cast: Cast, room: Meeting) -> None:
    item = gathering.item_of(room, "compliance")
    address = reverse("meetings:room_do", args=[cast.practice.slug, room.code, "account"])
    answer = long_ago(cast).post(address, {"item": item.pk, "account": "Considered."})
    assert answer["Location"].startswith(reverse("meetings:room", args=[cast.practice.slug, room.code]))
