"""The PDF's own signature (PAdES): whether the whole file is as it was when it was signed, and by which certificate.

The digest needs Python alone; the signature over it needs the package `cryptography`.
"""

from __future__ import annotations

import hashlib
from typing import Any, NamedTuple

from audit.verifier.base import AT_ONCE, Report
from audit.verifier.pdf import Pdf

try:
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
except ImportError:
    CAN_CHECK_SEALS = False
else:
    CAN_CHECK_SEALS = True

LONGEST_SEAL = 1 << 18
SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
MESSAGE_DIGEST = bytes.fromhex("2a864886f70d010904")
PSS = bytes.fromhex("2a864886f70d01010a")
DIGESTS = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}


class Der(NamedTuple):
    """One value of DER: its tag, its content, and all its bytes."""

    tag: int
    content: bytes
    whole: bytes

    def inside(self) -> list[Der]:
        return read_all(self.content)


def read_all(data: bytes) -> list[Der]:
    """The DER values one after the other. Raises ValueError."""
    found, at = [], 0
    while at < len(data):
        one = read_der(data, at)
        found.append(one)
        at += len(one.whole)
    return found


def read_der(data: bytes, at: int = 0) -> Der:
    """The DER value at this place. Raises ValueError."""
    if at + 2 > len(data):
        raise ValueError("cut short")
    tag, length, start = data[at], data[at + 1], at + 2
    if length & 128:
        many = length & 127
        if not 0 < many < 5:
            raise ValueError("malformed")
        length, start = int.from_bytes(data[start : start + many], "big"), start + many
    if start + length > len(data):
        raise ValueError("cut short")
    return Der(tag, data[start : start + length], data[at : start + length])


class Signed(NamedTuple):
    """What a CMS signature says."""

    algorithm: str
    digest: bytes
    attributes: bytes  # as they are signed
    signer: bytes  # issuer and serial number
    scheme: bytes
    signature: bytes
    certificates: list[bytes]


def read_signed(data: bytes) -> Signed:
    """The one signer's part of a CMS signature (RFC 5652). Raises ValueError."""
    kind, wrapped = read_der(data).inside()
    if kind.content != SIGNED_DATA:
        raise ValueError("it is of an unknown form")
    fields = read_der(wrapped.content).inside()
    certificates = [one.whole for field in fields if field.tag == 0xA0 for one in field.inside()]
    (signer,) = fields[-1].inside()
    _version, who, algorithm, attributes, scheme, signature, *_ = signer.inside()
    name = DIGESTS.get(algorithm.inside()[0].content, "")
    digests = [
        values.inside()[0].content
        for kind, values in (attribute.inside() for attribute in attributes.inside())
        if kind.content == MESSAGE_DIGEST
    ]
    if attributes.tag != 0xA0 or not name or len(digests) != 1:
        raise ValueError("it is of an unknown form")
    return Signed(
        name, digests[0], b"\x31" + attributes.whole[1:], who.content, scheme.inside()[0].content, signature.content,
        certificates,
    )  # fmt: skip


def check_seal(pdf: Pdf, report: Report) -> None:
    """Judge the PDF's signature into the report."""
    try:
        judge_seal(pdf, report)
    except (ValueError, IndexError) as error:
        report.seal = "false"
        report.damage.append(f"the PDF: its signature cannot be read: {error}")
    else:
        if report.seal == "false":
            report.damage.append("the PDF: its signature is false: its pages or files were changed after it was sealed")


def judge_seal(pdf: Pdf, report: Report) -> None:
    seal = find_seal(pdf)
    if seal is None:
        report.seal = "false"
        report.damage.append("the PDF: its signature was removed; every pack is signed")
        return
    ranges = pdf.array(seal.get("ByteRange"))
    if len(ranges) != 4 or not all(isinstance(number, int) and number >= 0 for number in ranges) or ranges[0]:
        raise ValueError("it does not say what it covers")
    _, first, second, rest = ranges
    if not 0 < second - first <= LONGEST_SEAL or second + rest > pdf.size:
        raise ValueError("it does not say what it covers")
    raw = pdf.bytes_at(first, second - first)
    if raw[:1] + raw[-1:] != b"<>":
        raise ValueError("it leaves out more than itself")
    content = bytes.fromhex(raw[1:-1].decode("ascii"))
    if content != pdf.resolve(seal.get("Contents")):
        raise ValueError("it leaves out more than itself")
    if second + rest < pdf.size:
        report.damage.append(
            f"the PDF: {pdf.size - second - rest:,} bytes were added after it was signed;"
            " what readers show is not what was signed"
        )
    signed = read_signed(content)
    digest = hashlib.new(signed.algorithm)
    for start, length in ((0, first), (second, rest)):
        for at in range(start, start + length, AT_ONCE):
            digest.update(pdf.bytes_at(at, min(AT_ONCE, start + length - at)))
    if digest.digest() != signed.digest:
        report.seal = "false"
    elif not CAN_CHECK_SEALS:
        report.seal = "not checked"
    else:
        certificate = signed_by(signed)
        report.seal = "valid" if certificate else "false"
        if certificate:
            report.holds.append(
                "The PDF is, byte for byte, as it was signed with the certificate whose SHA-256 is"
                f" {hashlib.sha256(certificate).hexdigest()}. The certificate came with the file."
            )


def find_seal(pdf: Pdf) -> dict[str, Any] | None:
    """The one signature of the document; None when it has none. Raises ValueError when there are more."""
    catalog = pdf.dictionary(pdf.trailer.get("Root"))
    fields = [pdf.dictionary(one) for one in pdf.array(pdf.dictionary(catalog.get("AcroForm")).get("Fields"))[:100]]
    seals = [pdf.dictionary(field["V"]) for field in fields if field.get("FT") == "Sig" and "V" in field]
    if len(seals) > 1:
        raise ValueError("there are two")
    return seals[0] if seals else None


def signed_by(signed: Signed) -> bytes | None:
    """The certificate whose key made the signature; None when it is false. Raises ValueError when none fits."""
    for raw in signed.certificates:
        # The signed attributes name the certificate by its hash, so that none can be put in its place.
        if not any(hashlib.new(name, raw).digest() in signed.attributes for name in DIGESTS.values()):
            continue
        try:
            key: Any = x509.load_der_x509_certificate(raw).public_key()
            algorithm: Any = getattr(hashes, signed.algorithm.upper())()
            if isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(signed.signature, signed.attributes, ec.ECDSA(algorithm))
            elif isinstance(key, rsa.RSAPublicKey):
                way: Any = padding.PKCS1v15()
                if signed.scheme == PSS:
                    way = padding.PSS(padding.MGF1(algorithm), padding.PSS.AUTO)
                key.verify(signed.signature, signed.attributes, way, algorithm)
            else:
                raise ValueError("its key is of an unknown kind")
        except InvalidSignature:
            return None
        except UnsupportedAlgorithm:
            raise ValueError("its key is of an unknown kind") from None
        return raw
    raise ValueError("no certificate in it is the one that signed")
