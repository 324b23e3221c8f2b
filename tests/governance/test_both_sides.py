"""A person with offices on both sides: flagged, in one stated office at a time, no judge of what was proposed there."""

from collections.abc import Callable

import pytest
from django.db import Error
from django.test import Client
from django.urls import reverse

from audit.context import stating
from audit.models import Act
from decisions.models import Proposal
from decisions.services.proposals import approve_proposal
from decisions.services.proposing import RuleBroken
from governance.authority import AuthorityRefused, rule_on_part, rule_on_right
from governance.choices import Office
from governance.models import Appointment
from governance.offices import PHYSICIANS
from governance.services.appointments import appoint, end_appointment, open_site
from tests.cast import Cast, resolve
from tests.decisions.conftest import proposed  # noqa: F401
from tests.decisions.test_line_in_database import determine, forge
from tests.sign_in import sign_in


def take_both(cast: Cast) -> tuple[Appointment, Appointment]:
    """The Medical Director takes an office of the management company too; her two offices, that one last."""
    appoint(
        actor=cast.executive,
        practice=cast.practice,
        person=cast.director,
        office=Office.MSO_OPERATIONS,
        starts_at=None,
    )
    held = Appointment.objects.in_force().filter(practice=cast.practice, person=cast.director)
    return held.get(office=Office.MEDICAL_DIRECTOR), held.get(office=Office.MSO_OPERATIONS)


@pytest.fixture
def both(cast: Cast) -> tuple[Appointment, Appointment]:
    return take_both(cast)


def opens(cast: Cast) -> object:
    return open_site(
        actor=cast.director, practice=cast.practice, name="Hemet", city="Hemet", opened_on=cast.flagship.opened_on
    )


def test_without_a_stated_office_nothing_is_done(cast: Cast, both: tuple[Appointment, Appointment]) -> None:
    with pytest.raises(AuthorityRefused) as refused:
        opens(cast)
    assert refused.value.ruling.rule == "no office stated"
    assert Act.objects.filter(outcome="refused", actor=cast.director.pk).count() == 1
    part = rule_on_part(person=cast.director, practice=cast.practice, offices=[Office.MEDICAL_DIRECTOR])
    assert (part.allowed, part.rule) == (False, "no office stated")


def test_the_stated_office_alone_counts(cast: Cast, both: tuple[Appointment, Appointment]) -> None:
    physician, management = both
    with stating(management.pk), pytest.raises(AuthorityRefused) as refused:
        opens(cast)
    assert refused.value.ruling.rule == "other side"
    with stating(physician.pk):
        opens(cast)
        ours = rule_on_right(person=cast.director, practice=cast.practice, code="DR-38")
    assert (ours.allowed, ours.rule) == (False, "other side")
    assert Act.objects.filter(verb="site.opened").latest("recorded_at").office == Office.MEDICAL_DIRECTOR


def test_an_office_of_somebody_else_cannot_be_stated(cast: Cast, both: tuple[Appointment, Appointment]) -> None:
    theirs = Appointment.objects.in_force().filter(person=cast.physician).first()
    assert theirs
    with stating(theirs.pk):
        ruling = rule_on_right(person=cast.director, practice=cast.practice, code="DR-21")
    assert ruling.rule == "no office stated"


def test_who_holds_offices_on_one_side_states_nothing(cast: Cast) -> None:
    with stating(1):
        assert rule_on_right(person=cast.director, practice=cast.practice, code="DR-21").allowed


def test_what_was_proposed_in_the_other_office_is_determined_by_somebody_else(
    cast: Cast,
    both: tuple[Appointment, Appointment],
    proposed: Callable[..., Proposal],  # noqa: F811
) -> None:
    physician, management = both
    with stating(management.pk):
        proposal = proposed(actor=cast.director)
    with stating(physician.pk), pytest.raises(RuleBroken, match="in an office of the other side"):
        approve_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Mine.")
    proposal.refresh_from_db()
    assert proposal.state == "submitted"


def test_the_sole_physician_neither(cast: Cast, proposed: Callable[..., Proposal]) -> None:  # noqa: F811
    leave = resolve(cast.practice, "Samuel Ortiz and Ruth Adeyemi leave")
    for one in Appointment.objects.in_force().filter(practice=cast.practice, office__in=PHYSICIANS):
        if one.person != cast.director:
            end_appointment(actor=cast.director, appointment=one, reason=leave)
    physician, management = take_both(cast)
    with stating(management.pk):
        proposal = proposed(actor=cast.director)
    with stating(physician.pk):
        with pytest.raises(RuleBroken, match="in an office of the other side"):
            approve_proposal(actor=cast.director, proposal=proposal, revision=1, rationale="Nobody else may.")
        with pytest.raises(Error, match="proposed in an office of the other side"):
            forge(cast, cast.director, determine(proposal, sole_physician=True))


def test_pages_ask_for_the_office_and_keep_it(
    cast: Cast, both: tuple[Appointment, Appointment], client: Client
) -> None:
    physician, management = both
    sign_in(client, cast.director)
    slug = cast.practice.slug
    choose, desk = reverse("governance:act_as", args=[slug]), reverse("meetings:desk", args=[slug])
    assert client.get(desk)["Location"] == choose
    assert client.get(desk, headers={"HX-Request": "true"})["HX-Redirect"] == choose
    page = client.get(choose).content.decode()
    assert f"Medical Director, {cast.practice.name}" in page
    assert f"MSO operations, {cast.practice.mso_name}" in page
    assert "Office: choose one." in client.post(choose, {}).content.decode()
    assert "choose one of your offices" in client.post(choose, {"office": 1_000_000}).content.decode()
    assert client.post(choose, {"office": management.pk})["Location"] == desk
    shown = client.get(desk).content.decode()
    assert "Change office" in shown
    assert client.get(reverse("governance:audit_room", args=[slug])).status_code == 404
    answer = client.get(reverse("governance:people", args=[slug])).content.decode()
    assert "acts in one stated office at a time" in answer
    client.post(choose, {"office": physician.pk})
    assert client.get(reverse("governance:audit_room", args=[slug])).status_code == 200


def test_nobody_else_has_anything_to_choose(cast: Cast, client: Client) -> None:
    sign_in(client, cast.director)
    assert client.get(reverse("governance:act_as", args=[cast.practice.slug])).status_code == 404
    assert "Change office" not in client.get(reverse("meetings:desk", args=[cast.practice.slug])).content.decode()
