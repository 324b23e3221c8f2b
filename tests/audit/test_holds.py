"""A legal hold keeps what a scrub takes out, locked away; PC counsel alone opens it, and lifting destroys it."""

import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from audit import custody, store
from audit.ledger.canonical import commitment
from audit.models import Act, Destruction, Entry, Opening, Sequestered
from audit.services.documents import seal_document
from decisions.models import Decision
from decisions.services.log import record_decision
from governance.authority import AuthorityRefused
from governance.models import Hold, Mail, Person, Practice
from governance.services.holds import HoldRefused, acknowledge_hold, lift_hold, place_hold
from governance.services.scrubbing import ScrubRefused, scrub_text
from governance.services.sequestered import Opened, SequesterRefused, open_sequestered
from tests.cast import Cast, found
from tests.conftest import Database

SPAN = "Jane Doe"
WHY = "The court asked for the letter."
pytestmark = pytest.mark.usefixtures("house")


def decide(cast: Cast) -> Decision:
    return record_decision(
        actor=cast.director, practice=cast.practice, right="DR-21", title="A complaint", text=f"{SPAN} complains.",
        rationale="She wrote.",
    )  # fmt: skip


def hold(cast: Cast, **more: Any) -> Hold:
    return place_hold(
        actor=cast.pc_counsel, practice=cast.practice, matter="Doe v. Riverside", reason="A claim is expected.", **more
    )


def scrub(cast: Cast, decision: Decision) -> None:
    scrub_text(
        actor=cast.physician, practice=cast.practice, about=decision, key=decision.code, value=SPAN,
        reason="A patient was named.",
    )  # fmt: skip


def sequestered(column: str = "text") -> Sequestered:
    return Sequestered.objects.get(scrubbing__column_name=column)


def open_one(actor: Person, kept: Sequestered, **more: Any) -> Opened:
    practice = Practice.objects.get(pk=kept.practice)
    (opened,) = open_sequestered(actor=actor, practice=practice, values=[kept], reason=WHY, **more)
    return opened


def test_without_a_hold_it_is_kept_too(cast: Cast) -> None:
    scrub(cast, decide(cast))
    assert open_one(cast.pc_counsel, sequestered()).span == SPAN


def test_under_a_hold_the_value_is_hidden_and_kept(cast: Cast, house: Database) -> None:
    decision = decide(cast)
    hold(cast)
    scrub(cast, decision)
    decision.refresh_from_db()
    assert decision.text == "[scrubbed] complains."
    kept = sequestered()
    assert SPAN.encode() not in store.get(kept.sha256)
    opened = open_one(cast.pc_counsel, kept)
    assert (opened.span, opened.text) == (SPAN, f"{SPAN} complains.")
    act = Act.objects.get(verb="sequestered.opened")
    assert (act.actor, act.office, act.reason) == (cast.pc_counsel.pk, "pc_counsel", WHY)
    assert Opening.objects.get().sequestered == kept


def test_what_is_opened_is_proven_against_the_ledger(cast: Cast) -> None:
    decision = decide(cast)
    hold(cast)
    scrub(cast, decision)
    (part,) = open_one(cast.pc_counsel, sequestered()).parts
    assert SPAN in part["body"]
    header = Entry.objects.get(act__pk=part["act"]).header
    assert commitment(bytes.fromhex(part["salt"]), part["body"]).hex() in header


def test_a_sealed_file_is_kept_whole(cast: Cast) -> None:
    document = seal_document(
        data=f"Dear {SPAN}".encode(), title="A letter", kind="paper", object_type="a", object_id="1",
        compartment="open", practice_id=cast.practice.pk, media_type="text/plain",
    )  # fmt: skip
    hold(cast)
    scrub_text(actor=cast.director, practice=cast.practice, about=document, value=SPAN, reason="A patient was named.")
    assert not store.holds(document.sha256)
    opened = open_one(cast.pc_counsel, sequestered("bytes"))
    assert hashlib.sha256(opened.file).hexdigest() == document.sha256


