"""A scrub hides at once and is gone for good only by two people, a term and an act of disposal."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from audit import store
from audit.context import occurring
from audit.models import Act, Confirmation, Destruction, Document, Part, Restoration, Scrubbing, Sequestered
from audit.services.documents import seal_document
from audit.services.scrubbing import MARK, sweep
from decisions.models import Decision
from decisions.services.log import log_item, pull_over_the_line, record_decision
from governance.authority import AuthorityRefused
from governance.choices import BodyKind, Office
from governance.models import Person, Practice
from governance.selectors.scrubs import TERM, disposable, second_persons
from governance.services.appointments import appoint
from governance.services.founding import FirstLicense, Founder, open_practice
from governance.services.holds import lift_hold, place_hold
from governance.services.scrub_decisions import ALONE, confirm_scrub, restore_scrub
from governance.services.scrubbing import ScrubRefused, scrub_text
from governance.services.sequestered import SequesterRefused, dispose_sequestered, open_sequestered
from tests.cast import Cast, found, local_day
from tests.conftest import Database
from tests.decisions.conftest import NO

SPAN = "Jane Doe"
WHY = "It names a patient."
pytestmark = pytest.mark.usefixtures("house")
type Verify = Callable[..., tuple[int, str]]


def decide(cast: Cast, text: str = f"{SPAN}, born 1990, complains.") -> Decision:
    return record_decision(
        actor=cast.director, practice=cast.practice, right="DR-21", title="A complaint", text=text,
        rationale=f"{SPAN} wrote to us.",
    )  # fmt: skip


def hide(cast: Cast, decision: Decision, value: str = SPAN) -> Act:
    scrub_text(actor=cast.physician, practice=cast.practice, about=decision, key=decision.code, value=value, reason=WHY)
    return Act.objects.filter(verb="text.scrubbed", outcome="done").latest("recorded_at")


def test_a_refused_attempt_keeps_its_words_and_comes_back_whole(cast: Cast, verify: Verify) -> None:
    """What was attempted is hidden by one physician, restored by another, and proven as it was."""
    decision = decide(cast)
    attempted = f"Overrule {SPAN} and her physician"
    with pytest.raises(AuthorityRefused):
        record_decision(
            actor=cast.operations, practice=cast.practice, right="DR-21", title=attempted, text="We decide.",
            rationale=f"{SPAN} is slow.",
        )  # fmt: skip
    refusal = Act.objects.get(outcome="refused")
    before = {part.name: part.body for part in refusal.parts.all()}
    with pytest.raises(ScrubRefused, match="at least one word"):
        hide(cast, decision, attempted)
    scrub = hide(cast, decision)
    assert not refusal.parts.filter(body__contains=SPAN).exists()
    left = Scrubbing.objects.get(table_name="audit_part")
    assert f"Overrule {MARK} and her physician" in left.remains
    assert verify()[0] == 0
    restore_scrub(actor=cast.director, practice=cast.practice, scrub=scrub, reason="It is a refused attempt.")
    assert {part.name: part.body for part in refusal.parts.all()} == before
    code, said = verify()
    assert code == 0, said


def test_what_is_restored_is_as_it_was_sealed(cast: Cast, verify: Verify) -> None:
    decision = decide(cast)
    item = log_item(
        actor=cast.operations, practice=cast.practice, right="DR-37", category="facilities", title="Chair repaired",
        detail=f"{SPAN} fell off it.", happened_on=cast.practice.local(timezone.now()).date(), screen=NO,
    )  # fmt: skip
    pull_over_the_line(actor=cast.director, item=item, reason=f"{SPAN} is a patient.")
    pulled = Act.objects.get(verb=Act.objects.latest("recorded_at").verb)

    def stands() -> list[object]:
        for row in (decision, item, pulled):
            row.refresh_from_db()
        states = [(row.detail, row.history_change_reason) for row in item.history.order_by("history_id")]
        return [decision.text, decision.rationale, item.detail, item.pull_reason, pulled.reason, *states]

    before = stands()
    assert sum(SPAN in str(one) for one in before) >= 6
    payloads = dict(Part.objects.filter(act__practice=cast.practice.pk).values_list("pk", "body"))
    scrub = hide(cast, decision)
    assert not any(SPAN in str(one) for one in stands())
    restore_scrub(actor=cast.director, practice=cast.practice, scrub=scrub, reason="It was no patient.")
    assert stands() == before
    assert dict(Part.objects.filter(pk__in=payloads).values_list("pk", "body")) == payloads
    code, said = verify()
    assert code == 0, said
    # And once more: hidden again, restored again.
    again = hide(cast, decision)
    assert verify()[0] == 0
    restore_scrub(actor=cast.physician, practice=cast.practice, scrub=again, reason="My mistake, a namesake.")
    assert stands() == before
    code, said = verify()
    assert code == 0, said


def test_a_sealed_file_comes_back(cast: Cast, verify: Verify) -> None:
    document = seal_document(
        data=f"Dear {SPAN}".encode(), title="A letter", kind="paper", object_type="a", object_id="1",
        compartment="open", practice_id=cast.practice.pk, media_type="text/plain",
    )  # fmt: skip
    scrub = hide(cast, decide(cast, "Nothing here."))
    assert not store.holds(document.sha256)
    restore_scrub(actor=cast.pc_counsel, practice=cast.practice, scrub=scrub, reason="Counsel needs the letter.")
    assert store.get(document.sha256) == f"Dear {SPAN}".encode()
    assert sweep() == 0
    code, said = verify()
    assert code == 0, said
    assert Document.objects.filter(replaces=document).count() == 0


def test_scrubs_of_one_text_are_confirmed_oldest_first_and_restored_newest_first(cast: Cast, verify: Verify) -> None:
    decision = decide(cast)
    before = decision.text
    first, second = hide(cast, decision), hide(cast, decision, "born 1990")
    with pytest.raises(SequesterRefused, match="Restore that one first"):
        restore_scrub(actor=cast.director, practice=cast.practice, scrub=first, reason=WHY)
    with pytest.raises(SequesterRefused, match="Decide on that one first"):
        confirm_scrub(actor=cast.director, practice=cast.practice, scrub=second, reason=WHY)
    restore_scrub(actor=cast.director, practice=cast.practice, scrub=second, reason="No identifier by itself.")
    decision.refresh_from_db()
    assert decision.text == f"{MARK}, born 1990, complains."
    code, said = verify()
    assert code == 0, said
    restore_scrub(actor=cast.director, practice=cast.practice, scrub=first, reason="No patient at all.")
    decision.refresh_from_db()
    assert decision.text == before
    code, said = verify()
    assert code == 0, said


def test_a_second_person_confirms_and_nobody_decides_twice(cast: Cast, verify: Verify) -> None:
    scrub = hide(cast, decide(cast))
    assert str(cast.pc_counsel) in second_persons(cast.practice, cast.physician, timezone.now())
    with pytest.raises(SequesterRefused, match="second person"):
        confirm_scrub(actor=cast.physician, practice=cast.practice, scrub=scrub, reason=WHY)
    for actor in (cast.operations, cast.executive, cast.mso_counsel, cast.secretary):
        with pytest.raises(AuthorityRefused):
            confirm_scrub(actor=actor, practice=cast.practice, scrub=scrub, reason=WHY)
        with pytest.raises(AuthorityRefused):
            restore_scrub(actor=actor, practice=cast.practice, scrub=scrub, reason=WHY)
    confirm_scrub(actor=cast.director, practice=cast.practice, scrub=scrub, reason=WHY)
    for decide_on in (confirm_scrub, restore_scrub):
        with pytest.raises(SequesterRefused, match="already"):
            decide_on(actor=cast.pc_counsel, practice=cast.practice, scrub=scrub, reason=WHY)
    assert verify()[0] == 0


def test_a_physician_opens_to_decide_and_afterwards_counsel_alone(cast: Cast) -> None:
    scrub = hide(cast, decide(cast))
    values = list(Sequestered.objects.filter(scrubbing__act=scrub.pk))
    given: dict[str, Any] = {
        "practice": cast.practice,
        "values": values,
        "reason": "To decide whether it is patient data.",
    }
    opened = open_sequestered(actor=cast.director, **given)
    assert {one.span for one in opened} == {SPAN}
    assert Act.objects.filter(verb="sequestered.opened").count() == 1
    confirm_scrub(actor=cast.director, practice=cast.practice, scrub=scrub, reason=WHY)
    with pytest.raises(SequesterRefused, match="PC counsel alone"):
        open_sequestered(actor=cast.director, **given)
    assert open_sequestered(actor=cast.pc_counsel, **given)


def solo(at: datetime) -> tuple[Practice, Person]:
    """A practice of one physician, founded then, without counsel."""
    day = local_day(at)
    with occurring(at, flag="demonstration"):
        practice = open_practice(
            operator="Test operator", resolution="Organizational resolution", slug="solo", name="Solo Physician, P.C.",
            mso_name="Mission Health Group", body_name="Board", body_kind=BodyKind.BOARD, authorized=1,
            flagship="Riverside", city="Riverside",
            shareholder=Founder(name="Ida Solo", email="solo@solo.example", credentials="MD"),
            license=FirstLicense(
                number="A-solo", board="Medical Board of California", expires_on=day + timedelta(days=700),
                verified_on=day, verified_by="Test operator", source="Board register",
            ),
            executive=Founder(name="Max Exec", email="exec@solo.example"), license_limit_days=365, demonstration=True,
        )  # fmt: skip
        person = Person.objects.get(account__email="solo@solo.example")
        appoint(actor=person, practice=practice, person=person, office=Office.MEDICAL_DIRECTOR)
    return practice, person


def test_where_nobody_else_is_there_seven_days_take_the_place(house: Database, verify: Verify) -> None:
    now = timezone.now()
    practice, only = solo(now - timedelta(days=60))
    acts = []
    for days in (8, 6):
        with occurring(now - timedelta(days=days), flag="demonstration"):
            decision = record_decision(
                actor=only, practice=practice, right="DR-21", title="A complaint", text=f"{SPAN} complains {days}.",
                rationale="She wrote.",
            )  # fmt: skip
            scrub_text(actor=only, practice=practice, about=decision, value=f"{SPAN} comp", reason=WHY)
        acts.append(Act.objects.filter(verb="text.scrubbed").latest("recorded_at"))
    older, younger = acts
    assert second_persons(practice, only, now) == []
    confirm_scrub(actor=only, practice=practice, scrub=older, reason=WHY)
    with pytest.raises(SequesterRefused, match="no second person, so you can confirm it from"):
        confirm_scrub(actor=only, practice=practice, scrub=younger, reason=WHY)
    assert verify()[0] == 0


def test_python_and_the_database_wait_as_long(house: Database) -> None:
    with house.connect("superuser") as owner:
        assert owner.execute("select governance.kept_for(), governance.waits_alone()").fetchone() == (TERM, ALONE)


def test_disposal_waits_for_term_hold_and_second_person(house: Database, verify: Verify) -> None:
    now = timezone.now()
    cast = found("old", at=now - timedelta(days=200))
    with occurring(now - timedelta(days=100), flag="demonstration"):
        scrub = hide(cast, decide(cast))
        placed = place_hold(actor=cast.mso_counsel, practice=cast.practice, matter="A claim", reason="It is expected.")
    given: dict[str, Any] = {"actor": cast.pc_counsel, "practice": cast.practice, "reason": "The term is over."}

    def dispose() -> list[Destruction]:
        return dispose_sequestered(**given, inventory=disposable(cast.practice, timezone.now()).sha256)

    with occurring(now - timedelta(days=90), flag="demonstration"):
        confirm_scrub(actor=cast.director, practice=cast.practice, scrub=scrub, reason=WHY)
    with pytest.raises(SequesterRefused, match="legal hold is in force") as told:
        dispose()
    assert placed.code not in str(told.value)
    with occurring(now - timedelta(days=29), flag="demonstration"):
        lift_hold(actor=cast.mso_counsel, hold=placed, reason="The claim is settled.")
    with pytest.raises(SequesterRefused, match="Nothing is due"):
        dispose()
    assert timedelta(days=30) == TERM
    assert not Destruction.objects.exists()


def test_disposal_destroys_what_the_inventory_lists_and_nothing_else(house: Database, verify: Verify) -> None:
    now = timezone.now()
    cast = found("old", at=now - timedelta(days=200))
    with occurring(now - timedelta(days=100), flag="demonstration"):
        scrub = hide(cast, decide(cast))
    with occurring(now - timedelta(days=40), flag="demonstration"):
        confirm_scrub(actor=cast.director, practice=cast.practice, scrub=scrub, reason=WHY)
    due = disposable(cast.practice, timezone.now())
    kept = list(Sequestered.objects.all())
    assert due.values == kept
    given: dict[str, Any] = {"actor": cast.pc_counsel, "practice": cast.practice, "reason": "The term is over."}
    other = hide(cast, decide(cast, "John Roe complains too."), "John Roe")
    with pytest.raises(SequesterRefused, match="waiting for a second person"):
        dispose_sequestered(**given, inventory=due.sha256)
    restore_scrub(actor=cast.director, practice=cast.practice, scrub=other, reason="A physician, no patient.")
    with pytest.raises(SequesterRefused, match="list has changed"):
        dispose_sequestered(**given, inventory="0" * 64)
    with pytest.raises(AuthorityRefused):
        dispose_sequestered(**{**given, "actor": cast.director}, inventory=due.sha256)
    box = store.get(kept[0].sha256)
    dispose_sequestered(**given, inventory=due.sha256)
    assert not any(store.holds(one.sha256) for one in kept)
    assert Destruction.objects.count() == len(kept)
    inventory = Part.objects.get(name="inventory").body or ""
    assert all(one.sha256 in inventory for one in kept)
    with pytest.raises(SequesterRefused, match="destroyed"):
        open_sequestered(
            actor=cast.pc_counsel, practice=cast.practice, reason="To read it once more.",
            values=list(Sequestered.objects.filter(scrubbing__act=scrub.pk)),
        )  # fmt: skip
    store.put(box)
    assert sweep() == 1
    code, said = verify()
    assert code == 0, said
    assert Confirmation.objects.count() == 1
    assert Restoration.objects.exists()
