"""Hand-made requests of signed-in staff of the MSO: hidden fields, foreign keys, forms sent again."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from audit.models import Act
from decisions.models import CorrectiveAction, Determination, GoLive, Proposal
from decisions.services.proposals import propose
from governance.choices import Office, Side
from governance.models import Appointment, License, Verification
from governance.offices import SIDE
from governance.selectors.licenses import license_state
from governance.services.appointments import invite
from meetings.models import Meeting, Vote
from tests.attacks.test_room import meeting, moved
from tests.cast import Cast, decided, found, local_day
from tests.decisions.conftest import TEXT
from tests.meetings.gathering import seat
from tests.sign_in import sign_in

__all__ = ["meeting"]


@pytest.fixture
def dana(cast: Cast, client: Client) -> Client:
    return sign_in(client, cast.operations)


def url(cast: Cast, name: str, *args: object) -> str:
    return reverse(name, args=[cast.practice.slug, *args])


def test_dana_appoints_herself_to_nothing(cast: Cast, dana: Client) -> None:
    for office in Office:
        ends = (local_day() + timedelta(days=9)).isoformat()
        answer = dana.post(
            url(cast, "governance:appoint"),
            {"person": cast.operations.pk, "office": office, "reason": "So.", "ends_on": ends},
        )
        if SIDE[office] == Side.PC:
            assert answer.status_code == 403, office
    held = set(Appointment.objects.filter(person=cast.operations).values_list("side", flat=True))
    assert held == {"MSO"}


def test_dana_knocks_nobody_out(cast: Cast, dana: Client) -> None:
    known = License.objects.get(person=cast.director)
    before = Verification.objects.count()
    answer = dana.post(
        url(cast, "governance:enter_license", cast.director.pk),
        {
            "number": known.number, "board": known.board, "status": "surrendered", "source": "Register",
            "expires_on": local_day() + timedelta(days=99), "verified_on": local_day(),
        },
    )  # fmt: skip
    assert answer.status_code == 200
    assert "itself enters what takes a license" in answer.content.decode()
    assert Verification.objects.count() == before
    assert license_state(cast.director, cast.practice, timezone.now()).in_force


def test_the_list_of_people_tells_two_of_one_name_apart(cast: Cast, client: Client) -> None:
    """Staff of the MSO invite an address of their own under a physician's name, and wait to be chosen."""
    invite(
        actor=cast.operations, practice=cast.practice, name="Samuel Ortiz", email="dana@mso.example", credentials="MD"
    )
    page = sign_in(client, cast.director).get(url(cast, "governance:appoint")).content.decode()
    assert "Samuel Ortiz, MD (dana@mso.example)" in page
    assert "Samuel Ortiz, MD (ortiz@riverside.example)" in page


def test_the_room_takes_no_vote_of_operations(cast: Cast, meeting: Meeting, dana: Client) -> None:
    motion = moved(cast, meeting)
    address = url(cast, "meetings:room_do", meeting.code, "votes")
    votes = {f"vote_{seat(meeting, one).pk}": "for" for one in (cast.director, cast.physician, cast.alternate)}
    typed = {"item": motion.item_id, "motion": motion.pk, "method": "roll call", **votes}
    assert dana.post(address, typed).status_code == 403
    assert not Vote.objects.exists()


def test_rows_of_another_practice_are_nobody_here(cast: Cast, dana: Client) -> None:
    other = found("lakeside")
    theirs = propose(
        actor=other.operations, practice=other.practice, kind=Proposal.Kind.NEW_SERVICE, title="Theirs",
        service_name="Theirs", site=other.satellite, **TEXT,
    )  # fmt: skip
    form = {"revision": 1, "rationale": "So.", "requirement": "protocol", "state": "met", "reason": "Seen."}
    for name in ("approve", "check", "go_live", "withdraw", "revise"):
        page = dana.post(reverse(f"decisions:proposal_{name}", args=[other.practice.slug, theirs.code]), form)
        assert page.status_code == 404
    made = dana.post(
        url(cast, "decisions:proposal_new"),
        {"kind": "new service", "title": "Mine", "service_name": "Mine", "site": other.satellite.pk, **TEXT},
    )
    assert made.status_code == 200
    assert not Proposal.objects.filter(title="Mine").exists()
    opened = dana.post(
        url(cast, "decisions:action_new"),
        {
            "title": "Mine", "root_cause": "x", "action": "x", "strength": "weak", "owner": other.director.pk,
            "due_on": local_day(), "measure": "x", "verifier": other.physician.pk,
        },
    )  # fmt: skip
    assert opened.status_code == 200
    assert not CorrectiveAction.objects.exists()


def test_a_form_sent_again_decides_nothing_twice(cast: Cast, client: Client) -> None:
    proposal = propose(
        actor=cast.operations, practice=cast.practice, kind=Proposal.Kind.NEW_SERVICE, title="TB tests",
        service_name="TB tests", site=cast.satellite, **TEXT,
    )  # fmt: skip
    sign_in(client, cast.director)
    address = url(cast, "decisions:proposal_approve", proposal.code)
    answers = [client.post(address, {"revision": 1, "rationale": "Ready."}).status_code for _ in range(2)]
    assert answers == [302, 200]
    assert Determination.objects.count() == decided().count() == 1


def test_dana_goes_live_with_nothing_that_was_not_approved(cast: Cast, dana: Client) -> None:
    proposal = propose(
        actor=cast.operations, practice=cast.practice, kind=Proposal.Kind.NEW_SERVICE, title="TB tests",
        service_name="TB tests", site=cast.satellite, **TEXT,
    )  # fmt: skip
    ready = {"revision": 1, "rationale": "Ready."}
    assert dana.post(url(cast, "decisions:proposal_approve", proposal.code), ready).status_code == 403
    waived = {"revision": 1, "requirement": "protocol", "state": "waived", "reason": "Not needed."}
    dana.post(url(cast, "decisions:proposal_check", proposal.code), waived)
    live = {"revision": 1, "review_on": local_day() + timedelta(days=90)}
    assert dana.post(url(cast, "decisions:proposal_go_live", proposal.code), live).status_code == 200
    assert not GoLive.objects.exists()
    assert not proposal.checks.exists()
    assert Act.objects.filter(outcome="refused", actor=cast.operations.pk).exists()
