"""Time stamps by an authority: asked for over HTTP, proven before they are kept, proven anew by `verify_ledger`."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.management import CommandError, call_command
from django.urls import reverse
from pyhanko.sign.timestamps import DummyTimeStamper

from audit.services.timestamps import Stamp, StampError, stamp_newest, stamps
from tests.cast import Cast
from tests.sign_in import sign_in

STAMPED_AT = datetime(2026, 7, 1, 12, tzinfo=UTC)
PATIENT = 10


@dataclass(frozen=True)
class Certified:
    """A key and its certificate, valid around STAMPED_AT."""

    key: RSAPrivateKey
    certificate: x509.Certificate

    @property
    def name(self) -> x509.Name:
        return self.certificate.subject

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)


def certify(name: str, by: Certified | None = None) -> Certified:
    """A root that certifies, or with `by` one that stamps."""
    key = generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    unused = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "crl_sign", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.name if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(STAMPED_AT - timedelta(days=1))
        .not_valid_after(STAMPED_AT + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=not by, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=bool(by), key_cert_sign=not by, **unused),
            critical=True,
        )
    )
    if by:
        purposes = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.TIME_STAMPING])
        builder = builder.add_extension(purposes, critical=True)
    return Certified(key, builder.sign(by.key if by else key, SHA256()))


class Authority:
    """A time stamp authority that answers over HTTP on this machine."""

    def __init__(self, folder: Path) -> None:
        root = certify("Test root")
        stamping = certify("Test authority", by=root)
        self.trusted = folder / "authority.pem"
        self.trusted.write_bytes(root.pem)
        key = stamping.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        self._stamper = DummyTimeStamper(
            asn1_x509.Certificate.load(stamping.der), asn1_keys.PrivateKeyInfo.load(key), fixed_dt=STAMPED_AT
        )
        self.spoil: Callable[[bytes], bytes] = bytes
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = self.rfile.read(int(self.headers["Content-Length"]))
                answer = authority.answer(asked)
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def answer(self, asked: bytes) -> bytes:
        request = tsp.TimeStampReq.load(self.spoil(asked))
        return bytes(self._stamper.request_tsa_response(request).dump())


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[Authority]:
    authority = Authority(tmp_path)
    settings.TIMESTAMP_URL = authority.url
    settings.TIMESTAMP_CERTIFICATES = str(authority.trusted)
    thread = Thread(target=authority.server.serve_forever, daemon=True)
    thread.start()
    yield authority
    authority.server.shutdown()
    thread.join(PATIENT)
    authority.server.server_close()


def test_the_newest_checkpoint_of_the_site_log_is_stamped_once(
    cast: Cast, act: Any, sign: Any, authority: Authority, verify: Any, client: Any
) -> None:
    assert stamp_newest() is None
    sign()
    out = io.StringIO()
    call_command("stamp_checkpoints", stdout=out)
    assert "stamped 2026-07-01 12:00:00 UTC by CN=Test authority" in out.getvalue()
    assert stamp_newest() is None
    act("Barstow")
    sign()
    stamp = stamp_newest()
    assert stamp is not None
    assert [found.checkpoint.size for found in stamps() if isinstance(found, Stamp)] == [
        stamp.checkpoint.size - 1,
        stamp.checkpoint.size,
    ]
    code, said = verify()
    assert code == 0
    assert f"the first {stamp.checkpoint.size} entries of {stamp.checkpoint.origin} cover existed at 2026-07-01" in said
    sign_in(client, cast.pc_counsel)
    page = client.get(reverse("ledger:proof", args=[cast.practice.slug])).content.decode()
    assert "by CN=Test authority" in page


def test_a_stamp_put_to_another_checkpoint_is_found(
    act: Any, sign: Any, authority: Authority, verify: Any, settings: Any
) -> None:
    sign()
    first = stamp_newest()
    act("Barstow")
    sign()
    second = stamp_newest()
    assert first is not None
    assert second is not None
    folder = Path(settings.CHECKPOINT_FOLDER) / "site"
    (folder / f"{first.checkpoint.size}.tsr").replace(folder / f"{second.checkpoint.size}.tsr")
    code, said = verify()
    assert code == 1
    assert f"The time stamp {second.checkpoint.size}.tsr of the site log is false" in said
    assert "Mismatch between messages" in said


def test_a_stamp_by_somebody_else_is_found(sign: Any, authority: Authority, verify: Any, tmp_path: Path) -> None:
    sign()
    assert stamp_newest()
    authority.trusted.write_bytes(certify("Another root").pem)
    code, said = verify()
    assert code == 1
    assert "the authority's answer does not hold" in said


def test_an_answer_to_another_question_is_not_kept(sign: Any, authority: Authority, settings: Any) -> None:
    sign()

    def spoiled(asked: bytes) -> bytes:
        request = tsp.TimeStampReq.load(asked)
        request["nonce"] = 1
        return bytes(request.dump(force=True))

    authority.spoil = spoiled
    with pytest.raises(CommandError, match="does not hold: Nonce mismatch"):
        call_command("stamp_checkpoints")
    assert list(stamps()) == []


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"TIMESTAMP_URL": ""}, "TIMESTAMP_URL is not set"),
        ({"TIMESTAMP_URL": "file:///etc/passwd"}, "is not an address of http or https"),
        ({"TIMESTAMP_URL": "http://127.0.0.1:1/"}, "does not answer"),
        ({"TIMESTAMP_CERTIFICATES": ""}, "TIMESTAMP_CERTIFICATES is not set"),
        ({"TIMESTAMP_CERTIFICATES": "manage.py"}, "holds no certificates"),
    ],
)
def test_what_is_missing_is_named(
    sign: Any, cast: Cast, authority: Authority, settings: Any, changed: dict[str, str], message: str
) -> None:
    sign()
    for name, value in changed.items():
        setattr(settings, name, value)
    with pytest.raises(StampError, match=message):
        stamp_newest()
