"""The invisible signature: kept conformance, caught changes, an identity that says what it is."""

import io
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from pikepdf import Pdf

from audit.documents.join import join
from audit.documents.render import render_pdf
from audit.documents.sign import SealError, SigningIdentity, check_signature, open_identity, sign_pdf
from tests.audit import documents_sample as sample
from tests.verapdf import failures

NOW = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)


@cache
def plain() -> bytes:
    return render_pdf(html=sample.minutes(), title="Minutes", created=sample.CREATED)


@pytest.fixture
def identity(tmp_path: Path) -> SigningIdentity:
    return open_identity(tmp_path / "seal", name="Brightline demonstration", now=NOW)


@pytest.fixture
def signed(identity: SigningIdentity) -> bytes:
    return sign_pdf(plain(), certificate=identity, reason="Minutes signed", when=NOW)


@pytest.mark.verapdf
def test_a_signed_document_and_its_join_conform(signed: bytes, tmp_path: Path) -> None:
    files = [tmp_path / "signed.pdf", tmp_path / "joined.pdf"]
    files[0].write_bytes(signed)
    files[1].write_bytes(join([signed, signed], title="Pack", created=sample.CREATED))
    assert failures(files) == []


def test_the_signature_covers_the_whole_file_and_keeps_its_metadata(signed: bytes) -> None:
    seal = check_signature(signed)
    assert seal.intact
    assert seal.covers_whole_file
    assert "Brightline demonstration" in seal.signed_by
    assert seal.reason == "Minutes signed"
    assert signed.startswith(plain())
    with Pdf.open(io.BytesIO(signed)) as after, Pdf.open(io.BytesIO(plain())) as before:
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
        assert str(after.Root.AcroForm.Fields[0].V.M) == "D:20261120180000Z"


def test_a_changed_byte_is_caught(signed: bytes) -> None:
    changed = bytearray(signed)
    changed[len(plain()) // 2] ^= 1
    assert not check_signature(bytes(changed)).intact


def test_an_addition_is_caught(signed: bytes) -> None:
    from pyhanko.pdf_utils.generic import NameObject, NumberObject
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page[NameObject("/Rotate")] = NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    seal = check_signature(out.getvalue())
    assert not seal.intact
    assert not seal.covers_whole_file


def test_refusals(signed: bytes, identity: SigningIdentity, tmp_path: Path) -> None:
    with pytest.raises(SealError, match="already signed"):
        sign_pdf(signed, certificate=identity, reason="Again", when=NOW)
    with pytest.raises(SealError, match="has 0 signatures"):
        check_signature(plain())
    with pytest.raises(SealError, match="cannot be checked"):
        check_signature(b"no file")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "seal.p12").write_bytes(b"no key")
    with pytest.raises(SealError, match=r"no PKCS #12 file"):
        open_identity(tmp_path / "other", name="x", now=NOW)


def test_the_identity_is_made_once_and_says_that_it_is_self_issued(tmp_path: Path) -> None:
    first = open_identity(tmp_path, name="Seal", now=NOW)
    second = open_identity(tmp_path, name="Other", now=NOW)
    assert first.certificate.dump() == second.certificate.dump()
    assert second.self_issued
    assert "self-issued: shows that the file is unchanged, not who sealed it" in second.description
    assert (tmp_path / "seal.p12").stat().st_mode & 0o077 == 0
