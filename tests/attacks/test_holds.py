"""Attacks on holds and scrubs: scrubbing without keeping, deciding alone, opening, lifting, destroying."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import psycopg
import pytest
from django.db import DatabaseError, connection
from django.utils import timezone

from audit.acts import current, record, service
from audit.models import Confirmation, Destruction, Opening, Scrubbing, Sequestered
from audit.services.documents import seal_document
from audit.services.scrubbing import BYTES, Place, scrub
from decisions.models import Decision
from decisions.services.log import record_decision
from governance.authority import take_part
from governance.models import Hold, HoldAcknowledgement, Person
from governance.offices import MEMBERS
from governance.services.holds import lift_hold, place_hold
from governance.services.scrub_decisions import confirm_scrub
from governance.services.scrubbing import scrub_text
from governance.services.sequestered import contents, open_sequestered
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


def bare(place: Place) -> None:
    """The owner's function alone, as a developer calls it who forgets to keep what it takes out."""
    act = current()
    with connection.cursor() as cursor:
        cursor.execute("select audit.scrub(%s, %s, %s, %s, %s)", [act.id, place.table, place.key, place.column, SPAN])
        act.touch("audit_scrubbing", cursor.fetchone()[0])


def test_a_scrub_that_keeps_nothing(cast: Cast, decision: Decision, hold: Hold) -> None:
    with pytest.raises(DatabaseError, match="must be sequestered"):
        forged(actor=cast.director, cast=cast, verb="text.scrubbed", write=lambda: bare(place_of(decision)))
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
            write=lambda: bare(Place("audit_document", str(document.pk), BYTES)),
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
        ("executive", "sequestered.opened", "To know", "opened by PC counsel|not written from this office"),
        ("mso_counsel", "sequestered.opened", "To know", "opened by PC counsel|not written from this office"),
        ("pc_counsel", "site.renamed", "To know", "opened by PC counsel|not written from this office"),
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
        ("director", "sequestered.disposed", "disposed of by PC counsel|not written from this office"),
        ("mso_counsel", "sequestered.disposed", "disposed of by PC counsel|not written from this office"),
        ("pc_counsel", "hold.lifted", "disposed of by PC counsel|not written from this office"),
        ("pc_counsel", "sequestered.disposed", "a legal hold stands"),
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
    for actor in (cast.director, cast.executive, cast.mso_counsel):
        with pytest.raises(DatabaseError, match=r"counsel of its own side|not written from this office"):
            forged(actor=actor, cast=cast, verb="hold.lifted", write=lifting(hold))
    assert Hold.objects.get().lifted_at is None


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


def test_keeping_for_another_scrub(cast: Cast, kept: Sequestered) -> None:
    def keep() -> None:
        record(
            Sequestered, scrubbing=Scrubbing.objects.get(), practice=cast.practice.pk, sha256="0" * 64, size=1,
            key="0" * 16, sequestered_at=timezone.now(),
        )  # fmt: skip

    with pytest.raises(DatabaseError, match="duplicate key"):
        forged(actor=cast.director, cast=cast, verb="text.scrubbed", write=keep)


@pytest.mark.parametrize(
    ("who", "verb", "said"),
    [
        ("executive", "scrub.confirmed", "confirmed by a physician or PC counsel|not written from this office"),
        ("mso_counsel", "scrub.confirmed", "confirmed by a physician or PC counsel|not written from this office"),
        ("physician", "site.renamed", "confirmed by a physician or PC counsel|not written from this office"),
        ("director", "scrub.confirmed", "second person"),
    ],
)
def test_a_scrub_confirmed_by_who_may_not(cast: Cast, kept: Sequestered, who: str, verb: str, said: str) -> None:
    scrub_act = kept.scrubbing.act
    with pytest.raises(DatabaseError, match=said):
        forged(
            actor=getattr(cast, who),
            cast=cast,
            verb=verb,
            write=lambda: record(Confirmation, scrub=scrub_act, practice=cast.practice.pk, confirmed_at=timezone.now()),
        )


