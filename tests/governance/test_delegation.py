"""Delegation: from a physician to a physician, of an own right, for a period; and everything it is not."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.models import Act
from audit.selectors import timeline
from decisions.models import Decision
from decisions.services.log import record_decision
from governance.authority import AuthorityRefused, rule_on_right
from governance.choices import LicenseStatus, Office
from governance.models import Appointment, DelegatedAct, Delegation, License, Person
from governance.services.appointments import end_appointment, enter_license
from governance.services.delegations import DelegationRefused, delegate, end_delegation
from tests.cast import Cast, resolve

CODE = "DR-16"
"""Exercised by the Medical Director alone."""


def given(cast: Cast, **changes: Any) -> Delegation:
    wanted = {
        "actor": cast.director,
        "practice": cast.practice,
        "delegate": cast.physician,
        "rights": [CODE],
        "ends_at": timezone.now() + timedelta(days=14),
        "reason": "Away at a conference.",
        **changes,
    }
    return delegate(**wanted)[0]


def decides(cast: Cast, actor: Person, right: str = CODE) -> Decision:
    return record_decision(
        actor=actor, practice=cast.practice, right=right, title="Formulary", text="It is adopted.", rationale="Need."
    )


def lapse(cast: Cast, person: Person) -> None:
    known, today = License.objects.get(person=person), cast.practice.local(timezone.now()).date()
    enter_license(
        actor=cast.alternate, practice=cast.practice, person=person, number=known.number, board=known.board,
        expires_on=today + timedelta(days=90), verified_on=today, verified_by="Test", source="Register",
        status=LicenseStatus.SUSPENDED,
    )  # fmt: skip


def test_a_delegate_decides_and_the_record_says_for_whom(cast: Cast) -> None:
    with pytest.raises(AuthorityRefused):
        decides(cast, cast.physician)
    given(cast)
    made = decides(cast, cast.physician)
    act = Act.objects.get(pk=made.act_id)
    assert (act.actor_name, act.office, act.right) == ("Samuel Ortiz, MD", Office.PHYSICIAN, CODE)
    row = DelegatedAct.objects.get(act=act)
    assert str(row) == "as delegate of Elena Marsh, MD"
    assert act.parts.filter(name=f"row/governance_delegatedact/{row.pk}").exists(), "the header commits to it"
    told = timeline("decisions.decision", made.code, cast.practice.pk, rows=[made])
    assert [one.who for one in told] == ["Samuel Ortiz, MD, Physician, as delegate of Elena Marsh, MD"]
    assert all(change.row != "delegated act" for one in told for change in one.changes)
    assert decides(cast, cast.director)
    assert DelegatedAct.objects.count() == 1, "who holds the right acts in the own office"


def test_it_ends_by_time_alone(cast: Cast) -> None:
    end = given(cast).ends_at
    ruling = rule_on_right(person=cast.physician, practice=cast.practice, code=CODE, at=end - timedelta(seconds=1))
    assert ruling.allowed
    assert ruling.delegation
    assert not rule_on_right(person=cast.physician, practice=cast.practice, code=CODE, at=end).allowed


@pytest.mark.parametrize("by", ["director", "physician"])
def test_either_physician_ends_it_early(cast: Cast, by: str) -> None:
    one = given(cast)
    with pytest.raises(DelegationRefused, match="is ended by Elena Marsh, MD or by Samuel Ortiz, MD"):
        end_delegation(actor=cast.alternate, delegation=one, reason="I think so")
    with pytest.raises(AuthorityRefused):
        end_delegation(actor=cast.executive, delegation=one, reason="I think so")
    with pytest.raises(DelegationRefused, match="say why"):
        end_delegation(actor=getattr(cast, by), delegation=one, reason=" ")
    end_delegation(actor=getattr(cast, by), delegation=one, reason="Back early")
    with pytest.raises(AuthorityRefused):
        decides(cast, cast.physician)
    with pytest.raises(DelegationRefused, match="ended already"):
        end_delegation(actor=cast.director, delegation=one, reason="Again")


def test_one_that_has_not_begun_is_ended_before_it_does(cast: Cast) -> None:
    one = given(cast, starts_at=timezone.now() + timedelta(days=3))
    ended = end_delegation(actor=cast.director, delegation=one, reason="The trip is off")
    assert ended.ends_at == ended.starts_at


def test_never_across_the_line(cast: Cast) -> None:
    for who in (cast.operations, cast.executive, cast.secretary, cast.pc_counsel):
        with pytest.raises(DelegationRefused, match="nothing is delegated across the line"):
            given(cast, delegate=who)
        with pytest.raises(AuthorityRefused):
            given(cast, actor=who, delegate=cast.physician)
    with pytest.raises(DelegationRefused, match="the management company's"):
        given(cast, rights=["DR-38"])


@pytest.mark.parametrize(
    ("who", "code"), [("physician", CODE), ("director", "DR-34"), ("director", "DR-32"), ("director", "DR-11")]
)
def test_never_a_right_that_is_not_held_by_an_own_physician_s_office(cast: Cast, who: str, code: str) -> None:
    """Directors and shareholders have no proxies; a committee decides as a body."""
    with pytest.raises(DelegationRefused, match="no own physician's office") as problem:
        given(cast, actor=getattr(cast, who), delegate=cast.alternate, rights=[code])
    assert problem.value.field == "rights"


def test_never_further(cast: Cast) -> None:
    given(cast)
    with pytest.raises(DelegationRefused, match="held as a delegate"):
        given(cast, actor=cast.physician, delegate=cast.alternate)


@pytest.mark.parametrize("whose", ["director", "physician"])
def test_it_falls_with_either_license(cast: Cast, whose: str) -> None:
    given(cast)
    lapse(cast, getattr(cast, whose))
    with pytest.raises(AuthorityRefused):
        decides(cast, cast.physician)


def test_it_falls_with_the_delegator_s_office(cast: Cast) -> None:
    given(cast)
    held = Appointment.objects.get(office=Office.MEDICAL_DIRECTOR)
    end_appointment(actor=cast.director, appointment=held, reason=resolve(cast.practice, "Elena Marsh retires"))
    with pytest.raises(AuthorityRefused):
        decides(cast, cast.physician)


def test_several_rights_by_one_act(cast: Cast) -> None:
    given(cast, rights=[CODE, "DR-17", CODE])
    assert list(Delegation.objects.order_by("code").values_list("code", flat=True)) == [CODE, "DR-17"]
    assert Act.objects.filter(verb="delegation.made").count() == 1
    assert decides(cast, cast.physician, "DR-17")
    with pytest.raises(DelegationRefused, match="in a part of that time"):
        given(cast, delegate=cast.alternate)
    later = timezone.now() + timedelta(days=20)
    assert given(cast, delegate=cast.alternate, starts_at=later, ends_at=later + timedelta(days=2))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("delegate", {"delegate": "director"}),
        ("rights", {"rights": []}),
        ("rights", {"rights": ["DR-99"]}),
        ("reason", {"reason": " "}),
        ("ends_at", {"ends_at": timedelta(days=-1)}),
        ("starts_at", {"starts_at": timedelta(days=-1)}),
    ],
)
def test_bad_input_is_named_at_its_field(cast: Cast, field: str, changes: dict[str, Any]) -> None:
    read = {
        name: getattr(cast, value)
        if name == "delegate"
        else timezone.now() + value
        if isinstance(value, timedelta)
        else value
        for name, value in changes.items()
    }
    with pytest.raises(DelegationRefused) as problem:
        given(cast, **read)
    assert problem.value.field == field


def test_a_director_with_a_delegation_acts_as_delegate_and_not_as_one_of_the_board(cast: Cast) -> None:
    """DR-21 is the Medical Director's or the board's; the second physician is a director."""
    given(cast, rights=["DR-21"])
    ruling = rule_on_right(person=cast.physician, practice=cast.practice, code="DR-21")
    assert ruling.appointment
    assert (ruling.appointment.office, ruling.delegation is not None) == (Office.PHYSICIAN, True)
    assert decides(cast, cast.physician, "DR-21")
