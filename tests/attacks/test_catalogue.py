"""Attacks on the catalogue and by delegation: what the services refuse, a service without rules tries again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.utils import timezone

from audit.acts import record
from governance.choices import Office
from governance.models import (
    Appointment,
    CatalogueAdoption,
    CatalogueReview,
    CatalogueVersion,
    DecisionRight,
    DelegatedAct,
    Delegation,
    Person,
)
from governance.selectors.catalogue import latest_version, texts_of
from tests.attacks.forging import back_entry, change, decide, forge, refused
from tests.cast import Cast, local_day
from tests.conftest import Database
from tests.governance.test_delegation import CODE, given
from tests.governance.test_versions import adopt, cleared, proposed, resolution

BOARD = Office.DIRECTOR


def tomorrow(days: float = 1) -> datetime:
    return timezone.now() + timedelta(days=days)


def submitted(cast: Cast, actor: Person, **right: Any) -> CatalogueVersion:
    """A version in which DR-04 reads as given, written past every rule of the services."""
    base = latest_version(cast.practice)

    def write(_: Appointment) -> CatalogueVersion:
        version = CatalogueVersion.objects.create(
            practice=cast.practice, number=7, state="proposed", base=base, summary="Small things",
            proposed_by=actor, proposed_at=timezone.now(),
        )  # fmt: skip
        for code, text in texts_of(base).items():
            said = replace(text, **right) if code == "DR-04" else text
            record(DecisionRight, catalogue=version, **said.written())
        return version

    made = forge(actor, cast.practice, write)
    assert isinstance(made, CatalogueVersion)
    return made


def adopting(cast: Cast, version: CatalogueVersion, by: Person, **changes: Any) -> Callable[[Appointment], object]:
    """What adopting writes, without asking anything."""
    starts = changes.pop("effective_from", tomorrow())

    def write(held: Appointment) -> object:
        values = {
            "version": version, "right": DecisionRight.objects.get(code="DR-34", catalogue__number=1),
            "appointment": held, "person": by, "proposer": version.proposed_by, "resolution": "None",
            "effective_from": starts, "adopted_at": timezone.now(), **changes,
        }  # fmt: skip
        record(CatalogueAdoption, **values)
        version.refresh_from_db()
        version.state, version.effective_from = "adopted", starts
        version.adopted_on = local_day()
        version.save()
        return version

    return write


@pytest.mark.parametrize(
    "right",
    [
        {"holder": "MSO", "exercised_by": ("mso",), "reserved": False},
        {"reserved": False},
        {"name": "Colour of the walls"},
        {"code": "DR-44"},
    ],
)
def test_no_adoption_takes_a_reserved_right_across_the_line(cast: Cast, right: dict[str, Any]) -> None:
    """Proposed by the MSO, cleared by a counsel who did not read it, adopted by a director past the service."""
    version = cleared(cast, submitted(cast, cast.executive, **right))
    with refused("the law reserves DR-04 to physicians"):
        decide(
            cast.director, cast.practice, adopting(cast, version, cast.director), right="DR-34", office="pc_director"
        )
    version.refresh_from_db()
    assert version.effective_from is None


def test_a_right_of_the_pc_never_names_the_mso_as_who_decides(cast: Cast) -> None:
    with refused("governance_right_exercised_by_its_holder"):
        submitted(cast, cast.executive, exercised_by=("medical_director", "mso"))
    with refused("governance_right_reserved_to_the_pc"):
        submitted(cast, cast.executive, holder="MSO", exercised_by=("mso",))


def test_the_mso_adopts_nothing(cast: Cast) -> None:
    version = cleared(cast, proposed(cast))
    with refused("DR-34 is held by the PC"):
        decide(cast.executive, cast.practice, adopting(cast, version, cast.executive), right="DR-34")
    with refused("adopted by a decision of the PC under DR-34"):
        decide(cast.executive, cast.practice, adopting(cast, version, cast.executive))
    with refused("adopted by a decision of the PC under DR-34"):
        decide(
            cast.director, cast.practice, adopting(cast, version, cast.director), right="DR-21", office="pc_director"
        )


def test_nothing_is_adopted_uncleared_by_its_proposer_or_from_the_past(cast: Cast) -> None:
    uncleared, own = proposed(cast), proposed(cast, cast.director, code="DR-36", other_side="advises")

    def attempt(version: CatalogueVersion, **changes: Any) -> object:
        write = adopting(cast, version, cast.director, **changes)
        return decide(cast.director, cast.practice, write, right="DR-34", office=Office.DIRECTOR)

    with refused("has not cleared"):
        attempt(uncleared)
    cleared(cast, own)
    with refused("governance_adoption_not_by_the_proposer"):
        attempt(own)
    with refused("who proposed a version of the catalogue does not adopt it"):
        attempt(own, sole_physician=True)
    with refused("who proposed a version of the catalogue does not adopt it"):
        attempt(own, proposer=cast.operations)
    cleared(cast, uncleared)
    with refused("begins after its adoption"):
        attempt(uncleared, effective_from=timezone.now(), right=uncleared.rights.get(code="DR-34"))
    with back_entry(), refused("the adoption of a catalogue is never entered for the past"):
        attempt(uncleared)


def test_no_director_adopts_alone_what_the_board_decides(cast: Cast) -> None:
    version = cleared(cast, proposed(cast))
    with refused("adopted as its body decided"):
        decide(
            cast.director, cast.practice, adopting(cast, version, cast.director), right="DR-34", office="pc_director"
        )


def test_no_older_lone_or_spent_decision_carries_an_adoption(cast: Cast) -> None:
    older, starter = resolution(cast), latest_version(cast.practice)
    version = cleared(cast, proposed(cast))
    adopt(cast, cleared(cast, starter))
    spent = CatalogueAdoption.objects.get().resolution
    for cited in (older, spent, resolution(cast, "Board of directors (one member)"), resolution(cast, "")):
        with refused("adopted as its body decided"):
            decide(
                cast.director, cast.practice, adopting(cast, version, cast.director, resolution=cited), right="DR-34",
                office=Office.DIRECTOR,
            )  # fmt: skip
        version.refresh_from_db()
    good = adopting(cast, version, cast.director, resolution=resolution(cast))
    decide(cast.director, cast.practice, good, right="DR-34", office=Office.DIRECTOR)


def test_a_version_comes_into_force_in_no_other_way(cast: Cast) -> None:
    version = cleared(cast, proposed(cast))
    today = local_day()
    with refused("comes into force by its adoption"):
        forge(
            cast.operations, cast.practice,
            change(version, state="adopted", effective_from=tomorrow(), adopted_on=today),
        )  # fmt: skip
    starter = CatalogueVersion.objects.get(number=1)
    with refused("comes into force by its adoption"):
        decide(
            cast.director, cast.practice, change(starter, state="adopted", adopted_on=today), right="DR-34",
            office="pc_director",
        )  # fmt: skip
    with refused("amended_under of governance_catalogueversion never changes"):
        forge(cast.operations, cast.practice, change(starter, amended_under="DR-38"))


def test_a_version_begins_as_a_proposal_in_its_proposer_s_name(cast: Cast) -> None:
    base = latest_version(cast.practice)
    good: dict[str, Any] = {"state": "proposed", "base": base, "proposed_by": cast.executive}
    for bad in (
        {"state": "starter", "effective_from": timezone.now()},
        {"state": "adopted", "effective_from": tomorrow(), "adopted_on": local_day()},
        {"proposed_by": cast.director},
        {"base": None},
        {"proposed_at": timezone.now() - timedelta(days=40)},
    ):
        values = {"proposed_at": timezone.now(), **good, **bad}

        def begin(_: Appointment, values: dict[str, Any] = values) -> object:
            return CatalogueVersion.objects.create(practice=cast.practice, number=8, **values)

        with refused("begins as a proposal in its proposer's name|proposed_at of .* is not the moment"):
            forge(cast.executive, cast.practice, begin)


def test_no_right_joins_a_version_later(cast: Cast) -> None:
    for version in (latest_version(cast.practice), proposed(cast)):

        def add(_: Appointment, version: CatalogueVersion = version) -> object:
            return record(
                DecisionRight, catalogue=version, code="DR-41", name="Everything", category="x", holder="MSO",
                exercised_by=["mso"], other_side="none", basis="x", confirmed=True,
            )  # fmt: skip

        with refused("the rights of a version of the catalogue are written with it"):
            decide(cast.director, cast.practice, add, right="DR-21", office="medical_director")


def test_a_review_is_the_pc_s_counsel_s(cast: Cast) -> None:
    version = proposed(cast)
    for who in (cast.mso_counsel, cast.executive):

        def review(_: Appointment, who: Person = who) -> object:
            return record(
                CatalogueReview, version=version, person=who, outcome="cleared", opinion="Fine",
                reviewed_at=timezone.now(),
            )  # fmt: skip

        with refused("reviewed by the PC's counsel|not written from this office"):
            forge(who, cast.practice, review)


# Delegation


def delegation(cast: Cast, **changes: Any) -> Callable[[Appointment], object]:
    values = {
        "practice": cast.practice, "delegator": cast.director, "delegate": cast.physician, "code": CODE,
        "starts_at": timezone.now(), "ends_at": tomorrow(9), "reason": "None", **changes,
    }  # fmt: skip
    return lambda _: Delegation.objects.create(**values)


def test_nobody_delegates_in_another_s_name_or_what_is_not_held(cast: Cast) -> None:
    with refused("a right held by an own office|not written from this office"):
        forge(cast.executive, cast.practice, delegation(cast, delegate=cast.alternate))
    for code in ("DR-34", "DR-38", "DR-99"):
        with refused("a right held by an own office|not written from this office"):
            forge(cast.director, cast.practice, delegation(cast, code=code), office="medical_director")
    given(cast)
    with refused("a right held by an own office|not written from this office"):
        forge(
            cast.physician, cast.practice, delegation(cast, delegator=cast.physician, delegate=cast.alternate),
            office="physician",
        )  # fmt: skip


def test_nothing_is_delegated_across_the_line_to_oneself_or_into_the_past(cast: Cast) -> None:
    def attempt(**changes: Any) -> object:
        return forge(cast.director, cast.practice, delegation(cast, **changes), office="medical_director")

    with refused("to a physician in office here"):
        attempt(delegate=cast.operations)
    with refused("governance_delegation_to_another"):
        attempt(delegate=cast.director)
    with refused("from now on"):
        attempt(starts_at=timezone.now() - timedelta(days=3))
    made = given(cast)
    with back_entry(), refused("a delegation is never entered for the past"):
        attempt(delegate=cast.alternate, code="DR-17")
    with back_entry(), refused("a delegation is never entered for the past"):
        change_made = change(made, ends_at=timezone.now(), ended_by=cast.director, end_reason="Back")
        forge(cast.director, cast.practice, change_made, office="medical_director")


def test_a_delegation_is_not_lengthened_moved_or_ended_by_others(cast: Cast) -> None:
    one = given(cast)
    for who, office in ((cast.director, "medical_director"), (cast.physician, "physician")):
        with refused("never lengthened"):
            forge(
                who, cast.practice,
                change(one, ends_at=tomorrow(99), ended_by=who, end_reason="Longer"), office=office,
            )  # fmt: skip
    one.refresh_from_db()
    with refused("ended early by either physician|not written from this office"):
        forge(
            cast.executive, cast.practice,
            change(one, ends_at=timezone.now(), ended_by=cast.executive, end_reason="We want it"),
        )  # fmt: skip
    one.refresh_from_db()
    with refused("code of governance_delegation never changes"):
        forge(cast.director, cast.practice, change(one, code="DR-21"), office="medical_director")


def test_an_act_as_delegate_needs_a_delegation_in_force(cast: Cast) -> None:
    one = given(cast)

    def attempt(actor: Person, right: str, office: str, *, said: bool = True) -> object:
        def write(_: Appointment) -> object:
            return record(DelegatedAct, delegation=one) if said else None

        return decide(actor, cast.practice, write, right=right, office=office)

    attempt(cast.physician, CODE, "physician")
    with refused("is not exercised by this office"):
        attempt(cast.physician, CODE, "physician", said=False)
    with refused("is not exercised by this office"):
        attempt(cast.physician, "DR-17", "physician")
    with refused("is not exercised by this office"):
        attempt(cast.alternate, CODE, "physician")
    with refused("held by the PC"):
        attempt(cast.executive, CODE, "")
    with refused("no delegation is in force"):
        attempt(cast.director, CODE, "medical_director")


def test_two_delegations_of_one_right_do_not_overlap(cast: Cast, house: Database) -> None:
    given(cast)
    with refused("governance_delegated_once"):
        forge(cast.director, cast.practice, delegation(cast, delegate=cast.alternate), office="medical_director")
    with house.connect("app") as connection, pytest.raises(psycopg.errors.ExclusionViolation):
        connection.execute(
            "insert into governance_delegation (practice_id, delegator_id, delegate_id, code, starts_at, ends_at,"
            " reason, end_reason) select practice_id, delegator_id, delegate_id, code, starts_at, ends_at, reason, ''"
            " from governance_delegation"
        )
    assert Delegation.objects.count() == 1
