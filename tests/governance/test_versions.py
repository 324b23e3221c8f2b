"""Versions of the catalogue: drafted, proposed, reviewed by counsel, adopted by the PC; and what no version may do."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit.acts import Refused
from audit.context import occurring
from audit.models import Act, Job
from decisions.models import Decision
from decisions.services.log import record_decision
from governance.authority import AuthorityRefused, moment, rule_on_right
from governance.catalogue import CatalogueRefused, RightText, check_right, check_version
from governance.choices import CatalogueState, Office, Opinion
from governance.models import (
    Appointment,
    CatalogueAdoption,
    CatalogueDraft,
    CatalogueVersion,
    DecisionRight,
    Person,
    Practice,
)
from governance.selectors.catalogue import catalogue_at, latest_version, texts_of
from governance.services.appointments import end_appointment
from governance.services.catalogue import adopt_version, propose_version, review_version, set_version_aside
from governance.services.drafts import begin_draft, discard_draft, drop_right, name_amending_right, write_right
from tests.attacks.forging import decide
from tests.attacks.test_bodies import written
from tests.cast import Cast, found, resolve
from tests.conftest import Database, unguarded

WHY = "The lease of the second suite is now the MSO's alone."


def text(practice: Practice, code: str) -> RightText:
    return texts_of(latest_version(practice))[code]


def changed(cast: Cast, actor: Person, *, code: str = "DR-38", **values: Any) -> CatalogueDraft:
    """A draft in which one right reads otherwise."""
    draft = begin_draft(actor=actor, practice=cast.practice)
    values = values or {"other_side": "consulted"}
    write_right(actor=actor, draft=draft, right=replace(text(cast.practice, code), **values))
    draft.refresh_from_db()
    return draft


def proposed(cast: Cast, actor: Person | None = None, **values: Any) -> CatalogueVersion:
    actor = actor or cast.operations
    return propose_version(actor=actor, draft=changed(cast, actor, **values), summary=WHY)


def cleared(cast: Cast, version: CatalogueVersion) -> CatalogueVersion:
    review_version(actor=cast.pc_counsel, version=version, outcome=Opinion.CLEARED, opinion="It keeps the line.")
    return version


def resolution(cast: Cast, body: str = "Oversight board") -> str:
    """Cites a new decision of the board under DR-34, whose meeting other tests hold."""
    with unguarded():
        decide(
            cast.director, cast.practice, lambda office: written(cast.practice, office, "DR-34", body), right="DR-34",
            office=Office.DIRECTOR,
        )  # fmt: skip
    return f"As the board decided, {Decision.objects.filter(practice=cast.practice).latest('number').code}."


def day(cast: Cast, days: int = 1) -> date:
    return cast.practice.local(moment()).date() + timedelta(days=days)


def adopt(cast: Cast, version: CatalogueVersion, *, days: int = 1, actor: Person | None = None) -> CatalogueVersion:
    return adopt_version(
        actor=actor or cast.director, version=version, resolution=resolution(cast), effective_on=day(cast, days)
    )


def adopted(cast: Cast, *, days: int = 1, **values: Any) -> CatalogueVersion:
    return adopt(cast, cleared(cast, proposed(cast, **values)), days=days)


def test_a_version_on_its_way(cast: Cast) -> None:
    before = Act.objects.count()
    draft = changed(cast, cast.operations)
    assert Act.objects.count() == before, "a draft is no record"
    version = propose_version(actor=cast.operations, draft=draft, summary=WHY)
    assert (version.number, version.state, version.effective_from) == (2, CatalogueState.PROPOSED, None)
    assert not CatalogueDraft.objects.exists()
    assert version.rights.count() == 40
    now = catalogue_at(cast.practice, timezone.now())
    assert now
    assert now.version.number == 1
    with pytest.raises(CatalogueRefused, match="has not cleared"):
        adopt(cast, version)
    cleared(cast, version)
    adopt(cast, version)
    assert catalogue_at(cast.practice, timezone.now()) == now
    now = catalogue_at(cast.practice, timezone.now() + timedelta(days=1))
    assert now
    assert (now.version.number, now.version.adopted_on) == (2, cast.practice.local(timezone.now()).date())
    verbs = Act.objects.filter(object_type="governance.catalogueversion").order_by("recorded_at")
    assert list(verbs.values_list("verb", "right", "capacity", "office")) == [
        ("catalogue.proposed", "DR-34", "takes part", Office.MSO_OPERATIONS),
        ("catalogue.reviewed", "DR-34", "takes part", Office.PC_COUNSEL),
        ("catalogue.adopted", "DR-34", "decides", Office.DIRECTOR),
    ]
    assert Job.objects.get(renderer="catalogue").arguments == {"version": version.pk}


def test_the_starter_is_a_draft_until_counsel_and_board_adopt_it(cast: Cast) -> None:
    starter = latest_version(cast.practice)
    began = starter.effective_from
    assert starter.get_state_display() == "Draft for counsel"
    cleared(cast, starter)
    made = adopt_version(actor=cast.physician, version=starter, resolution=resolution(cast))
    assert (made.state, made.effective_from) == (CatalogueState.ADOPTED, began)
    with pytest.raises(CatalogueRefused, match="adopted already"):
        adopt_version(actor=cast.physician, version=starter, resolution=resolution(cast))


def test_it_rules_from_its_day_and_each_ruling_reads_the_version_of_its_time(cast: Cast) -> None:
    start = adopted(cast, days=10, code="DR-24", exercised_by=("board",), confirmed=False).effective_from
    assert start

    def rule(at: Any) -> tuple[bool, str]:
        ruling = rule_on_right(person=cast.physician, practice=cast.practice, code="DR-24", at=at)
        assert ruling.right
        return ruling.allowed, str(ruling.right.exercised_by[0])

    assert rule(timezone.now()) == (False, "medical_director")
    assert rule(start - timedelta(seconds=1)) == (False, "medical_director")
    assert rule(start) == (True, "board")


def test_a_decision_names_the_right_of_the_version_in_force(database: Database) -> None:
    cast = found(at=timezone.now() - timedelta(days=10))
    with occurring(timezone.now() - timedelta(days=5), flag="demonstration"):
        adopted(cast)
    made = record_decision(
        actor=cast.director, practice=cast.practice, right="DR-21", title="Hours", text="To six.", rationale="Need."
    )
    assert Decision.objects.get(pk=made.pk).right.catalogue.number == 2


@pytest.mark.parametrize("name", ["operations", "executive", "mso_counsel", "pc_counsel", "alternate"])
def test_who_may_not_adopt(cast: Cast, name: str) -> None:
    version = cleared(cast, proposed(cast))
    if name == "alternate":
        end_appointment(
            actor=cast.director,
            appointment=Appointment.objects.get(person=cast.alternate, office=Office.DIRECTOR),
            reason="Left the board",
        )
    with pytest.raises(AuthorityRefused):
        adopt(cast, version, actor=getattr(cast, name))
    assert not CatalogueAdoption.objects.exists()


def test_nobody_but_the_pc_s_counsel_reviews(cast: Cast) -> None:
    version = proposed(cast)
    for who in (cast.mso_counsel, cast.director, cast.operations):
        with pytest.raises(Refused):
            review_version(actor=who, version=version, outcome=Opinion.CLEARED, opinion="It is fine as it is.")
    review_version(actor=cast.pc_counsel, version=version, outcome=Opinion.CHANGES, opinion="Say who is consulted.")
    with pytest.raises(CatalogueRefused, match="has not cleared"):
        adopt(cast, version)


def test_the_proposer_does_not_adopt_but_the_sole_physician(cast: Cast) -> None:
    version = cleared(cast, proposed(cast, cast.director))
    with pytest.raises(CatalogueRefused, match="another who holds the right"):
        adopt(cast, version)
    leave = resolve(cast.practice, "Samuel Ortiz and Ruth Adeyemi leave")
    for appointment in Appointment.objects.in_force().filter(person__in=[cast.physician, cast.alternate]):
        end_appointment(actor=cast.director, appointment=appointment, reason=leave)
    adopt(cast, version)
    assert CatalogueAdoption.objects.get().sole_physician


def test_a_version_taken_back_or_declined(cast: Cast) -> None:
    mine, other = proposed(cast), proposed(cast, cast.pc_counsel, code="DR-36")
    with pytest.raises(AuthorityRefused):
        set_version_aside(actor=cast.operations_2, version=mine, reason="I do not like it at all.")
    set_version_aside(actor=cast.operations, version=mine, reason="Put wrongly; a better one comes.")
    set_version_aside(actor=cast.physician, version=other, reason="The board wants it otherwise.")
    assert set(CatalogueVersion.objects.values_list("state", flat=True)) == {"starter", "set aside"}
    with pytest.raises(CatalogueRefused, match="set aside already"):
        review_version(actor=cast.pc_counsel, version=mine, outcome=Opinion.CLEARED, opinion="It keeps the line.")


def test_one_of_several_directors_adopts_as_the_board_decided(cast: Cast) -> None:
    version = cleared(cast, proposed(cast))
    for cited in ("We talked about it.", "As decided, D-2026-777."):
        with pytest.raises(CatalogueRefused, match="name their decision") as problem:
            adopt_version(actor=cast.director, version=version, resolution=cited, effective_on=day(cast))
        assert problem.value.field == "resolution"


def test_no_older_lone_or_spent_decision_carries_an_adoption(cast: Cast) -> None:
    older, starter = resolution(cast), latest_version(cast.practice)
    version = cleared(cast, proposed(cast))
    cleared(cast, starter)
    good = resolution(cast)
    for cited in (older, resolution(cast, "Board of directors (one member)"), resolution(cast, "")):
        with pytest.raises(CatalogueRefused, match="name their decision"):
            adopt_version(actor=cast.director, version=version, resolution=cited, effective_on=day(cast))
    adopt_version(actor=cast.director, version=starter, resolution=good)
    with pytest.raises(CatalogueRefused, match="not carried out before"):
        adopt_version(actor=cast.director, version=version, resolution=good, effective_on=day(cast))
    adopt(cast, version)


def test_what_was_drafted_from_an_older_version_is_drafted_anew(cast: Cast) -> None:
    stale = cleared(cast, proposed(cast, code="DR-36", other_side="advises"))
    draft = changed(cast, cast.operations_2, code="DR-37", other_side="informed")
    adopted(cast)
    with pytest.raises(CatalogueRefused, match="adopted meanwhile"):
        adopt(cast, stale, days=9)
    with pytest.raises(CatalogueRefused, match="adopted meanwhile"):
        propose_version(actor=cast.operations_2, draft=draft, summary=WHY)


def test_no_version_begins_in_the_past_or_before_the_last(cast: Cast) -> None:
    version = cleared(cast, proposed(cast))
    for days in (-1, 0):
        with pytest.raises(CatalogueRefused, match="tomorrow or later"):
            adopt(cast, version, days=days)
    adopt(cast, version, days=30)
    following = cleared(cast, proposed(cast, code="DR-36", other_side="advises"))
    with pytest.raises(CatalogueRefused, match="after version 2") as problem:
        adopt(cast, following, days=30)
    assert problem.value.field == "effective_on"


def test_a_right_that_the_law_reserves_stays(cast: Cast) -> None:
    over: dict[str, Any] = {"holder": "MSO", "exercised_by": ("mso",), "reserved": False}
    with pytest.raises(CatalogueRefused, match="reserves DR-04 to physicians") as problem:
        changed(cast, cast.executive, code="DR-04", **over)
    assert problem.value.field == "holder"
    with pytest.raises(CatalogueRefused, match="keeps its name"):
        changed(cast, cast.executive, code="DR-04", name="Colour of the walls")
    draft = begin_draft(actor=cast.executive, practice=cast.practice)
    with pytest.raises(CatalogueRefused, match="cannot be left out"):
        drop_right(actor=cast.executive, draft=draft, code="DR-04")
    # A draft written past its rules is stopped when it is submitted.
    draft.rights["DR-04"] = replace(text(cast.practice, "DR-04"), **over).written()
    draft.save()
    with pytest.raises(CatalogueRefused, match="reserves DR-04 to physicians"):
        propose_version(actor=cast.executive, draft=draft, summary=WHY)


def test_a_right_of_the_practice_s_own_may_move(cast: Cast) -> None:
    own = RightText(
        code="DR-41", name="Choice of the newsletter's printer", category="Operations", holder="PC",
        exercised_by=("medical_director",), other_side="advises", basis="The practice's own wish",
    )  # fmt: skip
    draft = begin_draft(actor=cast.physician, practice=cast.practice)
    write_right(actor=cast.physician, draft=draft, right=own)
    draft.refresh_from_db()
    version = cleared(cast, propose_version(actor=cast.physician, draft=draft, summary=WHY))
    adopt(cast, version)
    assert adopted(cast, days=2, code="DR-41", holder="MSO", exercised_by=("mso",)).number == 3


def test_confirming_is_counsel_s(cast: Cast) -> None:
    wanted: dict[str, Any] = {"code": "DR-16", "confirmed": True}
    assert changed(cast, cast.operations, **wanted).rights["DR-16"]["confirmed"] is False
    assert changed(cast, cast.pc_counsel, **wanted).rights["DR-16"]["confirmed"] is True
    edited = changed(cast, cast.operations, code="DR-01", other_side="informed")
    assert edited.rights["DR-01"]["confirmed"] is False, "who changes a right takes its confirmation"


def test_a_draft_is_its_writer_s(cast: Cast) -> None:
    draft = changed(cast, cast.operations)
    with pytest.raises(CatalogueDraft.DoesNotExist):
        discard_draft(actor=cast.operations_2, draft=draft)
    with pytest.raises(CatalogueRefused, match="whoever wrote it"):
        propose_version(actor=cast.operations_2, draft=draft, summary=WHY)
    with pytest.raises(CatalogueRefused, match="right of the PC"):
        name_amending_right(actor=cast.operations, draft=draft, code="DR-38")
    discard_draft(actor=cast.operations, draft=draft)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("code", {"code": "41"}),
        ("name", {"name": " "}),
        ("name", {"name": "x" * 201}),
        ("basis", {"basis": ""}),
        ("holder", {"holder": "both"}),
        ("other_side", {"other_side": "vetoes"}),
        ("exercised_by", {"exercised_by": ()}),
        ("exercised_by", {"exercised_by": ("mso",)}),
        ("exercised_by", {"holder": "MSO", "exercised_by": ("board", "mso")}),
        ("holder", {"holder": "MSO", "exercised_by": ("mso",), "reserved": True}),
    ],
)
def test_bad_input_is_named_at_its_field(field: str, values: dict[str, Any]) -> None:
    good = RightText(
        code="DR-50", name="Parking", category="Operations", holder="PC", exercised_by=("board",),
        other_side="none", basis="Wish",
    )  # fmt: skip
    check_right(good, None)
    with pytest.raises(CatalogueRefused) as problem:
        check_right(replace(good, **values), None)
    assert problem.value.field == field
    with pytest.raises(CatalogueRefused, match="Nothing differs"):
        check_version({"DR-50": good}, {"DR-50": good}, amended_under="DR-50")


def test_a_version_s_rights_are_not_those_of_the_next(cast: Cast) -> None:
    adopted(cast)
    said = DecisionRight.objects.filter(code="DR-38").order_by("pk").values_list("other_side", flat=True)
    assert list(said) == ["informed", "consulted"]
