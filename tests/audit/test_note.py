"""Signed notes: round trips, tampering, and the keys."""

import base64
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from audit.ledger.merkle import EMPTY_ROOT, leaf_hash
from audit.ledger.note import (
    Checkpoint,
    NoteError,
    Signer,
    VerifierKey,
    load_private_key,
    open_note,
    sign,
    write_private_key,
)

ORIGIN = "ledger.example/practice/1"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SIGNER = Signer.from_private_key(PRIVATE, name=ORIGIN)
STRANGER = Signer.from_private_key(Ed25519PrivateKey.from_private_bytes(bytes(32)), name="stranger.example")
CHECKPOINT = Checkpoint(origin=ORIGIN, size=20, root=leaf_hash(b"x"))
NOTE = sign(CHECKPOINT.text(), [SIGNER])

# Published with Go's golang.org/x/mod/sumdb/note.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_NOTE_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
GO_SIGNATURE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="


def resigned(text: str) -> str:
    """A note that is malformed but truly signed, so that only the text can be at fault."""
    return sign(text, [SIGNER])


def test_published_key_and_signature() -> None:
    key = VerifierKey.parse(GO_KEY)
    assert (key.name, key.id.hex(), str(key)) == ("PeterNeumann", "c74f20a3", GO_KEY)
    raw = base64.b64decode(GO_SIGNATURE)
    assert raw[:4] == key.id
    assert key.verify(GO_NOTE_TEXT.encode(), raw[4:])
    assert not key.verify(GO_NOTE_TEXT.encode() + b"\n", raw[4:])


def test_note_has_the_c2sp_form() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == [ORIGIN, "20", base64.b64encode(leaf_hash(b"x")).decode(), ""]
    assert lines[4].startswith(f"— {ORIGIN} ")
    assert lines[5:] == [""]


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_round_trip(size: int, root: bytes) -> None:
    checkpoint = Checkpoint(origin=ORIGIN, size=size, root=root)
    assert open_note(sign(checkpoint.text(), [SIGNER]), [SIGNER.key], origin=ORIGIN) == checkpoint


def test_every_changed_character_is_refused() -> None:
    for place, character in enumerate(NOTE):
        changed = NOTE[:place] + ("B" if character == "A" else "A") + NOTE[place + 1 :]
        with pytest.raises(NoteError):
            open_note(changed, [SIGNER.key])
        with pytest.raises(NoteError):
            open_note(NOTE[:place], [SIGNER.key])


def test_signatures_by_others_are_passed_over_but_one_known_is_needed() -> None:
    both = sign(CHECKPOINT.text(), [STRANGER, SIGNER])
    assert open_note(both, [SIGNER.key]) == CHECKPOINT
    assert open_note(both, [SIGNER.key, STRANGER.key]) == CHECKPOINT
    with pytest.raises(NoteError, match="unknown key"):
        open_note(NOTE, [STRANGER.key])
    with pytest.raises(NoteError, match="unknown key"):
        open_note(NOTE, [])


def test_bad_signature_by_a_known_key_refuses_the_note() -> None:
    forged = Signer(key=STRANGER.key, sign=PRIVATE.sign)
    with pytest.raises(NoteError, match=r"signature of stranger\.example: bad signature"):
        open_note(sign(CHECKPOINT.text(), [SIGNER, forged]), [SIGNER.key, STRANGER.key])


def test_origin_is_pinned() -> None:
    with pytest.raises(NoteError, match=r"not of 'ledger\.example/practice/2'"):
        open_note(NOTE, [SIGNER.key], origin="ledger.example/practice/2")


@pytest.mark.parametrize(
    ("note", "message"),
    [
        (NOTE.replace("\n\n", "\n"), "no empty line"),
        (NOTE[:-1], "does not end with a newline"),
        (NOTE.replace("— ", "- "), "malformed signature line"),
        (NOTE[:-3] + "!\n", "bad base64"),
        (NOTE + "— other c2hv\n", "too short"),
        (NOTE + "— other AAAAAAA=\n" * 100, "more than 100"),
        (NOTE.replace("\n20\n", "\n2\r0\n"), "control characters"),
        (NOTE.replace("example", "\ud800", 1), "valid Unicode"),
    ],
)
def test_malformed_notes(note: str, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        open_note(note, [SIGNER.key])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\n20\n", "\n020\n", "size: '020'"),
        ("\n20\n", "\n-1\n", "size: '-1'"),
        ("\n20\n", "\n+20\n", "size"),
        ("\n20\n", "\n２０\n", "size"),
        ("\n20\n", "\n\n", "size: ''"),
        ("\n20\n", "\n20\n\n", "three lines"),
        ("=\n", "=\nextension\n", "three lines"),
        ("=\n", "\n", "root: bad base64"),
        ("=\n", "*\n", "root: bad base64"),
        (base64.b64encode(CHECKPOINT.root).decode(), "AAAA", "root: must be 32 bytes, not 3"),
        (ORIGIN + "\n", "\n", "origin"),
    ],
)
def test_malformed_checkpoints_are_refused_although_signed(old: str, new: str, message: str) -> None:
    text = CHECKPOINT.text()
    assert old in text
    with pytest.raises(NoteError, match=message):
        open_note(resigned(text.replace(old, new, 1)), [SIGNER.key])


def test_base64_with_stray_bits_is_refused() -> None:
    text = Checkpoint(origin=ORIGIN, size=0, root=EMPTY_ROOT).text()
    assert text.endswith("uFU=\n")
    with pytest.raises(NoteError, match="root: bad base64, not in its one canonical form"):
        open_note(resigned(text.replace("uFU=\n", "uFV=\n")), [SIGNER.key])


def test_sign_refuses_what_no_note_may_hold() -> None:
    for text, message in (("no newline", "newline"), ("tab\t\n", "control"), ("\ud800\n", "Unicode")):
        with pytest.raises(NoteError, match=message):
            sign(text, [SIGNER])
    with pytest.raises(NoteError, match="signers"):
        sign(CHECKPOINT.text(), [])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name", r"name\+id\+base64"),
        (GO_KEY.replace("c74f20a3", "c74f20a4"), "does not belong"),
        (GO_KEY.replace("ARpc", "ARpd"), "does not belong"),
        (GO_KEY.replace("ARpc", "AR.c"), "bad base64"),
        ("name+00000000+", "empty"),
        ("name+00000000+/wAA", "algorithm 0xff is not supported"),
        ("name+00000000+AQAA", "has 32 bytes, not 2"),
        (GO_KEY.replace("PeterNeumann", "Peter Neumann"), "without spaces"),
    ],
)
def test_malformed_keys(text: str, message: str) -> None:
    with pytest.raises(NoteError, match=message):
        VerifierKey.parse(text)


def test_key_file_is_private_and_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "log.pem"
    write_private_key(path, PRIVATE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    loaded = load_private_key(path)
    assert Signer.from_private_key(loaded, name=ORIGIN).key == SIGNER.key
    with pytest.raises(FileExistsError):
        write_private_key(path, Ed25519PrivateKey.generate())
    path.chmod(0o640)
    with pytest.raises(NoteError, match="mode 0640; it must be 0600"):
        load_private_key(path)


def test_other_key_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.pem"
    path.touch(mode=0o600)
    with pytest.raises(NoteError, match="not an unencrypted PEM private key"):
        load_private_key(path)
    path.write_bytes(generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    with pytest.raises(NoteError, match="not an Ed25519 key"):
        load_private_key(path)
