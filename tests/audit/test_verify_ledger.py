"""Each attack that only the server's superuser can make is found, named, and does not hide what still holds."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from audit import store
from audit.ledger.canonical import commitment
from audit.ledger.merkle import Frontier, leaf_hash
from audit.models import Document, Entry, Head, Log, Part
from audit.services.documents import seal_document
from tests.audit.conftest import rename_site
from tests.cast import Cast
from tests.conftest import Database

Verify = Callable[..., tuple[int, str]]
Tamper = Callable[..., None]


@pytest.fixture
def log(cast: Cast, act: Any, sign: Any) -> Log:
    """The practice's log, with a checkpoint over all of it and two entries after that."""
    rename_site(actor=cast.director, practice=cast.practice, site=cast.satellite, name="Apple Valley")
    sign()
    act("Barstow")
    act("Needles")
    return Log.objects.get(practice=cast.practice.pk)


def last(log: Log) -> int:
    return Head.objects.get(log=log).size - 1


def test_intact(log: Log, verify: Verify, sign: Any) -> None:
    code, said = verify()
    assert code == 0
    assert "INTACT" in said
    assert re.search(r"entries 0 to \d+ are as a signed checkpoint states them\. The 2 later ones no checkpoint", said)
    sign()
    assert "later ones" not in verify()[1]


def test_one_practice(log: Log, cast: Cast, verify: Verify) -> None:
    assert verify("--practice", cast.practice.slug)[0] == 0
    assert verify("--practice", str(cast.practice.pk))[0] == 0
    code, said = verify("--practice", "nowhere")
    assert code == 2
    assert "no practice 'nowhere'" in said


def test_no_ledger(database: Database, verify: Verify) -> None:
    code, said = verify()
    assert code == 2
    assert "no ledger" in said


