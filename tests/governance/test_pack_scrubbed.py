"""A pack after a scrub: what is missing is named with reason and proof, and a lie about it is found."""

import hashlib
import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pypdf
import pytest
from django.utils import timezone

from audit import store
from audit.documents.reading import mentions
from audit.models import Act, Document, Job
from audit.services import jobs
from audit.services.checkpoints import make_checkpoints
from audit.services.keys import load_signer
from governance.services.packs import request_pack
from governance.services.scrubbing import scrub_text
from meetings.models import Minutes
from meetings.services.minutes import MEANING, sign_minutes, submit_minutes
from meetings.services.room import adjourn, handle_item
from tests.audit.packs import judge
from tests.cast import Cast
from tests.conftest import Database
from tests.meetings import gathering

SPAN = "Jane Doe of room 12"
REASON = "A patient was named in the minutes."


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CHECKPOINT_FOLDER = str(tmp_path / "checkpoints")
    settings.CHECKPOINT_KEY_FOLDER = str(tmp_path / "checkpointer")
    monkeypatch.setattr(jobs, "PATIENCE", jobs.PATIENCE * 0)


@pytest.fixture
def work(house: Database) -> Callable[[], None]:
    """Sign the logs and render whatever waits."""

    def do() -> None:
        with house.connect("checkpointer") as connection:
            make_checkpoints(connection, load_signer())
        while (job := jobs.run_one()) is not None:
            assert job.state == Job.State.DONE, job.error

    return do


def minutes_signed(cast: Cast) -> Minutes:
    gathering.series(cast)
    meeting = gathering.opened(cast, gathering.planned(cast))
    for item in meeting.items.all():
        handle_item(actor=cast.secretary, item=item, account=f"The body considered {SPAN}.")
    minutes = adjourn(actor=cast.director, meeting=meeting)
    version = submit_minutes(actor=cast.secretary, minutes=minutes, revision=1)
    sign_minutes(actor=cast.director, minutes=minutes, version=version, meaning=MEANING)
    return minutes


def pack_asked(cast: Cast) -> Job:
    today = cast.practice.local(timezone.now()).date()
    return request_pack(
        actor=cast.director, practice=cast.practice, purpose="Quarterly review by counsel",
        start=today - timedelta(days=40), end=today,
    )  # fmt: skip


def attached(document: Document) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(store.get(document.sha256))) as pdf:
        return {name: spec.get_file().read_bytes() for name, spec in pdf.attachments.items()}


def forged(files: dict[str, bytes], name: str, data: bytes) -> dict[str, bytes]:
    """The same files with one changed, and the manifest made to fit."""
    manifest = json.loads(files["manifest.json"])
    manifest["files"][name] = hashlib.sha256(data).hexdigest()
    return {**files, name: data, "manifest.json": json.dumps(manifest).encode()}


def scrubbed(cast: Cast, work: Callable[[], None]) -> Document:
    """The redacted pack, made after the minutes and the pack that joined them were scrubbed."""
    minutes = minutes_signed(cast)
    work()
    pack_asked(cast)
    work()
    assert Document.objects.filter(kind="pack").count() == 1
    scrub_text(actor=cast.physician, practice=cast.practice, about=minutes, key=minutes.code, value=SPAN, reason=REASON)
    work()
    return Document.objects.get(kind="pack", replaces__isnull=False)


def test_packs_are_redacted_say_what_is_missing_and_a_lie_about_it_is_found(
    cast: Cast, work: Callable[[], None]
) -> None:
    pack = scrubbed(cast, work)
    is_redacted_and_says_why(cast, pack)
    lies_are_found(attached(pack))


def is_redacted_and_says_why(cast: Cast, pack: Document) -> None:
    assert not any(mentions(store.get(one.sha256), SPAN) for one in Document.objects.filter(replacements=None))
    old = Document.objects.get(kind="minutes", replaces=None)
    assert not store.holds(old.sha256)
    pages = " ".join(
        " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(store.get(pack.sha256))).pages).split()
    )
    assert "replaces one in which text was hidden as patient data" in pages
    assert REASON in pages
    entry = Act.objects.get(verb="text.scrubbed").entry.index
    report = judge(attached(pack))
    assert report.damage == []
    told = "\n".join(report.covered)
    assert f"Entry {entry} scrubbed patient data ({cast.physician}, Physician: {REASON})" in told
    assert "missing for that reason" in told
    assert f"Document {old.title!r} held patient data; the scrub of entry {entry} dropped it" in told
    assert old.sha256 in told


def lies_are_found(files: dict[str, bytes]) -> None:
    """One pack, forged in four ways."""
    lines = [json.loads(line) for line in files["parts.ndjson"].splitlines()]
    scrub = next(line["scrub"] for line in lines if "scrub" in line)
    hidden = next(line for line in lines if line["name"].startswith("row/governance_historicalappointment"))
    for name in ("salt", "body"):
        del hidden[name]
    said = "patient data, scrubbed by Samuel Ortiz, MD, Physician, in entry 3: A reason. Its hash stays"
    hidden.update(withheld=said, scrub=scrub)
    data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    (damage,) = judge(forged(files, "parts.ndjson", data)).damage
    assert "said to be scrubbed, but no proven entry of this pack scrubbed it" in damage

    for change, said in (
        ({"document": "999"}, "no proven entry says so"),
        ({"scrub": "no such act"}, "no proven entry says so"),
        ({"sha256": "0" * 64}, "another hash is recorded"),
    ):
        manifest = json.loads(files["manifest.json"])
        manifest["dropped"][0].update(change)
        (damage,) = judge({**files, "manifest.json": json.dumps(manifest).encode()}).damage
        assert said in damage
