"""The checkpointer signs what moved and never what contradicts its own earlier word."""

import io
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command

from audit.ledger import note
from audit.ledger.merkle import root
from audit.models import AccessBatch, AccessEvent, Checkpoint, Entry, Head, Log
from audit.services.access import note as note_access
from audit.services.checkpoints import newest, wait_for_checkpoint
from audit.services.keys import KeyMissing, key_is_separate, key_path, load_signer, trusted_keys
from audit.startup import check_key
from tests.cast import Cast
from tests.conftest import Database

Sign = Callable[[], list[note.Checkpoint]]


@pytest.fixture
def log(cast: Cast) -> Log:
    return Log.objects.get(practice=cast.practice.pk)


def folder(settings: Any, log: Log) -> Path:
    return Path(settings.CHECKPOINT_FOLDER) / str(log.practice or log.kind)


def test_signs_what_moved(cast: Cast, log: Log, sign: Sign, act: Any, settings: Any) -> None:
    first = sign()
    assert [checkpoint.origin for checkpoint in first][-1] == Log.objects.get(kind="site").origin
    assert sign() == []
    act("Barstow")
    moved = {checkpoint.origin: checkpoint for checkpoint in sign()}
    assert set(moved) == {log.origin, Log.objects.get(kind="site").origin}
    leaves = [bytes(entry.leaf) for entry in Entry.objects.filter(log=log).order_by("index")]
    assert moved[log.origin].root == root(leaves)
    kept = newest(cast.practice.pk)
    assert kept is not None
    assert kept.size == len(leaves)
    assert note.open_note(kept.note, trusted_keys(), origin=log.origin) == moved[log.origin]
    assert (folder(settings, log) / "latest.txt").read_text() == kept.note
    assert (folder(settings, log) / f"{kept.size}.txt").read_text() == kept.note


def test_each_checkpoint_enters_the_site_log(log: Log, sign: Sign) -> None:
    sign()
    site = Log.objects.get(kind="site")
    entered = "".join(Entry.objects.filter(log=site).values_list("header", flat=True))
    for origin in Log.objects.exclude(kind="site").values_list("origin", flat=True):
        assert entered.count(origin) == 1
    assert Checkpoint.objects.filter(log=site, size=Head.objects.get(log=site).size).exists()


def refused(sign: Sign, caplog: pytest.LogCaptureFixture, log: Log) -> str:
    before = Checkpoint.objects.filter(log=log).count()
    caplog.clear()
    assert log.origin not in {checkpoint.origin for checkpoint in sign()}
    assert Checkpoint.objects.filter(log=log).count() == before
    (said,) = [record.getMessage() for record in caplog.records if log.origin in record.getMessage()]
    assert said.startswith("NOT SIGNED")
    return said


def test_refuses_a_log_that_was_cut(log: Log, sign: Sign, tamper: Any, caplog: pytest.LogCaptureFixture) -> None:
    sign()
    tamper(f"update audit_head set size = size - 1 where log_id = {log.pk}")
    assert "cut or rolled back" in refused(sign, caplog, log)


def test_refuses_another_root_of_the_same_size(
    log: Log, sign: Sign, tamper: Any, caplog: pytest.LogCaptureFixture
) -> None:
    sign()
    tamper(f"update audit_head set root = sha256('x') where log_id = {log.pk}")
    assert "history was rewritten" in refused(sign, caplog, log)