ONE = "(select id from audit_entry where log_id = {log} and index = 3)"
ATTACKS = {
    "header": (
        'update audit_entry set header = replace(header, \'"via":"command"\', \'"via":"web"\') where id = ' + ONE,
        "entry 3: the header is not the one that was sealed",
    ),
    "act": (
        "update audit_act set office = 'physician' where entry_id = " + ONE,
        "entry 3: its act says something else than the header: office",
    ),
    "time": (
        "update audit_act set occurred_at = occurred_at - interval '1 day' where entry_id = " + ONE,
        "entry 3: its act says something else than the header: occurred",
    ),
    "name": (
        "update audit_act set actor_name = 'Somebody Else' where entry_id = " + ONE,
        "entry 3: its act names another person, office or reason",
    ),
    "payload": (
        "update audit_part set body = replace(body, 'Marsh', 'Marsch') where name = 'facts'"
        " and act_id = (select id from audit_act where entry_id = " + ONE + ")",
        "entry 3: its part facts was changed",
    ),
    "part removed": (
        "delete from audit_part where name = 'facts' and act_id = (select id from audit_act where entry_id = "
        + ONE
        + ")",
        "entry 3: its part facts is missing",
    ),
    "part added": (
        "insert into audit_part (act_id, name, salt, body) select id, 'promise', sha256('x'), 'x' from audit_act"
        " where entry_id = " + ONE,
        "entry 3: the part promise was added",
    ),
    "history row": (
        "update governance_historicalsite set name = 'Elsewhere' where name = 'Apple Valley'",
        "of governance_historicalsite was changed: name",
    ),
    "history row removed": (
        "delete from governance_historicalsite where name = 'Apple Valley'",
        "of governance_historicalsite is missing",
    ),
    "live row": (
        "update governance_site set name = 'Elsewhere' where name = 'Apple Valley'",
        "of governance_site is not as its newest history says: name",
    ),
    "live row removed": (
        "delete from governance_site where name = 'Needles'",
        "of governance_site is gone, though its history does not say so",
    ),
    "live row planted": (
        "insert into governance_site (practice_id, name, city, flagship, opened_on)"
        " select practice_id, 'Planted', city, false, opened_on from governance_site limit 1",
        "of governance_site has no history",
    ),
    "entry removed": ("delete from audit_entry where id = " + ONE, "entry 3: this entry is missing"),
    "entries swapped": (
        "update audit_entry set index = -index where log_id = {log} and index in (3, 4);"
        "update audit_entry set index = 7 + index where log_id = {log} and index in (-3, -4)",
        "entry 3: it was sealed as entry 4",
    ),
    "head": (
        "update audit_head set root = sha256('x') where log_id = {log}",
        "its head states",
    ),
    "frontier": (
        "update audit_head set frontier = sha256('x') || substr(frontier, 33) where log_id = {log}",
        "its head's frontier is not that of its entries",
    ),
    "checkpoint": (
        "update audit_checkpoint set note = replace(note, 'brightline', 'blackline') where log_id = {log}",
        "is false",
    ),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_attack_is_found(attack: str, log: Log, tamper: Tamper, verify: Verify) -> None:
    statement, words = ATTACKS[attack]
    tamper(statement.replace("{log}", str(log.pk)))
    code, said = verify()
    assert code == 1
    assert words in said
    assert "TAMPERED" in said


def test_what_still_holds_is_said(log: Log, tamper: Tamper, verify: Verify) -> None:
    tamper(f"update audit_entry set header = replace(header, 'command', 'web') where log_id = {log.pk} and index = 3")
    said = verify()[1]
    assert re.search(r"First: .*entry 3: the header is not the one that was sealed.*\[header\]", said)
    assert re.search(r"entries 0 to \d+ are as a signed checkpoint states them, except 3\.", said)


def test_tail_is_cut(log: Log, house: Database, tamper: Tamper, verify: Verify, sign: Any) -> None:
    """The head is set back as well, and the checkpoint in the database removed: the folder's note still knows."""
    sign()
    keep = last(log) - 2
    cut(house, tamper, log, keep)
    code, said = verify()
    assert code == 1
    assert f"the log has {keep}. It was cut, or the database was rolled back" in said


def test_tail_after_the_last_checkpoint_is_beyond_proof(
    log: Log, house: Database, tamper: Tamper, verify: Verify
) -> None:
    """Nothing outside the database knows of these entries: the verifier must not claim more than it can."""
    said = verify()[1]
    assert "The 2 later ones no checkpoint covers." in said


def cut(house: Database, tamper: Tamper, log: Log, size: int) -> None:
    """Cut a log's tail with all that belongs to it, and set its head back."""
    kept = [bytes(entry.leaf) for entry in Entry.objects.filter(log=log, index__lt=size).order_by("index")]
    gone = (
        "(select a.id from audit_act a join audit_entry e on e.id = a.entry_id"
        f" where e.log_id = {log.pk} and e.index >= {size})"
    )
    recorded = f"(select history_id from governance_historicalsite where act_id in {gone})"
    tamper(
        f"delete from governance_site s where exists (select from governance_historicalsite h where h.id = s.id"
        f" and h.history_id in {recorded} and h.history_type = '+')",
        f"delete from governance_historicalsite where history_id in {recorded}",
        f"delete from audit_part where act_id in {gone}",
        f"delete from audit_act where id in {gone}",
        f"delete from audit_entry where log_id = {log.pk} and index >= {size}",
        f"delete from audit_checkpoint where log_id = {log.pk} and size > {size}",
        set_head(log, kept),
    )


def set_head(log: Log, leaves: list[bytes]) -> str:
    tree = Frontier()
    for leaf in leaves:
        tree.push(bytes(leaf))
    hashes = b"".join(tree.hashes).hex()
    return (
        f"update audit_head set size = {tree.size}, root = '\\x{tree.root().hex()}', frontier = '\\x{hashes}'"
        f" where log_id = {log.pk}"
    )


def rewrite(log: Log, tamper: Tamper) -> None:
    """Change the reason of one act and compute everything anew that lies in the database."""
    entry = Entry.objects.get(log=log, index=3)
    part = Part.objects.get(act__entry=entry, name="facts")
    assert part.salt is not None
    assert part.body is not None
    body = part.body.replace("Elena", "Helena")
    old, new = (commitment(bytes(part.salt), text).hex() for text in (part.body, body))
    header = entry.header.replace(old, new)
    assert header != entry.header
    leaf = leaf_hash(header.encode())
    leaves = [bytes(e.leaf) if e.pk != entry.pk else leaf for e in Entry.objects.filter(log=log).order_by("index")]
    tamper(
        f"update audit_part set body = '{body}' where id = {part.pk}",
        f"update audit_act set actor_name = replace(actor_name, 'Elena', 'Helena') where entry_id = {entry.pk}",
        f"update audit_entry set header = '{header}', leaf = '\\x{leaf.hex()}' where id = {entry.pk}",
        set_head(log, leaves),
    )


def test_rewritten_and_computed_anew(log: Log, tamper: Tamper, verify: Verify, tmp_path: Path, settings: Any) -> None:
    kept = tmp_path / "counsel.txt"
    kept.write_text((Path(settings.CHECKPOINT_FOLDER) / str(log.practice) / "latest.txt").read_text())
    assert verify("--against", str(kept))[0] == 0
    rewrite(log, tamper)
    code, said = verify()
    assert code == 1
    assert "states another root" in said
    # With the checkpoints here removed as well, only the one kept elsewhere still knows.
    site = Log.objects.get(kind="site")
    tamper(
        "delete from audit_checkpoint",
        f"delete from audit_entry where log_id = {site.pk}",
        set_head(site, []),
    )
    for folder in Path(settings.CHECKPOINT_FOLDER).glob("*/latest.txt"):
        folder.unlink()
    assert "the checkpoint you kept" not in verify()[1]
    code, said = verify("--against", str(kept))
    assert code == 1
    assert "the checkpoint you kept" in said
    assert "states another root" in said


def test_against_needs_a_checkpoint(log: Log, verify: Verify, tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    assert verify("--against", str(kept))[0] == 2
    kept.write_text("no checkpoint")
    code, said = verify("--against", str(kept))
    assert code == 2
    assert "this is not a checkpoint" in said


def test_document_in_the_store(cast: Cast, log: Log, verify: Verify, sign: Any) -> None:
    document = seal_document(
        data=b"%PDF-1.7 minutes", title="Minutes of May", kind="minutes", object_type="meetings.minutes", object_id="1",
        compartment="open", practice_id=cast.practice.pk,
    )  # fmt: skip
    sign()
    code, said = verify()
    assert code == 0
    assert "1 documents" in said
    path = Path(store.default_storage.path(store.path_of(document.sha256)))
    path.chmod(0o600)
    path.write_bytes(b"%PDF-1.7 other minutes")
    code, said = verify()
    assert code == 1
    assert "was changed in the store" in said
    path.unlink()
    assert "is missing from the store" in verify()[1]
    assert Document.objects.count() == 1


def test_disabled_trigger_is_tampering(log: Log, house: Database, verify: Verify) -> None:
    with house.connect("owner") as owner:
        owner.execute("alter table audit_act disable trigger brightline_append_only")
    code, said = verify()
    assert code == 1
    assert "Trigger brightline_append_only on audit_act is not enabled ALWAYS" in said


def test_reader_is_enough(log: Log, house: Database) -> None:
    """The verifier's login can read what it needs and write nothing."""
    with house.connect("reader") as reader, pytest.raises(psycopg.errors.InsufficientPrivilege):
        reader.execute("update audit_head set size = 0")
