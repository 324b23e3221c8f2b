"""Attacks on a legal hold: scrubbing without keeping, opening, lifting and destroying by the application's own code."""

import threading
from collections.abc import Callable

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from audit.acts import current, record, service
from audit.models import Destruction, Opening, Scrubbing, Sequestered
from audit.services.documents import seal_document
from audit.services.scrubbing import BYTES, Place, scrub
from decisions.models import Decision
from decisions.services.log import record_decision
from governance.authority import take_part
from governance.models import Hold, Person
from governance.offices import MEMBERS
from governance.services.holds import lift_hold, open_sequestered, place_hold
from governance.services.scrubbing import scrub_text
from tests.cast import Cast, found
from tests.conftest import Database

SPAN = "Jane Doe"


@pytest.fixture
def decision(cast: Cast) -> Decision:
    return record_decision(
        actor=cast.director, practice=cast.practice, right="DR-21", title="A complaint", text=f"{SPAN} complains.",
        rationale="She wrote.",
    )  # fmt: skip


@pytest.fixture
def hold(cast: Cast, decision: Decision) -> Hold:
    return place_hold(
        actor=cast.pc_counsel, practice=cast.practice, matter="Doe v. Riverside", reason="A claim is expected."
    )


@pytest.fixture
def kept(cast: Cast, decision: Decision, hold: Hold) -> Sequestered:
    scrub_text(actor=cast.director, practice=cast.practice, about=decision, value=SPAN, reason="A patient was named.")
    return Sequestered.objects.get()


@service
def forged(*, actor: Person, cast: Cast, verb: str, write: Callable[[], object], reason: str = "For no reason") -> None:
    """An act of the application's own making."""
    take_part(actor=actor, practice=cast.practice, verb=verb, offices=MEMBERS, reason=reason)
    write()


def place_of(decision: Decision) -> Place:
    return Place("decisions_decision", str(decision.pk), "text")


def test_a_scrub_that_keeps_nothing(cast: Cast, decision: Decision, hold: Hold) -> None:
    with pytest.raises(DatabaseError, match="must be sequestered"):
        forged(actor=cast.director, cast=cast, verb="text.scrubbed", write=lambda: scrub(place_of(decision), SPAN))
    decision.refresh_from_db()
    assert SPAN in decision.text


def test_a_file_dropped_that_nobody_keeps(cast: Cast, hold: Hold) -> None:
    document = seal_document(
        data=b"Jane Doe", title="A letter", kind="paper", object_type="a", object_id="1", compartment="open",
        practice_id=cast.practice.pk, media_type="text/plain",
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="must be sequestered"):
        forged(
            actor=cast.director,
            cast=cast,
            verb="text.scrubbed",
            write=lambda: scrub(Place("audit_document", str(document.pk), BYTES), SPAN),
        )
    assert not Scrubbing.objects.exists()


def test_a_file_of_another_practice(cast: Cast) -> None:
    other = found("ontario")
    document = seal_document(
        data=b"Jane Doe", title="A letter", kind="paper", object_type="a", object_id="1", compartment="open",
        practice_id=other.practice.pk, media_type="text/plain",
    )  # fmt: skip
    with pytest.raises(DatabaseError, match="another practice"):
        forged(
            actor=cast.director,
            cast=cast,
            verb="text.scrubbed",
            write=lambda: scrub(Place("audit_document", str(document.pk), BYTES), SPAN),
        )


@pytest.mark.parametrize(
    ("who", "verb", "reason", "said"),
    [
        ("director", "sequestered.opened", "To know", "PC counsel's|not written from this office"),
        ("mso_counsel", "sequestered.opened", "To know", "PC counsel's|not written from this office"),
        ("pc_counsel", "site.renamed", "To know", "PC counsel's|not written from this office"),
        ("pc_counsel", "sequestered.opened", "", "stated reason"),
    ],
)
def test_an_opening_noted_by_somebody_else(
    cast: Cast, kept: Sequestered, who: str, verb: str, reason: str, said: str
) -> None:
    with pytest.raises(DatabaseError, match=said):
        forged(
            actor=getattr(cast, who),
            cast=cast,
            verb=verb,
            reason=reason,
            write=lambda: record(Opening, sequestered=kept, opened_at=timezone.now()),
        )


@pytest.mark.parametrize(
    ("who", "verb", "said"),
    [
        ("director", "hold.lifted", "PC counsel's|not written from this office"),
        ("pc_counsel", "sequestered.opened", "PC counsel's|not written from this office"),
        ("pc_counsel", "hold.lifted", "a legal hold stands"),
    ],
)
def test_destruction_while_a_hold_stands(cast: Cast, kept: Sequestered, who: str, verb: str, said: str) -> None:
    with pytest.raises(DatabaseError, match=said):
        forged(
            actor=getattr(cast, who),
            cast=cast,
            verb=verb,
            write=lambda: record(Destruction, sequestered=kept, destroyed_at=timezone.now()),
        )


