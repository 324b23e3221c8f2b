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
from audit.services.scrubbing import sweep
from decisions.models import Decision
from decisions.services.log import record_decision
from governance.authority import AuthorityRefused
from governance.models import Hold
from governance.services.holds import HoldRefused, lift_hold, open_sequestered, place_hold
from governance.services.scrubbing import ScrubRefused, scrub_text
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


def test_without_a_hold_nothing_is_kept(cast: Cast) -> None:
    scrub(cast, decide(cast))
    assert not Sequestered.objects.exists()


def test_under_a_hold_the_value_is_hidden_and_kept(cast: Cast, house: Database) -> None:
    decision = decide(cast)
    hold(cast)
    scrub(cast, decision)
    decision.refresh_from_db()
    assert decision.text == "[scrubbed] complains."
    kept = sequestered()
    assert SPAN.encode() not in store.get(kept.sha256)
    opened = open_sequestered(actor=cast.pc_counsel, sequestered=kept, reason=WHY)
    assert (opened.span, opened.text) == (SPAN, f"{SPAN} complains.")
    act = Act.objects.get(verb="sequestered.opened")
    assert (act.actor, act.office, act.reason) == (cast.pc_counsel.pk, "pc_counsel", WHY)
    assert Opening.objects.get().sequestered == kept


def test_what_is_opened_is_proven_against_the_ledger(cast: Cast) -> None:
    decision = decide(cast)
    hold(cast)
    scrub(cast, decision)
    (part,) = open_sequestered(actor=cast.pc_counsel, sequestered=sequestered(), reason=WHY).parts
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
    opened = open_sequestered(actor=cast.pc_counsel, sequestered=sequestered("bytes"), reason=WHY)
    assert hashlib.sha256(opened.file).hexdigest() == document.sha256


@pytest.mark.parametrize("who", ["director", "physician", "mso_counsel", "executive", "secretary"])
def test_only_pc_counsel_places_lifts_and_opens(cast: Cast, who: str) -> None:
    decision, actor = decide(cast), getattr(cast, who)
    with pytest.raises(AuthorityRefused):
        place_hold(actor=actor, practice=cast.practice, matter="A matter", reason="A claim is expected.")
    placed = hold(cast)
    scrub(cast, decision)
    with pytest.raises(AuthorityRefused):
        lift_hold(actor=actor, hold=placed, reason="The claim is settled.")
    with pytest.raises(AuthorityRefused):
        open_sequestered(actor=actor, sequestered=sequestered(), reason=WHY)
    assert not Opening.objects.exists()
    assert Act.objects.filter(outcome="refused", actor=actor.pk).count() == 3


def test_counsel_of_another_practice_opens_nothing_here(cast: Cast) -> None:
    decision, other = decide(cast), found("ontario")
    placed = hold(cast)
    scrub(cast, decision)
    with pytest.raises(AuthorityRefused):
        open_sequestered(actor=other.pc_counsel, sequestered=sequestered(), reason=WHY)
    with pytest.raises(AuthorityRefused):
        lift_hold(actor=other.pc_counsel, hold=placed, reason="The claim is settled.")


def test_lifting_the_last_hold_destroys_what_they_kept(cast: Cast, verify: Callable[..., tuple[int, str]]) -> None:
    decision = decide(cast)
    first, second = hold(cast), hold(cast, held=decision)
    assert (second.object_type, second.object_id) == ("decisions.decision", str(decision.pk))
    scrub(cast, decision)
    kept = sequestered()
    lift_hold(actor=cast.pc_counsel, hold=first, reason="The claim is settled.")
    assert store.holds(kept.sha256)
    lift_hold(actor=cast.pc_counsel, hold=second, reason="The claim is settled.")
    assert not store.holds(kept.sha256)
    assert (
        Destruction.objects.get(sequestered=kept).act_id
        == Act.objects.filter(verb="hold.lifted").latest("recorded_at").pk
    )
    with pytest.raises(HoldRefused, match="destroyed"):
        open_sequestered(actor=cast.pc_counsel, sequestered=Sequestered.objects.get(pk=kept.pk), reason=WHY)
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


def test_a_destroyed_file_that_came_back_is_swept_away(cast: Cast) -> None:
    decision, placed = decide(cast), hold(cast)
    scrub(cast, decision)
    kept = sequestered()
    box = store.get(kept.sha256)
    lift_hold(actor=cast.pc_counsel, hold=placed, reason="The claim is settled.")
    store.put(box)
    assert sweep() == 1
    assert not store.holds(kept.sha256)


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
        with pytest.raises(HoldRefused) as refusal:
            open_sequestered(actor=cast.pc_counsel, sequestered=sequestered(), reason=WHY, passphrase=wrong)
        assert refusal.value.field == "passphrase"
    assert not Opening.objects.exists()
    opened = open_sequestered(
        actor=cast.pc_counsel, sequestered=sequestered(), reason=WHY, passphrase="nine old horses"
    )
    assert opened.span == SPAN


def test_a_new_key_leaves_what_an_old_one_keeps(cast: Cast) -> None:
    decision = decide(cast)
    hold(cast)
    scrub(cast, decision)
    custody.make_key("another passphrase")
    assert open_sequestered(actor=cast.pc_counsel, sequestered=sequestered(), reason=WHY).span == SPAN


def test_in_production_the_key_is_made_first(cast: Cast, settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.DEMONSTRATION = False  # type: ignore[attr-defined]
    with pytest.raises(HoldRefused, match="make the key"):
        hold(cast)
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    with pytest.raises(CommandError, match="at least 12"):
        call_command("make_sequester_key")
    monkeypatch.setattr("sys.stdin", io.StringIO("nine old horses\n"))
    call_command("make_sequester_key", stdout=io.StringIO())
    assert hold(cast).pk


def test_without_the_key_nothing_is_scrubbed_under_a_hold(cast: Cast, settings: object, tmp_path: object) -> None:
    decision = decide(cast)
    hold(cast)
    settings.SEQUESTER_KEY_FOLDER = f"{tmp_path}/elsewhere"  # type: ignore[attr-defined]
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