@pytest.mark.parametrize("state_lost", [False, True])
def test_refuses_a_rewritten_past(
    state_lost: bool, log: Log, sign: Sign, act: Any, tamper: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Also without its own state, which it then computes anew from the entries and compares with its last word."""
    sign()
    if state_lost:
        for state in (key_path().parent / "state").iterdir():
            state.unlink()
    changed = 'replace(header, \'"via":"command"\', \'"via":"web"\')'
    tamper(
        f"update audit_entry set header = {changed}, leaf = sha256('\\x00'::bytea || convert_to({changed}, 'UTF8'))"
        f" where log_id = {log.pk} and index = 1"
    )
    leaves = [bytes(entry.leaf) for entry in Entry.objects.filter(log=log).order_by("index")]
    from tests.audit.test_verify_ledger import set_head

    tamper(set_head(log, leaves))
    act("Barstow")
    assert "history was rewritten" in refused(sign, caplog, log)


def test_refuses_a_new_entry_that_is_not_its_leaf(
    log: Log, sign: Sign, act: Any, tamper: Any, caplog: pytest.LogCaptureFixture
) -> None:
    sign()
    act("Barstow")
    last = Head.objects.get(log=log).size - 1
    tamper(f"update audit_entry set header = header || ' ' where log_id = {log.pk} and index = {last}")
    assert f"the header of entry {last} is not the one of its leaf" in refused(sign, caplog, log)


def test_publishes_what_a_crash_left_unpublished(log: Log, sign: Sign, tamper: Any, settings: Any) -> None:
    sign()
    kept = (folder(settings, log) / "latest.txt").read_text()
    site = Log.objects.get(kind="site")
    from tests.audit.test_verify_ledger import set_head

    tamper(
        f"delete from audit_checkpoint where log_id in ({log.pk}, {site.pk})",
        f"delete from audit_entry where log_id = {site.pk}",
        set_head(site, []),
    )
    for path in folder(settings, site).iterdir():
        path.unlink()
    assert [checkpoint.origin for checkpoint in sign()] == [site.origin]
    assert Checkpoint.objects.get(log=log).note == kept


def test_the_database_keeps_no_note_that_is_no_checkpoint(log: Log, sign: Sign, act: Any, house: Database) -> None:
    """The checkpointer's login, taken over, keeps what it likes: not of another log, size, root or form."""
    sign()
    act("Barstow")
    signer, head, other = load_signer(), Head.objects.get(log=log), Log.objects.get(kind="site")
    before = Checkpoint.objects.count(), Head.objects.get(log=other).size
    leaves = [bytes(entry.leaf) for entry in Entry.objects.filter(log=log).order_by("index")]

    def signed(origin: str = log.origin, size: int = head.size, over: bytes = bytes(head.root)) -> str:
        return note.sign(note.Checkpoint(origin=origin, size=size, root=over).text(), [signer])

    true = signed()
    lies = [
        (head.size, "x"), (head.size, ""), (head.size, true.removesuffix("\n")), (head.size, "\n" + true),
        (head.size, true + "And more.\n"), (head.size, true.split("\n\n")[0] + "\n\n"),
        (head.size, true.replace("\u2014", "-")), (head.size, signed(origin=other.origin)),
        (head.size, signed(size=head.size - 1)), (head.size, signed(over=bytes(32))),
        (3, signed(size=3)), (head.size + 1, signed(size=head.size + 1)), (0, signed(size=0)),
    ]  # fmt: skip
    with house.connect("checkpointer") as connection:
        for size, text in lies:
            with pytest.raises(psycopg.errors.CheckViolation, match="is no checkpoint of log"):
                connection.execute("select audit.keep_checkpoint(%s, %s, %s)", [log.pk, size, text])
        assert (Checkpoint.objects.count(), Head.objects.get(log=other).size) == before
        kept = "select audit.keep_checkpoint(%s, %s, %s)"
        assert connection.execute(kept, [log.pk, head.size, true]).fetchone() == (True,)
        assert connection.execute(kept, [log.pk, head.size, true]).fetchone() == (False,)
        # Signed a moment before the log went on: the root of its leaves up to there is proven, too.
        assert not Checkpoint.objects.filter(log=log, size=2).exists()
        late = signed(size=2, over=root(leaves[:2]))
        assert connection.execute(kept, [log.pk, 2, late]).fetchone() == (True,)


def test_key_is_private_and_kept(settings: Any) -> None:
    first = load_signer()
    assert stat.S_IMODE(key_path().stat().st_mode) == 0o600
    assert stat.S_IMODE(key_path().parent.stat().st_mode) == 0o700
    assert load_signer().key == first.key
    assert trusted_keys() == [first.key]
    key_path().unlink()
    with pytest.raises(KeyMissing, match="--new-key"):
        load_signer()
    second = load_signer(new_key=True)
    assert trusted_keys() == [first.key, second.key]


def test_rotated_key_signs_on_and_old_notes_stay_valid(
    cast: Cast, log: Log, sign: Sign, act: Any, verify: Any, settings: Any, tmp_path: Path
) -> None:
    sign()
    old = newest(cast.practice.pk)
    first = load_signer()
    second = load_signer(new_key=True)
    assert trusted_keys() == [first.key, second.key]
    assert first.key != second.key
    aside = key_path().with_name(f"key-{first.key.id.hex()}.pem")
    assert stat.S_IMODE(aside.stat().st_mode) == 0o600
    assert load_signer().key == second.key
    act("Barstow")
    sign()
    new = newest(cast.practice.pk)
    assert old is not None
    assert new is not None
    assert note.open_note(old.note, [first.key]).size == old.size
    assert note.open_note(new.note, [second.key]).size == new.size > old.size
    with pytest.raises(note.NoteError, match="unknown key"):
        note.open_note(new.note, [first.key])
    kept = tmp_path / "kept.txt"
    kept.write_text(old.note)
    code, said = verify("--against", str(kept))
    assert code == 0, said
    keys = Path(settings.CHECKPOINT_FOLDER) / "keys.txt"
    keys.write_text(f"{second.key}\n")
    code, said = verify()
    assert code == 1
    assert "is false: note: unknown key" in said


def test_checkpointer_rotates_when_asked_alone(house: Database, cast: Cast) -> None:
    """A demonstration renews a lost key by itself, never one that is there."""
    for arguments in (["--once"], ["--once"], ["--once", "--new-key"], ["--once"]):
        call_command("checkpointer", *arguments, stdout=io.StringIO())
    assert len(trusted_keys()) == 2


def test_production_refuses_to_start_with_the_key_within_reach(settings: Any) -> None:
    load_signer()
    assert not key_is_separate()
    assert check_key() == []
    settings.DEMONSTRATION = False
    (message,) = check_key()
    assert message.id == "audit.E001"
    key_path().unlink()
    assert check_key() == []


def test_waiting_ends_with_the_checkpoint_that_covers_the_act(cast: Cast, sign: Sign, act: Any) -> None:
    sign()
    act("Barstow")
    assert wait_for_checkpoint() is None
    sign()
    found = wait_for_checkpoint()
    assert found is not None
    assert found == newest(cast.practice.pk)


def test_process_signs_at_once_and_stops_when_told(house: Database, cast: Cast, act: Any, settings: Any) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "CHECKPOINT_FOLDER": settings.CHECKPOINT_FOLDER,
        "CHECKPOINT_KEY_FOLDER": settings.CHECKPOINT_KEY_FOLDER,
        "PYTHONUNBUFFERED": "1",
    }
    process = subprocess.Popen(
        [sys.executable, "manage.py", "checkpointer"], env=environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        origin = Log.objects.get(kind="practice").origin
        before = [process.stdout.readline() for _ in range(3)]
        assert any(line.startswith(f"{origin}: ") for line in before)
        act("Barstow")
        assert wait_for_checkpoint(20) is not None
        note_access(kind=AccessEvent.Kind.VIEW, practice=cast.practice.pk)
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read().endswith("The checkpointer ends.\n")
        assert process.wait(10) == 0
        assert AccessBatch.objects.count() == 1
        covered = newest(cast.practice.pk)
        assert covered is not None
        assert covered.size == Head.objects.get(log__practice=cast.practice.pk).size
    finally:
        process.kill()
        process.wait()