@pytest.mark.parametrize("who", ["director", "physician", "executive", "secretary", "operations"])
def test_only_counsel_places_and_lifts(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(AuthorityRefused):
        place_hold(actor=actor, practice=cast.practice, matter="A matter", reason="A claim is expected.")
    with pytest.raises(AuthorityRefused):
        lift_hold(actor=actor, hold=hold(cast), reason="The claim is settled.")
    assert Act.objects.filter(outcome="refused", actor=actor.pk).count() == 2


@pytest.mark.parametrize("who", ["mso_counsel", "executive", "secretary", "operations"])
def test_the_other_side_opens_nothing(cast: Cast, who: str) -> None:
    scrub(cast, decide(cast))
    with pytest.raises(AuthorityRefused):
        open_one(getattr(cast, who), sequestered())
    assert not Opening.objects.exists()


def test_each_side_holds_its_own_and_counts_its_own(cast: Cast) -> None:
    ours = hold(cast)
    given: dict[str, Any] = {"practice": cast.practice, "matter": "Lease dispute", "reason": "A claim is expected."}
    theirs = place_hold(actor=cast.mso_counsel, **given)
    assert (ours.code[:3], ours.number, theirs.code[:4], theirs.number) == ("LH-", 1, "MLH-", 1)
    assert Hold.objects.get(**Hold.parse(theirs.code)) == theirs
    with pytest.raises(HoldRefused, match="own records"):
        place_hold(actor=cast.mso_counsel, held=decide(cast), **given)
    for actor, other in ((cast.mso_counsel, ours), (cast.pc_counsel, theirs)):
        with pytest.raises(HoldRefused, match="of the side"):
            lift_hold(actor=actor, hold=other, reason="The claim is settled.")


def test_a_custodian_acknowledges_once_and_is_told_of_the_lifting(cast: Cast) -> None:
    placed = hold(cast)
    acknowledge_hold(actor=cast.physician, hold=placed)
    with pytest.raises(HoldRefused, match="already"):
        acknowledge_hold(actor=cast.physician, hold=placed)
    with pytest.raises(AuthorityRefused):
        acknowledge_hold(actor=cast.executive, hold=placed)
    lift_hold(actor=cast.pc_counsel, hold=placed, reason="The claim is settled.")
    told = set(Mail.objects.filter(kind="hold_lifted").values_list("person__name", flat=True))
    assert told == {cast.pc_counsel.name, cast.physician.name}
    with pytest.raises(HoldRefused, match="lifted"):
        acknowledge_hold(actor=cast.director, hold=placed)


def test_counsel_of_another_practice_opens_nothing_here(cast: Cast) -> None:
    decision, other = decide(cast), found("ontario")
    placed = hold(cast)
    scrub(cast, decision)
    with pytest.raises(AuthorityRefused):
        open_one(other.pc_counsel, sequestered())
    with pytest.raises(AuthorityRefused):
        lift_hold(actor=other.pc_counsel, hold=placed, reason="The claim is settled.")


def test_lifting_the_last_hold_destroys_nothing(cast: Cast, verify: Callable[..., tuple[int, str]]) -> None:
    decision = decide(cast)
    placed = hold(cast, held=decision)
    assert (placed.object_type, placed.object_id) == ("decisions.decision", str(decision.pk))
    scrub(cast, decision)
    lift_hold(actor=cast.pc_counsel, hold=placed, reason="The claim is settled.")
    assert store.holds(sequestered().sha256)
    assert not Destruction.objects.exists()
    code, said = verify()
    assert code == 0, said


def test_verify_ledger_misses_a_sequestered_file(cast: Cast, verify: Callable[..., tuple[int, str]]) -> None:
    decision = decide(cast)
    hold(cast)
    scrub(cast, decision)
    store.drop(sequestered().sha256)
    code, said = verify()
    assert code == 1
    assert "sequestered value" in said


@pytest.mark.parametrize(
    ("changes", "field"), [({"matter": " "}, "matter"), ({"reason": "short"}, "reason"), ({"reason": " "}, "reason")]
)
def test_what_is_asked_of_a_hold(cast: Cast, changes: dict[str, Any], field: str) -> None:
    given: dict[str, Any] = {"matter": "Doe v. Riverside", "reason": "A claim is expected.", **changes}
    with pytest.raises(HoldRefused) as refusal:
        place_hold(actor=cast.pc_counsel, practice=cast.practice, **given)
    assert refusal.value.field == field
    assert not Hold.objects.exists()


def test_a_lifted_hold_is_not_lifted_again(cast: Cast) -> None:
    placed = hold(cast)
    lift_hold(actor=cast.pc_counsel, hold=placed, reason="The claim is settled.")
    with pytest.raises(HoldRefused, match="lifted already"):
        lift_hold(actor=cast.pc_counsel, hold=placed, reason="The claim is settled.")


def test_a_key_with_a_passphrase_opens_for_who_knows_it(cast: Cast) -> None:
    custody.make_key("nine old horses")
    decision = decide(cast)
    hold(cast)
    scrub(cast, decision)
    for wrong in ("", "nine new horses"):
        with pytest.raises(SequesterRefused) as refusal:
            open_one(cast.pc_counsel, sequestered(), passphrase=wrong)
        assert refusal.value.field == "passphrase"
    assert not Opening.objects.exists()
    opened = open_one(cast.pc_counsel, sequestered(), passphrase="nine old horses")
    assert opened.span == SPAN


def test_a_new_key_leaves_what_an_old_one_keeps(cast: Cast) -> None:
    decision = decide(cast)
    hold(cast)
    scrub(cast, decision)
    custody.make_key("another passphrase")
    assert open_one(cast.pc_counsel, sequestered()).span == SPAN


def test_in_production_the_key_is_made_first(cast: Cast, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMONSTRATION = False  # type: ignore[attr-defined]
    with pytest.raises(HoldRefused, match="make_sequester_key"):
        hold(cast)
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="at least 12"):
        call_command("make_sequester_key")
    monkeypatch.setattr("sys.stdin", io.StringIO("nine old horses\n"))
    call_command("make_sequester_key", stdout=io.StringIO())
    assert hold(cast).pk


def test_in_production_nothing_is_scrubbed_without_a_key(cast: Cast, settings: object) -> None:
    decision = decide(cast)
    settings.DEMONSTRATION = False  # type: ignore[attr-defined]
    with pytest.raises(ScrubRefused, match="no key"):
        scrub(cast, decision)
    decision.refresh_from_db()
    assert SPAN in decision.text


def test_a_box_opens_only_whole_and_in_its_place() -> None:
    key = custody.make_key()
    box = custody.lock(b"a value", about="one")
    assert custody.unlock(box, key=key, about="one") == b"a value"
    for changed, about in (
        (box, "another"),
        (box[:-1] + bytes([box[-1] ^ 1]), "one"),
        (box[:40], "one"),
        (b"x", "one"),
    ):
        with pytest.raises(custody.CustodyError):
            custody.unlock(changed, key=key, about=about)
    with pytest.raises(custody.CustodyError, match="not within reach"):
        custody.unlock(box, key="0" * 16, about="one")