def lifting(hold: Hold) -> Callable[[], None]:
    def write() -> None:
        hold.lifted_at, hold.lift_reason = timezone.now(), "Because"
        hold.save()

    return write


def test_a_hold_lifted_by_somebody_else(cast: Cast, hold: Hold) -> None:
    for actor in (cast.director, cast.executive):
        with pytest.raises(DatabaseError, match=r"PC counsel's|not written from this office"):
            forged(actor=actor, cast=cast, verb="hold.lifted", write=lifting(hold))
    assert Hold.objects.get().lifted_at is None


def test_a_last_hold_lifted_that_keeps_on_keeping(cast: Cast, kept: Sequestered, hold: Hold) -> None:
    with pytest.raises(DatabaseError, match="together with the destruction"):
        forged(actor=cast.pc_counsel, cast=cast, verb="hold.lifted", write=lifting(hold))


def test_a_hold_narrowed_or_set_again(cast: Cast, hold: Hold) -> None:
    def narrow() -> None:
        hold.matter = "Nothing"
        hold.save()

    with pytest.raises(DatabaseError, match="matter of governance_hold never changes"):
        forged(actor=cast.pc_counsel, cast=cast, verb="hold.lifted", write=narrow)
    lift_hold(actor=cast.pc_counsel, hold=hold, reason="The claim is settled.")
    hold.refresh_from_db()

    def again() -> None:
        hold.lifted_at, hold.lift_reason = None, ""
        hold.save()

    with pytest.raises(DatabaseError, match="stays as it is"):
        forged(actor=cast.pc_counsel, cast=cast, verb="hold.placed", write=again)


def test_keeping_without_a_hold_or_for_another_scrub(cast: Cast, decision: Decision) -> None:
    def keep(scrubbing: Scrubbing) -> None:
        record(
            Sequestered, scrubbing=scrubbing, practice=cast.practice.pk, sha256="0" * 64, size=1, key="0" * 16,
            sequestered_at=timezone.now(),
        )  # fmt: skip

    def scrub_and_keep() -> None:
        scrubbing = scrub(place_of(decision), SPAN)
        assert scrubbing
        keep(scrubbing)

    with pytest.raises(DatabaseError, match="without a legal hold"):
        forged(actor=cast.director, cast=cast, verb="text.scrubbed", write=scrub_and_keep)
    scrub_text(actor=cast.director, practice=cast.practice, about=decision, value=SPAN, reason="A patient was named.")
    with pytest.raises(DatabaseError, match="scrub of its own act"):
        forged(actor=cast.director, cast=cast, verb="text.scrubbed", write=lambda: keep(Scrubbing.objects.get()))


def test_the_application_cannot_write_past_an_act(cast: Cast, house: Database, kept: Sequestered) -> None:
    with house.connect("app") as app:
        for statement in (
            "update audit_sequestered set sha256 = ''",
            "delete from audit_sequestered",
            "delete from governance_hold",
            "delete from audit_opening",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(statement)
        with pytest.raises(psycopg.DatabaseError):
            app.execute("update governance_hold set lifted_at = now(), lift_reason = 'x'")


def test_an_opening_of_what_was_destroyed(cast: Cast, kept: Sequestered, hold: Hold) -> None:
    lift_hold(actor=cast.pc_counsel, hold=hold, reason="The claim is settled.")
    with pytest.raises(DatabaseError, match="was destroyed"):
        forged(
            actor=cast.pc_counsel,
            cast=cast,
            verb="sequestered.opened",
            write=lambda: record(Opening, sequestered=kept, opened_at=timezone.now()),
        )


def test_a_hold_placed_while_a_scrub_is_under_way_waits_for_it(cast: Cast, decision: Decision) -> None:
    """The two come one by one: a scrub that began before the hold is done before it, and keeps nothing."""
    began, placed = threading.Event(), threading.Event()

    def place() -> None:
        began.wait()
        try:
            place_hold(
                actor=cast.pc_counsel, practice=cast.practice, matter="Doe v. Riverside", reason="A claim is expected."
            )
        finally:
            placed.set()
            connection.close()

    thread = threading.Thread(target=place)
    thread.start()

    @service
    def slow(*, actor: Person) -> bool:
        from governance.models import Practice

        Practice.objects.select_for_update(no_key=True).get(pk=cast.practice.pk)
        take_part(actor=actor, practice=cast.practice, verb="text.scrubbed", offices=MEMBERS, reason="A patient")
        scrub(place_of(decision), SPAN)
        began.set()
        current()
        return placed.wait(0.5)

    assert slow(actor=cast.director) is False
    thread.join()
    assert Hold.objects.exists()
    assert not Sequestered.objects.exists()


def test_opening_leaves_an_act_even_by_the_service(cast: Cast, kept: Sequestered) -> None:
    open_sequestered(actor=cast.pc_counsel, sequestered=kept, reason="The court asked for it.")
    assert Opening.objects.count() == 1