def test_a_confirmation_dated_back(cast: Cast, kept: Sequestered) -> None:
    """A term that would be over on the day of the confirmation."""
    early = timezone.now() - timedelta(days=40)
    with pytest.raises(DatabaseError, match="not the moment of its act"):
        forged(
            actor=cast.physician,
            cast=cast,
            verb="scrub.confirmed",
            write=lambda: record(Confirmation, scrub=kept.scrubbing.act, practice=cast.practice.pk, confirmed_at=early),
        )


def call_restore(scrub_act: UUID, given: list[list[str]]) -> None:
    act = current()
    with connection.cursor() as cursor:
        cursor.execute("select audit.restore(%s, %s, %s)", [act.id, scrub_act, json.dumps(given)])
        for key in cursor.fetchone()[0]:
            act.touch("audit_restoration", key)


def box_of(kept: Sequestered) -> list[list[str]]:
    parts = contents(kept, "")["parts"]
    return [[part["act"], part["name"], part["salt"], part["body"]] for part in parts]


def test_a_scrub_taken_back_with_other_words(cast: Cast, kept: Sequestered, decision: Decision) -> None:
    """The texts that come back are those the ledger committed to: not a letter more."""
    true = box_of(kept)
    false = [[act, name, salt, body.replace(SPAN, "John Roe")] for act, name, salt, body in true]
    for given, said in ((false, "append-only"), ([], "not every payload")):
        with pytest.raises(DatabaseError, match=said):
            forged(
                actor=cast.physician, cast=cast, verb="scrub.restored",
                write=partial(call_restore, kept.scrubbing.act_id, given),
            )  # fmt: skip
    for who in (cast.executive, cast.mso_counsel):
        with pytest.raises(DatabaseError, match=r"taken back by a physician|not written from"):
            forged(
                actor=who, cast=cast, verb="scrub.restored",
                write=partial(call_restore, kept.scrubbing.act_id, true),
            )  # fmt: skip
    decision.refresh_from_db()
    assert SPAN not in decision.text
    forged(
        actor=cast.physician, cast=cast, verb="scrub.restored", write=partial(call_restore, kept.scrubbing.act_id, true)
    )
    decision.refresh_from_db()
    assert SPAN in decision.text


def test_a_text_put_back_past_the_owners_function(cast: Cast, kept: Sequestered, decision: Decision) -> None:
    def put_back() -> None:
        with connection.cursor() as cursor:
            cursor.execute("update decisions_decision set text = 'Jane Doe complains.' where id = %s", [decision.pk])

    with pytest.raises(DatabaseError):
        forged(actor=cast.physician, cast=cast, verb="scrub.restored", write=put_back)


@pytest.mark.parametrize("who", ["executive", "mso_counsel", "physician"])
def test_a_hold_acknowledged_for_somebody_else(cast: Cast, hold: Hold, who: str) -> None:
    with pytest.raises(DatabaseError, match=r"for oneself alone|not written from this office"):
        forged(
            actor=getattr(cast, who),
            cast=cast,
            verb="hold.acknowledged",
            write=lambda: record(HoldAcknowledgement, hold=hold, person=cast.director, acknowledged_at=timezone.now()),
        )


def test_destruction_before_its_term(cast: Cast, kept: Sequestered, hold: Hold) -> None:
    def destroy_it() -> object:
        return record(Destruction, sequestered=kept, destroyed_at=timezone.now())

    def forge_it() -> None:
        forged(actor=cast.pc_counsel, cast=cast, verb="sequestered.disposed", write=destroy_it)

    lift_hold(actor=cast.pc_counsel, hold=hold, reason="The claim is settled.")
    with pytest.raises(DatabaseError, match="waits for a second person"):
        forge_it()
    confirm_scrub(actor=cast.physician, practice=cast.practice, scrub=kept.scrubbing.act, reason="It names a patient.")
    with pytest.raises(DatabaseError, match="kept for 30 days"):
        forge_it()


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


def test_a_hold_placed_while_a_scrub_is_under_way_waits_for_it(cast: Cast, decision: Decision) -> None:
    """The two come one by one: a scrub that began before the hold is done before it."""
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
    assert Hold.objects.get().placed_at > Scrubbing.objects.get().scrubbed_at


def test_opening_leaves_an_act_even_by_the_service(cast: Cast, kept: Sequestered) -> None:
    open_sequestered(actor=cast.pc_counsel, practice=cast.practice, values=[kept], reason="The court asked for it.")
    assert Opening.objects.count() == 1
