"""The invisible PAdES signature of a sealed file, certified against any change.

It proves that the file is unchanged since the holder of the key sealed it. The signer's name and office are
printed on the page itself: a visible stamp would break PDF/UA.
"""

import io
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from asn1crypto.x509 import Certificate
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import BasePdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko_certvalidator import ValidationContext

from audit.documents.base import whole_second
from audit.documents.text import printable

FIELD = "Seal"
FILE_NAME = "seal.p12"
YEARS = timedelta(days=3652)
"""How long a self-issued certificate is valid: ten years."""


@dataclass(frozen=True)
class SigningIdentity:
    """The key that seals files. `self_issued`: it vouches for integrity, not for anyone's identity."""

    signer: signers.SimpleSigner
    certificate: Certificate
    self_issued: bool

    @property
    def description(self) -> str:
        """What a document says about the certificate."""
        name = self.certificate.subject.human_friendly
        if self.self_issued:
            return f"{name}, self-issued: shows that the file is unchanged, not who sealed it"
        return f"{name}, issued by {self.certificate.issuer.human_friendly}"


@dataclass(frozen=True)
class Seal:
    """The judgement on a file's signature."""

    intact: bool
    """No byte changed since, and the signature fits its certificate."""
    covers_whole_file: bool
    signed_by: str
    reason: str


class SealError(Exception):
    """The file cannot be signed or has no signature to check; the message says which."""


def open_identity(folder: Path, *, name: str, now: datetime, passphrase: bytes | None = None) -> SigningIdentity:
    """The identity in `folder` (``seal.p12``); made there, self-issued for ten years from `now`, if absent.

    Raises `SealError` if the file is there but cannot be opened.
    """
    file = folder / FILE_NAME
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        data = _issue(name, whole_second(now), passphrase)
        # Readable by this user from its first byte on.
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
    signer = signers.SimpleSigner.load_pkcs12(str(file), passphrase=passphrase)
    certificate = signer.signing_cert if signer else None
    if signer is None or certificate is None:
        raise SealError(f"{file} is no PKCS #12 file that this passphrase opens")
    return SigningIdentity(signer, certificate, certificate.self_signed != "no")


def sign_pdf(pdf: bytes, *, certificate: SigningIdentity, reason: str, when: datetime) -> bytes:
    """`pdf` with an invisible signature that permits no later change; PDF/A and PDF/UA are kept.

    Raises `SealError` if the file is already signed.
    """
    writer = _KeepMetadata(io.BytesIO(pdf))
    if writer.prev.embedded_signatures:
        raise SealError("the file is already signed")
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        reason=printable(reason),
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
        md_algorithm="sha256",
    )
    field = fields.SigFieldSpec(FIELD, readable_field_name="Seal of this document")
    signer = _DatedSigner(metadata, signer=certificate.signer, new_field_spec=field)
    signer.when = whole_second(when)
    return bytes(signer.sign_pdf(writer).getvalue())


def check_signature(pdf: bytes) -> Seal:
    """The judgement on the file's one signature. Whose certificate to trust is for the reader to decide.

    Raises `SealError` if the file has no signature, or more than one, or one that cannot be read.
    """
    try:
        found = PdfFileReader(io.BytesIO(pdf)).embedded_signatures
        if len(found) != 1:
            raise SealError(f"the file has {len(found)} signatures, must have one")
        status = validate_pdf_signature(found[0], ValidationContext(trust_roots=[], allow_fetching=False))
    except (PdfError, SignatureValidationError) as error:
        raise SealError(f"the signature cannot be checked: {error}") from error
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return Seal(
        intact=status.intact and status.valid and bool(status.docmdp_ok) and whole,
        covers_whole_file=whole,
        signed_by=status.signing_cert.subject.human_friendly,
        reason=str(found[0].sig_object.get("/Reason", "")),
    )


class _KeepMetadata(IncrementalPdfFileWriter):
    """Leaves title, dates and XMP as they are: pyHanko would set its own, unlike the sealed record's."""

    def _update_meta(self) -> None:
        pass


class _DatedSigner(signers.PdfSigner):
    """Signs with the caller's date instead of the machine's."""

    when: datetime

    def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> PdfSigningSession:
        session = super().init_signing_session(pdf_out, existing_fields_only)
        session.system_time = self.when
        return session


def _issue(name: str, now: datetime, passphrase: bytes | None) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + YEARS)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        protection = serialization.BestAvailableEncryption(passphrase)
    return pkcs12.serialize_key_and_certificates(name.encode(), key, certificate, None, protection)
