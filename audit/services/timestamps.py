"""Time stamps by an authority (RFC 3161) over checkpoints of the site log.

The site log's entries are the checkpoints of all other logs, so one stamp over its newest checkpoint says of the whole
installation: this stood not later than that time, by another clock and another key than ours.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from cryptography import x509
from django.conf import settings
from rfc3161_client import (
    TimestampRequestBuilder,
    TimeStampResponse,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)

from audit.ledger import note
from audit.services.checkpoints import kept_notes
from audit.services.keys import trusted_keys, write_whole

PATIENCE = 20
"""Seconds the authority has to answer."""
LARGEST = 100_000
"""Bytes of an answer that are read; one with its chain of certificates takes about 3,000."""


class StampError(Exception):
    """There is no valid time stamp; the text says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """A checkpoint with the time that an authority puts to it."""

    checkpoint: note.Checkpoint
    at: datetime
    authority: str
    """The distinguished name of the authority's certificate (RFC 4514)."""


def stamp_newest() -> Stamp | None:
    """Have the authority stamp the newest checkpoint of the site log; None when it is stamped or there is none.

    The stamp is proven before it is kept, beside its checkpoint in the checkpoint folder. Raises StampError.
    """
    if not settings.TIMESTAMP_URL:
        raise StampError("TIMESTAMP_URL is not set: name the address of a time stamp authority (RFC 3161).")
    text = _newest_of_site()
    if text is None:
        return None
    checkpoint = note.open_note(text, trusted_keys())
    path = _site_folder() / f"{checkpoint.size}.tsr"
    if path.exists():
        return None
    request = TimestampRequestBuilder().data(text.encode()).build()
    answer = _ask(request.as_bytes())
    stamp = _proven(answer, text, nonce=request.nonce)
    write_whole(path, answer)
    return stamp


def stamps() -> Iterator[Stamp | StampError]:
    """Every stamp of the checkpoint folder, proven anew, oldest first; for a false one, what is wrong with it."""
    folder = _site_folder()
    for path in sorted(folder.glob("*.tsr"), key=lambda path: int(path.stem)):
        try:
            yield _proven(path.read_bytes(), path.with_suffix(".txt").read_text("utf-8"))
        except (StampError, note.NoteError, OSError, UnicodeDecodeError) as error:
            yield StampError(f"The time stamp {path.name} of the site log is false: {error}")


def newest_stamp() -> Stamp | None:
    """The last valid stamp, if there is one and this process knows the authority's certificate."""
    found = None
    if settings.TIMESTAMP_CERTIFICATES:
        for stamp in stamps():
            found = stamp if isinstance(stamp, Stamp) else found
    return found


def _proven(answer: bytes, text: str, *, nonce: int | None = None) -> Stamp:
    builder = VerifierBuilder()
    for certificate in _roots():
        builder = builder.add_root_certificate(certificate)
    if nonce is not None:
        builder = builder.nonce(nonce)
    try:
        response = decode_timestamp_response(answer)
        builder.build().verify_message(response, text.encode())
    except (ValueError, VerificationError) as error:
        raise StampError(f"the authority's answer does not hold: {error}") from None
    return Stamp(
        checkpoint=note.open_note(text, trusted_keys()),
        at=response.tst_info.gen_time,
        authority=_authority(response),
    )


def _authority(response: TimeStampResponse) -> str:
    serials = {info.serial_number for info in response.signed_data.signer_infos}
    certificates = [x509.load_der_x509_certificate(der) for der in response.signed_data.certificates]
    names = [one.subject.rfc4514_string() for one in (*certificates, *_roots()) if one.serial_number in serials]
    return names[0] if names else "an authority whose certificate names nobody"


def _roots() -> list[x509.Certificate]:
    path = settings.TIMESTAMP_CERTIFICATES
    if not path:
        raise StampError("TIMESTAMP_CERTIFICATES is not set: name the file (PEM) of the certificates you trust.")
    try:
        return x509.load_pem_x509_certificates(Path(path).read_bytes())
    except (OSError, ValueError) as error:
        raise StampError(f"TIMESTAMP_CERTIFICATES: {path} holds no certificates (PEM): {error}") from None


def _ask(request: bytes) -> bytes:
    address = settings.TIMESTAMP_URL
    if not address.startswith(("https://", "http://")):
        raise StampError(f"TIMESTAMP_URL: {address} is not an address of http or https.")
    headers = {"Content-Type": "application/timestamp-query"}
    try:
        with urlopen(Request(address, request, headers), timeout=PATIENCE) as answer:  # noqa: S310 - checked above
            return bytes(answer.read(LARGEST))
    except (URLError, OSError) as error:
        raise StampError(f"The authority at {address} does not answer: {error}") from None


def _newest_of_site() -> str | None:
    return next((text for origin, text in kept_notes().items() if "/site/" in origin), None)


def _site_folder() -> Path:
    return Path(settings.CHECKPOINT_FOLDER) / "site"
