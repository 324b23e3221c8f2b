"""A signing key that never leaves a PKCS#11 token, here SoftHSM's."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pkcs11
import pytest
from django.core.management import CommandError, call_command

from audit.ledger import note
from audit.services.checkpoints import newest
from audit.services.keys import KeyMissing, key_is_separate, load_signer, trusted_keys
from audit.startup import check_key
from tests.cast import Cast

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "271828"
ED25519 = bytes.fromhex("06032b6570")
"""The curve's object identifier in DER, 1.3.101.112 (RFC 8410)."""


@pytest.fixture(scope="module")
def make_key(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], None]:
    """A new token, and how an operator makes a key on it under a label."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder / 'tokens'}\n")
    with pytest.MonkeyPatch.context() as patch:
        # Read once, when the module is loaded: for the rest of this process.
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        subprocess.run(
            ["softhsm2-util", "--init-token", "--free", "--label", "brightline", "--so-pin", "314159", "--pin", PIN],
            check=True,
            capture_output=True,
        )
        module = pkcs11.lib(MODULE)

    def make(label: str) -> None:
        with module.get_token(token_label="brightline").open(user_pin=PIN, rw=True) as session:
            curve = session.create_domain_parameters(
                pkcs11.KeyType.EC_EDWARDS, {pkcs11.Attribute.EC_PARAMS: ED25519}, local=True
            )
            curve.generate_keypair(mechanism=pkcs11.Mechanism.EC_EDWARDS_KEY_PAIR_GEN, store=True, label=label)

    make("checkpoints")
    return make


@pytest.fixture
def token(make_key: Callable[[str], None], tmp_path: Path, settings: Any) -> Path:
    """The settings of a checkpointer whose key lies on the token; the file of its PIN."""
    pin = tmp_path / "pin"
    pin.write_text(f"{PIN}\n")
    pin.chmod(0o600)
    settings.CHECKPOINT_PKCS11_MODULE = MODULE
    settings.CHECKPOINT_PKCS11_PIN_FILE = str(pin)
    return pin


def test_checkpoints_are_signed_on_the_token(cast: Cast, token: Path, sign: Any, verify: Any, settings: Any) -> None:
    sign()
    found = newest(cast.practice.pk)
    assert found is not None
    (key,) = trusted_keys()
    assert note.open_note(found.note, [key]).size == found.size
    assert not (Path(settings.CHECKPOINT_KEY_FOLDER) / "key.pem").exists()
    assert verify()[0] == 0


def test_a_new_key_on_the_token_signs_on(
    cast: Cast, token: Path, make_key: Callable[[str], None], act: Any, sign: Any, verify: Any, settings: Any
) -> None:
    sign()
    make_key("checkpoints-2")
    settings.CHECKPOINT_PKCS11_KEY = "checkpoints-2"
    act("Barstow")
    sign()
    assert len(trusted_keys()) == 2
    assert verify()[0] == 0
    with pytest.raises(KeyMissing, match="A key on a token is made there"):
        load_signer(new_key=True)


def test_what_is_missing_is_named(token: Path, settings: Any) -> None:
    settings.CHECKPOINT_PKCS11_KEY = "none"
    with pytest.raises(KeyMissing, match="does not give one Ed25519 key 'none'"):
        load_signer()
    settings.CHECKPOINT_PKCS11_KEY = "checkpoints"
    settings.CHECKPOINT_PKCS11_TOKEN = "nowhere"
    with pytest.raises(KeyMissing, match="The token 'nowhere'"):
        load_signer()
    settings.CHECKPOINT_PKCS11_TOKEN = "brightline"
    token.chmod(0o644)
    with pytest.raises(note.NoteError, match="has mode 0644"):
        load_signer()
    token.write_text("000000")
    token.chmod(0o600)
    with pytest.raises(KeyMissing, match="PinIncorrect"):
        load_signer()
    token.unlink()
    with pytest.raises(KeyMissing, match="holds the PIN"):
        load_signer()


def test_production_refuses_to_start_with_the_pin_within_reach(token: Path, settings: Any) -> None:
    settings.DEMONSTRATION = False
    assert not key_is_separate()
    (message,) = check_key()
    assert message.id == "audit.E001"
    token.unlink()
    assert check_key() == []


def test_the_checkpointer_says_what_is_wrong(token: Path, house: Any, settings: Any) -> None:
    settings.DEMONSTRATION = False
    settings.CHECKPOINT_PKCS11_KEY = "none"
    with pytest.raises(CommandError, match="does not give one Ed25519 key"):
        call_command("checkpointer", "--once")
